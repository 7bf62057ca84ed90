"""Which entities belong where, and what a target names by area, floor, label, device and group."""

from __future__ import annotations

import pytest

from arvisd.core.actions import Target
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.device import Device
from arvisd.home.targets import resolve
from tests.simulators.house import TestHouse


@pytest.fixture
def placed(hub: Hub, owner: Owner) -> TestHouse:
    house = TestHouse(hub, owner)
    house.configure(
        floors=[{"id": "ground"}],
        areas=[
            {"id": "kitchen", "floor": "ground"},
            {"id": "hall", "floor": "ground", "labels": ["way_out"]},
            {"id": "attic"},
        ],
        labels=[{"id": "way_out"}, {"id": "night"}],
        entities=[
            {"id": "light.kitchen", "area": "kitchen", "labels": ["night"]},
            {"id": "input_boolean.guests", "area": "hall"},
        ],
    )
    house.add("light.kitchen")
    house.add("light.hall", device="lamp")
    house.add("switch.hall", device="lamp")
    house.home.add_device(Device(id="lamp", area="hall", labels=["night"]), house.owner)
    return house


INSIDE: list[tuple[str, str, set[str]]] = [
    ("area", "kitchen", {"light.kitchen"}),
    ("area", "hall", {"light.hall", "switch.hall", "input_boolean.guests"}),
    ("area", "attic", set()),
    ("area", "cellar", set()),
    ("floor", "ground", {"light.kitchen", "light.hall", "switch.hall", "input_boolean.guests"}),
    ("label", "night", {"light.kitchen", "light.hall", "switch.hall"}),
    ("label", "way_out", {"light.hall", "switch.hall", "input_boolean.guests"}),
    ("device", "lamp", {"light.hall", "switch.hall"}),
]


@pytest.mark.parametrize(("kind", "id_", "expected"), INSIDE)
def test_who_is_inside(placed: TestHouse, kind: str, id_: str, expected: set[str]) -> None:
    assert placed.home.membership.inside(kind, id_) == expected  # type: ignore[arg-type]


def test_a_change_names_the_places_that_it_concerns(placed: TestHouse) -> None:
    before = placed.home.membership
    placed.add("light.shelf", area="kitchen")
    assert placed.home.membership.changes(before) == {("area", "kitchen"), ("floor", "ground")}


def test_a_device_that_goes_takes_its_place_with_it(placed: TestHouse) -> None:
    placed.home.add_device(Device(id="lamp", area="attic"), placed.owner)
    assert placed.home.membership.inside("area", "attic") == {"light.hall", "switch.hall"}
    assert placed.home.membership.inside("label", "night") == {"light.kitchen"}


TARGETS: list[tuple[Target, list[str]]] = [
    (Target(area_id="hall"), ["light.hall"]),
    (Target(floor_id="ground"), ["light.hall", "light.kitchen"]),
    (Target(label_id=["night", "way_out"]), ["light.hall", "light.kitchen"]),
    (Target(device_id="lamp", entity_id="light.kitchen"), ["light.hall", "light.kitchen"]),
    (Target(entity_id="group.lamps"), ["light.hall", "light.kitchen"]),
    (Target(entity_id=["group.everything", "light.hall"]), ["light.hall", "light.kitchen"]),
    (Target(entity_id="all"), ["light.hall", "light.kitchen"]),
    (Target(entity_id="none"), []),
]


@pytest.mark.parametrize(("target", "expected"), TARGETS)
def test_a_target_names_entities(placed: TestHouse, target: Target, expected: list[str]) -> None:
    placed.hub.states.set("group.lamps", "on", {"entity_id": ["light.hall", "light.kitchen"]})
    placed.hub.states.set("group.everything", "on", {"entity_id": ["group.lamps", "switch.hall", "group.everything"]})
    found = resolve(placed.home, target, ["light"], "light.turn_on")
    assert [entity.id for entity in found] == expected


REFUSED: list[tuple[Target, str]] = [
    (Target(area_id="kitchn"), "there is no area 'kitchn' (did you mean kitchen?)"),
    (Target(area_id="attic"), "light.turn_on: there is no light in the area 'attic'"),
    (Target(label_id="day"), "there is no label 'day'"),
    (Target(device_id="lmp"), "there is no device 'lmp' (did you mean lamp?)"),
    (Target(entity_id="group.plugs"), "light.turn_on: there is no light in the group 'group.plugs'"),
    (Target(entity_id="group.nobody"), "there is no entity 'group.nobody'"),
    (Target(), "light.turn_on needs a target: entity_id, area_id, floor_id, label_id or device_id"),
]


@pytest.mark.parametrize(("target", "message"), REFUSED)
def test_a_target_that_names_nothing_is_refused(placed: TestHouse, target: Target, message: str) -> None:
    placed.hub.states.set("group.plugs", "on", {"entity_id": ["switch.hall"]})
    with pytest.raises(ActionDataError) as raised:
        resolve(placed.home, target, ["light"], "light.turn_on")
    assert str(raised.value) == message
