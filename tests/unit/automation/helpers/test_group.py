"""Groups: on and off by their members, whatever these call it."""

from __future__ import annotations

import pytest

from arvisd.automation.helpers.membership_states import group_state
from arvisd.core.context import Context
from arvisd.core.errors import ActionError
from arvisd.core.states import State
from tests.simulators.helper_rig import HelperRig

STATES: dict[str, tuple[dict[str, str | None], str, str]] = {
    # members; state of the group of any, of all
    "on and off": ({"light.a": "on", "light.b": "off"}, "on", "off"),
    "all on": ({"light.a": "on", "switch.b": "on"}, "on", "on"),
    "all off": ({"light.a": "off", "switch.b": "off"}, "off", "off"),
    "somebody home": ({"person.a": "home", "device_tracker.b": "not_home"}, "home", "not_home"),
    "in a zone is not home": ({"person.a": "Work"}, "not_home", "not_home"),
    "open": ({"cover.a": "open", "cover.b": "closed"}, "open", "closed"),
    "moving": ({"cover.a": "closing"}, "open", "open"),
    "unlocked": ({"lock.a": "unlocked", "lock.b": "locked"}, "unlocked", "locked"),
    "jammed is locked": ({"lock.a": "jammed"}, "locked", "locked"),
    "heating": ({"climate.a": "heat", "climate.b": "off"}, "on", "off"),
    "playing": ({"media_player.a": "paused"}, "on", "on"),
    "mixed pairs": ({"person.a": "home", "light.b": "off"}, "on", "off"),
    "groups of persons": ({"group.a": "home", "group.b": "not_home"}, "home", "not_home"),
    "group of covers": ({"group.a": "closed", "cover.b": "closed"}, "closed", "closed"),
    "one unknown": ({"light.a": "on", "light.b": "unknown"}, "on", "unknown"),
    "one unavailable": ({"light.a": "off", "light.b": "unavailable"}, "off", "unknown"),
    "one that is not there": ({"light.a": "on", "light.b": None}, "on", "unknown"),
    "all unknown": ({"light.a": "unknown", "light.b": "unavailable"}, "unknown", "unknown"),
    "all unavailable": ({"light.a": "unavailable", "light.b": None}, "unavailable", "unavailable"),
    "nobody": ({}, "unavailable", "unavailable"),
    "temperatures": ({"sensor.a": "21.5"}, "off", "off"),
}


@pytest.mark.parametrize("name", STATES)
def test_state(name: str, rig: HelperRig) -> None:
    """The words of the members' domain where they agree on them."""
    values, any_, every = STATES[name]
    now = rig.clock.now()
    members = [(i, None if value is None else State(value, {}, now, Context())) for i, value in values.items()]
    assert (group_state(members, every=False), group_state(members, every=True)) == (any_, every)


async def test_follows_its_members(rig: HelperRig) -> None:
    """Also those that come after it, and groups within it, whatever the order."""
    text = """
        group:
          house: {name: House, entities: [group.down, light.attic]}
          down: light.kitchen, light.hall
          every: {entities: [light.kitchen, light.hall], all: true, icon: mdi:lamp}
    """
    assert rig.load(text) == []
    assert rig.state("group.house") == "unavailable"
    context = Context()
    rig.hub.states.set("light.kitchen", "on", {}, context)
    assert (rig.state("group.house"), rig.state("group.down"), rig.state("group.every")) == ("on", "on", "unknown")
    assert rig.whole("group.down").context == context
    rig.hub.states.set("light.hall", "on")
    assert rig.state("group.every") == "on"
    rig.hub.states.set("light.kitchen", "off")
    rig.hub.states.set("light.hall", "off")
    assert (rig.state("group.house"), rig.state("group.down"), rig.state("group.every")) == ("off", "off", "off")
    rig.hub.states.remove("light.hall")
    rig.hub.states.remove("light.kitchen")
    assert rig.state("group.house") == "unavailable"
    assert rig.attributes("group.every") == {
        "entity_id": ["light.kitchen", "light.hall"],
        "all": True,
        "editable": False,
        "icon": "mdi:lamp",
    }


async def test_circle_of_groups_comes_to_rest(rig: HelperRig) -> None:
    """Two groups that hold each other are a mistake, not an endless loop."""
    assert rig.load("group:\n  a: group.b, light.x\n  b: group.a, light.y\n") == []
    rig.hub.states.set("light.x", "on")
    assert (rig.state("group.a"), rig.state("group.b")) == ("on", "on")


PROBLEMS = {
    "group:\n  a: group.a\n": "configuration.yaml:2:3: group.a: it cannot be a member of itself",
    "group:\n  a: [kitchen]\n": "configuration.yaml:2:3: group.a: 'kitchen' is not the id of an entity, such as light.kitchen",
    "group:\n  a: {entities: light.x, control: hidden}\n": (
        "configuration.yaml:2:26: warning: group: 'control' in 'a' has no meaning any more: it is ignored"
    ),
    "group:\n  a: 5\n": "configuration.yaml:2:3: group.a: '5' is not the id of an entity, such as light.kitchen",
}


