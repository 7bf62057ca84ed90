"""Questions about sensors by what they sense, answered from their states."""

from __future__ import annotations

from typing import Any

import pytest

from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.entity import Entity
from arvisd.home.settings import Area, HomeSettings
from tests.simulators.house import TestHouse

SENSORS: list[tuple[str, dict[str, str], str | None, str, str, dict[str, Any]]] = [
    ("binary_sensor.phone_low", {"en": "Phone", "ru": "Телефон"}, None, "battery", "off", {}),
    ("binary_sensor.phone_charging", {"en": "Phone", "ru": "Телефон"}, None, "battery_charging", "on", {}),
    ("binary_sensor.pantry_smoke", {"en": "Pantry detector", "ru": "Датчик в кладовой"}, "pantry", "smoke", "on", {}),
    ("binary_sensor.attic_smoke", {"en": "Attic detector", "ru": "Датчик на чердаке"}, "attic", "smoke", "off", {}),
    ("binary_sensor.washer", {"en": "Washer", "ru": "Стиральная машина"}, "pantry", "running", "off", {}),
    ("sensor.attic_air", {"en": "Dial", "ru": "Циферблат"}, "attic", "humidity", "61", {"unit_of_measurement": "%"}),
    ("sensor.pantry_air", {"en": "Gauge", "ru": "Прибор"}, "pantry", "humidity", "48", {"unit_of_measurement": "%"}),
    ("sensor.meter", {"en": "Meter", "ru": "Счётчик"}, None, "power", "21", {"unit_of_measurement": "W"}),
]

ASKED = [
    ("is the phone battery low?", "No, phone is normal"),
    ("is the phone charging?", "Yes"),
    ("are any batteries charging?", "Yes: phone"),
    ("is there any smoke?", "Yes: pantry detector"),
    ("is there smoke in the attic?", "No"),
    ("is there any smoke in the pantry", "Yes: pantry detector"),
    ("are all smoke detectors triggered", "No, not attic detector"),
    ("which smoke alarms are triggered", "Pantry detector"),
    ("how many smoke sensors are on", "1"),
    ("is the washer running", "No, washer is not running"),
    ("how humid is it in the attic", "Dial is 61 percent"),
    ("what is the humidity in the pantry", "Gauge is 48 percent"),
    ("what is the humidity", "Which one: dial or gauge?"),
    ("what is the power consumption of the meter", "Meter is 21 watts"),
    ("батарея у телефона разряжена?", "Нет, заряд в норме"),
    ("телефон заряжается?", "Да"),
    ("есть ли дым в кладовой?", "Да: Датчик в кладовой"),
    ("есть ли дым на чердаке?", "Нет"),
    ("сколько датчиков дыма сработало", "1"),
    ("какие датчики дыма сработали", "Датчик в кладовой"),
    ("работает ли стиральная машина?", "Нет, не работает"),
    ("какая влажность на чердаке", "Циферблат 61 процент"),
    ("какая мощность у счётчика", "Счётчик 21 ватт"),
]


@pytest.fixture
def sensing(hub: Hub, owner: Owner) -> TestHouse:
    house = TestHouse(hub, owner)
    areas = [
        Area(id="pantry", names={"en": "Pantry", "ru": "Кладовая"}),
        Area(id="attic", names={"en": "Attic", "ru": "Чердак"}),
    ]
    house.home.configure(HomeSettings(areas=areas))
    for id_, names, area, device_class, state, attributes in SENSORS:
        house.home.add_entity(Entity(id=id_, names=names, area=area, device_class=device_class), owner)
        hub.states.set(id_, state, attributes)
    return house


@pytest.mark.parametrize(("said", "answered"), ASKED)
async def test_asked_by_what_is_sensed(sensing: TestHouse, said: str, answered: str) -> None:
    answer = await sensing.say(said)
    assert answer.reply == answered


async def test_the_room_where_it_is_asked_is_meant(sensing: TestHouse) -> None:
    answer = await sensing.say("what is the humidity", area="attic")
    assert answer.reply == "Dial is 61 percent"


async def test_the_answer_to_which_is_understood(sensing: TestHouse) -> None:
    await sensing.say("what is the humidity")
    answer = await sensing.say("gauge")
    assert answer.reply == "Gauge is 48 percent"
