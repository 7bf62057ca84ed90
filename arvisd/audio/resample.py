"""Streaming change of the sample rate: soxr where it is installed, else a windowed sinc in plain Python."""

from __future__ import annotations

import abc
import array
import importlib
import importlib.util
import math
import operator
import sys
from typing import Any

from arvisd.audio.formats import SAMPLE_BYTES

LIVE = "LQ"
"""soxr's quality for live sound: it holds back 11 ms on average in 20 ms blocks, where HQ holds 21 and VHQ 42."""
OFFLINE = "VHQ"
"""soxr's quality for files, where nobody waits."""

ZERO_CROSSINGS = 10
"""Of the sinc on each side: 55 dB of stop band under the window below, twice what a speech model notices."""
KAISER_BETA = 6.0
ROLL_OFF = 0.92
"""Cut-off as a part of the lower Nyquist frequency; leaves room for the slope of the filter."""


class Resampler(abc.ABC):
    """Changes the rate of one mono s16le stream; keeps its state between the pieces."""

    @abc.abstractmethod
    def process(self, pcm: bytes) -> bytes:
        """Take the next samples, return those of the other rate that are ready."""

    @abc.abstractmethod
    def flush(self) -> bytes:
        """Return what was held back; the next samples begin a new stream."""


def resampler(source_rate: int, target_rate: int, quality: str = LIVE) -> Resampler:
    """Return a resampler for one stream.

    Args:
        source_rate: samples a second of what goes in.
        target_rate: samples a second of what comes out.
        quality: `LIVE` or `OFFLINE`; plain Python has one quality for both.
    """
    for rate in (source_rate, target_rate):
        if not 1000 <= rate <= 768_000:
            raise ValueError(f"a sample rate of {rate} is not possible: give one of 1000 to 768000 samples a second")
    if source_rate == target_rate:
        return Unchanged()
    if importlib.util.find_spec("soxr") is not None and importlib.util.find_spec("numpy") is not None:
        return SoxrResampler(source_rate, target_rate, quality)
    return SincResampler(source_rate, target_rate)


def resample(pcm: bytes, source_rate: int, target_rate: int) -> bytes:
    """Return a whole recording at another rate; its length is right to the sample."""
    if source_rate == target_rate:
        return pcm
    stream = resampler(source_rate, target_rate, OFFLINE)
    wanted = SAMPLE_BYTES * round(len(pcm) // SAMPLE_BYTES * target_rate / source_rate)
    return (stream.process(pcm) + stream.flush())[:wanted].ljust(wanted, b"\0")


class Unchanged(Resampler):
    """Both rates are the same."""

    def process(self, pcm: bytes) -> bytes:
        """Return what was given."""
        return pcm

    def flush(self) -> bytes:
        """Nothing is ever held back."""
        return b""


class SoxrResampler(Resampler):
    """soxr, the resampler of the well-known sound tools; its numpy is imported when the first stream is made."""

    def __init__(self, source_rate: int, target_rate: int, quality: str) -> None:
        self._numpy: Any = importlib.import_module("numpy")
        soxr = importlib.import_module("soxr")
        self._stream: Any = soxr.ResampleStream(source_rate, target_rate, 1, dtype="int16", quality=quality)

    def process(self, pcm: bytes) -> bytes:
        """Take the next samples, return those that are ready."""
        return self._run(pcm, last=False)

    def flush(self) -> bytes:
        """Return what soxr held back."""
        rest = self._run(b"", last=True)
        self._stream.clear()
        return rest

    def _run(self, pcm: bytes, *, last: bool) -> bytes:
        values = self._numpy.frombuffer(pcm, dtype="<i2")
        out: bytes = self._stream.resample_chunk(values, last=last).astype("<i2", copy=False).tobytes()
        return out


class SincResampler(Resampler):
    """A polyphase windowed sinc; 48 to 16 kHz takes about 5 % of a slow core, and holds back under 1 ms."""

    def __init__(self, source_rate: int, target_rate: int) -> None:
        divisor = math.gcd(source_rate, target_rate)
        self._up = target_rate // divisor
        self._down = source_rate // divisor
        self._scale = min(1.0, target_rate / source_rate) * ROLL_OFF
        self._half = math.ceil(ZERO_CROSSINGS / self._scale)
        """Source samples on each side of an output sample."""
        self._filters: dict[int, list[float]] = {}
        self._restart()

    def _restart(self) -> None:
        self._held = array.array("h", bytes(2 * (self._half - 1)))
        """Source samples still needed; begins with silence, so that the first output lies on the first input."""
        self._at = 0
        """Where the next output sample's window begins in `_held`."""
        self._phase = 0
        """How far the output sample lies behind a source sample, in parts of `_up`."""

    def process(self, pcm: bytes) -> bytes:
        """Take the next samples, return those whose whole window is there."""
        values = array.array("h", pcm)
        if sys.byteorder == "big":
            values.byteswap()
        self._held.extend(values)
        out = array.array("h")
        width = 2 * self._half
        while self._at + width <= len(self._held):
            window = self._held[self._at : self._at + width]
            value = round(sum(map(operator.mul, window, self._filter(self._phase))))
            out.append(max(-32768, min(32767, value)))
            steps, self._phase = divmod(self._phase + self._down, self._up)
            self._at += steps
        done = min(self._at, len(self._held))
        del self._held[:done]
        self._at -= done
        if sys.byteorder == "big":
            out.byteswap()
        return out.tobytes()

    def flush(self) -> bytes:
        """Return the last samples, whose windows reach into silence."""
        rest = self.process(bytes(SAMPLE_BYTES * self._half))
        self._restart()
        return rest

    def _filter(self, phase: int) -> list[float]:
        taps = self._filters.get(phase)
        if taps is None:
            offset = phase / self._up
            raw = [self._tap(i - (self._half - 1) - offset) for i in range(2 * self._half)]
            gain = sum(raw)
            taps = self._filters[phase] = [tap / gain for tap in raw]
        return taps

    def _tap(self, distance: float) -> float:
        """The sinc, under a Kaiser window, at a distance in source samples."""
        part = distance / self._half
        if abs(part) >= 1:
            return 0.0
        angle = math.pi * distance * self._scale
        sinc = math.sin(angle) / angle if angle else 1.0
        return sinc * _bessel(KAISER_BETA * math.sqrt(1 - part * part))


def _bessel(x: float) -> float:
    """The modified Bessel function of order zero, by its series."""
    total = term = 1.0
    for k in range(1, 30):
        term *= (x / (2 * k)) ** 2
        total += term
    return total
