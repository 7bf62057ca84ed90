"""Zones and persons: the helpers, the triggers and the condition that look at places."""

from __future__ import annotations

from typing import Any

import pytest

from arvisd.automation.helpers.zone import with_home
from arvisd.automation.places import Spot, is_in_zone, metres_between, zone_at
from arvisd.config.nodes import NodeList
from arvisd.core.context import Context
from arvisd.core.hub import Hub
from tests.simulators.automation_rig import AutomationRig

HOUSE = {"latitude": 52.5163, "longitude": 13.3777}
NEAR = {"latitude": 52.5165, "longitude": 13.3777}  # 22 m
FAR = {"latitude": 52.5300, "longitude": 13.3777}  # 1.5 km


def zone(hub: Hub, name: str = "home", radius: float = 100, **more: Any) -> None:
    hub.states.set(
        f"zone.{name}", "0", {**HOUSE, "radius": radius, "passive": False, "friendly_name": name.title(), **more}
    )


def automation(trigger: str, said: str = "ran") -> str:
    return (
        "- id: a\n  triggers:\n    - "
        + trigger
        + "\n  actions:\n    - action: test.note\n      data:\n        message: '"
        + said
        + "'\n"
    )


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        ((0, 0), (0, 0), 0),
        ((0, 0), (0, 1), 111_195),
        ((52.5163, 13.3777), (48.8584, 2.2945), 878_300),
        ((0, 179.9), (0, -179.9), 22_239),
        ((90, 0), (-90, 0), 20_015_115),
    ],
)
def test_distances(one: tuple[float, float], other: tuple[float, float], metres: float) -> None:
    assert metres_between(Spot(*one), Spot(*other)) == pytest.approx(metres, rel=0.001, abs=1)


class TestInZone:
    @pytest.mark.parametrize(
        ("state", "attributes", "inside"),
        [
            ("not_home", NEAR, True),
            ("not_home", FAR, False),
            ("not_home", {**FAR, "gps_accuracy": 1500}, True),
            ("unavailable", NEAR, False),
            ("unknown", NEAR, True),
            ("unknown", FAR, False),
            ("unknown", {}, False),
            ("home", {}, True),
            ("not_home", {}, False),
            ("Home", {}, True),
            ("home", FAR, False),
            ("x", {"in_zones": ["zone.home"], **FAR}, True),
            ("home", {"in_zones": []}, False),
            ("x", {"latitude": "52", "longitude": None}, False),
            ("x", {"latitude": float("nan"), "longitude": 1.0}, False),
        ],
    )
    def test_table(self, hub: Hub, state: str, attributes: dict[str, Any], inside: bool) -> None:
        zone(hub)
        place = hub.states.get("zone.home")
        assert place is not None
        hub.states.set("device_tracker.phone", state, attributes)
        assert is_in_zone(hub.states.get("device_tracker.phone"), "zone.home", place) is inside

    def test_the_nearest_of_the_zones_that_are_not_passive(self, hub: Hub) -> None:
        zone(hub, "street", 5000, **FAR)
        zone(hub, "home", 100)
        zone(hub, "room", 50)
        zone(hub, "cellar", 10, passive=True)
        found = zone_at(hub, Spot(HOUSE["latitude"], HOUSE["longitude"]))
        assert found is not None
        assert found[0] == "zone.room", "as near as the house, and smaller"
        away = zone_at(hub, Spot(52.54, 13.3777))
        assert away is not None
        assert away[0] == "zone.street"
        assert zone_at(hub, Spot(0, 0)) is None


class TestTrigger:
    @pytest.mark.parametrize(
        ("event", "moves", "fires"),
        [
            ("enter", [("not_home", FAR), ("home", NEAR)], 1),
            ("enter", [("home", NEAR), ("not_home", FAR)], 0),
            ("leave", [("home", NEAR), ("not_home", FAR)], 1),
            ("leave", [("not_home", FAR), ("home", NEAR)], 0),
            ("enter", [("home", NEAR), ("home", HOUSE)], 0),
            ("enter", [("not_home", FAR), ("unavailable", {}), ("home", NEAR)], 1),
            ("enter", [("home", NEAR), ("unavailable", {}), ("home", NEAR)], 0),
            ("leave", [("home", NEAR), ("unknown", {}), ("not_home", FAR)], 1),
            ("enter", [("home", NEAR)], 0),
            ("enter", [("not_home", {}), ("home", {}), ("not_home", {}), ("home", {})], 2),
        ],
    )
    async def test_what_fires(
        self, rig: AutomationRig, event: str, moves: list[tuple[str, dict[str, Any]]], fires: int
    ) -> None:
        zone(rig.hub)
        trigger = "{trigger: zone, entity_id: device_tracker.phone, zone: zone.home, event: " + event + "}"
        assert await rig.load(automation(trigger)) == []
        for state, attributes in moves:
            rig.hub.states.set("device_tracker.phone", state, attributes)
        assert rig.notes == ["ran"] * fires

    async def test_where_it_was_before_the_automation_counts(self, rig: AutomationRig) -> None:
        zone(rig.hub)
        rig.hub.states.set("person.ann", "not_home", FAR)
        await rig.load(automation("{trigger: zone, entity_id: person.ann, zone: zone.home}"))
        rig.hub.states.set("person.ann", "home", NEAR)
        assert rig.notes == ["ran"]

    async def test_what_templates_see(self, rig: AutomationRig) -> None:
        zone(rig.hub)
        said = "{{ trigger.description }}|{{ trigger.zone.name }}|{{ trigger.event }}|{{ trigger.to_state.state }}"
        trigger = "{trigger: zone, entity_id: [person.ann, person.bob], zone: zone.home, event: leave}"
        await rig.load(automation(trigger, said))
        cause = Context(user="bob")
        rig.hub.states.set("person.bob", "home", NEAR)
        rig.hub.states.set("person.bob", "not_home", FAR, cause)
        assert rig.notes == ["person.bob leaving Home|Home|leave|not_home"]
        assert rig.calls[0].context.user == "bob"

    async def test_a_zone_that_is_not_there_is_told(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: zone, entity_id: person.ann, zone: zone.work}"))
        rig.hub.states.set("person.ann", "not_home")
        rig.hub.states.set("person.ann", "home")
        assert [trace.reason for trace in rig.traces("a")] == ["there is no zone zone.work"]

    @pytest.mark.parametrize(
        ("trigger", "problem"),
        [
            (
                "{trigger: zone, entity_id: person.ann, zone: home}",
                "3:52: the trigger 'zone': 'home' is not the id of a zone, such as zone.home",
            ),
            (
                "{trigger: zone, entity_id: Ann, zone: zone.home}",
                "3:34: the trigger 'zone': 'ann' is not the id of an entity, such as light.kitchen",
            ),
            (
                "{trigger: zone, entity_id: person.ann, zone: zone.home, event: enters}",
                (
                    "3:70: the trigger 'zone': event: expected one of 'enter' or 'leave', "
                    "got the text 'enters' (did you mean 'enter'?)"
                ),
            ),
            (
                "{trigger: zone, entity_id: person.ann}",
                "3:7: the key 'zone' is missing in the trigger 'zone'",
            ),
        ],
    )
    async def test_errors(self, rig: AutomationRig, trigger: str, problem: str) -> None:
        assert await rig.load(automation(trigger)) == [f"automations.yaml:{problem}"]


