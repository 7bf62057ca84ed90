"""What must be heard right, and what must not be heard as anything: real recordings, and their synthesised twins."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from tests.simulators.recognition import Ear
from tests.simulators.spoken_commands import RATE, commands, other_speech, read
from tests.simulators.synthetic_speech import synthesise

pytestmark = pytest.mark.integration

MUST = {
    "en": (
        "turn on the lamp",
        "set a timer for ten minutes",
        "what's the date today",
        "turn on the living room lamp",
        "turn on the living room light",
    ),
    "ru": (
        "включи свет",
        "выключи свет",
        "включи телевизор",
        "выключи телевизор",
        "включи кондиционер",
        "выключи кондиционер",
        "какая сегодня погода",
        "который сейчас час",
        "выключить лампу в гостиной",
    ),
}


@functools.cache
def ear(language: str, models: Path | None) -> Ear:
    return Ear(language, models)


@pytest.fixture
def english() -> Ear:
    return ear("en", None)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_recorded_commands_are_right_or_plainly_refused(language: str, test_data: Path) -> None:
    heard = [
        (command, ear(language, test_data / "models").hear(command.pcm))
        for command in commands(test_data)
        if command.language == language
    ]
    assert [(c.words, o.text) for c, o in heard if o.text and not o.does(c)] == []
    refused = {c.words for c, o in heard if c.intent and not o.text}
    assert refused.isdisjoint(MUST[language])


@pytest.mark.parametrize("language", ["en", "ru"])
def test_recorded_other_speech_is_refused(language: str, test_data: Path) -> None:
    others = list(other_speech(test_data, language))[::4]
    through = [name for name, pcm in others if ear(language, test_data / "models").hear(pcm).text]
    assert len(through) <= len(others) // 10, through


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("turn on the lamp", "HassTurnOn"),
        ("turn off the living room lamp", "HassTurnOff"),
        ("open the garage door", "HassTurnOn"),
        ("what time is it", "HassGetCurrentTime"),
    ],
)
def test_synthesised_commands_are_right(english: Ear, said: str, intent: str) -> None:
    outcome = english.hear(synthesise(said))
    assert outcome.text == said, outcome
    assert outcome.meaning is not None
    assert outcome.meaning.intent == intent


@pytest.mark.parametrize("gain", [0.05, 0.3])
def test_a_quiet_speaker_is_heard_as_well(english: Ear, gain: float) -> None:
    np = pytest.importorskip("numpy")
    loud = np.frombuffer(synthesise("turn on the lamp"), np.int16)
    assert english.hear((loud * gain).astype(np.int16).tobytes()).text == "turn on the lamp"


@pytest.mark.parametrize(
    "said", ["the quick brown fox jumps over the lazy dog", "my sister comes to dinner on sunday", "porcupine"]
)
def test_synthesised_other_speech_does_nothing(english: Ear, said: str) -> None:
    assert english.hear(synthesise(said)).text == ""


@pytest.mark.parametrize("level", [0, 30, 1000])
def test_silence_and_noise_are_nothing(english: Ear, level: int) -> None:
    np = pytest.importorskip("numpy")
    noise = np.random.default_rng(3).normal(0, level, 5 * RATE) if level else np.zeros(5 * RATE)
    assert english.hear(noise.astype(np.int16).tobytes()).text == ""


def test_every_word_of_the_grammar_can_be_said(english: Ear, test_data: Path) -> None:
    assert english.unsayable == []
    assert ear("ru", test_data / "models").unsayable == []


@pytest.mark.parametrize("recording", ["1", "2", "3"])
def test_a_command_right_after_the_recorded_wake_word_is_heard(english: Ear, test_data: Path, recording: str) -> None:
    wake = read(test_data / f"wakeword/pymicro-wakeword/tests/hey_jarvis/{recording}.wav")
    lamp = read(test_data / "speech/en/rhasspy3/turn_on_the_lamp.wav")
    edge, begin = int(0.3 * RATE) * 2, int(0.9 * RATE) * 2  # the silences at the ends, and the command's own pause
    assert english.hear(wake[:-edge] + lamp[begin:]).text == "turn on the lamp"
    assert english.hear(wake).text == ""
