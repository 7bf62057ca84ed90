"""Sound that fakes understand: every word is a run of one amplitude, silence is zero."""

from __future__ import annotations

import array
import itertools

RATE = 16_000
STEP = 16
"""Only every 16th sample is looked at: a millisecond is fine enough."""
WORD_SECONDS = 0.3
WAKE = 9_000
"""Amplitude of the wake word."""
NOISE = 100
"""Amplitude of what is no speech."""

_WORDS: dict[str, int] = {}
_NEXT = itertools.count(10_000, 10)


def amplitude(word: str) -> int:
    """Return the amplitude that stands for a word."""
    if word == "jarvis":
        return WAKE
    if word not in _WORDS:
        _WORDS[word] = next(_NEXT)
    return _WORDS[word]


def run(value: int, seconds: float, rate: int = RATE) -> bytes:
    """Return that long a run of one amplitude as s16le."""
    return array.array("h", [value]).tobytes() * round(seconds * rate)


def silence(seconds: float) -> bytes:
    return run(0, seconds)


def wake_word(seconds: float = 0.6) -> bytes:
    return run(WAKE, seconds)


def speech(text: str, seconds: float = WORD_SECONDS) -> bytes:
    """Return the words of a text without a pause between them."""
    return b"".join(run(amplitude(word), seconds) for word in text.split())


def words_in(pcm: bytes, shortest: float = 0.05) -> list[str]:
    """Return the words of a sound; runs shorter than `shortest` seconds are not understood."""
    names = {value: word for word, value in _WORDS.items()} | {WAKE: "jarvis"}
    found = []
    for value, group in itertools.groupby(array.array("h", pcm)[::STEP]):
        if value in names and sum(1 for _ in group) * STEP >= shortest * RATE:
            found.append(names[value])
    return found


def is_voiced(pcm: bytes) -> bool:
    """Tell whether half of the samples are speech."""
    values = array.array("h", pcm)[::STEP]
    return sum(value > 1000 for value in values) * 2 >= len(values)
