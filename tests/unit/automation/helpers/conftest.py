"""What tests of helpers share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.simulators.clock import FakeClock
from tests.simulators.helper_rig import HelperRig


@pytest.fixture
async def rig(clock: FakeClock, tmp_path: Path) -> AsyncIterator[HelperRig]:
    made = HelperRig(clock, tmp_path)
    async with made.owner:
        yield made
    made.owner.release()
    made.database.close()
