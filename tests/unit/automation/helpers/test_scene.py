"""Scenes: which actions bring an entity to a state, what is said of those that cannot, scenes made on the way."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError, ActionFailedError
from arvisd.home.entity import Controller, Entity
from tests.simulators.helper_rig import HelperRig


class Obedient(Controller):
    """Writes the state that was asked for and remembers the orders."""

    def __init__(self, rig: HelperRig, entity_id: str) -> None:
        self.rig = rig
        self.entity_id = entity_id
        self.orders: list[tuple[str, dict[str, Any]]] = []
        self.broken = ""

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        given = {key: value for key, value in msgspec.to_builtins(data).items() if value is not None}
        self.orders.append((action, given))
        if self.broken:
            from arvisd.core.errors import ActionFailedError as Failed

            raise Failed(self.broken)
        verb = action.partition(".")[2]
        after = {"turn_on": "on", "turn_off": "off", "open_cover": "open", "close_cover": "closed", "lock": "locked"}
        before = self.rig.whole(self.entity_id)
        state = given.get("hvac_mode") or given.get("option") or after.get(verb, before.state)
        moved = {"current_position": given["position"]} if "position" in given else {}
        self.rig.hub.states.set(self.entity_id, state, {**before.attributes, **given, **moved}, context)


def add(rig: HelperRig, entity_id: str, state: str = "off", **attributes: Any) -> Obedient:
    features = {"brightness", "color", "color_temp", "effect", "position", "target_temperature", "speed", "preset"}
    controller = Obedient(rig, entity_id)
    rig.home.add_entity(Entity(id=entity_id, controller=controller, features=frozenset(features)), rig.owner)
    rig.hub.states.set(entity_id, state, attributes)
    return controller


FILM = """
scene:
  - name: Film night
    id: "17"
    icon: mdi:filmstrip
    entities:
      light.hall: {state: "on", brightness: 40}
      light.kitchen: off
      input_boolean.quiet: true
