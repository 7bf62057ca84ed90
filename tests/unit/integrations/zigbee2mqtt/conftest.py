"""A house beside one zigbee2mqtt that is online."""

import pytest
from arvisd.integrations.zigbee2mqtt import Settings, setup

from tests.simulators.zigbee2mqtt import (
    info,
)


@pytest.fixture
async def rig(device_rig):
    rig = device_rig()
    async with rig.running("zigbee2mqtt", setup, Settings()):
        rig.hear("zigbee2mqtt/bridge/info", info(), retain=True)
        rig.hear("zigbee2mqtt/bridge/state", {"state": "online"}, retain=True)
        yield rig
