"""Typed turns, announcements, and what happens when they meet each other and spoken ones."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from arvisd.assist.packets import Packet, Packetizer
from arvisd.assist.pipeline import GUESTS
from arvisd.assist.settings import VoiceSettings
from arvisd.assist.site import Site
from arvisd.core.actions import Target
from arvisd.core.bus import Message, Origin
from arvisd.core.errors import ActionDataError
from tests.simulators.providers import FakeTts
from tests.simulators.sounds import silence, speech, wake_word


async def test_a_text_from_a_site_nobody_registered_is_answered_in_text(scene):
    scene.provide_usual()
    await scene.start()
    scene.type("turn on the light", "chat-1", user="ann")
    await scene.clock.advance(2)
    (turn,) = scene.turns
    assert (turn.site, turn.text, turn.reply, turn.outcome) == (
        "chat-1",
        "turn on the light",
        "The light is on.",
        "answered",
    )
    assert turn.context.user == "ann"
    assert scene.phases("chat-1") == ["idle", "thinking", "idle"]
    assert scene.speech("begin", "chat-1") == []
    assert turn.stages_ms == {"intent": 50.0, "answer": 0.0, "total": 50.0}
    (utterance,) = scene.answers.asked
    assert (utterance.id, utterance.user, utterance.session) == (turn.turn, "ann", turn.session)


async def test_bytes_from_a_broker_are_read_and_nonsense_is_refused(scene):
    scene.provide_usual()
    await scene.start()
    bus = scene.hub.bus
    bus.deliver(Message("arvis/site/a/text", b'{"text": "stop"}', origin=Origin.REMOTE))
    bus.deliver(Message("arvis/site/a/text", b'{"text": "stop"}', retain=True, origin=Origin.REMOTE))
    bus.deliver(Message("arvis/site/a/text", b'{"words": 1}', origin=Origin.REMOTE))
    bus.deliver(Message("arvis/site/b c/text", b'{"text": "stop"}', origin=Origin.REMOTE))
    await scene.clock.advance(2)
    assert [turn.site for turn in scene.turns] == ["a"]
    logged = [m.payload.message for _, m in scene.messages if m.topic == "arvis/log/warning"]
    assert logged == ["arvis/site/a/text cannot be read: Object missing required field `text`"]


async def test_a_typed_turn_is_spoken_where_the_site_has_a_voice(scene):
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.type("turn on the light")
    await scene.clock.advance(4)
    assert scene.phases() == ["idle", "thinking", "speaking", "idle"]
    assert scene.speaker.heard_ms == pytest.approx(len("The light is on.") * 50, abs=1)


async def test_texts_wait_for_each_other(scene):
    scene.provide_usual()
    await scene.start()
    for text in ("turn on the light", "stop", "tell me a story"):
        scene.type(text, "chat")
    await scene.clock.advance(2)
    assert [turn.text for turn in scene.turns] == ["turn on the light", "stop", "tell me a story"]
    assert len({turn.session for turn in scene.turns}) == 1


async def test_too_many_texts_are_refused_and_it_is_said(scene):
    scene.provide_usual()
    await scene.start()
    for index in range(12):
        scene.type(f"text {index}", "chat")
    await scene.clock.advance(5)
    assert len(scene.turns) == 8
    logged = [m.payload.message for _, m in scene.messages if m.topic == "arvis/log/warning"]
    assert logged[0] == "'text 8' is refused: too many texts wait already; send it again later"
    assert len(logged) == 4


async def test_a_text_interrupts_speech_but_not_thinking(scene):
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.type("tell me a story")
    await scene.clock.advance(0.02)
    scene.type("stop")
    await scene.clock.advance(1)
    assert scene.turns == []
    await scene.clock.advance(0.5)
    scene.type("turn on the light")
    await scene.clock.advance(10)
    assert [(turn.text, turn.outcome, turn.reason) for turn in scene.turns] == [
        ("tell me a story", "interrupted", "text"),
        ("stop", "answered", ""),
        ("turn on the light", "answered", ""),
    ]


async def test_a_text_during_a_spoken_turn_waits_for_it(scene):
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + silence(0.4) + speech("turn on the light"))
    await scene.clock.advance(1.5)
    assert scene.phases()[-1] == "listening"
    scene.type("stop")
    await scene.clock.advance(8)
    assert [(turn.text, turn.outcome) for turn in scene.turns] == [
        ("turn on the light", "answered"),
        ("stop", "answered"),
    ]


async def test_languages_change_between_turns(scene):
    english, russian = FakeTts("en", scene.clock, languages=("en",)), FakeTts("ru", scene.clock, languages=("ru",))
    scene.settings = msgspec.structs.replace(scene.settings, voices={"ru": VoiceSettings("irina", 1.5)})
    scene.provide(english, russian)
    scene.room()
    await scene.start()
    english.requests.clear()
    russian.requests.clear()
    for text in ("turn on the light", "включи свет", "turn on the light"):
        scene.type(text)
        await scene.clock.advance(4)
    assert [turn.language for turn in scene.turns] == ["en", "ru", "en"]
    assert [request.text for request in english.requests] == ["The light is on."] * 2
    assert [(request.text, request.language, request.speed) for request in russian.requests] == [
        ("Свет включён.", "ru", 1.5)
    ]
    assert [begin.language for begin in scene.speech("begin")] == ["en", "ru", "en"]


async def test_a_conversation_ends_after_five_quiet_minutes(scene):
    scene.provide_usual()
    await scene.start()
    scene.type("stop", "chat")
    await scene.clock.advance(200)
    scene.type("stop", "chat")
    await scene.clock.advance(302)
    scene.type("stop", "chat")
    await scene.clock.advance(2)
    scene.type("stop", "chat", session="mine")
    await scene.clock.advance(2)
    sessions = [turn.session for turn in scene.turns]
    assert sessions[0] == sessions[1] != sessions[2]
    assert sessions[3] == "mine"


async def test_announcements_wait_for_the_turn_and_stop_forgets_them(scene):
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.type("tell me a story")
    await scene.clock.advance(1)
    result = await scene.hub.actions.call("tts.speak", {"message": "Dinner is ready.", "site": "kitchen"})
    assert result == {"sites": ["kitchen"]}
    await scene.clock.advance(6)
    assert [begin.text[:6] for begin in scene.speech("begin")] == ["Once t", "Dinner"]
    saying = asyncio.create_task(scene.assist.say("kitchen", "Дверь открыта."))
    await scene.clock.advance(5)
    assert (await saying).heard == "Дверь открыта."
    scene.type("tell me a story")
    await scene.clock.advance(1)
    forgotten = scene.assist.announce("kitchen", "Never said.")
    await scene.hub.actions.call("assist.stop", {"site": "kitchen"})
    await scene.clock.advance(5)
    assert forgotten.cancelled()
    assert len(scene.speech("begin")) == 4
    assert scene.turns[-1].outcome == "interrupted"


async def test_who_waits_for_what_is_said_waits_until_it_was_heard_or_left_out(scene):
    scene.provide_usual()
    scene.room()
    await scene.start()

    def speak(message):
        return asyncio.create_task(scene.hub.actions.call("tts.speak", {"message": message, "wait": True}))

    heard = speak("Dinner is ready.")
    await scene.clock.advance(0.5)
    assert not heard.done()
    await scene.clock.advance(2)
    assert heard.result() == {"sites": ["kitchen"]}
    cut_off, left_out = speak("This takes a while to say."), speak("Never said.")
    await scene.clock.advance(0.5)
    await scene.hub.actions.call("assist.stop", {"site": "kitchen"})
    await scene.clock.advance(1)
    assert (cut_off.result(), left_out.result()) == ({"sites": ["kitchen"]}, {"sites": ["kitchen"]})
    assert [begin.text for begin in scene.speech("begin")] == ["Dinner is ready.", "This takes a while to say."]


async def test_actions_find_their_sites(scene):
    scene.provide_usual()
    scene.room("one", area="kitchen")
    scene.room("two", area="hall")
    scene.sites.register(Site("chat", "chat"), scene.owner)
    await scene.start()
    call = scene.hub.actions.call
    assert await call("tts.speak", {"message": "x y"}) == {"sites": ["one", "two"]}
    assert await call("tts.speak", {"message": "x y"}, Target(area_id="hall")) == {"sites": ["two"]}
    with pytest.raises(
        ActionDataError, match="tts.speak: there is no site 'attic'; 'arvis/info' lists those there are"
    ):
        await call("tts.speak", {"message": "x y", "site": "attic"})
    with pytest.raises(ActionDataError, match="tts.speak: 'message' is empty; give the text to say"):
        await call("tts.speak", {"message": " "})
    await scene.clock.advance(3)


async def test_a_browser_that_sends_sound_is_a_site_with_a_voice(scene):
    scene.provide_usual()
    await scene.start()
    packets = Packetizer(7)
    sound = wake_word() + silence(0.4) + speech("turn on the light") + silence(3)
    for at in range(0, len(sound), 1280):
        for packet in packets.pack(sound[at : at + 1280]):
            scene.hub.bus.publish("arvis/site/tab/audio/in", packet, qos=0)
        await scene.clock.advance(0.04)
    await scene.clock.advance(3)
    assert [(turn.site, turn.text) for turn in scene.turns] == [("tab", "turn on the light")]
    assert sum(len(Packet.decode(data).pcm) for data in scene.speech("audio", "tab")) == len("The light is on.") * 1600
    audio = [
        t for t, m in scene.messages if m.topic.startswith("arvis/site/tab/speech/") and m.topic.endswith("/audio")
    ]
    assert audio[-1] - audio[0] == pytest.approx(0.8 - 0.15 - 0.04, abs=0.08), "sent as fast as it is heard"


async def test_guests_make_room_for_each_other(scene):
    scene.provide_usual()
    await scene.start()
    for index in range(GUESTS + 5):
        scene.type("stop", f"guest{index}")
        await scene.clock.advance(0.2)
    assert len(scene.turns) == GUESTS + 5
    assert len(scene.assist._runners) == GUESTS
    assert scene.on("phase", "guest0")[-1] == b"", "nothing of it is kept"
    scene.sites.register(Site(f"guest{GUESTS}", "chat", language="ru"), scene.owner)
    await scene.clock.advance(0.2)
    assert scene.assist._runners[f"guest{GUESTS}"].site.kind == "chat"
    assert scene.on("phase", f"guest{GUESTS}")[-1].phase == "idle"


async def test_stopping_the_daemon_in_the_middle_of_an_answer_ends_the_turn(scene):
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.type("tell me a story")
    await scene.clock.advance(2)
    scene.task.cancel()
    await asyncio.gather(scene.task, return_exceptions=True)
    assert [(turn.outcome, turn.reason) for turn in scene.turns] == [("interrupted", "the site is gone")]
    assert scene.phases()[-1] == "offline"
    assert scene.hub.actions.names() == []
