"""One direction of one site: opens its device, watches it, and opens it again when it was lost."""

from __future__ import annotations

import abc
import asyncio
import enum
import logging
from collections.abc import Callable
from typing import Any

from arvisd.api import Clock

from .portaudio import WORDS, Device, DeviceAbsentError, Direction, PortAudio

CHECK_SECONDS = 1.0
"""How often a running stream is looked at."""

SILENT_SECONDS = 5.0
"""A stream that gives nothing for that long is opened anew; a sound server that was asleep takes up to 2 s."""

RETRY_SECONDS = (1.0, 30.0)
"""First and longest wait before the next attempt; doubled each time."""


class Status(enum.StrEnum):
    """How a device is doing; the state of its entity."""

    OK = "ok"
    ABSENT = "absent"
    """It is not there or does not open."""
    SILENT = "silent"
    """It is open, but the sound system moves nothing."""


class Line(abc.ABC):
    """Supervises one stream; what the stream does in its callback is the subclass's."""

    direction: Direction

    def __init__(self, portaudio: PortAudio, clock: Clock, log: logging.Logger, site: str, name: str) -> None:
        self.site = site
        self.status = Status.ABSENT
        self.device = ""
        """Name of the device that is or was open."""
        self.rate = 0
        """Samples a second at which the device runs."""
        self.detail = ""
        """Why it is not ok."""
        self.on_change: Callable[[bool], object] = lambda news: None
        """Called when `status` or `detail` changed; true when a person should be told."""
        self.settled = asyncio.Event()
        """Set once the first attempt has succeeded or failed."""
        self._portaudio = portaudio
        self._clock = clock
        self._log = log
        self._name = name
        self._stream: Any = None
        self._callbacks = 0
        """Counted by the callback: how the watcher sees that sound moves."""
        self._ended = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop

    @abc.abstractmethod
    def make_stream(self, sounddevice: Any, device: Device, finished: Callable[[], None]) -> Any:
        """Return a stream, not started yet; runs in PortAudio's thread."""

    def opened(self) -> None:  # noqa: B027  (most have nothing to add)
        """A stream runs; called on the event loop."""

    def lost(self) -> None:  # noqa: B027
        """The stream is gone; called on the event loop."""

    def checked(self) -> bool:
        """Look at the running stream once a second; return False to have it opened anew."""
        return True

    async def run(self) -> None:
        """Keep the device open until cancelled."""
        self._loop = asyncio.get_running_loop()
        pause, longest = RETRY_SECONDS
        while True:
            try:
                self._stream = await self._portaudio.open(self._name, self.direction, self._make)
            except DeviceAbsentError as error:
                self._change(Status.ABSENT, str(error))
            else:
                before = self._callbacks
                self.opened()
                self.settled.set()
                try:
                    await self._watch()
                finally:
                    stream, self._stream = self._stream, None
                    self.lost()
                await self._portaudio.close(stream)
                if self._callbacks > before:
                    pause = RETRY_SECONDS[0]
                if self.status is Status.OK:  # it is only to be opened anew
                    continue
            self.settled.set()
            await self._clock.sleep(pause)
            pause = min(pause * 2, longest)

    def _make(self, sounddevice: Any, device: Device) -> Any:
        loop, self._ended = self._loop, asyncio.Event()
        ended = self._ended

        def finished() -> None:
            try:
                loop.call_soon_threadsafe(ended.set)
            except RuntimeError:  # the event loop is gone
                return

        stream = self.make_stream(sounddevice, device, finished)
        self.device, self.rate = device.name, round(stream.samplerate)
        return stream

    async def _watch(self) -> None:
        """Return when the stream has ended or gives nothing any more."""
        seen, since = self._callbacks, self._clock.monotonic()
        while True:
            try:
                await self._clock.wait_for(self._ended.wait(), CHECK_SECONDS)
            except TimeoutError:
                pass
            else:
                self._change(
                    Status.ABSENT,
                    f"{WORDS[self.direction]} {self.device!r} was lost: unplugged, or the sound server ended",
                )
                return
            if self._callbacks != seen:
                seen, since = self._callbacks, self._clock.monotonic()
                self._change(Status.OK, "")
                if not self.checked():
                    return
            elif self._clock.monotonic() - since >= SILENT_SECONDS:
                self._change(
                    Status.SILENT,
                    f"{WORDS[self.direction]} {self.device!r} is open, but nothing moves: is it suspended?",
                )
                return

    def _change(self, status: Status, detail: str) -> None:
        """Say it once: how it came to be away, not every attempt after that."""
        if (status, detail) == (self.status, self.detail):
            return
        news = status is not self.status or not self.detail
        self.status, self.detail = status, detail
        if status is Status.OK:
            self._log.info("site %s: %s %r at %d Hz", self.site, WORDS[self.direction], self.device, self.rate)
        elif news:
            self._log.warning("site %s: %s; going on without it and trying again", self.site, detail)
        self.on_change(news)
