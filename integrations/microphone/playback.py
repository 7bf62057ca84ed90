"""A site's voice: one long-lived stream, fed with what is queued and with silence in between."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Any

from arvisd.api import AudioOutput, Clock, Framer, Resampler, resampler

from .line import Line
from .portaudio import Device, PortAudio
from .settings import Rate

BLOCK_MS = 20
"""What the device is given at a time: half of the 40 ms within which an interruption must be heard."""

QUEUE_BLOCKS = 20
"""0.4 s: so much may be queued before a writer waits."""

CUSHION_SECONDS = (0.08, 0.30)
"""What the device holds, at first and at most. 0.08 s ran without a gap on two busy cores; at 0.06 s PulseAudio
fell into endless underruns. Each time it does not do, it becomes CUSHION_STEP more."""
CUSHION_STEP = 0.04
UNDERRUNS = 3
"""In one second: more are no accident, the device needs a longer cushion."""


class Speaker(Line, AudioOutput):
    """One speaker of one site."""

    direction = "output"

    def __init__(
        self, portaudio: PortAudio, clock: Clock, log: logging.Logger, site: str, name: str, rate: Rate
    ) -> None:
        super().__init__(portaudio, clock, log, site, name)
        self.underruns = 0
        """How often the device had nothing to play."""
        self.cushion = CUSHION_SECONDS[0]
        """Seconds that the device is asked to hold."""
        self._wanted_rate = rate
        self._queue: deque[bytes] = deque()
        self._room = asyncio.Event()
        self._waiting = False
        self._utterance = 0
        """Grows with every abort: a writer that waited meanwhile has nothing more to say."""
        self._source_rate = 0
        self._resampler: Resampler = resampler(16_000, 16_000)
        self._framer = Framer(1)
        self._flushing = False
        """Set while the stream is stopped only to empty the device."""
        self._finished: Callable[[], None]
        self._underruns_seen = 0
        # The device's time line, in its own samples, written by the callback.
        self._given = 0
        self._speech_from = 0
        self._speech_until = 0
        self._mark = (0.0, 0)
        """When (monotonic) which sample is heard."""

    # What the pipeline calls

    async def write(self, pcm: bytes, rate: int) -> None:
        """Queue mono s16le; waits while the queue is full; without a device it is dropped at once."""
        await self.settled.wait()
        if self._stream is None:
            return
        if rate != self._source_rate:
            self._put(self._framer.cut(self._resampler.flush()))
            self._resampler, self._source_rate = resampler(rate, self.rate), rate
        utterance = self._utterance
        # resampled piece by piece, so that a long sentence neither blocks the loop nor outlives an abort
        step = rate * BLOCK_MS // 1000 * 2
        for at in range(0, len(pcm), step):
            self._put(self._framer.cut(self._resampler.process(pcm[at : at + step])))
            await self._until_room()
            if utterance != self._utterance:
                return

    async def drain(self) -> None:
        """Wait until the device itself has played all that was written."""
        if self._stream is None:
            return
        self._put(self._framer.cut(self._resampler.flush()))
        if rest := self._framer.flush():
            self._put([rest])
        while (seconds := self._unheard_seconds()) > 0:
            await self._clock.sleep(min(max(seconds, 0.002), 0.1))

    def abort(self) -> int:
        """Drop what is queued and what the device still holds; return how many ms of it were not heard."""
        unheard = self._unheard_seconds()
        self._forget()
        if unheard and self._stream is not None:
            stream = self._stream
            self._portaudio.post(stream, lambda: self._drop_device_buffer(stream))
        return round(unheard * 1000)

    @property
    def playing(self) -> bool:
        """Whether something written is still to be heard."""
        return self._unheard_seconds() > 0

    @property
    def latency(self) -> float:
        """Seconds from a write, while nothing else is queued, until its first sample is heard."""
        if self._stream is None:
            return 0.0
        when, sample = self._mark
        return max(0.0, when + (self._given - sample) / self.rate - self._clock.monotonic())

    # The stream

    def opened(self) -> None:
        """Begin a new time line."""
        self._underruns_seen = self.underruns
        self._resampler, self._source_rate = resampler(self.rate, self.rate), self.rate
        self._forget()

    def lost(self) -> None:
        """What was to be said will not be heard; let whoever waits go on."""
        self._forget()

    def checked(self) -> bool:
        """Give a device that runs dry again and again a longer cushion, once it is not speaking."""
        new, self._underruns_seen = self.underruns - self._underruns_seen, self.underruns
        if new < UNDERRUNS or self.cushion >= CUSHION_SECONDS[1]:
            return True
        if self.playing:
            self._underruns_seen -= new  # to be seen again at the next look
            return True
        self.cushion = min(CUSHION_SECONDS[1], self.cushion + CUSHION_STEP)
        self._log.info(
            "site %s: speaker %r ran dry %d times in a second; it gets %.0f ms", self.site, self.device, new,
            self.cushion * 1000,
        )  # fmt: skip
        return False

    def make_stream(self, sounddevice: Any, device: Device, finished: Callable[[], None]) -> Any:
        """Open the device at its own rate; what is written is resampled here, better than a driver does it."""
        rate = device.rate if self._wanted_rate == "auto" else self._wanted_rate
        block = rate * BLOCK_MS // 1000
        silence = bytes(2 * block)
        self._framer = Framer(2 * block)
        self._given = self._speech_from = self._speech_until = 0
        self._mark = (self._clock.monotonic(), 0)

        def callback(data: Any, _frames: int, time: Any, status: Any) -> None:
            # PortAudio's thread: nothing here waits or works.
            self._callbacks += 1
            if status.output_underflow:
                self.underruns += 1
            ahead = time.outputBufferDacTime - time.currentTime
            self._mark = (self._clock.monotonic() + max(0.0, min(ahead, 2.0)), self._given)
            try:
                data[:] = self._queue.popleft()
            except IndexError:
                data[:] = silence
                self._given += block
                return
            if self._speech_until != self._given:
                self._speech_from = self._given
            self._given += block
            self._speech_until = self._given
            if self._waiting and len(self._queue) < QUEUE_BLOCKS:
                self._waiting = False
                self._wake()

        self._finished = finished

        def ended() -> None:
            if not self._flushing:
                finished()

        return sounddevice.RawOutputStream(
            samplerate=rate,
            blocksize=block,
            device=device.index,
            channels=1,
            dtype="int16",
            latency=self.cushion,
            callback=callback,
            finished_callback=ended,
        )

    def _drop_device_buffer(self, stream: Any) -> None:
        """Runs in PortAudio's thread; takes 2 ms, and what the device held is never heard."""
        self._flushing = True
        try:
            stream.abort()
            self._flushing = False
            stream.start()
        except Exception:
            self._finished()
            raise
        finally:
            self._flushing = False

    def _wake(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._room.set)
        except RuntimeError:  # the event loop is gone
            return

    def _put(self, blocks: list[bytes]) -> None:
        self._queue.extend(blocks)

    async def _until_room(self) -> None:
        while len(self._queue) >= QUEUE_BLOCKS:
            self._room.clear()
            self._waiting = True
            if len(self._queue) >= QUEUE_BLOCKS:
                await self._room.wait()
        self._waiting = False

    def _forget(self) -> None:
        self._utterance += 1
        self._queue.clear()
        self._framer.flush()
        self._resampler.flush()
        self._speech_from = self._speech_until = self._given
        self._room.set()

    def _unheard_seconds(self) -> float:
        """How much of what was written is still to be heard: queued, or on its way through the device."""
        if self._stream is None or not self.rate:
            return 0.0
        queued = sum(map(len, self._queue)) // 2
        when, sample = self._mark
        heard = sample + (self._clock.monotonic() - when) * self.rate
        on_the_way = max(0.0, self._speech_until - max(heard, self._speech_from))
        return (queued + on_the_way) / self.rate
