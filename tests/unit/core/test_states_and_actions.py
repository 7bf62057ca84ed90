"""States are published when they change; actions check what they are given."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from arvisd.core.actions import Action, ActionCall, Target, failure
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError, UnknownActionError
from arvisd.core.events import Event, LogEntry
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from tests.simulators.clock import FakeClock


class Brightness(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    percent: int = 100


@pytest.fixture
def owner() -> Owner:
    return Owner("test")


async def test_a_state_is_published_kept_and_says_what_it_was(hub: Hub, owner: Owner, clock: FakeClock) -> None:
    seen: list[tuple[Any, ...]] = []

    def listen(message: Any) -> None:
        entity, old, new = hub.states.changes(message)
        seen.append((entity, old and old.state, new and new.state))

    hub.bus.subscribe("arvis/state/#", listen, owner)
    first = hub.states.set("light.kitchen", "off", {"brightness": 0})
    await clock.advance(5)
    hub.states.set("light.kitchen", "off")
    brighter = hub.states.set("light.kitchen", "off", {"brightness": 9})
    on = hub.states.set("light.kitchen", "on", context=Context(user="me"))
    hub.states.remove("light.kitchen")
    assert seen == [
        ("light.kitchen", None, "off"),
        ("light.kitchen", "off", "off"),
        ("light.kitchen", "off", "on"),
        ("light.kitchen", "on", None),
    ]
    assert brighter.last_changed == first.last_changed
    assert (on.last_changed - first.last_changed).total_seconds() == 5
    assert on.attributes == {"brightness": 9}
    assert hub.bus.retained() == []


def test_a_state_on_the_wire_is_the_documented_object(hub: Hub) -> None:
    hub.states.set("sensor.t", "21.5", {"unit_of_measurement": "°C"}, Context(id="c1"))
    [kept] = hub.bus.retained("arvis/state/sensor/t")
    assert kept.data.decode() == (
        '{"state":"21.5","attributes":{"unit_of_measurement":"°C"},'
        '"last_changed":"2026-01-05T12:00:00Z","context":{"id":"c1"}}'
    )


async def test_an_action_gets_its_data_as_a_struct_and_goes_with_its_owner(hub: Hub, owner: Owner) -> None:
    calls: list[ActionCall] = []

    async def dim(call: ActionCall) -> str:
        calls.append(call)
        return "done"

    hub.actions.register(Action("light.dim", Brightness, "Dims.", dim), owner)
    assert await hub.actions.call("light.dim", {"percent": "40"}, Target(entity_id="light.a")) == "done"
    assert calls[0].data == Brightness(40)
    assert calls[0].target.entity_id == "light.a"
    owner.release()
    with pytest.raises(UnknownActionError, match="there is no action 'light.dim'"):
        await hub.actions.call("light.dim")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("light.dimm", {}, "there is no action 'light.dimm' (did you mean light.dim?)"),
        ("light.dim", {"percent": "many"}, "light.dim: Expected `int`, got `str` - at `$.percent`"),
        ("light.dim", {"persent": 1}, "light.dim: Object contains unknown field `persent`"),
    ],
)
async def test_a_wrong_call_is_told(hub: Hub, owner: Owner, name: str, data: dict[str, Any], message: str) -> None:
    hub.actions.register(Action("light.dim", Brightness, "Dims.", sync_handler=lambda _: None), owner)
    with pytest.raises((ActionDataError, UnknownActionError)) as error:
        await hub.actions.call(name, data)
    assert str(error.value) == message
    answer = failure(error.value)
    assert answer.error is not None
    assert answer.error.code == error.value.code


def test_an_action_name_is_taken_once(hub: Hub, owner: Owner) -> None:
    action = Action("light.dim", Brightness, "Dims.", sync_handler=lambda _: None)
    hub.actions.register(action, owner)
    with pytest.raises(ValueError, match="the action light.dim is already offered by test"):
        hub.actions.register(action, Owner("other"))
    with pytest.raises(ValueError, match="needs either a handler or a sync_handler"):
        hub.actions.register(Action("x.y", Brightness, "Nothing."), owner)


def test_events_and_reports_go_out(hub: Hub, owner: Owner) -> None:
    seen: list[Any] = []
    hub.bus.subscribe("arvis/#", lambda m: seen.append((m.topic, m.payload)), owner)
    hub.fire("door_opened", {"door": "front"})
    hub.report("warning", "broker", "it is away")
    (topic, event), (log_topic, entry) = seen
    assert topic == "arvis/event/door_opened"
    assert isinstance(event, Event)
    assert event.data == {"door": "front"}
    assert log_topic == "arvis/log/warning"
    assert isinstance(entry, LogEntry)
    assert entry.message == "it is away"


def test_contexts_form_a_thread() -> None:
    root = Context(user="anna")
    child = root.child()
    assert (child.parent_id, child.user) == (root.id, "anna")
    assert len({Context().id for _ in range(10_000)}) == 10_000
