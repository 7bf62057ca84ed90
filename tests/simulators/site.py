"""A microphone and a speaker in virtual time, exact to the sample."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from arvisd.assist.site import AudioInput, AudioOutput
from tests.simulators.clock import FakeClock

FRAME = 640


class FakeMicrophone(AudioInput):
    """Hears silence but for what `hear` gives it."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._pending = b""
        self._ended = False

    def hear(self, pcm: bytes) -> None:
        """Let it hear that, after what it was given before."""
        self._pending += pcm

    def end(self) -> None:
        """End the site's sound."""
        self._ended = True

    async def frames(self) -> AsyncIterator[bytes]:
        begun, count = self._clock.monotonic(), 0
        while not self._ended:
            count += 1
            await self._clock.sleep(max(0.0, begun + count * 0.02 - self._clock.monotonic()))
            frame, self._pending = self._pending[:FRAME], self._pending[FRAME:]
            yield frame.ljust(FRAME, b"\0")


class FakeSpeaker(AudioOutput):
    """Plays in virtual time; holds `buffer` seconds; knows what was really heard."""

    def __init__(self, clock: FakeClock, buffer: float = 0.2) -> None:
        self._clock = clock
        self._buffer = buffer
        self._ends = 0.0
        self._freed = asyncio.Event()
        self.heard: list[tuple[float, bytes, int]] = []
        """When, what and at which rate."""
        self.aborts = 0

    async def write(self, pcm: bytes, rate: int) -> None:
        while (ahead := self._ends - self._clock.monotonic()) > self._buffer + 1e-9:
            await self._clock.sleep(ahead - self._buffer)
        begin = max(self._ends, self._clock.monotonic())
        self.heard.append((begin, pcm, rate))
        self._ends = begin + len(pcm) / 2 / rate

    async def drain(self) -> None:
        while (left := self._ends - self._clock.monotonic()) > 1e-9:
            await self._clock.sleep(left)

    def abort(self) -> int:
        self.aborts += 1
        now = self._clock.monotonic()
        unheard = max(0.0, self._ends - now)
        kept = []
        for begin, pcm, rate in self.heard:
            samples = max(0, min(len(pcm) // 2, round((now - begin) * rate)))
            if samples:
                kept.append((begin, pcm[: samples * 2], rate))
        self.heard = kept
        self._ends = min(self._ends, now)
        return round(unheard * 1000)

    @property
    def playing(self) -> bool:
        return self._ends > self._clock.monotonic()

    @property
    def pcm(self) -> bytes:
        """All that was heard."""
        return b"".join(pcm for _, pcm, _ in self.heard)

    @property
    def heard_ms(self) -> float:
        return sum(len(pcm) / 2 / rate * 1000 for _, pcm, rate in self.heard)
