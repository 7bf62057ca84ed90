"""When a sample was spoken: positions in a live stream on the monotonic clock."""

from __future__ import annotations

from arvisd.audio.formats import SAMPLE_RATE

WINDOW = 2.0
"""Seconds over which the promptest arrival is remembered; longer ones would miss a lost piece of the stream."""


class SampleClock:
    """Sound arrives late by what it waited for on its way; the promptest arrival of late is nearest to the truth."""

    def __init__(self) -> None:
        self.position = 0
        """Samples that have arrived."""
        self._zero = float("inf")
        """Time of sample 0, by the promptest arrival of this window."""
        self._zero_before = float("inf")
        self._turned = float("-inf")

    def arrived(self, samples: int, now: float) -> None:
        """Note that so many more samples are there now."""
        if now - self._turned >= WINDOW:
            self._zero_before, self._zero, self._turned = self._zero, float("inf"), now
        self.position += samples
        self._zero = min(self._zero, now - self.position / SAMPLE_RATE)

    def time_of(self, position: int) -> float:
        """Return when the sample at a position was spoken, in monotonic seconds."""
        return min(self._zero, self._zero_before) + position / SAMPLE_RATE
