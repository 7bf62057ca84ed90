"""The device as somebody reads it who knows nothing of arvisd: by discovery, with arvisd's real messages on the topics."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from arvisd.assist.choosing import Choice
from arvisd.assist.hub_components import choice_component, site_components
from arvisd.assist.site import AudioInput, Site
from arvisd.automation.templates.device_values import DeviceTemplates
from arvisd.automation.templates.environment import TemplateEnvironment
from arvisd.core.actions import Target
from arvisd.core.bus import Message, Origin
from arvisd.core.context import Context
from arvisd.core.events import Info, ProblemEntry, Problems
from arvisd.core.hub import Hub
from arvisd.core.intents import Intent, Slot
from arvisd.core.owner import Owner
from arvisd.core.sites import Phase, TurnTrace, Wake
from arvisd.core.states import State
from arvisd.core.topics import Topics
from arvisd.home.actions import register_home_actions
from arvisd.home.discovery.house import DiscoveredHouse
from arvisd.home.registry import HomeRegistry
from arvisd.mqtt.hubs.announcement import announcement, announcement_topic
from arvisd.mqtt.hubs.settings import HubsSettings
from arvisd.mqtt.hubs.table import automation_component, daemon_components
from arvisd.storage.database import Database
from tests.simulators.clock import FakeClock

TOPICS = Topics()


class Microphone(AudioInput):
    def frames(self) -> Any:
        raise NotImplementedError


def message() -> bytes:
    """What arvisd says of itself with a room, an automation and a choice."""
    room = Site("living-room", "room", audio_in=Microphone(), speech=True)
    choice = Choice("sensor.voice_en", "Voice en", "voice", "en", ("auto", "amy", 'a "b"'), "auto")
    components = [
        *daemon_components(TOPICS),
        *site_components(TOPICS, room),
        automation_component(TOPICS, "automation.bell", "Door bell"),
        choice_component(TOPICS, choice),
    ]
    return announcement(
        TOPICS, HubsSettings(), {component.id: component for component in components}, {"old": "switch"}
    )


class OtherHub:
    """Some hub at the same broker: its own root is another one."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.hub = Hub(clock, "other")
        self.problems: list[str] = []
        self.sent: dict[str, Any] = {}
        self.home = HomeRegistry(self.hub.states)

    def start(self, owner: Owner) -> None:
        templates = DeviceTemplates(TemplateEnvironment(self.hub.states, self.clock))
        self.house = DiscoveredHouse(
            self.hub, self.home, Database(None).open(), templates, owner, lambda who, said: self.problems.append(said)
        )
        self.house.listen("homeassistant")
        register_home_actions(self.hub, self.home, owner)
        self.hub.bus.subscribe("arvis/#", self._note, owner)

    def _note(self, message: Message) -> None:
        if message.origin is Origin.LOCAL:
            self.sent[message.topic] = json.loads(message.data)

    async def read(self, payload: bytes) -> None:
        self.hub.bus.deliver(Message(announcement_topic("homeassistant", TOPICS), payload, True, 1, Origin.REMOTE))
        await self.house.settled()
        self.say(TOPICS.status, b"online")

    def say(self, topic: str, payload: Any) -> None:
        data = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
        self.hub.bus.deliver(Message(topic, data, True, 1, Origin.REMOTE))

    def state(self, entity_id: str) -> str | None:
        state = self.hub.states.get(entity_id)
        return None if state is None else state.state

    def attributes(self, entity_id: str) -> dict[str, Any]:
        state = self.hub.states.get(entity_id)
        assert state is not None
        return state.attributes


@pytest.fixture
async def other(clock: FakeClock) -> AsyncIterator[OtherHub]:
    async with Owner("other") as owner:
        hub = OtherHub(clock)
        hub.start(owner)
        yield hub


async def read(other: OtherHub) -> None:
    await other.read(message().replace(b'"origin":{"name":"arvisd"', b'"origin":{"name":"somebody"'))


async def test_another_arvisd_does_not_learn_it(other: OtherHub) -> None:
    await other.read(message())
    assert other.home.entities() == []
    assert other.problems == []


async def test_it_is_read_without_a_problem_as_one_device(other: OtherHub) -> None:
    await read(other)
    assert other.problems == []
    assert {entity.device for entity in other.home.entities()} == {other.home.entities()[0].device}
    assert sorted(entity.id for entity in other.home.entities()) == [
        "binary_sensor.arvis_health",
        "binary_sensor.arvis_living_room_listening",
        "button.arvis_living_room_listen",
        "button.arvis_living_room_stop",
        "event.arvis_intent",
        "event.arvis_living_room_wake_word",
        "notify.arvis_say",
        "select.arvis_voice_en",
        "sensor.arvis_last_utterance",
        "sensor.arvis_mode",
        "sensor.arvis_problems",
        "switch.arvis_door_bell",
        "switch.arvis_living_room_mute",
        "text.arvis_ask",
        "update.arvis_version",
    ]


