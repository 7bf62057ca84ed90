"""What can be spoken of at one site and not at another: where it cannot, it is as if it were not there."""

from __future__ import annotations

import pytest

from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from tests.simulators.house import TestHouse


@pytest.fixture
async def house(hub: Hub, owner: Owner) -> TestHouse:
    house = TestHouse(hub, owner)
    house.configure(
        areas=[{"id": "kitchen", "names": {"en": "Kitchen", "ru": "Кухня"}}],
        entities=[
            {"id": "light.secret", "expose": {"except": ["room"]}},
            {"id": "switch.pump", "expose": {"sites": ["room"]}},
            {"id": "switch.fountain", "expose": {"sites": ["garden"]}},
        ],
    )
    house.add("light.lamp", "Lamp", "Лампа", area="kitchen")
    house.add("light.secret", "Secret light", "Тайный свет", area="kitchen")
    house.add("switch.pump", "Pump", "Насос")
    house.add("switch.fountain", "Fountain", "Фонтан")
    await house.understanding.load()
    return house


SAID = [
    ("turn on the secret light", []),
    ("включи тайный свет", []),
    ("turn on the pump", ["switch.pump"]),
    ("включи насос", ["switch.pump"]),
    ("turn on the fountain", []),
    ("turn on the lights in the kitchen", ["light.lamp"]),
    ("включи свет на кухне", ["light.lamp"]),
]


@pytest.mark.parametrize(("text", "asked"), SAID)
async def test_at_the_site_room(house: TestHouse, text: str, asked: list[str]) -> None:
    await house.say(text)
    assert [id_ for id_, controller in sorted(house.controllers.items()) if controller.asked] == asked


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("turn on the secret light", "I know nothing called secret light"),
        ("включи тайный свет", "У меня нет ничего с названием «тайный свет»"),
    ],
)
async def test_it_is_as_if_it_were_not_there(house: TestHouse, text: str, reply: str) -> None:
    answer = await house.say(text)
    assert not answer.ok
    assert answer.reply == reply
