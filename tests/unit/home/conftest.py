"""A house without anybody who understands."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from tests.simulators.house import TestHouse


@pytest.fixture
async def owner() -> AsyncIterator[Owner]:
    async with Owner("test") as owner:
        yield owner


@pytest.fixture
def house(hub: Hub, owner: Owner) -> TestHouse:
    """Two rooms on two floors."""
    house = TestHouse(hub, owner)
    house.configure(
        floors=[{"id": "ground"}, {"id": "upstairs"}],
        areas=[
            {"id": "kitchen", "name": "Kitchen", "floor": "ground"},
            {"id": "bedroom", "name": "Bedroom", "floor": "upstairs"},
            {"id": "cellar", "name": "Cellar"},
        ],
        labels=[{"id": "night"}],
        entities=[{"id": "light.bed", "labels": ["night"]}],
    )
    house.add("light.kitchen", "Kitchen light", area="kitchen")
    house.add("light.plain", "Plain light", area="kitchen", features=set())
    house.add("light.bed", "Bed light", area="bedroom", device="bridge")
    house.add("switch.kettle", "Kettle", area="kitchen")
    house.add("cover.blind", "Blind", area="bedroom", state="open", features={"position", "stop"})
    house.add(
        "climate.thermostat",
        "Thermostat",
        area="bedroom",
        state="heat",
        features={"target_temperature"},
        attributes={"min_temp": 7, "max_temp": 30, "hvac_modes": ["off", "heat"], "temperature": 20},
    )
    house.add("fan.fan", "Fan", area="bedroom", features={"speed"})
    house.add("lock.door", "Door", state="locked")
    house.add("sensor.temperature", "Temperature", area="kitchen", state="21")
    return house
