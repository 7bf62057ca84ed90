"""What tests of commands share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from tests.simulators.command_rig import CommandRig


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[CommandRig]:
    async with Owner("commands") as owner:
        yield CommandRig(Hub(), owner, tmp_path)
