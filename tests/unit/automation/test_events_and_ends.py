"""Triggers `event` and `arvisd`: what stands for Home Assistant's own events, and what is still done at the end."""

from __future__ import annotations

import asyncio

import pytest

from arvisd.core.context import Context
from tests.simulators.automation_rig import AutomationRig


def automation(trigger: str, said: str = "ran", action: str = "test.note") -> str:
    return (
        f"- id: a\n  triggers:\n    - {trigger}\n  actions:\n    - action: {action}\n"
        f"      data:\n        message: '{said}'\n"
    )


class TestEvent:
    @pytest.mark.parametrize(
        ("options", "data", "fires"),
        [
            ("event_type: x", {}, True),
            ("event_type: [y, x]", {}, True),
            ("event_type: y", {}, False),
            ("event_type: '{{ \"x\" }}'", {}, True),
            ("event_type: x, event_data: {a: 1}", {"a": 1, "b": 2}, True),
            ("event_type: x, event_data: {a: 1}", {"a": 2}, False),
            ("event_type: x, event_data: {a: 1}", {}, False),
            ("event_type: x, event_data: {a: {b: 1}}", {"a": {"b": 1, "c": 2}}, True),
            ("event_type: x, event_data: {a: {b: 1}}", {"a": 5}, False),
            ("event_type: x, event_data: {a: '{{ 1 + 1 }}'}", {"a": 2}, True),
            ("event_type: x, event_data: {a: [1, 2]}", {"a": [1, 2]}, True),
            ("event_type: x, event_data: {a: [1, 2]}", {"a": 1}, False),
            ("event_type: x, context: {user_id: ann}", {}, True),
            ("event_type: x, context: {user_id: [bob, ann]}", {}, True),
            ("event_type: x, context: {user: bob}", {}, False),
        ],
    )
    async def test_what_fires(self, rig: AutomationRig, options: str, data: dict[str, object], fires: bool) -> None:
        assert await rig.load(automation("{trigger: event, " + options + "}")) == []
        rig.hub.fire("x", data, Context(user="ann"))
        assert rig.notes == (["ran"] if fires else [])

    async def test_a_changed_state_is_an_event_too(self, rig: AutomationRig) -> None:
        said = "{{ trigger.event.data.entity_id }} {{ trigger.event.data.old_state.state }} {{ trigger.event.data.new_state.state }}"
        rig.hub.states.set("light.a", "off")
        rig.hub.states.set("light.b", "off")
        await rig.load(
            automation("{trigger: event, event_type: state_changed, event_data: {entity_id: light.a}}", said)
        )
        rig.hub.states.set("light.a", "on")
        rig.hub.states.set("light.b", "on")
        assert rig.notes == ["light.a off on"]

    async def test_every_changed_state(self, rig: AutomationRig) -> None:
        rig.hub.states.set("light.a", "off")
        await rig.load(
            automation("{trigger: event, event_type: state_changed}", "{{ trigger.event.data.entity_id }}").replace(
                "  triggers", "  conditions: [\"{{ 'light' in trigger.event.data.entity_id }}\"]\n  triggers"
            )
        )
        rig.hub.states.set("light.a", "on")
        rig.hub.states.remove("light.a")
        assert rig.notes == ["light.a", "light.a"]

    @pytest.mark.parametrize("type_", ["homeassistant_start", "homeassistant_started"])
    async def test_the_start(self, rig: AutomationRig, type_: str) -> None:
        await rig.load(automation("{trigger: event, event_type: " + type_ + "}", "{{ trigger.event.event_type }}"))
        rig.engine.started()
        assert rig.notes == [type_]

    async def test_the_stop(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: event, event_type: homeassistant_stop}"))
        await rig.engine.stop()
        assert rig.notes == ["ran"]

    async def test_what_is_never_fired_is_said(self, rig: AutomationRig) -> None:
        assert await rig.load(automation("{trigger: event, event_type: call_service}")) == [
            (
                "automations.yaml:3:36: warning: the trigger 'event': arvisd fires no event 'call_service': "
                "automations of arvisd are told of what an action did by the state that changes"
            )
        ]

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            ("event_type: a#", "3:36: the trigger 'event': 'a#' cannot be the type of an event"),
            ("event_type: []", "3:36: the trigger 'event': 'event_type' names none"),
            (
                "event_type: a, context: {who: x}",
                "3:48: the trigger 'event': a context has no 'who': id, parent_id and user are what it has",
            ),
        ],
    )
    async def test_errors(self, rig: AutomationRig, options: str, problem: str) -> None:
        assert await rig.load(automation("{trigger: event, " + options + "}")) == [f"automations.yaml:{problem}"]


class TestTheEnd:
    @pytest.mark.parametrize("kind", ["homeassistant", "arvisd"])
    async def test_what_is_done_at_once_is_done(self, rig: AutomationRig, kind: str) -> None:
        await rig.load(automation("{trigger: " + kind + ", event: shutdown}", "{{ trigger.event }}"))
        await rig.engine.stop()
        assert rig.notes == ["shutdown"]

    async def test_an_action_that_takes_a_second_is_waited_for(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: homeassistant, event: shutdown}", action="test.slow"))
        stopping = asyncio.ensure_future(rig.engine.stop())
        await rig.clock.advance(1)
        await stopping
        assert [call.name for call in rig.calls] == ["test.slow"]

    async def test_one_that_takes_longer_is_not(self, rig: AutomationRig) -> None:
        text = automation("{trigger: homeassistant, event: shutdown}").replace("- action", "- delay: 60\n    - action")
        await rig.load(text)
        stopping = asyncio.ensure_future(rig.engine.stop())
        await rig.clock.advance(2)
        await asyncio.wait_for(stopping, 5)
        assert rig.notes == []

    async def test_the_start_is_told_once(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: homeassistant, event: start}"))
        rig.engine.started()
        await rig.load(automation("{trigger: homeassistant, event: start}", "later"))
        assert rig.notes == ["ran"]
