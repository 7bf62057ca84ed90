"""What tests of automations share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from arvisd.core.hub import Hub
from tests.simulators.automation_rig import AutomationRig, automation_rig
from tests.simulators.clock import FakeClock


@pytest.fixture
async def rig(hub: Hub, clock: FakeClock, tmp_path: Path) -> AsyncIterator[AutomationRig]:
    async with automation_rig(hub, clock, tmp_path) as made:
        yield made
