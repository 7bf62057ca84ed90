"""What tests of stored traces share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.simulators.lives import Lives, lives_in


@pytest.fixture
async def lives(tmp_path: Path) -> AsyncIterator[Lives]:
    async with lives_in(tmp_path) as made:
        yield made
