"""The Hermes protocol beside arvisd's own topics."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from arvisd.integrations.hermes import Settings, setup

from arvisd.api import Host
from arvisd.assist.actions import SiteData, SpeakData
from arvisd.assist.site import SiteRegistry
from arvisd.core.actions import Action, ActionCall
from arvisd.core.bus import Message, Origin
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError
from arvisd.core.events import Info
from arvisd.core.hub import Hub
from arvisd.core.intents import Intent, Slot
from arvisd.core.owner import Owner
from arvisd.core.sites import Transcript, TurnTrace, Wake
from arvisd.integrations import BUILT_IN
from arvisd.integrations.discovery import discover
from arvisd.integrations.loader import is_wanted
from arvisd.providers.registry import ProviderRegistry
from tests.simulators.clock import FakeClock


class House:
    """A bus with two rooms, what Hermes heard, and what arvisd was asked to do."""

    def __init__(self, hub: Hub, clock: FakeClock, owner: Owner) -> None:
        self.hub = hub
        self.clock = clock
        self.heard: list[tuple[str, Any]] = []
        self.done: list[tuple[str, Any]] = []
        self.speaking: asyncio.Event | None = None
        hub.bus.publish(hub.topics.info, Info("1", "standalone", "en", ["kitchen", "den"], [], []), retain=True)
        hub.bus.subscribe("hermes/#", self._note, owner)
        hub.actions.register(Action("tts.speak", SpeakData, "Says.", self._speak), owner)
        hub.actions.register(Action("assist.listen", SiteData, "Listens.", self._listen), owner)

    def _note(self, message: Message) -> None:
        if message.origin is Origin.LOCAL:
            self.heard.append((message.topic.removeprefix("hermes/"), json.loads(message.data)))

    async def _speak(self, call: ActionCall) -> None:
        if call.data.site == "cellar":
            raise ActionDataError("tts.speak: there is no site 'cellar'")
        assert call.data.wait
        self.done.append(("say", (call.data.site, call.data.message, call.data.language)))
        if self.speaking is not None:
            await self.speaking.wait()

    async def _listen(self, call: ActionCall) -> None:
        self.done.append(("listen", call.data.site))

    async def ask(self, topic: str, *, retain: bool = False, **payload: Any) -> None:
        data = json.dumps(payload).encode()
        self.hub.bus.deliver(Message(f"hermes/{topic}", data, retain, 0, Origin.REMOTE))
        await self.clock.advance(0)

    def intent(self, name: str, text: str, /, site: str = "kitchen", session: str = "s1", **slots: Slot) -> None:
        intent = Intent("i1", text, slots, 0.9, "en", site, session, None, "sentences", Context(), name)
        self.hub.bus.publish(f"arvis/intent/{name}", intent)

    def turn(self, outcome: str, intent: str | None, site: str = "kitchen", reason: str = "") -> None:
        trace = TurnTrace(
            "t", "s1", site, "", "en", intent, {}, "", [], "", outcome, reason, [], {}, self.clock.now(), Context()
        )
        self.hub.bus.publish(f"arvis/site/{site}/turn", trace)

    def of(self, topic: str) -> list[Any]:
        return [payload for heard, payload in self.heard if heard == topic]

    @property
    def topics(self) -> list[str]:
        return [topic for topic, _ in self.heard]


@pytest.fixture
async def house(hub: Hub, clock: FakeClock, tmp_path: Path) -> AsyncIterator[House]:
    async with Owner("test") as owner:
        house = House(hub, clock, owner)
        host = Host("hermes", hub, owner, ProviderRegistry(), SiteRegistry(), tmp_path, tmp_path, lambda _: None)
        await setup(host, Settings())
        yield house


def test_it_is_off_unless_it_is_asked_for(tmp_path: Path) -> None:
    found = discover(tmp_path)["hermes"]
    assert (BUILT_IN / "hermes").is_dir()
    assert [is_wanted(found, section) for section in (None, {}, {"enabled": False})] == [False, True, False]


async def test_an_intent_goes_out_as_home_assistants_snips_reads_it(house: House) -> None:
    house.intent(
        "HassTurnOn",
        "turn on the Lamp",
        name=Slot("light.lamp", "lamp"),
        brightness=Slot(50, ""),
        area=Slot("k", "kitchen"),
    )
    assert house.topics == ["dialogueManager/sessionStarted", "intent/HassTurnOn"]
    assert house.of("dialogueManager/sessionStarted") == [{"sessionId": "s1", "siteId": "default", "customData": None}]
    assert house.of("intent/HassTurnOn") == [
        {
            "input": "turn on the Lamp",
            "intent": {"intentName": "HassTurnOn", "confidenceScore": 0.9},
            "slots": [
                {
                    "slotName": "name",
                    "entity": "name",
                    "rawValue": "lamp",
                    "value": {"kind": "Custom", "value": "light.lamp"},
                    "confidence": 0.9,
                    "range": {"start": 12, "end": 16},
                },
                {
                    "slotName": "brightness",
                    "entity": "brightness",
                    "rawValue": "",
                    "value": {"kind": "Number", "value": 50},
                    "confidence": 0.9,
                },
                {
                    "slotName": "area",
                    "entity": "area",
                    "rawValue": "kitchen",
                    "value": {"kind": "Custom", "value": "k"},
                    "confidence": 0.9,
                },
            ],
            "id": "i1",
            "siteId": "default",
            "sessionId": "s1",
            "customData": None,
            "lang": "en",
            "asrConfidence": 0.9,
            "asrTokens": [],
        }
    ]


@pytest.mark.parametrize(
    ("outcome", "intent", "reason"),
    [
        ("answered", "HassTurnOn", "nominal"),
        ("answered", None, "intentNotRecognized"),
        ("interrupted", "HassTurnOn", "abortedByUser"),
        ("failed", "HassTurnOn", "error"),
    ],
)
async def test_a_session_that_nobody_takes_up_ends_by_itself(
    house: House, clock: FakeClock, outcome: str, intent: str | None, reason: str
) -> None:
    house.intent("HassTurnOn", "turn it on", site="den")
    house.turn(outcome, intent, site="den")
    assert house.of("dialogueManager/sessionEnded") == []
    await clock.advance(5)
    assert house.of("dialogueManager/sessionEnded") == [
        {"sessionId": "s1", "siteId": "den", "customData": None, "termination": {"reason": reason}}
    ]


async def test_who_heard_an_intent_answers_and_ends_the_session(house: House, clock: FakeClock) -> None:
    house.intent("GetJoke", "tell a joke", site="den")
    house.turn("answered", "GetJoke", site="den")
    await house.ask("dialogueManager/endSession", sessionId="s1", text="Knock knock.")
    await clock.advance(60)
    assert house.done == [("say", ("den", "Knock knock.", ""))]
    assert [ended["termination"]["reason"] for ended in house.of("dialogueManager/sessionEnded")] == ["nominal"]


async def test_a_session_that_is_continued_asks_and_listens(house: House, clock: FakeClock) -> None:
    house.intent("GetJoke", "tell a joke", site="den")
    await house.ask(
        "dialogueManager/continueSession",
        sessionId="s1",
        text="Which one?",
        customData="x",
        sendIntentNotRecognized=True,
    )
    assert house.done == [("say", ("den", "Which one?", "")), ("listen", "den")]
    house.intent("unrecognized", "blah", site="den", session="s2")
    unheard = {"input": "blah", "siteId": "den", "sessionId": "s1", "customData": "x"}
    assert house.of("nlu/intentNotRecognized") == [unheard]
    assert house.of("dialogueManager/intentNotRecognized") == [unheard]


async def test_a_session_that_was_over_may_be_continued(house: House, clock: FakeClock) -> None:
    house.intent("GetJoke", "tell a joke", site="den")
    house.turn("answered", "GetJoke", site="den")
    await clock.advance(10)
    await house.ask("dialogueManager/continueSession", sessionId="s1", text="Another one?")
    assert house.topics.count("dialogueManager/sessionStarted") == 2
    assert house.done[-1] == ("listen", "den")


async def test_a_notification_is_said_and_over(house: House) -> None:
    await house.ask(
        "dialogueManager/startSession",
        siteId="default",
        customData="note",
        lang="ru_RU",
        init={"type": "notification", "text": "Почта пришла"},
    )
    assert house.done == [("say", ("kitchen", "Почта пришла", "ru"))]
    (started,) = house.of("dialogueManager/sessionStarted")
    (ended,) = house.of("dialogueManager/sessionEnded")
    assert started["sessionId"] == ended["sessionId"]
    assert (ended["siteId"], ended["customData"], ended["termination"]) == ("default", "note", {"reason": "nominal"})


async def test_an_action_listens_only_after_it_was_said(house: House) -> None:
    house.speaking = asyncio.Event()
    await house.ask("dialogueManager/startSession", siteId="den", init={"type": "action", "text": "Who is there?"})
    assert house.done == [("say", ("den", "Who is there?", ""))]
    house.speaking.set()
    await house.clock.advance(0)
    assert house.done[-1] == ("listen", "den")
    (started,) = house.of("dialogueManager/sessionStarted")
    house.intent("GetJoke", "me", site="den", session="other")
    assert house.of("intent/GetJoke")[0]["sessionId"] == started["sessionId"]
    house.turn("cancelled", None, site="den", reason="nobody spoke")
    assert house.of("dialogueManager/sessionEnded")[0]["termination"] == {"reason": "timeout"}


async def test_say_is_answered_when_it_was_heard(house: House) -> None:
    house.speaking = asyncio.Event()
    await house.ask("tts/say", text="Hello", id="7", siteId="den", sessionId="s9", lang="en-GB")
    assert house.of("tts/sayFinished") == []
    house.speaking.set()
    await house.clock.advance(0)
    assert house.done == [("say", ("den", "Hello", "en"))]
    assert house.of("tts/sayFinished") == [{"id": "7", "siteId": "den", "sessionId": "s9"}]


async def test_wake_words_and_texts_go_out(house: House) -> None:
    house.hub.bus.publish("arvis/site/den/wake", Wake("hey_jarvis", 0.8, house.clock.now(), Context()))
    for text, final in (("turn", False), ("turn it on", True)):
        house.hub.bus.publish("arvis/site/den/transcript", Transcript(text, final, 0.7, "t", Context()))
    assert house.heard == [
        (
            "hotword/hey_jarvis/detected",
            {
                "modelId": "hey_jarvis",
                "siteId": "den",
                "currentSensitivity": 0.8,
                "modelVersion": "",
                "modelType": "universal",
            },
        ),
        (
            "asr/textCaptured",
            {"text": "turn it on", "likelihood": 0.7, "siteId": "den", "sessionId": None, "seconds": 0.0},
        ),
    ]


async def test_what_cannot_be_done_or_read_harms_nothing(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.hub.bus.deliver(Message("hermes/tts/say", b"{", False, 0, Origin.REMOTE))
    house.hub.bus.deliver(Message("hermes/tts/say", b'{"text": 5}', False, 0, Origin.REMOTE))
    await house.ask("tts/say", text="old", retain=True)
    await house.ask("dialogueManager/endSession", sessionId="nobody")
    await house.ask("dialogueManager/continueSession", sessionId="nobody")
    assert (house.done, house.heard) == ([], [])
    await house.ask("tts/say", text="Hello", siteId="cellar")
    assert house.of("tts/sayFinished") == [{"id": None, "siteId": "cellar", "sessionId": None}]
    assert [message.split(":")[0] for message in caplog.messages] == [
        "hermes/tts/say cannot be read",
        "hermes/tts/say cannot be read",
        "hermes/dialogueManager/endSession",
        "hermes/dialogueManager/continueSession",
        "asked for over Hermes",
    ]


def test_wrong_settings_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `port`"):
        msgspec.convert({"port": 1}, Settings)
