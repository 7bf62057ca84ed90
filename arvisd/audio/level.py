"""How loud a piece of sound is."""

from __future__ import annotations

import array
import math
import operator
import sys

FULL_SCALE = 32_768.0
"""The largest magnitude of s16le: 0 dBFS."""

SILENT_DBFS = -96.0
"""What digital silence is given as: just under the smallest step of 16 bit."""


def samples(pcm: bytes) -> array.array[int]:
    """Return the samples of s16le; an odd byte at the end is left out."""
    values = array.array("h", pcm[: len(pcm) & ~1])
    if sys.byteorder == "big":
        values.byteswap()
    return values


def rms(pcm: bytes) -> float:
    """Return the root mean square of s16le, 0 to 32768."""
    values = samples(pcm)
    return math.sqrt(sum(map(operator.mul, values, values)) / len(values)) if values else 0.0


def peak(pcm: bytes) -> int:
    """Return the largest magnitude of s16le, 0 to 32768."""
    values = samples(pcm)
    return max(max(values), -min(values)) if values else 0


def dbfs(pcm: bytes) -> float:
    """Return the level in dB below full scale (a full square wave is 0); digital silence is -96."""
    loudness = rms(pcm)
    return max(SILENT_DBFS, 20 * math.log10(loudness / FULL_SCALE)) if loudness else SILENT_DBFS
