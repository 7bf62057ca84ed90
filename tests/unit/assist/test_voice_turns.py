"""Spoken turns from the microphone to the speaker, in virtual time."""

from __future__ import annotations

import msgspec
import pytest

from arvisd.assist.settings import WakeSettings
from arvisd.core.intents import Intent
from arvisd.core.owner import Owner
from tests.simulators.providers import FakeStt, FakeTts, FakeVad, FakeWake
from tests.simulators.sounds import NOISE, run, silence, speech, wake_word


async def test_a_command_after_a_pause_is_answered_aloud(scene):
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + silence(0.6) + speech("turn on the light"))
    await scene.clock.advance(8)
    (turn,) = scene.turns
    assert (turn.text, turn.reply, turn.outcome, turn.reason) == (
        "turn on the light",
        "The light is on.",
        "answered",
        "",
    )
    assert turn.intent == "HassTurnOn"
    assert turn.actions == ["light.turn_on"]
    assert scene.phases() == ["idle", "listening", "thinking", "speaking", "idle"]
    (wake,) = scene.on("wake")
    assert (wake.word, wake.context) == ("hey_jarvis", turn.context)
    transcripts = scene.on("transcript")
    assert [t.text for t in transcripts if not t.final] == ["turn", "turn on", "turn on the", "turn on the light"]
    assert transcripts[-1].final
    assert scene.speaker.heard_ms == pytest.approx(len("The light is on.") * 50, abs=1)


@pytest.mark.parametrize(("whole", "endpoint", "stt"), [(False, 700, 0), (True, 300, 100)])
async def test_stages_are_measured_from_the_last_voiced_sample(scene, whole, endpoint, stt):
    scene.answers.whole_sentences = whole
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.answers.on_answer = lambda utterance: scene.hub.bus.publish(
        "arvis/intent/HassTurnOn",
        Intent(
            utterance.id, utterance.text, {}, 1.0, "en", utterance.site, utterance.session, None, "", utterance.context
        ),
    )
    scene.microphone.hear(wake_word() + silence(0.6) + speech("turn on the light"))
    await scene.clock.advance(8)
    stages = scene.turns[0].stages_ms
    assert list(stages) == ["wake", "listen", "endpoint", "stt", "intent", "answer", "tts", "speak", "total"]
    assert stages["endpoint"] == pytest.approx(endpoint, abs=40)
    assert stages["stt"] == pytest.approx(stt, abs=1)
    assert stages["intent"] == pytest.approx(0, abs=1)
    assert stages["answer"] == pytest.approx(50, abs=1)
    assert stages["tts"] == pytest.approx(100, abs=1)
    # the voice begins with 20 ms of silence, which nobody hears as an answer
    expected = stages["endpoint"] + stages["stt"] + stages["answer"] + stages["tts"] + 20
    assert stages["total"] == pytest.approx(expected, abs=2)
    assert stages["speak"] == pytest.approx(len("The light is on.") * 50 - 20, abs=2)


@pytest.mark.parametrize("lag", [0.0, 0.1, 0.2, 0.3])
@pytest.mark.parametrize("command", ["turn on the light", "stop"])
async def test_a_command_right_after_the_wake_word(scene, lag, command):
    scene.provide(FakeVad(), FakeWake(lag=lag), FakeStt("stt", scene.clock), FakeTts("tts", scene.clock))
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word(0.55) + speech(command, 0.35))
    await scene.clock.advance(8)
    assert [turn.text for turn in scene.turns] == [command]
    assert [turn.outcome for turn in scene.turns] == ["answered"]


@pytest.mark.parametrize("lag", [-0.1, 0.0, 0.1, 0.3])
@pytest.mark.parametrize("pause", [0.2, 0.75, 1.0, 2.5])
async def test_a_pause_of_any_length_after_the_wake_word(scene, lag, pause):
    wake = FakeWake(needed=0.55 + min(lag, 0), lag=max(lag, 0))
    scene.provide(FakeVad(), wake, FakeStt("stt", scene.clock), FakeTts("tts", scene.clock))
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word(0.55) + silence(pause) + speech("turn on the light"))
    await scene.clock.advance(10)
    assert [turn.text for turn in scene.turns] == ["turn on the light"]


