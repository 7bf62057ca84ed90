"""`platform: group`: lights as one light, sensors as one number."""

from __future__ import annotations

from typing import Any

import pytest

from arvisd.core.context import Context
from arvisd.core.errors import ActionError
from arvisd.home.entity import Entity
from tests.simulators.helper_rig import HelperRig
from tests.simulators.house import ObedientController


def device(rig: HelperRig, entity_id: str, state: str, features: set[str], **attributes: Any) -> ObedientController:
    """Add a device that does at once what it is asked."""
    controller = ObedientController(rig.hub)
    controller.entity_id = entity_id
    rig.home.add_entity(Entity(id=entity_id, controller=controller, features=frozenset(features)), rig.owner)
    rig.hub.states.set(entity_id, state, attributes)
    return controller


LIGHTS = "light:\n  - platform: group\n    name: Hall\n    entities: [light.a, light.b, light.c]\n"


async def test_lights_as_one(rig: HelperRig) -> None:
    """On where one is, as bright as they are on average; each is asked for what it can."""
    a = device(rig, "light.a", "on", {"brightness", "color"}, brightness=100)
    b = device(rig, "light.b", "on", set())
    c = device(rig, "light.c", "unavailable", {"brightness"})
    assert rig.load(LIGHTS) == []
    assert (rig.state("light.hall"), rig.attributes("light.hall")["brightness"]) == ("on", 100)
    await rig.do("light.turn_on", "light.hall", brightness=200, rgb_color=[1, 2, 3])
    assert [order for order, _ in a.asked] == ["light.turn_on"]
    assert (rig.attributes("light.a")["brightness"], rig.attributes("light.hall")["brightness"]) == (200, 200)
    assert [getattr(data, "brightness", "") for _, data in b.asked] == [None]
    assert c.asked == []
    await rig.do("light.turn_off", "light.hall")
    assert rig.state("light.hall") == "off"
    context = Context()
    rig.hub.states.set("light.b", "on", {}, context)
    assert (rig.state("light.hall"), rig.whole("light.hall").context) == ("on", context)


async def test_nobody_is_there(rig: HelperRig) -> None:
    rig.load(LIGHTS)
    assert rig.state("light.hall") == "unavailable"
    with pytest.raises(ActionError) as raised:
        await rig.do("light.turn_on", "light.hall")
    assert str(raised.value) == "light.hall is unavailable"


async def test_covers_of_two_kinds(rig: HelperRig) -> None:
    """Only those that take a position are moved to one."""
    a = device(rig, "cover.a", "open", {"position"}, current_position=100)
    b = device(rig, "cover.b", "closed", set())
    assert rig.load("cover:\n  - platform: group\n    name: All\n    entities: cover.a, cover.b\n") == []
    assert rig.attributes("cover.all")["current_position"] == 100
    await rig.do("cover.set_cover_position", "cover.all", position=40)
    assert ([order for order, _ in a.asked], b.asked) == (["cover.set_cover_position"], [])
    assert rig.attributes("cover.all")["current_position"] == 40


NUMBERS: dict[str, tuple[str, list[str], str]] = {
    "mean": ("type: mean", ["1", "2", "6"], "3.0"),
    "median": ("type: median", ["1", "2", "6"], "2.0"),
    "max, which is the default": ("", ["1", "2", "6"], "6.0"),
    "min": ("type: min", ["1", "2", "6"], "1.0"),
    "sum": ("type: sum", ["1", "2", "6"], "9.0"),
    "range": ("type: range", ["1", "2", "6"], "5.0"),
    "product": ("type: product", ["1", "2", "6"], "12.0"),
    "stdev": ("type: stdev", ["1", "2", "6"], "2.65"),
    "last": ("type: last", ["6", "2", "1"], "1.0"),
    "digits": ("type: mean, round_digits: 0", ["1", "2"], "2.0"),
    "one without a number": ("type: mean", ["1", "unknown"], "unknown"),
    "one without a number, left out": ("type: mean, ignore_non_numeric: true", ["1", "unknown"], "1.0"),
    "none with a number": ("type: mean, ignore_non_numeric: true", ["x", "unknown"], "unknown"),
    "nobody there": ("type: mean", ["unavailable", "unavailable"], "unavailable"),
}


@pytest.mark.parametrize("name", NUMBERS)
async def test_sensors_as_one(rig: HelperRig, name: str) -> None:
    """One number of several, in the unit that they share."""
    options, values, state = NUMBERS[name]
    members = ", ".join(f"sensor.x{index}" for index in range(len(values)))
    more = f", {options}" if options else ""
    assert rig.load(f"sensor:\n  - {{platform: group, name: N, entities: [{members}]{more}}}\n") == []
    for index, value in enumerate(values):
        rig.hub.states.set(f"sensor.x{index}", value, {"unit_of_measurement": "W"})
    assert (rig.state("sensor.n"), rig.attributes("sensor.n")["unit_of_measurement"]) == (state, "W")


async def test_min_max_is_the_same(rig: HelperRig) -> None:
    """As it was called before; it leaves out who has no number."""
    rig.load("sensor:\n  - {platform: min_max, name: N, type: min, entity_ids: [sensor.a, sensor.b]}\n")
    rig.hub.states.set("sensor.a", "4")
    assert rig.state("sensor.n") == "4.0"


PROBLEMS = {
    "light:\n  - {platform: group, name: A, entities: [switch.x]}\n": (
        "configuration.yaml:2:5: light.a: switch.x is no light: a group of mixed kinds goes under 'group:'"
    ),
    "light:\n  - {platform: group, name: A}\n": "configuration.yaml:2:5: the key 'entities' is missing in light.a",
    "sensor:\n  - {platform: group, name: A}\n": (
        "configuration.yaml:2:5: sensor.a: it needs 'entities': the sensors that it is made of"
    ),
    "sensor:\n  - {platform: group, name: A, entities: sensor.x, type: mode}\n": (
        "configuration.yaml:2:58: sensor.a.type: expected one of 'last', 'max', 'mean', 'median', 'min', 'product', "
        "'range', 'stdev' or 'sum', got the text 'mode'"
    ),
}


@pytest.mark.parametrize("text", PROBLEMS)
async def test_problem(rig: HelperRig, text: str) -> None:
    assert rig.load(text) == [PROBLEMS[text]]
