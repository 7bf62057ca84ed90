"""Wake words on recordings of people: each once, at once, and none where none was said."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from arvisd.integrations.microwakeword.provider import MicroWakeWordProvider
from arvisd.integrations.microwakeword.settings import Settings as MicroSettings
from arvisd.integrations.openwakeword.provider import OpenWakeWordProvider
from arvisd.integrations.openwakeword.settings import Settings as OpenSettings

from arvisd.api import WakeDetector, WakeProvider
from arvisd.audio.wav import read_wav
from arvisd.providers.wake_any import any_of
from tests.bench.wake_measurement import BLOCK_BYTES, RATE, Positive, in_noise, louder, negatives, positives
from tests.simulators.synthetic_speech import silence, synthesise

pytest.importorskip("pymicro_wakeword", reason="microwakeword is not installed: pip install 'arvisd[microwakeword]'")
pytest.importorskip("pyopen_wakeword", reason="openwakeword is not installed: pip install 'arvisd[openwakeword]'")
pytestmark = pytest.mark.integration

WORDS = ["alexa", "hey_jarvis", "hey_mycroft", "okay_nabu"]
MISSED_BY_OPEN = {"hey_jarvis/1.wav", "okay_nabu/1.wav"}
"""At every phase, level and noise; docs/wake-words.md."""


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, WakeProvider]:
    folder = tmp_path_factory.mktemp("config")
    micro, open_ = MicroWakeWordProvider(MicroSettings(), folder), OpenWakeWordProvider(OpenSettings(), folder)
    asyncio.run(micro.load())
    asyncio.run(open_.load())
    return {"micro": micro, "open": open_}


def heard(detector: WakeDetector, pcm: bytes) -> list[str]:
    found = [detector.process(pcm[begin : begin + BLOCK_BYTES]) for begin in range(0, len(pcm), BLOCK_BYTES)]
    return [detection.word for detection in found if detection is not None]


def wanted(one: Positive) -> list[str]:
    return [one.word] * one.times


def test_microwakeword_hears_every_word_once(engines: dict[str, WakeProvider], test_data: Path) -> None:
    detector = engines["micro"].detector(WORDS)
    for one in positives(test_data):
        detector.reset()
        assert heard(detector, silence(1) + one.pcm + silence(1)) == wanted(one), one.name


def test_openwakeword_hears_all_but_two(engines: dict[str, WakeProvider], test_data: Path) -> None:
    detector = engines["open"].detector(WORDS)
    for one in positives(test_data):
        detector.reset()
        expected = [] if one.name in MISSED_BY_OPEN else wanted(one)
        assert heard(detector, silence(1) + one.pcm + silence(1)) == expected, one.name


@pytest.mark.parametrize("snr", [20, 10])
def test_in_noise_each_is_heard_once(engines: dict[str, WakeProvider], test_data: Path, snr: float) -> None:
    detector = any_of(list(engines.values()), WORDS)
    for one in positives(test_data):
        detector.reset()
        assert heard(detector, in_noise(one.pcm, snr)) == wanted(one), one.name


def test_quiet_speakers_and_digital_silence_before_them(engines: dict[str, WakeProvider], test_data: Path) -> None:
    detector = any_of(list(engines.values()), WORDS)
    for one in positives(test_data):
        for pcm in (bytes(2 * RATE) + one.pcm + silence(1), silence(1, 5) + louder(one.pcm, -24) + silence(1, 5)):
            detector.reset()
            assert heard(detector, pcm) == wanted(one), one.name


def test_with_no_pause_before_the_command(engines: dict[str, WakeProvider], test_data: Path) -> None:
    command = read_wav(test_data / "speech/en/rhasspy3/turn_on_the_lamp.wav")
    detector = any_of(list(engines.values()), WORDS)
    for one in positives(test_data):
        if one.times == 1:
            detector.reset()
            pcm = silence(1) + one.pcm[: int(one.end * RATE) * 2] + command + silence(1)
            assert heard(detector, pcm) == [one.word], one.name


def test_microwakeword_hears_nothing_in_all_other_recordings(engines: dict[str, WakeProvider], test_data: Path) -> None:
    detector = engines["micro"].detector(WORDS)
    for path, pcm in negatives(test_data):
        assert heard(detector, pcm + silence(0.5)) == [], path.name


def test_openwakeword_hears_nothing_in_every_eighth(engines: dict[str, WakeProvider], test_data: Path) -> None:
    detector = engines["open"].detector(WORDS)
    some = [item for number, item in enumerate(negatives(test_data)) if number % 8 == 0]
    for path, pcm in some:
        assert heard(detector, pcm[: 30 * RATE * 2] + silence(0.2)) == [], path.name


SYNTHETIC = [
    ("hey_jarvis", "Hey Jarvis", "en-gb-scotland+m1"),
    ("hey_jarvis", "Hey Jarvis", "en-us"),
    ("hey_jarvis", "Hey Jarvis", "en-us+f2"),
    ("hey_jarvis", "Hey Jarvis", "en-us+m7"),
    ("alexa", "Alexa", "en-us"),
    ("alexa", "Alexa", "en-us+f2"),
    ("hey_mycroft", "Hey Mycroft", "en-gb-x-rp"),
    ("hey_mycroft", "Hey Mycroft", "en"),
    ("okay_nabu", "Okay nabu", "en-us"),
    ("okay_nabu", "Okay nabu", "en-us+f2"),
]


@pytest.mark.parametrize(("word", "text", "voice"), SYNTHETIC)
def test_synthetic_words_are_heard_once(engines: dict[str, WakeProvider], word: str, text: str, voice: str) -> None:
    detector = any_of(list(engines.values()), WORDS)
    assert heard(detector, silence(1) + synthesise(text, voice=voice) + silence(1)) == [word]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The quick brown fox jumps over the lazy dog, and then it walks home", "en"),
        ("Turn on the light in the kitchen and set the thermostat to twenty one", "en"),
        ("Сегодня вечером обещают дождь, поэтому возьми с собой зонт", "ru"),
        ("Включи свет на кухне и закрой шторы в спальне", "ru"),
    ],
)
def test_synthetic_sentences_are_not(engines: dict[str, WakeProvider], text: str, language: str) -> None:
    detector = any_of(list(engines.values()), WORDS)
    assert heard(detector, silence(1) + synthesise(text, language) + silence(1)) == []
