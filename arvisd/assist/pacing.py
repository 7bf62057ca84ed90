"""An output for sites whose sound is played elsewhere: it takes sound as fast as it would be heard."""

from __future__ import annotations

from arvisd.assist.site import AudioOutput
from arvisd.core.clock import Clock

LEAD_SECONDS = 0.15
"""So much is sent ahead of time: with it a page that was measured got no packet late."""


class PacedOutput(AudioOutput):
    """Plays into the void, in time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ends = 0.0

    async def write(self, pcm: bytes, rate: int) -> None:
        """Take mono s16le; waits while more than the lead is ahead."""
        now = self._clock.monotonic()
        self._ends = max(self._ends, now) + len(pcm) / 2 / rate
        ahead = self._ends - now - LEAD_SECONDS
        if ahead > 0:
            await self._clock.sleep(ahead)

    async def drain(self) -> None:
        """Wait until all of it would have been heard."""
        left = self._ends - self._clock.monotonic()
        if left > 0:
            await self._clock.sleep(left)

    def abort(self) -> int:
        """Drop what is ahead; return how many ms that was."""
        left = max(0.0, self._ends - self._clock.monotonic())
        self._ends = 0.0
        return round(left * 1000)

    @property
    def playing(self) -> bool:
        """Whether something would still be heard."""
        return self._ends > self._clock.monotonic()
