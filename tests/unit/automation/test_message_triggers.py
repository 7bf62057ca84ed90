"""Triggers `mqtt`, `intent` and `conversation`: what sets them off, what does not, and what templates see of it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from arvisd.core.context import Context
from arvisd.core.errors import ActionFailedError
from arvisd.core.intents import Intent, Slot
from tests.simulators.automation_rig import AutomationRig, one_trigger, sentence


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
        assert await rig.load(one_trigger("{trigger: mqtt, " + options + "}")) == []
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
        await rig.load(one_trigger("{trigger: mqtt, topic: a/+}", said))
        rig.publish("a/b", '{"n": 4}')
        assert rig.notes == [expected]

    async def test_bytes(self, rig: AutomationRig) -> None:
        await rig.load(one_trigger("{trigger: mqtt, topic: a, encoding: ''}", "{{ trigger.payload | length }}"))
        rig.publish("a", b"\xff\x00\x01")
        assert rig.notes == ["3"]

    async def test_what_cannot_be_decoded_is_told(self, rig: AutomationRig) -> None:
        await rig.load(one_trigger("{trigger: mqtt, topic: a}"))
        rig.publish("a", b"\xff\xff")
        (trace,) = rig.traces("a")
        assert trace.outcome == "not_triggered"
        assert trace.reason == "the payload is not utf-8: 'encoding' says how to read it"

    async def test_other_encodings(self, rig: AutomationRig) -> None:
        await rig.load(one_trigger("{trigger: mqtt, topic: a, encoding: cp1251}", "{{ trigger.payload }}"))
        rig.publish("a", "свет".encode("cp1251"))
        assert rig.notes == ["свет"]

    async def test_it_asks_the_broker(self, rig: AutomationRig) -> None:
        await rig.load(one_trigger("{trigger: mqtt, topic: a/+}"))
        assert "a/+" in rig.hub.bus.remote_filters
        await rig.load("[]")
        assert "a/+" not in rig.hub.bus.remote_filters

    async def test_the_cause_goes_on(self, rig: AutomationRig) -> None:
        await rig.load(one_trigger("{trigger: mqtt, topic: a}"))
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
        assert await rig.load(one_trigger("{trigger: intent, " + options + "}")) == []
        rig.hub.bus.publish("arvis/intent/Play", said)
        assert rig.notes == (["ran"] if fires else [])

    async def test_what_templates_see(self, rig: AutomationRig) -> None:
        said = "{{ trigger.intent }} {{ trigger.slots.genre }} ({{ trigger.texts.genre }}) {{ trigger.site }}"
        await rig.load(one_trigger("{trigger: intent, intent: Play}", said))
        rig.hub.bus.publish("arvis/intent/Play", intent())
        assert rig.notes == ["Play jazz (some jazz) hall"]
        assert rig.calls[0].context.parent_id == "c1"

    async def test_why_it_did_not_fire(self, rig: AutomationRig) -> None:
        await rig.load(one_trigger("{trigger: intent, intent: Play, site: attic}"))
        rig.hub.bus.publish("arvis/intent/Play", intent())
        assert [(trace.outcome, trace.reason) for trace in rig.traces("a")] == [
            ("not_triggered", "it was at the site hall")
        ]

    async def test_any_intent(self, rig: AutomationRig) -> None:
        await rig.load(one_trigger("{trigger: intent, intent: '+'}", "{{ trigger.intent }}"))
        rig.hub.bus.publish("arvis/intent/Whatever", intent())
        assert rig.notes == ["Whatever"]


class TestConversation:
    async def test_sentences_are_registered_and_go(self, rig: AutomationRig) -> None:
        await rig.load(one_trigger("{trigger: conversation, command: ['open {what}', 'raise it'], language: en}"))
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
        await rig.load(one_trigger("{trigger: conversation, command: hello}"))
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