@pytest.mark.parametrize("lag", [0.0, 0.2])
async def test_nobody_speaks_after_the_wake_word(scene, lag):
    scene.provide(FakeVad(), FakeWake(lag=lag), FakeStt("stt", scene.clock), FakeTts("tts", scene.clock))
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word(0.55))
    await scene.clock.advance(15)
    (turn,) = scene.turns
    assert (turn.outcome, turn.reason, turn.text, turn.reply, turn.actions) == ("cancelled", "nobody spoke", "", "", [])
    assert scene.answers.asked == []
    assert 200 < scene.speaker.heard_ms < 400, "a short tone says so"
    assert scene.phases()[-1] == "idle"


@pytest.mark.parametrize(("pause", "text"), [(0.2, "stop the light"), (0.5, "stop"), (1.0, "stop")])
async def test_a_whole_sentence_ends_after_a_short_pause(scene, pause, text):
    scene.answers.whole_sentences = True
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + silence(0.5) + speech("stop", 0.4) + silence(pause) + speech("the light"))
    await scene.clock.advance(8)
    assert [turn.text for turn in scene.turns] == [text]


@pytest.mark.parametrize("delay", [0.0, 0.2, 0.6])
@pytest.mark.parametrize("pause", [0.32, 0.4, 0.6])
async def test_who_pauses_in_the_middle_is_let_finish(scene, pause, delay):
    scene.answers.whole_sentences = True
    scene.provide(FakeVad(), FakeWake(), FakeStt("stt", scene.clock, delay=delay), FakeTts("tts", scene.clock))
    scene.room()
    await scene.start()
    scene.microphone.hear(
        wake_word()
        + silence(0.5)
        + speech("turn on")
        + silence(pause)
        + speech("the")
        + silence(pause)
        + speech("light")
    )
    await scene.clock.advance(8)
    assert [turn.text for turn in scene.turns] == ["turn on the light"]
    assert scene.turns[0].stages_ms["endpoint"] < 1000


async def test_no_tone_where_the_settings_say_so(scene):
    scene.settings = msgspec.structs.replace(scene.settings, chime=False)
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word())
    await scene.clock.advance(15)
    assert [turn.outcome for turn in scene.turns] == ["cancelled"]
    assert scene.speaker.heard == []


async def test_silence_and_noise_for_a_minute_then_a_call(scene):
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.microphone.hear(silence(20) + run(NOISE, 20) + speech("some other people talk", 0.4) + silence(20))
    await scene.clock.advance(62)
    assert scene.turns == []
    assert scene.on("wake") == []
    scene.microphone.hear(wake_word() + speech("turn on the light"))
    await scene.clock.advance(8)
    assert [turn.text for turn in scene.turns] == ["turn on the light"]


async def test_what_is_no_command_is_answered_at_once(scene):
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + silence(0.5) + speech("make me a sandwich now"))
    await scene.clock.advance(8)
    (turn,) = scene.turns
    assert (turn.outcome, turn.reply) == ("answered", "I did not understand.")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
