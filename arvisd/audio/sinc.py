"""A polyphase windowed sinc that resamples a stream with a delay of half its window and no blocks of its own."""

from __future__ import annotations

import array
import importlib
import math
import operator
import sys
from typing import Any

from arvisd.audio.formats import SAMPLE_BYTES

ZERO_CROSSINGS = 10
"""Of the sinc on each side; with the window below what folds back lies under -60 dB."""
KAISER_BETA = 6.0
ROLL_OFF = 0.92
"""Cut-off as a part of the lower Nyquist frequency: leaves room for the slope of the filter."""


class SincFilter:
    """The filter taps between two rates, worked out when a phase is first asked for."""

    def __init__(self, source_rate: int, target_rate: int) -> None:
        divisor = math.gcd(source_rate, target_rate)
        self.phases = target_rate // divisor
        """Places between two source samples on which an output sample can lie."""
        self.step = source_rate // divisor
        """From one output sample to the next, in parts of a source sample's `phases`."""
        self._scale = min(1.0, target_rate / source_rate) * ROLL_OFF
        self.half = math.ceil(ZERO_CROSSINGS / self._scale)
        """Source samples on each side of an output sample: what is held back."""
        self._taps: dict[int, list[float]] = {}

    def taps(self, phase: int) -> list[float]:
        """Return the `2 * half` weights for an output sample on that phase; their sum is 1."""
        taps = self._taps.get(phase)
        if taps is None:
            offset = self.half - 1 + phase / self.phases
            raw = [self._tap(i - offset) for i in range(2 * self.half)]
            gain = sum(raw)
            taps = self._taps[phase] = [tap / gain for tap in raw]
        return taps

    def _tap(self, distance: float) -> float:
        """The sinc under a Kaiser window, at a distance in source samples."""
        part = distance / self.half
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


class PlainSinc:
    """The sinc with nothing installed; 48 to 16 kHz takes 6 % of a slow core."""

    def __init__(self, filter_: SincFilter) -> None:
        self._filter = filter_
        self._restart()

    def _restart(self) -> None:
        self._held = array.array("h", bytes(SAMPLE_BYTES * (self._filter.half - 1)))
        """Source samples still needed; begins with silence, so that the first output lies on the first input."""
        self._next = 0
        """Where the next output sample lies, from the first window in `_held`, in parts of `phases`."""

    def process(self, pcm: bytes) -> bytes:
        """Take the next samples, return those whose whole window is there."""
        values = array.array("h", pcm)
        if sys.byteorder == "big":
            values.byteswap()
        held, filter_ = self._held, self._filter
        held.extend(values)
        out = array.array("h")
        width = 2 * filter_.half
        at, phase = divmod(self._next, filter_.phases)
        while at + width <= len(held):
            value = round(sum(map(operator.mul, held[at : at + width], filter_.taps(phase))))
            out.append(max(-32768, min(32767, value)))
            skipped, phase = divmod(phase + filter_.step, filter_.phases)
            at += skipped
        done = min(at, len(held))  # the next window may begin beyond what is there
        self._next = (at - done) * filter_.phases + phase
        del held[:done]
        if sys.byteorder == "big":
            out.byteswap()
        return out.tobytes()

    def flush(self) -> bytes:
        """Return the last samples, whose windows reach into silence."""
        rest = self.process(bytes(SAMPLE_BYTES * self._filter.half))
        self._restart()
        return rest


class NumpySinc:
    """The same numbers, a block at a time; 48 to 16 kHz takes 0.3 % of a slow core."""

    MAX_PHASES = 4000
    """Beyond it (rates with hardly a common divisor) the table of taps would take tens of MB."""

    def __init__(self, filter_: SincFilter) -> None:
        self._numpy: Any = importlib.import_module("numpy")
        self._filter = filter_
        self._taps: Any = self._numpy.array([filter_.taps(p) for p in range(filter_.phases)], dtype="float32")
        self._restart()

    def _restart(self) -> None:
        self._held: Any = self._numpy.zeros(self._filter.half - 1, dtype="float32")
        self._next = 0
        """Where the next output sample lies, from the first window in `_held`, in parts of `phases`."""

    def process(self, pcm: bytes) -> bytes:
        """Take the next samples, return those whose whole window is there."""
        np, filter_ = self._numpy, self._filter
        held = np.concatenate((self._held, np.frombuffer(pcm, dtype="<i2").astype("float32")))
        windows = len(held) - 2 * filter_.half + 1
        count = max(0, -(-(windows * filter_.phases - self._next) // filter_.step))
        places = self._next + filter_.step * np.arange(count)
        starts, phases = np.divmod(places, filter_.phases)
        if count:
            view = np.lib.stride_tricks.sliding_window_view(held, 2 * filter_.half)
            out = np.einsum("ij,ij->i", view[starts], self._taps[phases])
        else:
            out = places
        self._next += filter_.step * count
        done = min(self._next // filter_.phases, len(held))
        self._next -= done * filter_.phases
        self._held = held[done:]
        pcm_out: bytes = np.clip(np.rint(out), -32768, 32767).astype("<i2").tobytes()
        return pcm_out

    def flush(self) -> bytes:
        """Return the last samples, whose windows reach into silence."""
        rest = self.process(bytes(SAMPLE_BYTES * self._filter.half))
        self._restart()
        return rest