class TestGeoLocation:
    async def test_comes_and_goes(self, rig: AutomationRig) -> None:
        zone(rig.hub, radius=500)
        await rig.load(
            automation(
                "{trigger: geo_location, source: usgs, zone: zone.home}",
                "{{ trigger.description }} {{ trigger.source }}",
            )
            + automation("{trigger: geo_location, source: USGS, zone: zone.home, event: leave}", "gone").replace(
                "id: a", "id: b"
            )
        )
        rig.hub.states.set("geo_location.quake", "3.1", {"source": "usgs", **NEAR})
        rig.hub.states.set("geo_location.storm", "9", {"source": "other", **NEAR})
        assert rig.notes == ["geo_location.quake entering Home usgs"]
        rig.hub.states.remove("geo_location.quake")
        assert rig.notes[1:] == ["gone"]


class TestCondition:
    @pytest.mark.parametrize(
        ("condition", "outcome"),
        [
            ("{condition: zone, entity_id: person.ann, zone: zone.home}", "finished"),
            ("{condition: zone, entity_id: person.bob, zone: zone.home}", "failed_conditions"),
            ("{condition: zone, entity_id: [person.ann, person.bob], zone: zone.home}", "failed_conditions"),
            ("{condition: zone, entity_id: [person.ann, person.bob], zone: [zone.home, zone.town]}", "finished"),
            ("{condition: zone, entity_id: person.gone, zone: zone.home}", "failed_conditions"),
            ("{condition: zone, entity_id: person.lost, zone: zone.home}", "failed_conditions"),
            ("{condition: zone, entity_id: person.ann, zone: [zone.nowhere, zone.home]}", "finished"),
        ],
    )
    async def test_table(self, rig: AutomationRig, condition: str, outcome: str) -> None:
        zone(rig.hub)
        zone(rig.hub, "town", 10_000)
        rig.hub.states.set("person.ann", "home", NEAR)
        rig.hub.states.set("person.bob", "Town", FAR)
        rig.hub.states.set("person.lost", "unknown")
        text = automation("{trigger: mqtt, topic: go}").replace(
            "  actions", f"  conditions:\n    - {condition}\n  actions"
        )
        assert await rig.load(text) == []
        rig.publish("go")
        assert rig.outcomes("a") == [outcome]

    async def test_what_is_missing_is_said(self, rig: AutomationRig, caplog: pytest.LogCaptureFixture) -> None:
        rig.hub.states.set("person.ann", "home")
        text = automation("{trigger: mqtt, topic: go}").replace(
            "  actions",
            "  conditions:\n    - {condition: zone, entity_id: [person.ann, person.x], zone: zone.y}\n  actions",
        )
        await rig.load(text)
        rig.publish("go")
        assert "zone: there is no zone zone.y; there is no entity person.x" in caplog.text

    async def test_errors(self, rig: AutomationRig) -> None:
        text = automation("{trigger: mqtt, topic: go}").replace(
            "  actions", "  conditions:\n    - {condition: zone, entity_id: person.ann, zone: light.x}\n  actions"
        )
        assert await rig.load(text) == [
            "automations.yaml:5:54: the condition 'zone': 'light.x' is not the id of a zone, such as zone.home"
        ]


class TestHomeZone:
    @pytest.mark.parametrize(
        ("section", "latitude", "names"),
        [
            (None, None, None),
            (None, 52.0, ["Home"]),
            ([{"name": "Work"}], 52.0, ["Work", "Home"]),
            ([{"name": "home"}], 52.0, ["home"]),
            ({"name": "Work"}, 52.0, ["Work", "Home"]),
            ([{"name": "Work"}], None, ["Work"]),
        ],
    )
    def test_is_added_where_the_user_has_none(self, section: Any, latitude: float | None, names: list[str]) -> None:
        zones = with_home(section, latitude, latitude)
        assert (None if zones is None else [item["name"] for item in zones]) == names

    def test_the_user_s_zones_keep_their_places(self) -> None:
        section = NodeList([{"name": "Work"}])
        assert with_home(section, 1.0, 2.0) is not section
        assert section == [{"name": "Work"}]
