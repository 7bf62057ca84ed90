"""Whom a trigger of a domain is about: by name and by place, as they come and go; one by one, the first, all."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from arvisd.home.device import Device
from arvisd.home.entity import Entity
from arvisd.home.settings import HomeSettings
from tests.simulators.automation_rig import AutomationRig

HOUSE: dict[str, Any] = {
    "floors": [{"id": "ground"}],
    "areas": [{"id": "kitchen", "floor": "ground"}, {"id": "hall", "floor": "ground"}],
    "labels": [{"id": "night"}],
    "entities": [{"id": "light.table", "labels": ["night"]}, {"id": "input_boolean.guests", "area": "hall"}],
}


@pytest.fixture
def house(rig: AutomationRig) -> AutomationRig:
    """Three lights and a plug in two areas, all off."""
    rig.home.configure(msgspec.convert(HOUSE, HomeSettings))
    rig.home.add_device(Device(id="lamp", area="hall"), rig.owner)
    add(rig, "light.table", area="kitchen")
    add(rig, "light.stove", area="kitchen")
    add(rig, "light.hall", device="lamp")
    add(rig, "switch.plug", area="kitchen")
    rig.hub.states.set("input_boolean.guests", "off")
    return rig


def add(rig: AutomationRig, entity_id: str, state: str = "off", **more: Any) -> None:
    rig.home.add_entity(Entity(id=entity_id, **more), rig.owner)
    rig.hub.states.set(entity_id, state)


def turned_on(target: str, options: str = "{}") -> str:
    return f"""
        - id: a
          mode: parallel
          triggers:
            - trigger: light.turned_on
              target: {target}
              options: {options}
          actions: {{action: test.note, data: {{message: "{{{{ trigger.entity_id }}}}"}}}}
        """


TARGETS: list[tuple[str, set[str]]] = [
    ("{entity_id: light.table}", {"light.table"}),
    ("{entity_id: 'light.table, light.hall'}", {"light.table", "light.hall"}),
    ("{entity_id: group.lights}", {"light.table", "light.hall"}),
    ("{area_id: kitchen}", {"light.table", "light.stove"}),
    ("{area_id: [kitchen, hall]}", {"light.table", "light.stove", "light.hall"}),
    ("{floor_id: ground, exclude: {area_id: hall}}", {"light.table", "light.stove"}),
    ("{floor_id: ground, exclude: {entity_id: light.stove}}", {"light.table", "light.hall"}),
    ("{label_id: night}", {"light.table"}),
    ("{device_id: lamp}", {"light.hall"}),
]


@pytest.mark.parametrize(("target", "expected"), TARGETS)
async def test_whom_a_target_names(house: AutomationRig, target: str, expected: set[str]) -> None:
    house.hub.states.set("group.lights", "off", {"entity_id": ["light.table", "light.hall"]})
    assert await house.load(turned_on(target)) == []
    for entity_id in ("light.table", "light.stove", "light.hall", "switch.plug"):
        house.hub.states.set(entity_id, "on")
    assert set(house.notes) == expected


async def test_who_comes_later_counts_too_and_who_goes_does_not(house: AutomationRig) -> None:
    await house.load(turned_on("{area_id: kitchen}"))
    add(house, "light.shelf", area="kitchen")
    house.home.configure(
        msgspec.convert(
            {**HOUSE, "entities": [{"id": "light.table", "area": "hall", "labels": ["night"]}]}, HomeSettings
        )
    )
    await house.clock.advance(1)
    for entity_id in ("light.shelf", "light.table", "light.stove"):
        house.hub.states.set(entity_id, "on")
    assert house.notes == ["light.shelf", "light.stove"]


async def test_a_group_that_changes(house: AutomationRig) -> None:
    house.hub.states.set("group.lights", "off", {"entity_id": ["light.table"]})
    await house.load(turned_on("{entity_id: group.lights}"))
    house.hub.states.set("group.lights", "off", {"entity_id": ["light.hall"]})
    house.hub.states.set("light.table", "on")
    house.hub.states.set("light.hall", "on")
    assert house.notes == ["light.hall"]


async def test_a_helper_has_its_area_from_the_settings(house: AutomationRig) -> None:
    await house.load(turned_on("{area_id: hall}").replace("light.turned_on", "switch.turned_on"))
    house.hub.states.set("input_boolean.guests", "on")
    assert house.notes == ["input_boolean.guests"]


BEHAVIORS: list[tuple[str, list[str], list[str]]] = [
    ("each", ["table on", "stove on"], ["light.table", "light.stove"]),
    ("any", ["table on", "stove on"], ["light.table", "light.stove"]),
    ("first", ["table on", "stove on", "table off", "table on"], ["light.table"]),
    ("first", ["table on", "table off", "stove on"], ["light.table", "light.stove"]),
    ("all", ["table on", "stove on", "table off", "table on"], ["light.stove", "light.table"]),
    ("last", ["table on", "stove on"], ["light.stove"]),
    ("all", ["stove unavailable", "table on"], ["light.table"]),
    ("all", ["table on", "stove unavailable", "stove on"], []),
]


@pytest.mark.parametrize(("behavior", "changes", "expected"), BEHAVIORS)
async def test_several_are_counted(
    house: AutomationRig, behavior: str, changes: list[str], expected: list[str]
) -> None:
    await house.load(turned_on("{area_id: kitchen}", f"{{behavior: {behavior}}}"))
    for change in changes:
        name, state = change.split()
        house.hub.states.set(f"light.{name}", state)
    assert house.notes == expected


WAITS: list[tuple[str, list[str], list[str]]] = [
    # each entity for itself; a number lets so many seconds pass
    ("each", ["table on", "5", "stove on", "5", "5"], ["light.table", "light.stove"]),
    ("each", ["table on", "5", "table off", "10"], []),
    ("each", ["table on", "5", "table unavailable", "10"], []),
    ("first", ["table on", "5", "stove on", "table off", "5"], ["light.table"]),
    ("first", ["table on", "5", "table off", "10"], []),
    ("all", ["table on", "stove on", "9", "1"], ["light.stove"]),
    ("all", ["table on", "stove on", "9", "table off", "5"], []),
]


@pytest.mark.parametrize(("behavior", "changes", "expected"), WAITS)
async def test_it_must_stay_so(house: AutomationRig, behavior: str, changes: list[str], expected: list[str]) -> None:
    await house.load(turned_on("{area_id: kitchen}", f"{{behavior: {behavior}, for: 10}}"))
    for change in changes:
        name, _, state = change.partition(" ")
        if state:
            house.hub.states.set(f"light.{name}", state)
        else:
            await house.clock.advance(float(name))
    assert house.notes == expected


async def test_who_leaves_the_target_waits_no_longer(house: AutomationRig) -> None:
    await house.load(turned_on("{area_id: kitchen}", "{for: 10}"))
    house.hub.states.set("light.table", "on")
    house.home.configure(msgspec.convert({**HOUSE, "entities": [{"id": "light.table", "area": "hall"}]}, HomeSettings))
    await house.clock.advance(20)
    assert house.notes == []


WHY: list[tuple[str, list[str], str]] = [
    ("{}", ["stove unavailable", "stove on"], "it was unavailable before: that is no change"),
    ("{behavior: all}", ["table on"], "1 of 2 are so, and all must be"),
    ("{behavior: first}", ["table on", "stove on"], "2 of 2 are so: it is not the first"),
    ("{for: 5}", ["table on", "table off"], "it did not stay so for as long as 'for' asks: light.table is not so any more"),
    ("{for: 5, behavior: all}", ["table on", "stove on", "table off"],
     "it did not stay so for as long as 'for' asks: 1 of 2 are so"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "changes", "reason"), WHY)
async def test_why_it_did_not_fire_is_told(house: AutomationRig, options: str, changes: list[str], reason: str) -> None:
    await house.load(turned_on("{area_id: kitchen}", options))
    for change in changes:
        name, state = change.split()
        house.hub.states.set(f"light.{name}", state)
    assert [trace.reason for trace in house.traces("a") if trace.outcome == "not_triggered"] == [reason]