async def test_what_arvisd_publishes_becomes_states(other: OtherHub, clock: FakeClock) -> None:
    await read(other)
    now, context = clock.now(), Context()
    other.say(TOPICS.info, Info("1.2", "hybrid", "en", ["living-room"], [], []))
    other.say(TOPICS.problems, Problems([ProblemEntry("a.yaml", 1, 1, "warning", "small")]))
    assert (other.state("sensor.arvis_mode"), other.state("update.arvis_version")) == ("hybrid", "off")
    assert (other.state("binary_sensor.arvis_health"), other.state("sensor.arvis_problems")) == ("off", "1")
    assert other.attributes("binary_sensor.arvis_health")["sites"] == ["living-room"]
    other.say(TOPICS.problems, Problems([ProblemEntry("a.yaml", 1, 1, "error", "large")]))
    assert other.state("binary_sensor.arvis_health") == "on"

    other.say(TOPICS.site("living-room", "phase"), Phase("listening", "neutral", 0, None, "en", now))
    assert other.state("binary_sensor.arvis_living_room_listening") == "on"
    other.say(TOPICS.site("living-room", "phase"), Phase("offline", "neutral", 0, None, "en", now))
    assert other.state("binary_sensor.arvis_living_room_listening") == "unavailable"
    other.say(TOPICS.site("living-room", "phase"), b"")
    assert other.state("switch.arvis_living_room_mute") == "unavailable"
    other.say(TOPICS.site("living-room", "phase"), Phase("idle", "neutral", 0, None, "en", now))
    other.say(TOPICS.state("binary_sensor.living_room_muted"), State("on", {}, now, context))
    assert other.state("switch.arvis_living_room_mute") == "on"
    other.say(TOPICS.state("automation.bell"), State("off", {}, now, context))
    assert other.state("switch.arvis_door_bell") == "off"
    other.say(TOPICS.state("sensor.voice_en"), State("amy", {}, now, context))
    assert other.state("select.arvis_voice_en") == "amy"


async def test_a_long_utterance_is_cut_and_whole_in_the_attributes(other: OtherHub, clock: FakeClock) -> None:
    await read(other)
    text = "и так далее " * 40
    turn = TurnTrace(
        "t",
        "s",
        "living-room",
        text,
        "ru",
        None,
        {},
        "",
        [],
        'so "be" it',
        "answered",
        "",
        [],
        {},
        clock.now(),
        Context(),
    )
    other.say(TOPICS.site("living-room", "turn"), turn)
    assert other.state("sensor.arvis_last_utterance") == text[:255]
    assert other.attributes("sensor.arvis_last_utterance")["text"] == text
    assert other.attributes("sensor.arvis_last_utterance")["reply"] == 'so "be" it'


async def test_wake_words_and_intents_are_events(other: OtherHub, clock: FakeClock) -> None:
    await read(other)
    other.say(TOPICS.site("living-room", "phase"), Phase("idle", "neutral", 0, None, "en", clock.now()))

    def happens(topic: str, payload: Any) -> None:
        other.hub.bus.deliver(Message(topic, msgspec.json.encode(payload), False, 1, Origin.REMOTE))

    happens(TOPICS.site("living-room", "wake"), Wake("hey_jarvis", 0.9, clock.now(), Context()))
    woken = other.attributes("event.arvis_living_room_wake_word")
    assert (woken["event_type"], woken["word"], woken["site"]) == ("wake", "hey_jarvis", "living-room")
    for name, type_ in (("HassTurnOn", "recognized"), ("unrecognized", "unrecognized")):
        intent = Intent(
            "i", "turn on", {"name": Slot("light.a", "a")}, 1.0, "en", "den", "s", None, "sentences", Context(), name
        )
        happens(TOPICS.intent(name), intent)
        heard = other.attributes("event.arvis_intent")
        assert (heard["event_type"], heard["intent"], heard["slots"]["name"]["value"]) == (type_, name, "light.a")


async def test_what_a_hub_does_is_a_request_that_arvisd_understands(other: OtherHub, clock: FakeClock) -> None:
    await read(other)
    other.say(TOPICS.site("living-room", "phase"), Phase("idle", "neutral", 0, None, "en", clock.now()))

    async def act(action: str, entity_id: str, **data: Any) -> None:
        async with Owner("asker") as owner:
            owner.spawn(other.hub.actions.call(action, data, Target(entity_id=entity_id)), action)
            await clock.settle()

    await act("switch.turn_on", "switch.arvis_living_room_mute")
    assert other.sent["arvis/action/assist/mute"] == {"data": {"site": "living-room", "muted": True}}
    await act("switch.turn_off", "switch.arvis_door_bell")
    assert other.sent["arvis/action/arvisd/turn"] == {"data": {"to": "off"}, "target": {"entity_id": "automation.bell"}}
    await act("select.select_option", "select.arvis_voice_en", option='a "b"')
    assert other.sent["arvis/action/assist/use_voice"] == {"data": {"language": "en", "voice": 'a "b"'}}
    await act("text.set_value", "text.arvis_ask", value='say "hello", привет')
    assert other.sent["arvis/site/hub/text"] == {"text": 'say "hello", привет'}
    await act("button.press", "button.arvis_living_room_stop")
    assert other.sent["arvis/site/living-room/stop"] == {}
