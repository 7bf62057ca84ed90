"""What the wake word engines miss, what they hear where nothing was said, and what they cost: docs/wake-words.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from arvisd.integrations.microwakeword.models import THRESHOLDS as MICRO
from arvisd.integrations.microwakeword.provider import MicroWakeWordProvider
from arvisd.integrations.microwakeword.settings import Settings as MicroSettings
from arvisd.integrations.openwakeword.models import THRESHOLDS as OPEN
from arvisd.integrations.openwakeword.provider import OpenWakeWordProvider
from arvisd.integrations.openwakeword.settings import Settings as OpenSettings

from tests.bench.wake_measurement import (
    RATE,
    THRESHOLDS,
    ScoringStream,
    at_pace,
    conditions,
    cpu_share,
    merged,
    negatives,
    positives,
    said_until,
    score,
)
from tests.simulators.synthetic_speech import silence, synthesise

pytestmark = pytest.mark.bench

WORDS = ["alexa", "hey_jarvis", "hey_mycroft", "okay_nabu"]
OWN = {"openwakeword": OPEN, "microwakeword": MICRO}
SPOKEN = {
    "alexa": ("Alexa", "Алекса"),
    "hey_jarvis": ("Hey Jarvis", "Хей джарвис"),
    "hey_mycroft": ("Hey Mycroft", "Хей майкрофт"),
    "okay_nabu": ("Okay nabu", "Окей набу"),
}
ENGLISH = (
    *("en-us", "en", "en-gb-x-rp", "en-us+f2", "en-us+f4", "en-us+m3", "en-us+m7", "en+f3"),
    *(
        "en-gb-scotland+m1",
        "en-us-nyc+f5",
        "en-us+klatt2",
        "en-us+max",
        "en-us+linda",
        "en-us+belinda",
        "en-029+m5",
        "en-us+anika",
    ),
)
SIMILAR = (
    *(
        "Hey Travis, come here",
        "Hey Jarrod",
        "hey jar of jam",
        "Jarvis",
        "the harvest is near",
        "play jazz",
        "hey, just this",
    ),
    *("okay now who", "okay nobody", "okay navy blue", "a lexicon", "Alexander", "election", "a lesson"),
    *("hey my craft", "hey microphone", "hey Michael", "hey Minecraft", "my croft", "hey mister"),
)
RUSSIAN = ("ru", "ru+f2", "ru+m3", "ru+f4", "ru+klatt2", "ru+linda")

SENTENCES = (
    ("Tomorrow it will rain in the north, and the wind will turn west by the evening.", "en", ENGLISH),
    ("Set a timer for ten minutes and call me when the soup is ready, please.", "en", ENGLISH),
    ("He paid eleven dollars for a service that nobody had asked for, as usual.", "en", ENGLISH),
    ("Сегодня вечером обещают дождь, поэтому возьми с собой зонт и тёплую куртку.", "ru", RUSSIAN),
    ("Джаз я не люблю, а вот джинсы ношу каждый день.", "ru", RUSSIAN),
    ("Алексей Сергеевич уехал на дачу и вернётся только в понедельник.", "ru", RUSSIAN),
)


@pytest.fixture
async def streams(tmp_path: Path) -> dict[str, ScoringStream]:
    engines = (OpenWakeWordProvider(OpenSettings(), tmp_path), MicroWakeWordProvider(MicroSettings(), tmp_path))
    for engine in engines:
        await engine.load()
    return {engine.info.name: engine.detector(WORDS) for engine in engines}


def test_cpu(streams: dict[str, ScoringStream]) -> None:
    shares = {name: cpu_share(stream) for name, stream in streams.items()}
    for name, share in shares.items():
        print(f"{name}, four words: {share:.2%} of a core")
    assert all(share < 0.25 for share in shares.values())


def test_recordings_of_words(streams: dict[str, ScoringStream], test_data: Path) -> None:
    recordings = positives(test_data)
    said = sum(one.times for one in recordings)
    print(
        f"\n{said} words in {len(recordings)} recordings; missed by each engine at its thresholds, and by both at once"
    )
    missed_by_both = 0
    for condition, make in conditions(test_data).items():
        missed: Counter[str] = Counter()
        names: set[str] = set()
        for one in recordings:
            pcm, found = make(one), {}
            for engine, stream in streams.items():
                found[engine] = score(stream, pcm, WORDS)[one.word].detections(OWN[engine][one.word])
            found["both"] = merged(*found.values())
            wanted = 1 if condition.startswith("a command") else one.times
            for engine, times in found.items():
                missed[engine] += max(0, wanted - len(times))
                if len(times) < wanted and engine != "both":
                    names.add(f"{one.name} by {engine}")
        missed_by_both += missed["both"]
        print(f"  {condition}: {dict(missed)} {', '.join(sorted(names))}")
    assert missed_by_both <= 2


@pytest.mark.parametrize("pace", [1.0, 0.9, 1.1])
def test_false_alarms(streams: dict[str, ScoringStream], test_data: Path, pace: float) -> None:
    sounds = ((path.name, at_pace(pcm, pace)) for path, pcm in negatives(test_data))
    minutes, alarms, at_own = false_alarms(streams, sounds)
    print(f"\nfalse alarms in {minutes:.1f} min of other recordings at pace {pace}, at thresholds {THRESHOLDS}")
    for engine, counted in alarms.items():
        for word in WORDS:
            print(
                f"  {engine} {word}: {[counted[word, threshold] for threshold in THRESHOLDS]} own {OWN[engine][word]}"
            )
    print(f"  at the thresholds in use: {at_own or 'none'}")
    assert at_own == []


def test_similar_words(streams: dict[str, ScoringStream]) -> None:
    sounds = ((text, synthesise(text, voice=voice)) for text in SIMILAR for voice in ENGLISH[::2])
    minutes, _, at_own = false_alarms(streams, sounds)
    print(f"\nfalse alarms in {minutes:.1f} min of similar words, synthetic: {dict(Counter(at_own))}")
    sounds = ((text, synthesise(text, language, voice)) for text, language, voices in SENTENCES for voice in voices)
    minutes, _, at_own = false_alarms(streams, sounds)
    print(f"and in {minutes:.1f} min of other sentences, synthetic: {dict(Counter(at_own))}")
    assert at_own == []


def false_alarms(
    streams: dict[str, ScoringStream], sounds: Iterable[tuple[str, bytes]]
) -> tuple[float, dict[str, Counter[tuple[str, float]]], list[str]]:
    """Return the minutes heard, the alarms by engine, word and threshold, and those at the thresholds in use."""
    seconds = 0.0
    alarms: dict[str, Counter[tuple[str, float]]] = {engine: Counter() for engine in streams}
    at_own: list[str] = []
    for stream in streams.values():
        stream.reset()
    for name, sound in sounds:
        pcm = sound + silence(1)
        seconds += len(pcm) / 2 / RATE
        for engine, stream in streams.items():
            for word, scored in score(stream, pcm, WORDS, reset=False).items():
                for threshold in THRESHOLDS:
                    alarms[engine][word, threshold] += len(scored.detections(threshold))
                at_own += [f"{word} by {engine} in {name}"] * len(scored.detections(OWN[engine][word]))
    return seconds / 60, alarms, at_own


def test_synthetic_words(streams: dict[str, ScoringStream]) -> None:
    print(
        "\nheard of synthetic words: each engine, both at once, of how many; and seconds from the end to the detection"
    )
    for word, texts in SPOKEN.items():
        for text, language, voices in zip(texts, ("en", "ru"), (ENGLISH, RUSSIAN), strict=True):
            heard: Counter[str] = Counter()
            lags: dict[str, list[float]] = {engine: [] for engine in streams}
            for voice in voices:
                for speed in (0.85, 1.0):
                    clean = synthesise(text, language, voice, noise=False, speed=speed)
                    pcm = silence(1) + synthesise(text, language, voice, speed=speed) + silence(1)
                    found = {}
                    for engine, stream in streams.items():
                        found[engine] = score(stream, pcm, WORDS)[word].detections(OWN[engine][word])
                        lags[engine] += [at - 1.3 - said_until(clean) for at in found[engine][:1]]
                    found["both"] = merged(*found.values())
                    heard.update(engine for engine, times in found.items() if times)
            shown = {
                engine: sorted(f"{lag:.2f}" for lag in seen)[len(seen) // 2] for engine, seen in lags.items() if seen
            }
            print(f"  {word} {language}: {dict(heard)} of {2 * len(voices)}, median lag {shown}")
            assert heard["both"] >= max(heard["openwakeword"], heard["microwakeword"])
