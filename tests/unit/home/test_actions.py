"""The actions of the house: who is meant, what the device is asked, and when it counts as done."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from arvisd.core.actions import Target
from arvisd.core.errors import ActionDataError, ActionFailedError
from tests.simulators.clock import FakeClock
from tests.simulators.house import TestHouse


def target(**fields: Any) -> Target:
    return Target(**fields)


MEANT = [
    ({"entity_id": "light.kitchen"}, ["light.kitchen"]),
    ({"entity_id": "light.kitchen, light.bed"}, ["light.bed", "light.kitchen"]),
    ({"entity_id": ["light.bed", "light.bed"]}, ["light.bed"]),
    ({"area_id": "kitchen"}, ["light.kitchen", "light.plain"]),
    ({"area_id": "kitchen", "entity_id": "light.kitchen"}, ["light.kitchen", "light.plain"]),
    ({"area_id": ["kitchen", "bedroom"]}, ["light.bed", "light.kitchen", "light.plain"]),
    ({"floor_id": "upstairs"}, ["light.bed"]),
    ({"label_id": "night"}, ["light.bed"]),
    ({"device_id": "bridge"}, ["light.bed"]),
    ({"entity_id": "all"}, ["light.bed", "light.kitchen", "light.plain"]),
]


@pytest.mark.parametrize(("fields", "ids"), MEANT)
async def test_exactly_what_is_named(house: TestHouse, fields: dict[str, Any], ids: list[str]) -> None:
    result = await house.hub.actions.call("light.turn_on", {}, target(**fields))
    assert result == {"entities": ids}
    assert [id_ for id_, c in sorted(house.controllers.items()) if c.asked] == ids


REFUSED = [
    ("light.turn_on", {}, {}, "light.turn_on needs a target: entity_id, area_id, floor_id, label_id or device_id"),
    (
        "light.turn_on",
        {},
        {"entity_id": "light.kichen"},
        "there is no entity 'light.kichen' (did you mean light.kitchen?)",
    ),
    ("light.turn_on", {}, {"entity_id": ["light.kitchen", "vacuum.hoover"]}, "there is no entity 'vacuum.hoover'"),
    ("light.turn_on", {}, {"area_id": "kitchn"}, "there is no area 'kitchn' (did you mean kitchen?)"),
    ("light.turn_on", {}, {"area_id": "cellar"}, "light.turn_on: there is no light in the area 'cellar'"),
    ("light.turn_on", {}, {"floor_id": "roof"}, "there is no floor 'roof'"),
    ("light.turn_on", {}, {"label_id": "day"}, "there is no label 'day'"),
    ("light.turn_on", {}, {"device_id": "x"}, "there is no device 'x'"),
    ("light.turn_on", {}, {"entity_id": "switch.kettle"}, "light.turn_on is not for switch.kettle: it takes a light"),
    (
        "light.turn_on",
        {"brightness": 300},
        {"entity_id": "light.kitchen"},
        "light.turn_on: Expected `int` <= 255 - at `$.brightness`",
    ),
    (
        "light.turn_on",
        {"color": "red"},
        {"entity_id": "light.kitchen"},
        "light.turn_on: Object contains unknown field `color`",
    ),
    (
        "light.turn_on",
        {"color_name": "gren"},
        {"entity_id": "light.kitchen"},
        "there is no colour 'gren' (did you mean green?)",
    ),
    ("light.turn_on", {"brightness": 5}, {"entity_id": "light.plain"}, "light.plain has no brightness"),
    (
        "climate.set_temperature",
        {"temperature": 50},
        {"entity_id": "climate.thermostat"},
        "climate.thermostat takes 7 to 30 degrees, not 50",
    ),
    (
        "climate.set_hvac_mode",
        {"hvac_mode": "cool"},
        {"entity_id": "climate.thermostat"},
        "climate.thermostat has no mode 'cool', only off, heat",
    ),
    (
        "climate.set_temperature",
        {},
        {"entity_id": "climate.thermostat"},
        "climate.set_temperature: temperature is missing",
    ),
    (
        "homeassistant.turn_on",
        {},
        {"entity_id": "lock.door"},
        "homeassistant.turn_on is not for lock.door: call an action of lock instead",
    ),
]


@pytest.mark.parametrize(("action", "data", "fields", "message"), REFUSED)
async def test_what_does_not_fit_is_refused_and_nothing_is_done(
    house: TestHouse, action: str, data: dict[str, Any], fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(ActionDataError) as caught:
        await house.hub.actions.call(action, data, target(**fields))
    assert str(caught.value) == message
    assert not any(controller.asked for controller in house.controllers.values())


ORDERS = [
    ("light.turn_on", {"brightness_pct": 50}, "light.kitchen", "light.turn_on", {"brightness": 128}),
    ("light.turn_on", {"brightness_pct": 0}, "light.kitchen", "light.turn_off", {}),
    ("light.turn_on", {"brightness_step_pct": 10}, "light.kitchen", "light.turn_on", {"brightness": 26}),
    ("light.turn_on", {"color_name": "Warm white"}, "light.kitchen", "light.turn_on", {"rgb_color": (255, 244, 229)}),
    (
        "light.turn_on",
        {"color_temp_kelvin": 2700, "transition": 2},
        "light.kitchen",
        "light.turn_on",
        {"color_temp_kelvin": 2700, "transition": 2.0},
    ),
    ("light.toggle", {}, "light.kitchen", "light.turn_on", {}),
    ("switch.turn_on", {}, "switch.kettle", "switch.turn_on", {}),
    ("switch.toggle", {}, "switch.kettle", "switch.turn_on", {}),
    ("cover.toggle", {}, "cover.blind", "cover.close_cover", {}),
    ("cover.set_cover_position", {"position": 40}, "cover.blind", "cover.set_cover_position", {"position": 40}),
    ("cover.stop_cover", {}, "cover.blind", "cover.stop_cover", {}),
    ("fan.set_percentage", {"percentage": 30}, "fan.fan", "fan.turn_on", {"percentage": 30}),
    ("fan.turn_on", {"percentage": 0}, "fan.fan", "fan.turn_off", {}),
    (
        "climate.set_temperature",
        {"temperature": 22.5},
        "climate.thermostat",
        "climate.set_temperature",
        {"temperature": 22.5},
    ),
    ("climate.turn_off", {}, "climate.thermostat", "climate.set_hvac_mode", {"hvac_mode": "off"}),
    ("climate.toggle", {}, "climate.thermostat", "climate.set_hvac_mode", {"hvac_mode": "off"}),
    ("lock.unlock", {}, "lock.door", "lock.unlock", {}),
    ("homeassistant.turn_on", {}, "switch.kettle", "switch.turn_on", {}),
    ("homeassistant.toggle", {}, "light.kitchen", "light.turn_on", {}),
    ("homeassistant.turn_on", {"transition": 2}, "light.kitchen", "light.turn_on", {"transition": 2}),
    ("homeassistant.turn_on", {"transition": 2}, "switch.kettle", "switch.turn_on", {}),
]


@pytest.mark.parametrize(("action", "data", "entity", "asked", "given"), ORDERS)
async def test_what_the_device_is_asked_for(
    house: TestHouse, action: str, data: dict[str, Any], entity: str, asked: str, given: dict[str, Any]
) -> None:
    await house.hub.actions.call(action, data, target(entity_id=entity))
    ((name, order),) = house.controllers[entity].asked
    assert (name, {k: v for k, v in msgspec.to_builtins(order).items() if v is not None}) == (asked, given)


async def test_of_a_room_only_those_that_can(house: TestHouse) -> None:
    result = await house.hub.actions.call("light.turn_on", {"brightness": 9}, target(area_id="kitchen"))
    assert result == {"entities": ["light.kitchen"]}


async def test_it_is_done_when_the_device_says_so(house: TestHouse, clock: FakeClock) -> None:
    house.controllers["light.kitchen"].silent = True
    call = asyncio.create_task(house.hub.actions.call("light.turn_on", {}, target(entity_id="light.kitchen")))
    await clock.advance(3)
    assert not call.done()
    house.hub.states.set("light.kitchen", "on")
    await clock.settle()
    assert call.result() == {"entities": ["light.kitchen"]}


async def test_a_device_that_never_says_so_has_failed(house: TestHouse, clock: FakeClock) -> None:
    house.controllers["light.kitchen"].silent = True
    call = asyncio.create_task(house.hub.actions.call("light.turn_on", {}, target(area_id="kitchen")))
    await clock.advance(5.1)
    with pytest.raises(
        ActionFailedError, match="^light.kitchen did not confirm within 5 s: it is still off; the other one did$"
    ):
        await call
    assert house.state("light.plain") == "on"


async def test_one_whose_state_does_not_come_back_is_trusted(house: TestHouse) -> None:
    house.add("switch.relay", "Relay", assumed_state=True).silent = True
    done = await house.hub.actions.call("switch.turn_on", {}, target(entity_id=["switch.relay", "switch.kettle"]))
    assert done == {"entities": ["switch.kettle", "switch.relay"], "assumed": ["switch.relay"]}


async def test_one_that_is_unavailable_is_not_asked(house: TestHouse) -> None:
    house.hub.states.set("light.kitchen", "unavailable")
    with pytest.raises(ActionFailedError, match="^light.kitchen is unavailable$"):
        await house.hub.actions.call("light.turn_on", {}, target(entity_id="light.kitchen"))
    assert not house.controllers["light.kitchen"].asked


async def test_every_failure_is_named(house: TestHouse) -> None:
    house.controllers["light.kitchen"].failure = "light.kitchen: no radio"
    house.controllers["light.bed"].failure = "light.bed: no bulb"
    with pytest.raises(ActionFailedError) as caught:
        await house.hub.actions.call("light.turn_on", {}, target(entity_id="all"))
    assert str(caught.value) == "light.bed: no bulb; light.kitchen: no radio; the other one did"
    assert house.state("light.plain") == "on"


async def test_nothing_is_left_listening(house: TestHouse) -> None:
    await house.hub.actions.call("light.turn_on", {}, target(entity_id="light.kitchen"))
    before = house.hub.bus.failures
    house.hub.states.set("light.kitchen", "off")
    assert house.hub.bus.failures == before


INSTEAD = [
    ("off", {}, "it is still off"),
    ("off", {"linkquality": 7}, "it is still off with other values"),
    ("unavailable", {}, "it has become unavailable"),
    ("unknown", {}, "nothing was ever heard of it"),
]


@pytest.mark.parametrize(("state", "attributes", "text"), INSTEAD)
async def test_what_came_instead(
    house: TestHouse, clock: FakeClock, state: str, attributes: dict[str, Any], text: str
) -> None:
    house.controllers["switch.kettle"].silent = True
    call = asyncio.create_task(house.hub.actions.call("switch.turn_on", {}, target(entity_id="switch.kettle")))
    await clock.advance(1)
    house.hub.states.set("switch.kettle", state, attributes)
    await clock.advance(4.1)
    with pytest.raises(ActionFailedError) as caught:
        await call
    assert str(caught.value) == f"switch.kettle did not confirm within 5 s: {text}"


async def test_a_device_that_did_something_else(house: TestHouse, clock: FakeClock) -> None:
    house.controllers["cover.blind"].silent = True
    call = asyncio.create_task(house.hub.actions.call("cover.close_cover", {}, target(entity_id="cover.blind")))
    await clock.advance(1)
    house.hub.states.set("cover.blind", "opening")
    await clock.advance(4.1)
    with pytest.raises(ActionFailedError, match=r"^cover.blind did not confirm within 5 s: it is opening$"):
        await call


async def test_what_comes_late_is_noted_once(house: TestHouse, clock: FakeClock) -> None:
    late: list[Any] = []
    house.hub.bus.subscribe("arvis/event/action_confirmed_late", lambda m: late.append(m.payload.data), house.owner)
    house.controllers["switch.kettle"].silent = True
    call = asyncio.create_task(house.hub.actions.call("switch.turn_on", {}, target(entity_id="switch.kettle")))
    await clock.advance(5.1)
    assert isinstance(call.exception(), ActionFailedError)
    await clock.advance(3)
    house.hub.states.set("switch.kettle", "on")
    house.hub.states.set("switch.kettle", "off")
    house.hub.states.set("switch.kettle", "on")
    assert late == [{"entity_id": "switch.kettle", "action": "switch.turn_on", "seconds": 8.1}]


@pytest.mark.parametrize("seconds", [61, 3])
async def test_nobody_waits_for_ever_or_for_what_was_taken_back(
    house: TestHouse, clock: FakeClock, seconds: float
) -> None:
    late: list[Any] = []
    house.hub.bus.subscribe("arvis/event/action_confirmed_late", late.append, house.owner)
    house.controllers["switch.kettle"].silent = True
    call = asyncio.create_task(house.hub.actions.call("switch.turn_on", {}, target(entity_id="switch.kettle")))
    await clock.advance(5.1)
    assert call.exception()
    await clock.advance(seconds)
    house.controllers["switch.kettle"].silent = False
    await house.hub.actions.call("switch.turn_off", {}, target(entity_id="switch.kettle"))
    house.hub.states.set("switch.kettle", "on")
    assert late == []


async def test_one_that_cannot_even_be_asked(
    house: TestHouse, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(house.controllers["switch.kettle"], "perform", hang)
    call = asyncio.create_task(house.hub.actions.call("switch.turn_on", {}, target(entity_id="switch.kettle")))
    await clock.advance(10.1)
    with pytest.raises(ActionFailedError, match=r"^switch.kettle could not be asked within 10 s$"):
        await call


async def test_failures_of_several_domains_are_all_named(house: TestHouse) -> None:
    house.controllers["light.kitchen"].failure = "light.kitchen: no radio"
    house.controllers["switch.kettle"].failure = "switch.kettle: no water"
    with pytest.raises(ActionFailedError) as caught:
        await house.hub.actions.call("homeassistant.turn_on", {}, target(entity_id=["light.kitchen", "switch.kettle"]))
    assert str(caught.value) in (
        "light.kitchen: no radio; switch.kettle: no water",
        "switch.kettle: no water; light.kitchen: no radio",
    )


async def test_a_lamp_that_is_on_and_does_not_change_its_colour_has_not_done_it(
    house: TestHouse, clock: FakeClock
) -> None:
    house.hub.states.set("light.kitchen", "on", {"rgb_color": [0, 0, 255], "brightness": 9})
    house.controllers["light.kitchen"].silent = True
    for shown, done in (([0, 0, 255], False), ([230, 40, 10], True)):
        call = asyncio.create_task(
            house.hub.actions.call("light.turn_on", {"color_name": "red"}, target(entity_id="light.kitchen"))
        )
        await clock.settle()
        house.hub.states.set("light.kitchen", "on", {"rgb_color": shown, "brightness": 10})
        await clock.advance(5.1)
        assert (call.exception() is None) == done


async def test_a_colour_temperature_is_a_colour_where_the_lamp_has_only_those(house: TestHouse) -> None:
    house.add("light.strip", "Strip", features={"color"})
    await house.hub.actions.call("light.turn_on", {"color_temp_kelvin": 2700}, target(entity_id="light.strip"))
    ((_, order),) = house.controllers["light.strip"].asked
    assert msgspec.to_builtins(order) == {"rgb_color": (255, 167, 87)}
    with pytest.raises(ActionDataError, match=r"^light.plain has no color_temp$"):
        await house.hub.actions.call("light.turn_on", {"kelvin": 2700}, target(entity_id="light.plain"))
