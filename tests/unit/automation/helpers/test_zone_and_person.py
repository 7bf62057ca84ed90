"""Helpers `zone` and `person`: who is where, by what tracks them."""

from __future__ import annotations

from typing import Any

import pytest

from arvisd.core.context import Context
from tests.simulators.helper_rig import HelperRig

PLACES = """
zone:
  - name: Home
    latitude: 52.5163
    longitude: 13.3777
    icon: mdi:home
  - name: The office
    latitude: 52.53
    longitude: 13.3777
    radius: 250
  - {name: Yard, latitude: 52.5163, longitude: 13.3777, radius: 20, passive: true}
"""
ANN = """
person:
  - name: Ann
    id: ann1
    user_id: abc
    device_trackers: [device_tracker.phone, device_tracker.router]
"""
AT_HOME = {"latitude": 52.5164, "longitude": 13.3777, "gps_accuracy": 10, "source_type": "gps"}
AT_WORK = {"latitude": 52.5301, "longitude": 13.3777, "gps_accuracy": 10, "source_type": "gps"}
ON_THE_WAY = {"latitude": 52.52, "longitude": 13.3777, "source_type": "gps"}
ROUTER = {"source_type": "router"}


def track(rig: HelperRig, tracker: str, state: str, attributes: dict[str, Any] | None = None) -> None:
    rig.hub.states.set(f"device_tracker.{tracker}", state, attributes or {})


def where(rig: HelperRig, person: str = "ann") -> str:
    state = rig.hub.states.get(f"person.{person}")
    assert state is not None
    return state.state


class TestZone:
    async def test_what_it_says(self, rig: HelperRig) -> None:
        assert rig.load(PLACES) == []
        state = rig.hub.states.get("zone.the_office")
        assert state is not None
        assert (state.state, state.attributes) == (
            "0",
            {
                "latitude": 52.53,
                "longitude": 13.3777,
                "radius": 250.0,
                "passive": False,
                "persons": [],
                "editable": False,
                "friendly_name": "The office",
            },
        )
        assert rig.hub.states.ids("zone") == ["zone.home", "zone.the_office", "zone.yard"]

    async def test_it_counts_persons(self, rig: HelperRig) -> None:
        rig.load(PLACES)
        for person, state in (("ann", "home"), ("bob", "home"), ("eve", "the office"), ("tom", "not_home")):
            rig.hub.states.set(f"person.{person}", state)
        home, office = rig.hub.states.get("zone.home"), rig.hub.states.get("zone.the_office")
        assert home is not None
        assert office is not None
        assert (home.state, home.attributes["persons"]) == ("2", ["person.ann", "person.bob"])
        assert (office.state, office.attributes["persons"]) == ("1", ["person.eve"])
        cause = Context(user="ann")
        rig.hub.states.set("person.ann", "not_home", None, cause)
        home = rig.hub.states.get("zone.home")
        assert home is not None
        assert (home.state, home.context.id) == ("1", cause.id)
        rig.hub.states.remove("person.bob")
        home = rig.hub.states.get("zone.home")
        assert home is not None
        assert home.state == "0"

    async def test_who_is_there_already_counts(self, rig: HelperRig) -> None:
        rig.hub.states.set("person.ann", "home")
        rig.load(PLACES)
        home = rig.hub.states.get("zone.home")
        assert home is not None
        assert home.state == "1"

    @pytest.mark.parametrize(
        ("section", "problem"),
        [
            (
                "zone:\n  - name: A\n    latitude: 1\n",
                "configuration.yaml:2:5: the key 'longitude' is missing in zone.a",
            ),
            (
                "zone:\n  - {name: A, latitude: 91, longitude: 0}\n",
                "configuration.yaml:2:25: zone.a.latitude: expected a number from -90 to 90, got the number 91",
            ),
            ("zone:\n  - {latitude: 1, longitude: 1}\n", "configuration.yaml:2:5: zone: it needs a name"),
        ],
    )
    async def test_errors(self, rig: HelperRig, section: str, problem: str) -> None:
        assert rig.load(section) == [problem]


