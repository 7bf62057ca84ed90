"""Spoken turns where a recogniser, a voice or the answer fails, and the next one goes on."""

from __future__ import annotations

import pytest

from arvisd.assist.packets import Packet
from arvisd.core.errors import ProviderUnavailableError
from tests.simulators.providers import FakeStt, FakeTts, FakeVad, FakeWake
from tests.simulators.sounds import run, silence, speech, wake_word, words_in


async def test_the_next_recogniser_hears_the_utterance_from_its_start(scene):
    first, second = FakeStt("first", fail_after=2.0), FakeStt("second")
    scene.provide(FakeVad(), FakeWake(), first, second, FakeTts("tts", scene.clock))
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + speech("turn on the light"))
    await scene.clock.advance(8)
    assert [turn.text for turn in scene.turns] == ["turn on the light"]
    assert words_in(second.heard[0]) == ["jarvis", "turn", "on", "the", "light"]
    assert [stage.provider for stage in scene.turns[0].stages if stage.name == "stt"] == ["second"]
    health = {item.name: item for item in scene.assist.health()}
    assert (health["first"].ok, health["first"].detail) == (False, "the line is dead")
    assert health["second"].ok


async def test_a_recogniser_that_hangs_is_left_behind(scene):
    scene.provide(FakeVad(), FakeWake(), FakeStt("first", hang=True), FakeStt("second"), FakeTts("tts", scene.clock))
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + speech("turn on the light"))
    await scene.clock.advance(10)
    (turn,) = scene.turns
    assert turn.text == "turn on the light"
    assert turn.stages_ms["stt"] == pytest.approx(1600, abs=40), "it was asked after the first short pause"


async def test_no_recogniser_can_and_arvis_says_sorry(scene):
    scene.provide(FakeVad(), FakeWake(), FakeStt("first", fail_after=1), FakeStt("second", hang=True))
    scene.provide(FakeTts("tts", scene.clock))
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + speech("turn on the light"))
    await scene.clock.advance(12)
    (turn,) = scene.turns
    assert (turn.outcome, turn.reply) == ("failed", "Sorry, something went wrong.")
    assert turn.reason == (
        "it could not be recognised: no provider of stt for 'en' could do it "
        "(first: the line is dead; second: second gave no result in time after the end of speech)"
    )
    assert scene.speaker.heard_ms == pytest.approx(len(turn.reply) * 50, abs=1)
    assert scene.answers.asked == []


async def test_answering_fails_and_arvis_says_sorry(scene):
    scene.answers.replies["turn on the light"] = RuntimeError("the house is on fire")
    scene.provide_usual()
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + speech("turn on the light"))
    await scene.clock.advance(8)
    (turn,) = scene.turns
    assert (turn.outcome, turn.reason) == ("failed", "answering failed: RuntimeError: the house is on fire")
    assert scene.on("reply")[-1].text == "Sorry, something went wrong."


async def test_the_apology_is_there_when_the_voice_is_gone(scene):
    voice = FakeTts("tts", scene.clock)
    scene.provide(FakeVad(), FakeWake(), FakeStt("stt", fail_after=1), voice)
    scene.room()
    await scene.start()
    voice.fail_on = " "
    scene.microphone.hear(wake_word() + speech("turn on the light"))
    await scene.clock.advance(8)
    assert [turn.outcome for turn in scene.turns] == ["failed"]
    assert scene.speaker.heard_ms == pytest.approx(len("Sorry, something went wrong.") * 50, abs=1)


async def test_an_answer_that_cannot_be_spoken_is_apologized_for_and_is_there_as_text(scene):
    voice = FakeTts("tts", scene.clock)
    scene.provide(FakeVad(), FakeWake(), FakeStt("stt"), voice)
    scene.room()
    await scene.start()
    voice.fail_on = " "
    scene.microphone.hear(wake_word() + speech("turn on the light"))
    await scene.clock.advance(8)
    (turn,) = scene.turns
    assert (turn.outcome, turn.reply) == ("answered", "The light is on.")
    assert turn.reason == ("not all of it was spoken: no provider of tts for 'en' could do it (tts: the voice broke)")
    assert scene.speaker.heard_ms == pytest.approx(len("Sorry, something went wrong.") * 50, abs=1)