async def test_barge_in(scene, share):
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + silence(0.5) + speech("tell me a story"))
    story = "Once there was a king. He had a very big castle. And then he went home."
    while not scene.speaker.heard:
        await scene.clock.advance(0.02)
    begun = scene.speaker.heard[0][0]
    length = len(story.replace(". ", ".")) * 0.05  # no voice says the spaces between sentences
    needed = 0.5 + 0.2 + 0.08
    await scene.clock.advance(max(0.0, begun + length * share - needed - scene.clock.monotonic()))
    scene.microphone.hear(wake_word() + speech("turn on the light"))
    called = scene.clock.monotonic() + 0.5 + 0.2
    await scene.clock.advance(10)
    first, second = scene.turns
    assert (first.outcome, first.reason) == ("interrupted", "barge-in")
    assert story.startswith(first.reply)
    heard_ms = (scene.times("wake")[1] - begun) * 1000
    assert scene.speech("cancel")[0].at == pytest.approx(heard_ms, abs=60)
    # what the trace says was heard is what came out of the speaker, to the word
    ends = [story.index(word) + len(word) for word in ("Once", "there", "was")]
    spoken_seconds = sum(1 for c in first.reply) * 0.05
    assert spoken_seconds <= heard_ms / 1000 + 0.1
    assert ends[0] <= len(first.reply) < len(story)
    assert len(first.reply) * 50 >= heard_ms - 9 * 50 - 150, "no more than the word under way is missing"
    # silence within 150 ms of the detection
    assert scene.times("wake")[1] - called <= 0.15
    assert (second.text, second.outcome) == ("turn on the light", "answered")
    assert [phase for phase in scene.phases() if phase != "thinking"] == [
        "idle",
        "listening",
        "speaking",
        "listening",
        "speaking",
        "idle",
    ]


async def test_its_own_name_in_its_own_speech_does_not_wake_it(scene):
    scene.answers.replies["who are you"] = "I am Jarvis and I live in this house."
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + silence(0.5) + speech("who are you"))
    while not scene.speaker.heard:
        await scene.clock.advance(0.02)
    scene.microphone.hear(wake_word())
    await scene.clock.advance(10)
    assert [turn.outcome for turn in scene.turns] == ["answered"]
    assert len(scene.on("wake")) == 1


async def test_two_rooms_hear_one_call_and_the_first_answers(scene):
    scene.provide_usual()
    scene.room("kitchen")
    scene.room("hall")
    await scene.start()
    scene.microphones["hall"].hear(wake_word() + silence(0.5) + speech("turn on the light"))
    await scene.clock.advance(0.1)
    scene.microphones["kitchen"].hear(wake_word() + silence(0.5) + speech("turn on the light"))
    await scene.clock.advance(8)
    assert [turn.site for turn in scene.turns] == ["hall"]
    assert scene.on("wake", "kitchen") == []


async def test_listening_on_request_needs_no_wake_word(scene):
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.hub.bus.publish("arvis/site/kitchen/listen", b"{}")
    scene.microphone.hear(silence(0.3) + speech("turn on the light"))
    await scene.clock.advance(8)
    assert [(turn.text, turn.outcome) for turn in scene.turns] == [("turn on the light", "answered")]
    assert scene.on("wake") == []


@pytest.mark.parametrize(
    ("after", "outcome"), [(1.0, "cancelled"), (2.54, "cancelled"), (3.2, "interrupted"), (9.0, "answered")]
)
async def test_stop_ends_the_turn_wherever_it_is(scene, after, outcome):
    scene.provide(FakeVad(), FakeWake(), FakeStt("stt", scene.clock, delay=0.3), FakeTts("tts", scene.clock))
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + speech("turn on the light"))
    await scene.clock.advance(after)
    scene.hub.bus.publish("arvis/site/kitchen/stop", b"")
    await scene.clock.advance(10)
    assert [turn.outcome for turn in scene.turns] == [outcome]
    assert scene.phases()[-1] == "idle"


async def test_the_microphone_stays_open_after_a_question(scene):
    scene.answers.replies["turn on the lamp"] = "Which one?"
    scene.answers.expects_answer = True
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + silence(0.5) + speech("turn on the lamp"))
    await scene.clock.advance(5)
    scene.answers.expects_answer = False
    scene.microphone.hear(speech("turn on the light"))
    await scene.clock.advance(8)
    assert [turn.text for turn in scene.turns] == ["turn on the lamp", "turn on the light"]
    assert scene.turns[0].session == scene.turns[1].session
    assert len(scene.on("wake")) == 1