@pytest.mark.parametrize("text", PROBLEMS)
async def test_problem(rig: HelperRig, text: str) -> None:
    assert rig.load(text) == [PROBLEMS[text]]


async def test_members_are_changed_by_an_action(rig: HelperRig) -> None:
    """Until the next start."""
    rig.load("group:\n  a: [light.x, light.y]\n")
    rig.hub.states.set("light.z", "on")
    await rig.do("group.set", "group.a", add_entities="light.z", remove_entities=["light.x"])
    assert (rig.state("group.a"), rig.attributes("group.a")["entity_id"]) == ("on", ["light.y", "light.z"])
    await rig.do("group.set", "group.a", entities="light.x", all=True)
    assert (rig.state("group.a"), rig.attributes("group.a")["entity_id"]) == ("unavailable", ["light.x"])
    rig.hub.states.set("light.x", "on")
    assert rig.state("group.a") == "on"
    with pytest.raises(ActionError, match=r"^group.a: 'x' is not the id of an entity, such as light.kitchen$"):
        await rig.do("group.set", "group.a", add_entities="x")
    rig.restart()
    assert rig.attributes("group.a")["entity_id"] == ["light.x", "light.y"]


async def test_actions_reach_the_members(rig: HelperRig) -> None:
    """A group stands for its members of the action's domain; `homeassistant.turn_on` for all that can be switched."""
    text = """
        input_boolean:
          a:
          b:
        counter:
          c:
        group:
          mixed: input_boolean.a, input_boolean.b, counter.c
    """
    assert rig.load(text) == []
    assert await rig.do("input_boolean.turn_on", "group.mixed") == {"entities": ["input_boolean.a", "input_boolean.b"]}
    assert await rig.do("counter.increment", "group.mixed") == {"entities": ["counter.c"]}
    assert rig.state("counter.c") == "1"
    assert await rig.do("homeassistant.turn_off", "input_boolean.a") == {"entities": ["input_boolean.a"]}
    assert await rig.do("homeassistant.toggle", ["input_boolean.a", "input_boolean.b"]) == {
        "entities": ["input_boolean.a", "input_boolean.b"]
    }
    assert (rig.state("input_boolean.a"), rig.state("input_boolean.b")) == ("on", "off")
    with pytest.raises(
        ActionError, match=r"^homeassistant.turn_on is not for counter.c: call an action of counter instead$"
    ):
        await rig.do("homeassistant.turn_on", "counter.c")


async def test_automations_are_switched_too(rig: HelperRig) -> None:
    """They are no entities of the house, but have a state and an action."""
    node = [{"id": "x", "alias": "X", "triggers": [], "actions": []}]
    rig.load("input_boolean:\n  a:\n")
    await rig.engine.load(node)
    done = await rig.do("homeassistant.turn_off", ["automation.x", "input_boolean.a"])
    assert done == {"entities": ["automation.x", "input_boolean.a"]}
    assert rig.state("automation.x") == "off"


async def test_areas_and_labels_of_the_house_hold_helpers(rig: HelperRig) -> None:
    """What `home:` says of an entity goes for a helper."""
    import msgspec

    from arvisd.core.actions import Target
    from arvisd.home.settings import HomeSettings

    rig.home.configure(
        msgspec.convert(
            {
                "areas": [{"id": "hall"}],
                "labels": [{"id": "night"}],
                "entities": [
                    {"id": "input_boolean.a", "area": "hall"},
                    {"id": "input_boolean.b", "labels": ["night"]},
                ],
            },
            HomeSettings,
        )
    )
    rig.load("input_boolean:\n  a:\n  b:\n  c:\n")
    await rig.hub.actions.call("input_boolean.turn_on", {}, Target(area_id="hall"))
    await rig.hub.actions.call("input_boolean.turn_on", {}, Target(label_id="night"))
    states = [rig.state(f"input_boolean.{name}") for name in "abc"]
    assert states == ["on", "on", "off"]


async def test_update_entity(rig: HelperRig) -> None:
    """Asked of what needs no asking, it does nothing; of nobody, it is an error."""
    rig.load("input_boolean:\n  a:\n")
    await rig.do("homeassistant.update_entity", "input_boolean.a")
    with pytest.raises(
        ActionError, match=r"^there is no entity 'input_boolean.b' \(did you mean 'input_boolean.a'\?\)$"
    ):
        await rig.do("homeassistant.update_entity", "input_boolean.b")


async def test_reload_actions(rig: HelperRig) -> None:
    """Each section has one, as in Home Assistant; they all read everything, and only what changed is touched."""
    read: list[str] = []

    async def reload() -> None:
        read.append("again")

    rig.load("input_boolean:\n  a:\n")
    rig.engine.reload_configuration = reload
    for action in ("input_boolean.reload", "group.reload", "timer.reload", "homeassistant.reload_all"):
        await rig.do(action)
    assert len(read) == 4
