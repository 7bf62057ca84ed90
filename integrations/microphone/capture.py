"""A site's ear: the microphone's callback copies bytes into a ring, the reader makes 16 kHz frames of them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

from arvisd.api import (
    FRAME_MS,
    SAMPLE_RATE,
    AudioInput,
    Clock,
    Framer,
    FrameRing,
    Resampler,
    RingClosedError,
    frames_in,
    resampler,
)

from .line import Line
from .portaudio import Device, PortAudio
from .settings import Rate

RING_SECONDS = 2.0
"""What is held for a reader that is late; older sound is worth nothing to a conversation."""

LATENCY_SECONDS = 0.2
"""What the device may hold back while this process is busy: bit-exact under load, where PortAudio's default was not.
In 20 ms blocks it adds 10 ms on average over half of it (docs/audio.md)."""


class Microphone(Line, AudioInput):
    """One microphone of one site."""

    direction = "input"

    def __init__(
        self, portaudio: PortAudio, clock: Clock, log: logging.Logger, site: str, name: str, rate: Rate
    ) -> None:
        super().__init__(portaudio, clock, log, site, name)
        self.overflows = 0
        """How often the device itself lost sound because its callback came late."""
        self._wanted_rate = rate
        self._ring = FrameRing(frames_in(RING_SECONDS))
        self._framer = Framer()
        self._resampler: Resampler = resampler(SAMPLE_RATE, SAMPLE_RATE)
        self._read = False

    @property
    def dropped(self) -> int:
        """How many frames were lost because nobody took them in time."""
        return self._ring.dropped

    async def frames(self) -> AsyncIterator[bytes]:
        """Yield 16 kHz mono s16le, 20 ms each, from now on; nothing while the device is away."""
        self._ring.clear()
        self._read = True
        try:
            while True:
                for frame in self._framer.cut(self._resampler.process(await self._ring.get())):
                    yield frame
        except RingClosedError:
            return
        finally:
            self._read = False

    def end(self) -> None:
        """The site goes away: end the iterator."""
        self._ring.close()

    def opened(self) -> None:
        """Begin a new stream of samples."""
        self._ring.clear()
        self._framer = Framer()
        self._resampler = resampler(self.rate, SAMPLE_RATE)

    def make_stream(self, sounddevice: Any, device: Device, finished: Callable[[], None]) -> Any:
        """Open the device at 16 kHz where it takes that, else at its own rate."""
        rate = self._wanted_rate if self._wanted_rate != "auto" else self._best_rate(sounddevice, device)

        def callback(data: Any, _frames: int, _time: Any, status: Any) -> None:
            # PortAudio's thread: nothing here waits or works. The buffer is PortAudio's own, hence the copy.
            self._callbacks += 1
            if status.input_overflow:
                self.overflows += 1
            if self._read:
                self._ring.put(bytes(data))

        return sounddevice.RawInputStream(
            samplerate=rate,
            blocksize=rate * FRAME_MS // 1000,
            device=device.index,
            channels=1,
            dtype="int16",
            latency=LATENCY_SECONDS,
            callback=callback,
            finished_callback=finished,
        )

    @staticmethod
    def _best_rate(sounddevice: Any, device: Device) -> int:
        try:
            sounddevice.check_input_settings(device.index, channels=1, dtype="int16", samplerate=SAMPLE_RATE)
        except sounddevice.PortAudioError:
            return device.rate
        return SAMPLE_RATE
