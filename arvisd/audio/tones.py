"""Short tones made by calculation: I am listening, that went wrong."""

from __future__ import annotations

import array
import functools
import math
import sys

from arvisd.audio.formats import SAMPLE_RATE, samples_of

FADE_SECONDS = 0.008
"""Rise and fall of each note; shorter ones click."""
LOUDNESS = 0.25
"""Part of full scale: heard in a room, not startling."""

Note = tuple[float, float]
"""Frequency in Hz (0: silence) and length in seconds."""


def tone(notes: tuple[Note, ...], rate: int = SAMPLE_RATE, loudness: float = LOUDNESS) -> bytes:
    """Return notes one after the other as mono s16le."""
    values = array.array("h")
    for frequency, seconds in notes:
        count = samples_of(seconds, rate)
        fade = min(samples_of(FADE_SECONDS, rate), count // 2) or 1
        step = 2 * math.pi * frequency / rate
        for i in range(count):
            envelope = min(1.0, i / fade, (count - 1 - i) / fade)
            values.append(round(32767 * loudness * envelope * math.sin(step * i)))
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


@functools.cache
def wake_chime(rate: int = SAMPLE_RATE) -> bytes:
    """Two rising notes, 0.16 s: Arvis is listening."""
    return tone(((880.0, 0.07), (1318.5, 0.09)), rate)


@functools.cache
def error_beep(rate: int = SAMPLE_RATE) -> bytes:
    """Two falling notes, 0.30 s: that went wrong."""
    return tone(((440.0, 0.12), (0.0, 0.02), (330.0, 0.16)), rate)