class TestPerson:
    @pytest.mark.parametrize(
        ("reports", "state", "source"),
        [
            ([], "unknown", None),
            ([("phone", "not_home", AT_HOME)], "home", "phone"),
            ([("phone", "x", AT_WORK)], "The office", "phone"),
            ([("phone", "home", ON_THE_WAY)], "not_home", "phone"),
            ([("router", "home", ROUTER)], "home", "router"),
            ([("router", "not_home", ROUTER)], "not_home", "router"),
            ([("phone", "x", AT_WORK), ("router", "home", ROUTER)], "home", "router"),
            ([("router", "home", ROUTER), ("phone", "x", AT_WORK)], "home", "router"),
            ([("router", "not_home", ROUTER), ("phone", "x", AT_WORK)], "The office", "phone"),
            ([("phone", "x", AT_WORK), ("router", "not_home", ROUTER)], "The office", "phone"),
            ([("phone", "x", AT_WORK), ("router", "unavailable", ROUTER)], "The office", "phone"),
            ([("phone", "not_home", {}), ("router", "not_home", {})], "not_home", "router"),
            ([("phone", "Gym", {})], "Gym", "phone"),
            ([("phone", "unknown", AT_WORK)], "The office", "phone"),
            ([("phone", "unknown", {"source_type": "gps"})], "unknown", None),
            ([("phone", "home", {}), ("phone", "unavailable", {})], "unknown", None),
            ([("phone", "home", {**AT_WORK, "source_type": "bluetooth_le"})], "home", "phone"),
        ],
    )
    async def test_who_is_believed(
        self, rig: HelperRig, reports: list[tuple[str, str, dict[str, Any]]], state: str, source: str | None
    ) -> None:
        assert rig.load(PLACES + ANN) == []
        for report in reports:
            track(rig, *report)
        found = rig.hub.states.get("person.ann")
        assert found is not None
        assert (found.state, found.attributes.get("source")) == (state, source and f"device_tracker.{source}")

    async def test_of_two_alike_the_last_one_that_spoke(self, rig: HelperRig) -> None:
        rig.load(PLACES + ANN)
        track(rig, "phone", "x", AT_WORK)
        track(rig, "router", "x", AT_HOME)
        assert where(rig) == "home"
        track(rig, "phone", "x", {**AT_WORK, "gps_accuracy": 11})
        assert where(rig) == "The office"

    async def test_what_it_says(self, rig: HelperRig) -> None:
        rig.load(PLACES + ANN.replace("user_id: abc", "picture: /ann.png"))
        track(rig, "phone", "x", AT_WORK)
        state = rig.hub.states.get("person.ann")
        assert state is not None
        assert state.attributes == {
            "id": "ann1",
            "device_trackers": ["device_tracker.phone", "device_tracker.router"],
            "source": "device_tracker.phone",
            "latitude": 52.5301,
            "longitude": 13.3777,
            "gps_accuracy": 10.0,
            "entity_picture": "/ann.png",
            "editable": False,
            "friendly_name": "Ann",
        }

    async def test_who_is_at_home_without_coordinates_has_those_of_the_house(self, rig: HelperRig) -> None:
        rig.load(PLACES + ANN)
        track(rig, "router", "home", ROUTER)
        state = rig.hub.states.get("person.ann")
        assert state is not None
        assert (state.attributes["latitude"], state.attributes["longitude"]) == (52.5163, 13.3777)

    async def test_it_is_as_it_was_until_somebody_knows_better(self, rig: HelperRig) -> None:
        rig.load(PLACES + ANN)
        track(rig, "phone", "x", AT_WORK)
        await rig.clock.advance(1)
        assert rig.crash() == []
        assert where(rig) == "The office"
        state = rig.hub.states.get("person.ann")
        assert state is not None
        assert state.attributes["source"] == "device_tracker.phone"
        zone = rig.hub.states.get("zone.the_office")
        assert zone is not None
        assert zone.state == "1"
        track(rig, "phone", "unavailable")
        assert where(rig) == "The office", "nobody has said anything since the start"
        track(rig, "phone", "x", AT_HOME)
        assert where(rig) == "home"
        track(rig, "phone", "unavailable")
        assert where(rig) == "unknown"

    async def test_a_zone_that_moves(self, rig: HelperRig) -> None:
        rig.load(PLACES + ANN)
        track(rig, "phone", "x", ON_THE_WAY)
        assert where(rig) == "not_home"
        rig.load(PLACES.replace("radius: 250", "radius: 2500") + ANN)
        assert where(rig) == "The office"
        rig.load(PLACES.replace("The office", "Work").replace("radius: 250", "radius: 2500") + ANN)
        assert where(rig) == "Work"

    async def test_the_trackers_change(self, rig: HelperRig) -> None:
        rig.load(PLACES + ANN)
        track(rig, "phone", "x", AT_WORK)
        track(rig, "watch", "x", AT_HOME)
        rig.load(PLACES + ANN.replace("device_tracker.phone", "device_tracker.watch"))
        assert where(rig) == "home"

    @pytest.mark.parametrize(
        ("section", "problem"),
        [
            ("person:\n  - name: Ann\n", "configuration.yaml:2:5: the key 'id' is missing in person.ann"),
            (
                "person:\n  - {name: Ann, id: a, device_trackers: [phone]}\n",
                "configuration.yaml:2:5: person.ann: device_trackers: 'phone' is not the id of an entity, such as device_tracker.phone",
            ),
        ],
    )
    async def test_errors(self, rig: HelperRig, section: str, problem: str) -> None:
        assert rig.load(section) == [problem]