async def test_no_voice_at_all_means_text_only(scene, caplog):
    scene.provide(FakeVad(), FakeWake(), FakeStt("stt"))
    scene.room()
    await scene.start()
    for _ in range(2):
        scene.microphone.hear(wake_word() + speech("turn on the light"))
        await scene.clock.advance(8)
    assert [(turn.outcome, turn.reply) for turn in scene.turns] == [("answered", "The light is on.")] * 2
    assert scene.speaker.heard == []
    assert caplog.text.count("what should have been spoken is text only") == 1


async def test_a_recogniser_that_cannot_load_is_named_with_its_remedy(scene):
    missing = ProviderUnavailableError("vosk has no model: run 'arvisd models pull vosk-small-en'")
    scene.provide(FakeVad(), FakeWake(), FakeStt("vosk", unavailable=missing), FakeStt("sphinx"))
    scene.provide(FakeTts("tts", scene.clock))
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + speech("turn on the light"))
    await scene.clock.advance(8)
    assert [turn.text for turn in scene.turns] == ["turn on the light"]
    health = {item.name: item.detail for item in scene.assist.health()}
    assert health["vosk"] == "vosk has no model: run 'arvisd models pull vosk-small-en'"


async def test_no_ears_are_said_once(scene, caplog):
    scene.provide(FakeStt("stt"), FakeTts("tts", scene.clock))
    scene.room()
    await scene.start()
    await scene.clock.advance(100)
    assert caplog.text.count("kitchen does not hear: there is no provider of vad") == 1
    scene.provide(FakeVad(), FakeWake())
    await scene.clock.advance(1)
    scene.microphone.hear(wake_word() + speech("turn on the light"))
    await scene.clock.advance(8)
    assert [turn.text for turn in scene.turns] == ["turn on the light"]


async def test_a_voice_fails_in_the_middle_and_the_next_goes_on(scene):
    breaking = FakeTts("first", scene.clock, fail_on="castle", fail_after=1)
    scene.provide(FakeVad(), FakeWake(), FakeStt("stt"), breaking, FakeTts("second", scene.clock, level=7000))
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + silence(0.5) + speech("tell me a story"))
    await scene.clock.advance(15)
    (turn,) = scene.turns
    assert turn.outcome == "answered"
    heard = scene.speaker.pcm
    levels = [value for value in (5000, 7000) if run(value, 0.2) in heard]
    assert levels == [5000, 7000]
    # nothing of the second sentence had been heard: the next voice says all of it
    assert scene.speaker.heard_ms == pytest.approx(
        sum(len(s) for s in ("Once there was a king.", "He had a very big castle.", "And then he went home.")) * 50,
        abs=5,
    )


async def test_a_voice_of_another_rate_begins_another_utterance(scene):
    breaking = FakeTts("first", scene.clock, fail_on="castle")
    scene.provide(FakeVad(), FakeWake(), FakeStt("stt"), breaking, FakeTts("second", scene.clock, rate=22_050))
    scene.room()
    await scene.start()
    scene.microphone.hear(wake_word() + silence(0.5) + speech("tell me a story"))
    await scene.clock.advance(15)
    begins = scene.speech("begin")
    assert [begin.rate for begin in begins] == [16_000, 22_050]
    assert begins[1].text == "He had a very big castle. And then he went home."
    packets = [Packet.decode(data) for data in scene.speech("audio")]
    assert max(len(data) for data in scene.speech("audio")) <= 4000
    samples = sum(len(packet.pcm) // 2 for packet in packets)
    assert samples == sum(end.samples for end in scene.speech("end"))
