"""Triggers of time, events and the daemon's life, and the keys that every trigger takes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from arvisd.core.context import Context
from tests.simulators.automation_rig import AutomationRig, one_trigger


class TestTime:
    async def test_at(self, rig: AutomationRig) -> None:
        await rig.load(
            one_trigger("{trigger: time, at: ['12:00:30', '12:02', 43380]}", "{{ trigger.now.strftime('%H:%M:%S') }}")
        )
        await rig.clock.advance(180)
        assert rig.notes == ["12:00:30", "12:02:00", "12:03:00"]

    async def test_weekday(self, rig: AutomationRig) -> None:  # the rig's clock begins on a Monday at noon
        await rig.load(
            one_trigger("{trigger: time, at: '11:00', weekday: [wed, sun]}", "{{ trigger.now.strftime('%a') }}")
        )
        await rig.clock.advance(7 * 86400)
        assert rig.notes == ["Wed", "Sun"]

    async def test_an_entity(self, rig: AutomationRig) -> None:
        rig.hub.states.set("input_datetime.wake", "12:01:00")
        await rig.load(one_trigger("{trigger: time, at: input_datetime.wake}", "{{ trigger.entity_id }}"))
        rig.hub.states.set("input_datetime.wake", "12:02:00")
        await rig.clock.advance(61)
        assert rig.notes == []
        await rig.clock.advance(60)
        assert rig.notes == ["input_datetime.wake"]

    async def test_a_timestamp_with_offset(self, rig: AutomationRig) -> None:
        rig.hub.states.set("sensor.alarm", "2026-01-05T12:10:00+00:00")
        await rig.load(one_trigger('{trigger: time, at: {entity_id: sensor.alarm, offset: "-00:05:00"}}'))
        await rig.clock.advance(299)
        assert rig.notes == []
        await rig.clock.advance(2)
        assert rig.notes == ["ran"]

    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            ("minutes: /20", ["12:20:00", "12:40:00", "13:00:00", "13:20:00", "13:40:00", "14:00:00"]),
            ("minutes: 5", ["12:05:00", "13:05:00"]),
            ("hours: /1", ["13:00:00", "14:00:00"]),
            ("hours: 13, minutes: '/30', seconds: 10", ["13:00:10", "13:30:10"]),
        ],
    )
    async def test_pattern(self, rig: AutomationRig, options: str, expected: list[str]) -> None:
        trigger = "{trigger: time_pattern, " + options + "}"
        await rig.load(one_trigger(trigger, "{{ trigger.now.strftime('%H:%M:%S') }}"))
        await rig.clock.advance(7201)
        assert rig.notes == expected


class TestEvent:
    @pytest.mark.parametrize(
        ("options", "data", "fires"),
        [
            ("event_type: click", {}, True),
            ("event_type: [x, click]", {}, True),
            ("event_type: x", {}, False),
            ("event_type: click, event_data: {button: a}", {"button": "a", "more": 1}, True),
            ("event_type: click, event_data: {button: a}", {"button": "b"}, False),
            ("event_type: click, event_data: {deep: {x: 1}}", {"deep": {"x": 1, "y": 2}}, True),
            ("event_type: click, context: {user: ann}", {}, True),
            ("event_type: click, context: {user_id: [bob]}", {}, False),
        ],
    )
    async def test_what_fires(self, rig: AutomationRig, options: str, data: dict[str, Any], fires: bool) -> None:
        assert await rig.load(one_trigger("{trigger: event, " + options + "}")) == []
        rig.hub.fire("click", data, Context(user="ann"))
        assert rig.notes == (["ran"] if fires else [])

    async def test_what_templates_see(self, rig: AutomationRig) -> None:
        await rig.load(
            one_trigger(
                "{trigger: event, event_type: click}", "{{ trigger.event.event_type }} {{ trigger.event.data.button }}"
            )
        )
        rig.hub.fire("click", {"button": "a"})
        assert rig.notes == ["click a"]

    async def test_what_is_no_event(self, rig: AutomationRig) -> None:
        await rig.load(one_trigger("{trigger: event, event_type: click}"))
        rig.publish("arvis/event/click", "nonsense")
        assert rig.outcomes("a") == ["not_triggered"]


class TestLifecycle:
    async def test_start(self, rig: AutomationRig) -> None:
        await rig.load(
            one_trigger("{trigger: homeassistant, event: start}", "{{ trigger.platform }} {{ trigger.event }}")
        )
        rig.engine.started()
        assert rig.notes == ["homeassistant start"]

    async def test_a_start_that_is_past(self, rig: AutomationRig) -> None:
        rig.engine.started()
        await rig.load(one_trigger("{trigger: arvisd, event: start}"))
        assert rig.notes == []

    async def test_shutdown(self, rig: AutomationRig) -> None:
        await rig.load(one_trigger("{platform: arvisd, event: shutdown}"))
        await rig.engine.stop()
        assert rig.notes == ["ran"]


class TestCommonKeys:
    async def test_id_alias_and_variables(self, rig: AutomationRig) -> None:
        await rig.load(
            one_trigger(
                '{trigger: mqtt, topic: a, id: door, alias: The door, variables: {who: "{{ trigger.payload }}!"}}',
                "{{ trigger.id }} {{ trigger.alias }} {{ who }}",
            )
        )
        rig.publish("a", "ann")
        assert rig.notes == ["door The door ann!"]

    async def test_disabled(self, rig: AutomationRig) -> None:
        await rig.load(one_trigger("{trigger: mqtt, topic: a, enabled: false}"))
        await rig.load(one_trigger("{trigger: mqtt, topic: a, enabled: '{{ 1 > 2 }}'}"))
        rig.publish("a")
        assert rig.notes == []

    async def test_lists_within_lists(self, rig: AutomationRig) -> None:
        await rig.load(
            """
            - triggers:
                - triggers:
                    - {trigger: mqtt, topic: a}
                    - triggers: [{trigger: mqtt, topic: b}]
                - {trigger: mqtt, topic: c}
              actions: [{action: test.note, data: {message: "{{ trigger.id }}"}}]
            """
        )
        for topic in "abc":
            rig.publish(topic)
        assert rig.notes == ["0", "1", "2"]

    async def test_trigger_variables(self, rig: AutomationRig) -> None:
        await rig.load(
            """
            - trigger_variables: {root: home, topic: "{{ root }}/door"}
              triggers: [{trigger: mqtt, topic: "{{ topic }}"}]
              actions: [{action: test.note, data: {message: "{{ root }}"}}]
            """
        )
        rig.publish("home/door")
        assert rig.notes == ["home"]

    async def test_a_kind_that_comes_later(self, rig: AutomationRig) -> None:
        from arvisd.automation.registry import TriggerOptions, TriggerType

        class Doorbell:
            def attach(self, to: Any) -> None:
                to.hub.bus.subscribe("$bell", lambda _: to.fire({"who": "postman"}, None), to.owner)

        text = one_trigger("{trigger: doorbell}", "{{ trigger.who }}")
        (problem,) = await rig.load(text)
        assert "there is no trigger 'doorbell'" in problem
        kind = TriggerType("doorbell", TriggerOptions, lambda options, part: Doorbell())
        rig.engine.library.triggers.register(kind, rig.owner)
        await rig.clock.settle()
        rig.publish("$bell")
        assert rig.notes == ["postman"]
        assert rig.engine.problems == []


async def test_time_seen_in_traces(rig: AutomationRig) -> None:
    await rig.load(one_trigger("{trigger: time, at: '12:00:05'}"))
    await rig.clock.advance(6)
    (trace,) = rig.traces("a")
    assert trace.started == datetime(2026, 1, 5, 12, 0, 5, tzinfo=UTC)
    assert trace.trigger["description"] == "time 12:00:05"
