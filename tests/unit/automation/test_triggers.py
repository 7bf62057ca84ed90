"""Each trigger: what sets it off, what does not, and what templates see of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from arvisd.core.context import Context
from arvisd.core.errors import ActionFailedError
from arvisd.core.intents import Intent, Slot
from tests.simulators.automation_rig import AutomationRig, sentence

NOTE = """
  actions:
    - action: test.note
      data:
        message: "{said}"
"""


def automation(trigger: str, said: str = "ran") -> str:
    """Return an automation of one trigger, written in braces, that notes a text."""
    return "- id: a\n  triggers:\n    - " + trigger + NOTE.replace("{said}", said)


class TestMqtt:
    @pytest.mark.parametrize(
        ("options", "topic", "payload", "fires"),
        [
            ("topic: a/b", "a/b", "x", True),
            ("topic: a/b", "a/c", "x", False),
            ("topic: a/+", "a/c", "x", True),
            ("topic: a/+", "a/c/d", "x", False),
            ("topic: a/#", "a/c/d", "x", True),
            ("topic: 'a/{{ 1 + 1 }}'", "a/2", "x", True),
            ("topic: a, payload: 'ON'", "a", "ON", True),
            ("topic: a, payload: 'ON'", "a", "OFF", False),
            ("topic: a, payload: 5", "a", "5", True),
            ("topic: a, payload: press, value_template: '{{ value_json.action }}'", "a", '{"action": "press"}', True),
            ("topic: a, payload: press, value_template: '{{ value_json.action }}'", "a", '{"action": "hold"}', False),
            ("topic: a, payload: press, value_template: '{{ value_json.action }}'", "a", "no JSON", False),
            ("topic: a, payload: y, value_template: '{{ value[1] }}'", "a", "xyz", True),
        ],
    )
    async def test_what_fires(self, rig: AutomationRig, options: str, topic: str, payload: str, fires: bool) -> None:
        assert await rig.load(automation("{trigger: mqtt, " + options + "}")) == []
        rig.publish(topic, payload)
        assert rig.notes == (["ran"] if fires else [])

    @pytest.mark.parametrize(
        ("said", "expected"),
        [
            ("{{ trigger.topic }}", "a/b"),
            ("{{ trigger.payload }}", '{"n": 4}'),
            ("{{ trigger.payload_json.n + 1 }}", "5"),
            ("{{ trigger.qos }} {{ trigger.retain }}", "1 False"),
            ("{{ trigger.id }} {{ trigger.idx }} {{ trigger.platform }}", "0 0 mqtt"),
        ],
    )
    async def test_what_templates_see(self, rig: AutomationRig, said: str, expected: str) -> None:
        await rig.load(automation("{trigger: mqtt, topic: a/+}", said))
        rig.publish("a/b", '{"n": 4}')
        assert rig.notes == [expected]

    async def test_bytes(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: mqtt, topic: a, encoding: ''}", "{{ trigger.payload | length }}"))
        rig.publish("a", b"\xff\x00\x01")
        assert rig.notes == ["3"]

    async def test_what_cannot_be_decoded_is_told(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: mqtt, topic: a}"))
        rig.publish("a", b"\xff\xff")
        (trace,) = rig.traces("a")
        assert trace.outcome == "not_triggered"
        assert trace.reason == "the payload is not utf-8: 'encoding' says how to read it"

    async def test_other_encodings(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: mqtt, topic: a, encoding: cp1251}", "{{ trigger.payload }}"))
        rig.publish("a", "свет".encode("cp1251"))
        assert rig.notes == ["свет"]

    async def test_it_asks_the_broker(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: mqtt, topic: a/+}"))
        assert "a/+" in rig.hub.bus.remote_filters
        await rig.load("[]")
        assert "a/+" not in rig.hub.bus.remote_filters

    async def test_the_cause_goes_on(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: mqtt, topic: a}"))
        rig.publish("a", '{"context": {"id": "abc", "user": "ann"}}')
        assert rig.calls[0].context.parent_id == "abc"
        assert rig.calls[0].context.user == "ann"


def intent(name: str = "Play", **changed: Any) -> Intent:
    made = Intent(
        id="turn1",
        text="play jazz in the kitchen",
        slots={"genre": Slot("jazz", "some jazz"), "area": Slot("kitchen", "the kitchen")},
        confidence=0.9,
        language="en",
        site="hall",
        session="s1",
        speaker=None,
        by="sentences",
        context=Context(id="c1"),
    )
    return msgspec.structs.replace(made, **changed)


class TestIntent:
    @pytest.mark.parametrize(
        ("options", "said", "fires"),
        [
            ("intent: Play", intent(), True),
            ("intent: Stop", intent(), False),
            ("intent: [Stop, Play]", intent(), True),
            ("intent: Play, slots: {genre: jazz}", intent(), True),
            ("intent: Play, slots: {genre: Some Jazz}", intent(), True),
            ("intent: Play, slots: {genre: [rock, jazz]}", intent(), True),
            ("intent: Play, slots: {genre: rock}", intent(), False),
            ("intent: Play, slots: {artist: x}", intent(), False),
            ("intent: Play, site: hall", intent(), True),
            ("intent: Play, site: [attic]", intent(), False),
            ("intent: Play, language: ru", intent(), False),
            ("intent: Play, language: [ru, en]", intent(), True),
        ],
    )
    async def test_what_fires(self, rig: AutomationRig, options: str, said: Intent, fires: bool) -> None:
        assert await rig.load(automation("{trigger: intent, " + options + "}")) == []
        rig.hub.bus.publish("arvis/intent/Play", said)
        assert rig.notes == (["ran"] if fires else [])

    async def test_what_templates_see(self, rig: AutomationRig) -> None:
        said = "{{ trigger.intent }} {{ trigger.slots.genre }} ({{ trigger.texts.genre }}) {{ trigger.site }}"
        await rig.load(automation("{trigger: intent, intent: Play}", said))
        rig.hub.bus.publish("arvis/intent/Play", intent())
        assert rig.notes == ["Play jazz (some jazz) hall"]
        assert rig.calls[0].context.parent_id == "c1"

    async def test_why_it_did_not_fire(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: intent, intent: Play, site: attic}"))
        rig.hub.bus.publish("arvis/intent/Play", intent())
        assert [(trace.outcome, trace.reason) for trace in rig.traces("a")] == [
            ("not_triggered", "it was at the site hall")
        ]

    async def test_any_intent(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: intent, intent: '+'}", "{{ trigger.intent }}"))
        rig.hub.bus.publish("arvis/intent/Whatever", intent())
        assert rig.notes == ["Whatever"]


class TestConversation:
    async def test_sentences_are_registered_and_go(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: conversation, command: ['open {what}', 'raise it'], language: en}"))
        ((sentences, _, language),) = rig.sentences.registered
        assert (sentences, language) == (["open {what}", "raise it"], "en")
        await rig.load("[]")
        assert rig.sentences.registered == []

    async def test_the_reply_is_the_response_that_was_set(self, rig: AutomationRig) -> None:
        await rig.load(
            """
            - triggers: {trigger: conversation, command: "open {what}"}
              actions:
                - set_conversation_response: "Opening {{ trigger.slots.what }}"
                - action: test.note
                  data: {message: "{{ trigger.sentence }}"}
            """
        )
        _, handler, _ = rig.sentences.registered[0]
        assert await handler(sentence("open the blind", what="the blind")) == "Opening the blind"
        assert rig.notes == ["open the blind"]

    async def test_no_response_is_none(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: conversation, command: hello}"))
        assert await rig.sentences.registered[0][1](sentence("hello")) is None

    async def test_who_asked_for_what_failed_is_not_told_that_it_is_done(self, rig: AutomationRig) -> None:
        await rig.load("- {triggers: {trigger: conversation, command: hello}, actions: [{action: test.fail}]}")
        with pytest.raises(ActionFailedError):
            await rig.sentences.registered[0][1](sentence("hello"))

    async def test_a_reply_after_a_wait(self, rig: AutomationRig) -> None:
        await rig.load(
            """
            - triggers: {trigger: conversation, command: hello}
              actions: [{delay: 2}, {set_conversation_response: at last}]
            """
        )
        import asyncio

        asked = asyncio.ensure_future(rig.sentences.registered[0][1](sentence("hello")))
        await rig.clock.advance(3)
        assert await asked == "at last"

    async def test_patience_ends(self, rig: AutomationRig) -> None:
        await rig.load(
            """
            - triggers: {trigger: conversation, command: hello}
              actions: [{set_conversation_response: a moment}, {delay: 60}, {set_conversation_response: too late}]
            """
        )
        import asyncio

        asked = asyncio.ensure_future(rig.sentences.registered[0][1](sentence("hello")))
        await rig.clock.advance(11)
        assert await asked == "a moment"


class TestState:
    @pytest.mark.parametrize(
        ("options", "steps", "expected"),
        [
            ("", [("on", {}), ("off", {}), ("off", {})], 2),
            ("", [("on", {}), ("on", {"a": 1})], 2),  # with nothing asked for, attributes count
            ("to: null", [("on", {}), ("on", {"a": 1})], 1),
            ("to: 'on'", [("on", {}), ("off", {}), ("on", {})], 2),
            ("to: true", [("on", {}), ("off", {})], 1),
            ("to: [on, off]", [("on", {}), ("off", {}), ("x", {})], 2),
            ("from: 'on'", [("on", {}), ("off", {}), ("x", {})], 1),
            ("from: 'on', to: x", [("on", {}), ("off", {}), ("x", {})], 0),
            ("not_from: unknown", [("unknown", {}), ("on", {}), ("off", {})], 2),
            ("not_to: [unavailable, unknown]", [("on", {}), ("unavailable", {}), ("off", {})], 2),
            ("attribute: level", [("on", {"level": 1}), ("off", {"level": 1}), ("off", {"level": 2})], 2),
            ("attribute: level, to: 2", [("on", {"level": 1}), ("on", {"level": 2})], 1),
        ],
    )
    async def test_what_fires(
        self, rig: AutomationRig, options: str, steps: list[tuple[str, dict[str, Any]]], expected: int
    ) -> None:
        trigger = "{trigger: state, entity_id: a.b" + (", " + options if options else "") + "}"
        assert await rig.load(automation(trigger)) == []
        for state, attributes in steps:
            rig.hub.states.set("a.b", state, attributes)
        assert len(rig.notes) == expected

    async def test_what_templates_see(self, rig: AutomationRig) -> None:
        rig.hub.states.set("a.b", "off", {"friendly_name": "Lamp"})
        said = "{{ trigger.entity_id }} {{ trigger.from_state.state }} {{ trigger.to_state.state }} {{ trigger.to_state.name }}"
        await rig.load(automation("{trigger: state, entity_id: 'a.b, a.c'}", said))
        rig.hub.states.set("a.b", "on")
        assert rig.notes == ["a.b off on Lamp"]

    async def test_the_cause_goes_on(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: state, entity_id: a.b}"))
        rig.hub.states.set("a.b", "on", context=Context(id="why"))
        assert rig.calls[0].context.parent_id == "why"

    async def test_removed(self, rig: AutomationRig) -> None:
        rig.hub.states.set("a.b", "on")
        await rig.load(automation("{trigger: state, entity_id: a.b}", "{{ trigger.to_state is none }}"))
        rig.hub.states.remove("a.b")
        assert rig.notes == ["True"]

    @pytest.mark.parametrize("how_long", ["5", "'00:00:05'", "{seconds: 5}", "'{{ 4 + 1 }}'"])
    async def test_for(self, rig: AutomationRig, how_long: str) -> None:
        assert await rig.load(automation("{trigger: state, entity_id: a.b, to: 'on', for: " + how_long + "}")) == []
        rig.hub.states.set("a.b", "on")
        await rig.clock.advance(4)
        assert rig.notes == []
        rig.hub.states.set("a.b", "on", {"brightness": 5})  # an attribute does not disturb it
        await rig.clock.advance(1.1)
        assert rig.notes == ["ran"]

    async def test_for_that_is_broken(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: state, entity_id: a.b, to: 'on', for: 5}"))
        rig.hub.states.set("a.b", "on")
        await rig.clock.advance(4)
        rig.hub.states.set("a.b", "off")
        rig.hub.states.set("a.b", "on")
        await rig.clock.advance(4)
        assert rig.notes == []
        await rig.clock.advance(1.1)
        assert rig.notes == ["ran"]

    async def test_for_of_each_entity(self, rig: AutomationRig) -> None:
        await rig.load(
            automation("{trigger: state, entity_id: [a.b, a.c], to: 'on', for: 5}", "{{ trigger.entity_id }}")
        )
        rig.hub.states.set("a.b", "on")
        await rig.clock.advance(3)
        rig.hub.states.set("a.c", "on")
        rig.hub.states.set("a.b", "off")
        await rig.clock.advance(6)
        assert rig.notes == ["a.c"]


class TestNumericState:
    @pytest.mark.parametrize(
        ("options", "values", "expected"),
        [
            ("above: 20", ["19", "21", "22", "19", "21"], 2),
            ("below: 10", ["11", "9", "8"], 1),
            ("above: 10, below: 20", ["5", "15", "25", "15"], 2),
            ("above: 20", ["21"], 0),  # the first value that is known crosses nothing
            ("above: 20", ["19", "unavailable", "21"], 1),
            ("above: 20", ["21", "unavailable", "22"], 0),  # a blip crosses nothing
            ("above: a.limit", ["19", "26"], 1),
            ("above: a.limit", ["19", "24"], 0),
            ("value_template: '{{ state.state | float * 2 }}', above: 20", ["9", "11"], 1),
            ("above: 20", ["19", "warm", "21"], 1),
        ],
    )
    async def test_crossing(self, rig: AutomationRig, options: str, values: list[str], expected: int) -> None:
        rig.hub.states.set("a.limit", "25")
        assert await rig.load(automation("{trigger: numeric_state, entity_id: a.b, " + options + "}")) == []
        for value in values:
            rig.hub.states.set("a.b", value)
        assert len(rig.notes) == expected

    async def test_attribute_and_for(self, rig: AutomationRig) -> None:
        trigger = "{trigger: numeric_state, entity_id: a.b, attribute: level, above: 5, for: {seconds: 3}}"
        await rig.load(automation(trigger, "{{ trigger.above }} {{ trigger.to_state.attributes.level }}"))
        rig.hub.states.set("a.b", "on", {"level": 4})
        rig.hub.states.set("a.b", "on", {"level": 6})
        await rig.clock.advance(2)
        rig.hub.states.set("a.b", "on", {"level": 7})
        await rig.clock.advance(1.1)
        assert rig.notes == ["5 6"]


class TestTemplate:
    async def test_false_to_true(self, rig: AutomationRig) -> None:
        rig.hub.states.set("a.b", "on")
        await rig.load(automation("{trigger: template, value_template: \"{{ is_state('a.b', 'on') }}\"}"))
        assert rig.notes == []  # true already
        rig.hub.states.set("a.b", "off")
        rig.hub.states.set("a.b", "on")
        rig.hub.states.set("a.b", "on", {"x": 1})
        assert rig.notes == ["ran"]

    async def test_what_it_reads_may_change(self, rig: AutomationRig) -> None:
        rig.hub.states.set("a.which", "a.b")
        await rig.load(
            automation(
                "{trigger: template, value_template: \"{{ is_state(states('a.which'), 'on') }}\"}",
                "{{ trigger.entity_id }}",
            )
        )
        rig.hub.states.set("a.c", "on")
        assert rig.notes == []
        rig.hub.states.set("a.which", "a.c")
        rig.hub.states.set("a.c", "off")
        rig.hub.states.set("a.c", "on")
        assert rig.notes == ["a.which", "a.c"]

    async def test_a_domain(self, rig: AutomationRig) -> None:
        await rig.load(
            automation(
                "{trigger: template, value_template: \"{{ states.lamp | selectattr('state', 'eq', 'on') | list | count > 1 }}\"}"
            )
        )
        rig.hub.states.set("lamp.a", "on")
        rig.hub.states.set("lamp.b", "on")
        assert rig.notes == ["ran"]

    async def test_time(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: template, value_template: '{{ now().minute >= 2 }}'}"))
        await rig.clock.advance(119)
        assert rig.notes == []
        await rig.clock.advance(2)
        assert rig.notes == ["ran"]

    async def test_for(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: template, value_template: \"{{ is_state('a.b', 'on') }}\", for: 5}"))
        rig.hub.states.set("a.b", "on")
        await rig.clock.advance(3)
        rig.hub.states.set("a.b", "off")
        await rig.clock.advance(3)
        rig.hub.states.set("a.b", "on")
        await rig.clock.advance(6)
        assert rig.notes == ["ran"]


class TestTime:
    async def test_at(self, rig: AutomationRig) -> None:
        await rig.load(
            automation("{trigger: time, at: ['12:00:30', '12:02', 43380]}", "{{ trigger.now.strftime('%H:%M:%S') }}")
        )
        await rig.clock.advance(180)
        assert rig.notes == ["12:00:30", "12:02:00", "12:03:00"]

    async def test_weekday(self, rig: AutomationRig) -> None:  # the rig's clock begins on a Monday at noon
        await rig.load(
            automation("{trigger: time, at: '11:00', weekday: [wed, sun]}", "{{ trigger.now.strftime('%a') }}")
        )
        await rig.clock.advance(7 * 86400)
        assert rig.notes == ["Wed", "Sun"]

    async def test_an_entity(self, rig: AutomationRig) -> None:
        rig.hub.states.set("input_datetime.wake", "12:01:00")
        await rig.load(automation("{trigger: time, at: input_datetime.wake}", "{{ trigger.entity_id }}"))
        rig.hub.states.set("input_datetime.wake", "12:02:00")
        await rig.clock.advance(61)
        assert rig.notes == []
        await rig.clock.advance(60)
        assert rig.notes == ["input_datetime.wake"]

    async def test_a_timestamp_with_offset(self, rig: AutomationRig) -> None:
        rig.hub.states.set("sensor.alarm", "2026-01-05T12:10:00+00:00")
        await rig.load(automation('{trigger: time, at: {entity_id: sensor.alarm, offset: "-00:05:00"}}'))
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
        await rig.load(automation(trigger, "{{ trigger.now.strftime('%H:%M:%S') }}"))
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
        assert await rig.load(automation("{trigger: event, " + options + "}")) == []
        rig.hub.fire("click", data, Context(user="ann"))
        assert rig.notes == (["ran"] if fires else [])

    async def test_what_templates_see(self, rig: AutomationRig) -> None:
        await rig.load(
            automation(
                "{trigger: event, event_type: click}", "{{ trigger.event.event_type }} {{ trigger.event.data.button }}"
            )
        )
        rig.hub.fire("click", {"button": "a"})
        assert rig.notes == ["click a"]

    async def test_what_is_no_event(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: event, event_type: click}"))
        rig.publish("arvis/event/click", "nonsense")
        assert rig.outcomes("a") == ["not_triggered"]


class TestLifecycle:
    async def test_start(self, rig: AutomationRig) -> None:
        await rig.load(
            automation("{trigger: homeassistant, event: start}", "{{ trigger.platform }} {{ trigger.event }}")
        )
        rig.engine.started()
        assert rig.notes == ["homeassistant start"]

    async def test_a_start_that_is_past(self, rig: AutomationRig) -> None:
        rig.engine.started()
        await rig.load(automation("{trigger: arvisd, event: start}"))
        assert rig.notes == []

    async def test_shutdown(self, rig: AutomationRig) -> None:
        await rig.load(automation("{platform: arvisd, event: shutdown}"))
        await rig.engine.stop()
        assert rig.notes == ["ran"]


class TestCommonKeys:
    async def test_id_alias_and_variables(self, rig: AutomationRig) -> None:
        await rig.load(
            automation(
                '{trigger: mqtt, topic: a, id: door, alias: The door, variables: {who: "{{ trigger.payload }}!"}}',
                "{{ trigger.id }} {{ trigger.alias }} {{ who }}",
            )
        )
        rig.publish("a", "ann")
        assert rig.notes == ["door The door ann!"]

    async def test_disabled(self, rig: AutomationRig) -> None:
        await rig.load(automation("{trigger: mqtt, topic: a, enabled: false}"))
        await rig.load(automation("{trigger: mqtt, topic: a, enabled: '{{ 1 > 2 }}'}"))
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

        text = automation("{trigger: doorbell}", "{{ trigger.who }}")
        (problem,) = await rig.load(text)
        assert "there is no trigger 'doorbell'" in problem
        kind = TriggerType("doorbell", TriggerOptions, lambda options, part: Doorbell())
        rig.engine.library.triggers.register(kind, rig.owner)
        await rig.clock.settle()
        rig.publish("$bell")
        assert rig.notes == ["postman"]
        assert rig.engine.problems == []


async def test_time_seen_in_traces(rig: AutomationRig) -> None:
    await rig.load(automation("{trigger: time, at: '12:00:05'}"))
    await rig.clock.advance(6)
    (trace,) = rig.traces("a")
    assert trace.started == datetime(2026, 1, 5, 12, 0, 5, tzinfo=UTC)
    assert trace.trigger["description"] == "time 12:00:05"
