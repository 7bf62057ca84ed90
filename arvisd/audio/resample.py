"""Change of the sample rate: of live streams without delay, of whole recordings at the best quality there is."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any, Protocol

from arvisd.audio.formats import SAMPLE_BYTES
from arvisd.audio.sinc import NumpySinc, PlainSinc, SincFilter


class Resampler(Protocol):
    """Changes the rate of one mono s16le stream; keeps its state between the pieces."""

    def process(self, pcm: bytes) -> bytes:
        """Take the next samples, return those of the other rate that are ready."""

    def flush(self) -> bytes:
        """Return what was held back; the next samples begin a new stream."""


def resampler(source_rate: int, target_rate: int) -> Resampler:
    """Return a resampler for one live stream: numpy does the work where it is installed, else plain Python.

    Live streams go through our own windowed sinc, not through soxr: in 20 ms blocks soxr holds back 11 ms
    (LQ, 48 to 16 kHz) to 63 ms (HQ, 8 to 16 kHz) on average, the sinc 0.7 and 1.4 ms, and both are far better
    than speech models can tell (docs/audio.md has the table).
    """
    _check(source_rate, target_rate)
    if source_rate == target_rate:
        return Unchanged()
    filter_ = SincFilter(source_rate, target_rate)
    return NumpySinc(filter_) if _installed("numpy") and filter_.phases <= NumpySinc.MAX_PHASES else PlainSinc(filter_)


def resample(pcm: bytes, source_rate: int, target_rate: int) -> bytes:
    """Return a whole recording at another rate; by soxr where it is installed, and its length is right to the sample."""
    _check(source_rate, target_rate)
    if source_rate == target_rate or not pcm:
        return pcm
    wanted = SAMPLE_BYTES * round(len(pcm) // SAMPLE_BYTES * target_rate / source_rate)
    if _installed("soxr") and _installed("numpy"):
        other = _by_soxr(pcm, source_rate, target_rate)
    else:
        stream = resampler(source_rate, target_rate)
        other = stream.process(pcm) + stream.flush()
    return other[:wanted].ljust(wanted, b"\0")


class Unchanged:
    """Both rates are the same."""

    def process(self, pcm: bytes) -> bytes:
        """Return what was given."""
        return pcm

    def flush(self) -> bytes:
        """Nothing is ever held back."""
        return b""


def _check(*rates: int) -> None:
    for rate in rates:
        if not 1000 <= rate <= 768_000:
            raise ValueError(f"a sample rate of {rate} is not possible: give one of 1000 to 768000 samples a second")


def _installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _by_soxr(pcm: bytes, source_rate: int, target_rate: int) -> bytes:
    numpy: Any = importlib.import_module("numpy")
    soxr: Any = importlib.import_module("soxr")
    values = numpy.frombuffer(pcm[: len(pcm) & ~1], dtype="<i2").astype("int16", copy=False)
    other: bytes = soxr.resample(values, source_rate, target_rate, quality="VHQ").astype("<i2", copy=False).tobytes()
    return other
