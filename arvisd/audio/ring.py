"""Bounded rings of frames: between a sound card's thread and the event loop, and for what was heard just before."""

from __future__ import annotations

import asyncio
from collections import deque

from arvisd.audio.formats import FRAME_MS, SAMPLE_BYTES, SAMPLE_RATE, samples_of

PRE_ROLL_SECONDS = 1.5
"""Enough for "hey jarvis" and the lag of its detection, so that a command said without a pause is whole."""


class RingClosedError(Exception):
    """The ring was closed and has been emptied: no frame will come any more."""


class FrameRing:
    """Hands frames from one thread to one task of the event loop; when it is full the oldest is dropped and counted.

    `put` takes no lock, calls nothing that blocks and can be used in a PortAudio callback: appending to
    and popping from a deque are atomic, only the producer appends and thus the bound holds, and each
    frame is taken out exactly once, by the reader or by the producer, who counts it as dropped.
    """

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"a ring holds at least 1 frame, not {capacity}")
        self.capacity = capacity
        """How many frames it holds."""
        self.dropped = 0
        """How many frames were dropped because nobody took them in time."""
        self._frames: deque[bytes] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._waiting = False
        self._closed = False

    def __len__(self) -> int:
        return len(self._frames)

    def put(self, frame: bytes) -> None:
        """Add a frame, from any one thread; ignored once the ring is closed."""
        if self._closed:
            return
        while len(self._frames) >= self.capacity:
            try:
                self._frames.popleft()
            except IndexError:  # the reader was quicker
                break
            self.dropped += 1
        self._frames.append(frame)
        if self._waiting:
            self._waiting = False
            self._notify()

    async def get(self) -> bytes:
        """Return the oldest frame, waiting for one; raise RingClosedError when it is empty and closed.

        Cancelling it loses no frame.
        """
        while True:
            try:
                return self._frames.popleft()
            except IndexError:
                pass
            if self._closed:
                raise RingClosedError
            self._loop = asyncio.get_running_loop()
            self._wake.clear()
            self._waiting = True
            # Looked at again after saying that we wait: a frame put in between has woken nobody.
            if not self._frames and not self._closed:
                await self._wake.wait()
            self._waiting = False

    def clear(self) -> int:
        """Drop what is held, from the reader's side, without counting it; return how many frames that were."""
        count = 0
        while True:
            try:
                self._frames.popleft()
            except IndexError:
                return count
            count += 1

    def close(self) -> None:
        """Take no more frames; the reader gets what is held, then RingClosedError."""
        self._closed = True
        self._notify()

    def _notify(self) -> None:
        if self._loop is None:
            return
        try:
            self._loop.call_soon_threadsafe(self._wake.set)
        except RuntimeError:  # the loop is closed: the daemon is going down, nobody waits any more
            self._loop = None


class PreRoll:
    """Keeps the last seconds of a stream, so that recognition can begin before the wake word was detected."""

    def __init__(self, seconds: float = PRE_ROLL_SECONDS, rate: int = SAMPLE_RATE) -> None:
        self.capacity = samples_of(seconds, rate) * SAMPLE_BYTES
        """How many bytes it keeps."""
        self._frames: deque[bytes] = deque()
        self._held = 0
        self.position = 0
        """Samples that were ever added: the position of the stream's next sample."""

    def add(self, frame: bytes) -> None:
        """Append mono s16le of any length; whole frames that are too old are forgotten."""
        self._frames.append(frame)
        self._held += len(frame)
        self.position += len(frame) // SAMPLE_BYTES
        while self._held - len(self._frames[0]) >= self.capacity:
            self._held -= len(self._frames.popleft())

    def last(self, seconds: float | None = None, rate: int = SAMPLE_RATE) -> bytes:
        """Return what was heard last, at most that long, oldest first; None: all that is kept."""
        size = self.capacity if seconds is None else min(self.capacity, samples_of(seconds, rate) * SAMPLE_BYTES)
        held = b"".join(self._frames)
        return held[max(0, len(held) - size) :]

    def clear(self) -> None:
        """Forget what was heard; the position goes on."""
        self._frames.clear()
        self._held = 0


def frames_in(seconds: float, frame_ms: float = FRAME_MS) -> int:
    """Return how many frames a ring must hold for that many seconds, at least one."""
    return max(1, round(seconds * 1000 / frame_ms))