async def test_nobody_answers_the_question_and_no_tone_complains(scene):
    scene.answers.replies["turn on the lamp"] = "Which one?"
    scene.answers.expects_answer = True
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + silence(0.5) + speech("turn on the lamp"))
    await scene.clock.advance(20)
    assert [turn.outcome for turn in scene.turns] == ["answered", "cancelled"]
    assert scene.speaker.heard_ms == pytest.approx(len("Which one?") * 50, abs=1)


async def test_a_site_without_wake_words_always_listens(scene):
    scene.provide_usual()
    scene.room("line", wake_words=())
    await scene.start()
    scene.microphones["line"].hear(silence(3) + speech("turn on the light"))
    await scene.clock.advance(9)
    assert [(turn.text, turn.outcome) for turn in scene.turns] == [("turn on the light", "answered")]


async def test_a_wake_word_in_the_middle_of_thinking_begins_anew(scene):
    scene.answers.delay = 5.0
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + silence(0.5) + speech("tell me a story"))
    await scene.clock.advance(4)
    scene.answers.delay = 0.05
    scene.microphone.hear(wake_word() + silence(0.5) + speech("turn on the light"))
    await scene.clock.advance(8)
    assert [(turn.text, turn.outcome, turn.reason) for turn in scene.turns] == [
        ("tell me a story", "cancelled", "barge-in"),
        ("turn on the light", "answered", ""),
    ]


async def test_the_site_goes_in_the_middle_of_a_turn(scene):
    scene.provide_usual()
    leaving = Owner("integration")
    scene.room(owner=leaving)
    await scene.start()
    scene.microphone.hear(wake_word() + silence(0.5) + speech("tell me a story"))
    while not scene.speaker.heard:
        await scene.clock.advance(0.02)
    await scene.clock.advance(1)
    leaving.release()
    await scene.clock.advance(1)
    (turn,) = scene.turns
    assert (turn.outcome, turn.reason) == ("interrupted", "the site is gone")
    assert scene.phases()[-1] == "offline"
    scene.room()
    await scene.clock.advance(1)
    assert scene.phases()[-1] == "idle"


async def test_settings_change_during_a_turn(scene):
    wake = FakeWake()
    scene.provide(FakeVad(), wake, FakeStt("stt", scene.clock), FakeTts("tts", scene.clock))
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + silence(0.5) + speech("tell me a story"))
    await scene.clock.advance(1)
    scene.assist.use(msgspec.structs.replace(scene.settings, wake=WakeSettings(threshold=0.9)))
    await scene.clock.advance(10)
    assert [turn.outcome for turn in scene.turns] == ["answered"]
    assert wake.made == 2
    scene.microphone.hear(wake_word() + speech("turn on the light"))
    await scene.clock.advance(8)
    assert [turn.text for turn in scene.turns] == ["tell me a story", "turn on the light"]


async def test_sentences_come_in_order_before_their_audio(scene):
    scene.provide_usual()
    scene.room()
    await scene.start()
    told = []
    scene.assist._runners["kitchen"].turns.speaker.on_mouth = told.append
    scene.microphone.hear(wake_word() + silence(0.5) + speech("tell me a story"))
    await scene.clock.advance(15)
    replies = scene.on("reply")
    assert "".join(reply.delta for reply in replies) == scene.turns[0].reply
    assert [reply.seq for reply in replies] == [0, 1, 2]
    assert [reply.final for reply in replies] == [False, False, True]
    (begin,) = scene.speech("begin")
    cues = [cue for message in scene.speech("cues") for cue in message.cues]
    words = [begin.text[offset : offset + int(length)] for _, _, offset, length in cues]
    assert words == begin.text.split()
    assert [cue[0] for cue in cues] == sorted(cue[0] for cue in cues)
    assert [round(mouth.start_ms) for mouth in told if mouth.voiced.chunk.phonemes] == [0, 1100, 2350]