input_boolean: {quiet: {}}
"""


class TestTurnedOn:
    async def test_brings_all_to_their_states(self, rig: HelperRig) -> None:
        assert rig.load(FILM) == []
        hall, kitchen = add(rig, "light.hall"), add(rig, "light.kitchen", "on")
        assert rig.state("scene.film_night") == "unknown"
        assert rig.attributes("scene.film_night") == {
            "entity_id": ["light.hall", "light.kitchen", "input_boolean.quiet"],
            "friendly_name": "Film night",
            "id": "17",
            "icon": "mdi:filmstrip",
        }
        await rig.do("scene.turn_on", "scene.film_night", transition=2)
        assert hall.orders == [("light.turn_on", {"brightness": 40, "transition": 2.0})]
        assert kitchen.orders == [("light.turn_off", {"transition": 2.0})]
        assert rig.state("input_boolean.quiet") == "on"
        assert rig.state("scene.film_night") == rig.clock.now().isoformat()

    async def test_what_is_so_already_is_left_alone(self, rig: HelperRig) -> None:
        rig.load(FILM)
        hall, kitchen = add(rig, "light.hall", "on", brightness=40, effect="none"), add(rig, "light.kitchen")
        await rig.do("scene.turn_on", "scene.film_night")
        assert hall.orders == kitchen.orders == []

    async def test_one_that_fails_leaves_the_others_alone(self, rig: HelperRig) -> None:
        rig.load(FILM)
        hall, kitchen = add(rig, "light.hall"), add(rig, "light.kitchen", "on")
        hall.broken = "light.hall does not answer"
        with pytest.raises(ActionFailedError, match=r"^scene\.film_night: light\.hall does not answer$"):
            await rig.do("scene.turn_on", "scene.film_night")
        assert kitchen.orders
        assert rig.state("input_boolean.quiet") == "on"

    async def test_the_time_is_remembered(self, rig: HelperRig) -> None:
        rig.load(FILM)
        add(rig, "light.hall"), add(rig, "light.kitchen")
        await rig.do("scene.turn_on", "scene.film_night")
        then = rig.state("scene.film_night")
        rig.restart(seconds=60)
        assert rig.state("scene.film_night") == then

    async def test_a_group_stands_for_its_members(self, rig: HelperRig) -> None:
        rig.load("group: {all_lights: {entities: [light.a, light.b]}}")
        a, b = add(rig, "light.a"), add(rig, "light.b")
        await rig.do("scene.apply", entities={"group.all_lights": {"state": "on", "brightness": 5}})
        assert a.orders == b.orders == [("light.turn_on", {"brightness": 5})]


WAYS = [
    ("light.x", "off", {"state": "on"}, [("light.turn_on", {})]),
    ("light.x", "off", {"state": "on", "effect_list": [], "supported_features": 4}, [("light.turn_on", {})]),
    (
        "light.x",
        "off",
        {
            "state": "on",
            "color_mode": "color_temp",
            "color_temp_kelvin": 2700,
            "hs_color": [28, 65],
            "rgb_color": [1, 2, 3],
        },
        [("light.turn_on", {"color_temp_kelvin": 2700})],
    ),
    (
        "light.x",
        "off",
        {"state": "on", "color_mode": "rgb", "rgb_color": [1, 2, 3], "hs_color": [28, 65], "xy_color": [0.1, 0.1]},
        [("light.turn_on", {"rgb_color": [1, 2, 3]})],
    ),
    ("light.x", "off", {"state": "on", "color_mode": "onoff", "hs_color": None}, [("light.turn_on", {})]),
    ("switch.x", "on", "off", [("switch.turn_off", {})]),
    ("cover.x", "closed", {"state": "open", "current_position": 30}, [("cover.set_cover_position", {"position": 30})]),
    ("cover.x", "open", "closed", [("cover.close_cover", {})]),
    ("lock.x", "unlocked", "locked", [("lock.lock", {})]),
    (
        "climate.x",
        "off",
        {"state": "heat", "temperature": 21.5},
        [("climate.set_hvac_mode", {"hvac_mode": "heat"}), ("climate.set_temperature", {"temperature": 21.5})],
    ),
    ("climate.x", "heat", {"state": "off", "temperature": 21}, [("climate.set_hvac_mode", {"hvac_mode": "off"})]),
    ("fan.x", "off", {"state": "on", "percentage": 30}, [("fan.turn_on", {"percentage": 30})]),
    ("select.x", "a", "b", [("select.select_option", {"option": "b"})]),
    ("light.x", "off", "unavailable", []),
]


@pytest.mark.parametrize(("entity_id", "before", "wanted", "orders"), WAYS)
async def test_ways(rig: HelperRig, entity_id: str, before: str, wanted: Any, orders: Any) -> None:
    options = {"options": ["a", "b"]} if entity_id.startswith("select") else {}
    controller = add(rig, entity_id, before, **options)
    await rig.do("scene.apply", entities={entity_id: wanted})
    # as JSON has it: tuples are lists there
    assert msgspec.json.decode(msgspec.json.encode(controller.orders)) == [list(order) for order in orders]


HELPERS = """
input_number: {n: {min: 0, max: 10}}
input_text: {t: {}}
input_select: {s: {options: [a, b]}}
input_datetime: {d: {has_date: true}, c: {has_time: true}, m: {has_date: true, has_time: true}}
counter: {k: {}}
timer: {w: {duration: 60}}
"""
STATES = [
    ("input_number.n", 5, "5.0"),
    ("input_text.t", "words", "words"),
    ("input_select.s", "b", "b"),
    ("input_datetime.d", "2026-05-01", "2026-05-01"),
    ("input_datetime.c", "07:30:00", "07:30:00"),
    ("input_datetime.m", "2026-05-01 07:30:00", "2026-05-01 07:30:00"),
    ("counter.k", 3, "3"),
    ("timer.w", "active", "active"),
]


@pytest.mark.parametrize(("entity_id", "wanted", "state"), STATES)
async def test_helpers(rig: HelperRig, entity_id: str, wanted: Any, state: str) -> None:
    assert rig.load(HELPERS) == []
    await rig.do("scene.apply", entities={entity_id: wanted})
    assert rig.state(entity_id) == state


FAULTS = [
    ({"sensor.x": "5"}, "scene.apply: sensor.x: scenes cannot set a sensor"),
    ({"light.gone": "on"}, "scene.apply: there is no entity 'light.gone'"),
    ({"light.x": "dim"}, "scene.apply: light.x cannot be set to 'dim'"),
    ({"media_player.x": "on"}, "scene.apply: media_player.x has no turn_on"),
    (
        {"sensor.x": "5", "light.gone": "on"},
        "scene.apply: sensor.x: scenes cannot set a sensor; there is no entity 'light.gone'",
    ),
]


@pytest.mark.parametrize(("entities", "said"), FAULTS)
async def test_what_cannot_be_set_is_said(rig: HelperRig, entities: dict[str, Any], said: str) -> None:
    add(rig, "light.x"), add(rig, "sensor.x", "1"), add(rig, "media_player.x", "off")
    with pytest.raises(ActionFailedError) as caught:
        await rig.do("scene.apply", entities=entities)
    assert str(caught.value).startswith(said)


INVALID = [
    ("scene: [{entities: {light.a: on}}]", "configuration.yaml:1:9: error: a scene needs a name"),
    ("scene: [{name: A}]", "configuration.yaml:1:9: error: the key 'entities' is missing in scene.a"),
    (
        "scene: [{name: A, entities: {kitchen: on}}]",
        "configuration.yaml:1:30: error: 'kitchen' is not the id of an entity, such as light.kitchen",
    ),
    (
        "scene: [{name: A, entities: {light.a: {brightness: 5}}}]",
        "configuration.yaml:1:30: error: light.a needs a state: its attributes alone say nothing",
    ),
    (
        "scene: [{name: A, entities: {light.a: [1]}}]",
        "configuration.yaml:1:30: error: light.a: a state is text or a number",
    ),
    (
        "scene: [{name: A, entitis: {}, entities: {}}]",
        "configuration.yaml:1:19: error: unknown key 'entitis' in scene.a (did you mean 'entities'?)",
    ),
    (
        "scene: [{platform: lifx_cloud, token: x}]",
        "configuration.yaml:1:9: warning: scenes of the platform 'lifx_cloud' are ignored: they stay with Home Assistant",
    ),
]


@pytest.mark.parametrize(("written", "said"), INVALID)
async def test_said_with_its_place(rig: HelperRig, written: str, said: str) -> None:
    assert [problem.replace("1:9: a scene", "1:9: a scene") for problem in rig.load(written)] == [
        said.replace(": error:", ":")
    ]


REFUSED = [
    ("create", {"scene_id": "a"}, "scene.create needs 'entities' or 'snapshot_entities'"),
    ("create", {"scene_id": "A b", "entities": {}}, "scene.create: 'A b' is no id, which is of a–z, 0–9 and _"),
    (
        "create",
        {"scene_id": "film_night", "entities": {"light.a": "on"}},
        "scene.create: scene.film_night is in the configuration already: choose another scene_id",
    ),
    (
        "create",
        {"scene_id": "a", "snapshot_entities": "input_boolean.quit"},
        "scene.create: there is no entity 'input_boolean.quit' (did you mean 'input_boolean.quiet'?)",
    ),
    (
        "create",
        {"scene_id": "a", "entities": {"light.a": {}}},
        "scene.create: light.a needs a state: its attributes alone say nothing",
    ),
]


class TestMade:
    async def test_a_snapshot_brings_back(self, rig: HelperRig) -> None:
        rig.load("input_boolean: {quiet: {initial: true}}")
        hall = add(rig, "light.hall", "on", brightness=77, color_mode="brightness")
        await rig.do("scene.create", scene_id="before", snapshot_entities=["light.hall", "input_boolean.quiet"])
        await rig.do("light.turn_off", "light.hall")
        await rig.do("input_boolean.turn_off", "input_boolean.quiet")
        await rig.do("scene.turn_on", "scene.before")
        assert hall.orders[-1] == ("light.turn_on", {"brightness": 77})
        assert rig.state("input_boolean.quiet") == "on"

    @pytest.mark.parametrize("again", ["restart", "crash"])
    async def test_it_is_there_after_a_restart(self, rig: HelperRig, again: str) -> None:
        rig.load("input_boolean: {quiet: {}}")
        await rig.do("scene.create", scene_id="before", entities={"input_boolean.quiet": True})
        getattr(rig, again)()
        await rig.do("scene.turn_on", "scene.before")
        assert rig.state("input_boolean.quiet") == "on"

    async def test_made_again_it_is_the_new_one(self, rig: HelperRig) -> None:
        rig.load("input_boolean: {quiet: {}}")
        for wanted in (True, False):
            await rig.do("scene.create", scene_id="s", entities={"input_boolean.quiet": wanted})
        await rig.do("input_boolean.turn_on", "input_boolean.quiet")
        await rig.do("scene.turn_on", "scene.s")
        assert rig.state("input_boolean.quiet") == "off"

    async def test_deleted(self, rig: HelperRig) -> None:
        rig.load("input_boolean: {quiet: {}}")
        await rig.do("scene.create", scene_id="s", entities={"input_boolean.quiet": True})
        await rig.do("scene.delete", "scene.s")
        assert rig.state("scene.s") == "(none)"
        rig.restart()
        assert rig.state("scene.s") == "(none)"

    async def test_gives_way_to_one_that_is_written(self, rig: HelperRig) -> None:
        rig.load("input_boolean: {quiet: {}}")
        await rig.do("scene.create", scene_id="film_night", entities={"input_boolean.quiet": False})
        rig.load(FILM)
        assert rig.attributes("scene.film_night")["friendly_name"] == "Film night"

    @pytest.mark.parametrize(("action", "data", "said"), REFUSED)
    async def test_refused(self, rig: HelperRig, action: str, data: dict[str, Any], said: str) -> None:
        rig.load(FILM)
        with pytest.raises(ActionDataError) as caught:
            await rig.do(f"scene.{action}", **data)
        assert str(caught.value) == said

    async def test_one_that_is_written_is_not_deleted(self, rig: HelperRig) -> None:
        rig.load(FILM)
        with pytest.raises(ActionDataError, match="is written in the configuration: delete it there"):
            await rig.do("scene.delete", "scene.film_night")
        with pytest.raises(
            ActionDataError, match=r"there is no scene 'scene.film_nigh' \(did you mean 'scene.film_night'"
        ):
            await rig.do("scene.turn_on", "scene.film_nigh")


async def test_every_way_is_an_action_that_this_house_may_have(rig: HelperRig) -> None:
    """The table names no action of a domain whose actions are all known here and lack it."""
    from arvisd.automation.scenes.ways import WAYS as TABLE

    known = rig.hub.actions.names()
    domains = {name.partition(".")[0] for name in known}
    absent = {
        f"{domain}.{way.action}"
        for domain, ways in TABLE.items()
        if domain in domains
        for way in ways
        if f"{domain}.{way.action}" not in known
    }
    assert absent <= {"remote.turn_on"}
