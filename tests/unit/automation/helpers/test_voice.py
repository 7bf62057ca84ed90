"""Helpers by voice: what people write in YAML has a name that can be said."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from arvisd.automation.engine import AutomationEngine
from arvisd.automation.helpers.collection import Helpers
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.storage.database import Database
from tests.simulators.house import TestHouse

SECTIONS = {
    "input_boolean": {"guest_mode": {"name": "Guest mode"}, "holiday": {"name": "Отпуск"}, "motion_seen": {}},
    "input_button": {"bell": {"name": "Doorbell"}},
    "group": {"downstairs": {"name": "Downstairs", "entities": ["light.kitchen", "light.hall"]}},
    "template": [
        {"switch": {"name": "Pump", "turn_on": [], "turn_off": []}},
        {
            "sensor": {
                "name": "Pool temperature",
                "state": "24.5",
                "unit_of_measurement": "°C",
                "device_class": "temperature",
            }
        },
    ],
}


@pytest.fixture
async def house(hub: Hub) -> AsyncIterator[TestHouse]:
    async with Owner("test") as owner:
        house = TestHouse(hub, owner)
        house.add("light.kitchen", "Kitchen light")
        house.add("light.hall", "Hall light")
        database = Database(None).open()
        engine = AutomationEngine(hub, None, owner, database)
        helpers = Helpers(hub, house.home, engine, database, owner)
        assert helpers.load(SECTIONS) == []
        yield house


SAID = {
    # what is said: the entity, its state, the intent
    "turn on guest mode": ("input_boolean.guest_mode", "on", "HassTurnOn"),
    "turn on the motion seen": ("input_boolean.motion_seen", "on", "HassTurnOn"),
    "toggle guest mode": ("input_boolean.guest_mode", "on", "HassToggle"),
    "turn on downstairs": ("group.downstairs", "on", "HassTurnOn"),
    "turn on the pump": ("switch.pump", "on", "HassTurnOn"),
    "press the doorbell": ("input_button.bell", "2026-01-05T12:00:00+00:00", "HassTurnOn"),
    "включи отпуск": ("input_boolean.holiday", "on", "HassTurnOn"),
}


@pytest.mark.parametrize("text", SAID)
async def test_said(house: TestHouse, text: str) -> None:
    """The understanding knows the helper by its name."""
    entity_id, state, intent = SAID[text]
    await house.say(text, language="ru" if text[0] > "z" else "en")
    assert [name for name, _ in house.intents] == [intent]
    assert house.state(entity_id) == state


async def test_switched_off_again(house: TestHouse) -> None:
    await house.say("turn on guest mode", language="en")
    await house.say("turn off guest mode", language="en")
    assert house.state("input_boolean.guest_mode") == "off"


async def test_whole_house_leaves_helpers_alone(house: TestHouse) -> None:
    """Lights are meant, not what automations keep in mind."""
    await house.say("turn on guest mode", language="en")
    await house.say("turn off all the lights", language="en")
    assert house.state("input_boolean.guest_mode") == "on"


async def test_sensor_of_a_template_is_asked_for(house: TestHouse) -> None:
    answer = await house.say("what is the pool temperature", language="en")
    assert "24.5" in answer.reply
