"""PortAudio, which is one for the whole process: its one thread, its devices by name, and looking for them anew."""

from __future__ import annotations

import asyncio
import atexit
import importlib
import logging
import queue
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from arvisd.api import ArvisError, Clock, SetupError

T = TypeVar("T")
Direction = Literal["input", "output"]

ANSWER_SECONDS = 6.0
"""A sound system that has not opened a device by then hangs; a busy machine takes a tenth of a second."""

JOIN_SECONDS = 1.0
"""How long a stop waits for the thread: closing takes 20 ms, and PortAudio must not be ended under it at exit."""

_CARDS = Path("/proc/asound/cards")
WORDS = {"input": "microphone", "output": "speaker"}


class DeviceAbsentError(ArvisError):
    """A device is not there or cannot be opened; the text says which, and what there is."""


class Device(msgspec.Struct, frozen=True):
    """One device in one direction."""

    index: int
    """PortAudio's number; changes whenever something is plugged in, so it is never kept."""
    name: str
    rate: int
    """Its own samples a second."""


class PortAudio:
    """Does everything that touches PortAudio's global state in one thread, so that nothing is opened while it restarts.

    The thread is a daemon, and it is given up when it hangs: PortAudio 19.6 waits for ever in Pa_StartStream when the
    sound server dies in that very moment. What is open then, and opening, go on in a new thread; only restarting
    PortAudio, which would end the process by a failed assertion, is not done any more.
    """

    def __init__(self, clock: Clock, log: logging.Logger) -> None:
        self._clock = clock
        self._log = log
        self._work: queue.SimpleQueue[Callable[[], None] | None]
        self._thread: threading.Thread
        self._begin_thread()
        self._sounddevice: Any = None
        self._streams: set[Any] = set()
        self._cards = ""
        self._fresh = False
        """Whether the list of devices was made just now."""
        self._hung = False
        """Whether a thread had to be given up inside PortAudio."""
        self._touched: Any = None
        """The stream that the thread is busy with."""

    def _begin_thread(self) -> None:
        self._work = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, args=(self._work,), name="portaudio", daemon=True)
        self._thread.start()

    @staticmethod
    def _run(works: queue.SimpleQueue[Callable[[], None] | None]) -> None:
        while (work := works.get()) is not None:
            work()

    def _give_up_thread(self) -> None:
        if not self._hung:
            self._log.error(
                "PortAudio hangs and is left to itself; sound goes on, but devices that are plugged in from now on "
                "are seen only when arvisd is started again"
            )
        self._mark_hung()
        self._streams.discard(self._touched)
        self._begin_thread()

    def _mark_hung(self) -> None:
        self._hung = True
        if self._sounddevice is not None:
            atexit.unregister(self._sounddevice._exit_handler)  # noqa: SLF001  (it would abort the process)

    async def load(self) -> None:
        """Import sounddevice and start PortAudio; raise SetupError with the remedy when that is impossible."""
        try:
            await self.call(self._load)
        except (OSError, ImportError) as error:
            raise SetupError(
                f"PortAudio cannot be loaded ({error}): install it with 'sudo apt-get install libportaudio2 "
                "libasound2-plugins' (Fedora: portaudio, macOS: brew install portaudio)"
            ) from error

    def _load(self) -> None:
        # numpy takes a tenth of a second: here and not on the event loop when the first resampler is made
        importlib.import_module("numpy")
        self._fresh = "sounddevice" not in sys.modules
        self._sounddevice = importlib.import_module("sounddevice")
        self._cards = _cards()

    async def call(self, work: Callable[[], T]) -> T:
        """Do something in the thread and return its result; raise TimeoutError when the sound system hangs."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def finish(result: T | None, error: BaseException | None) -> None:
            if future.cancelled():
                return
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(result)  # type: ignore[arg-type]

        def job() -> None:
            result, error = None, None
            try:
                result = work()
            except Exception as raised:  # noqa: BLE001  (handed on to who asked for it)
                error = raised
            try:
                loop.call_soon_threadsafe(finish, result, error)
            except RuntimeError:  # the event loop is gone, and who asked with it
                return

        thread = self._thread
        self._work.put(job)
        try:
            return await self._clock.wait_for(future, ANSWER_SECONDS)
        except TimeoutError:
            if thread is self._thread:
                self._give_up_thread()
            raise

    async def open(self, name: str, direction: Direction, make: Callable[[Any, Device], Any]) -> Any:
        """Open and start a stream.

        Args:
            name: part of the device's name, empty for the default.
            direction: which way the sound goes.
            make: called in the thread with the sounddevice module and the device, returns the stream.

        Raises:
            DeviceAbsentError: there is no such device, or it does not open.
        """
        try:
            return await self.call(lambda: self._open(name, direction, make))
        except TimeoutError as error:
            raise DeviceAbsentError(
                f"the sound system did not answer within {ANSWER_SECONDS:.0f} s; "
                "look whether PulseAudio or PipeWire hangs: pactl info"
            ) from error

    def _open(self, name: str, direction: Direction, make: Callable[[Any, Device], Any]) -> Any:
        self._look_again()
        device = choose(self._devices(direction), self._default(direction), name, direction)
        stream = None
        try:
            stream = make(self._sounddevice, device)
            self._touched = stream
            stream.start()
        except (self._sounddevice.PortAudioError, ValueError) as error:
            if stream is not None:
                stream.close(ignore_errors=True)
            raise DeviceAbsentError(f"{WORDS[direction]} {device.name!r} does not open: {_plain(error)}") from error
        if threading.current_thread() is not self._thread:  # answered after it was given up
            stream.close(ignore_errors=True)
            raise DeviceAbsentError(f"{WORDS[direction]} {device.name!r} took too long to open")
        self._streams.add(stream)
        return stream

    def _look_again(self) -> None:
        """Restart PortAudio, which lists devices only at its start: when that hurts nobody, or a card came or went.

        Streams that run are closed for it; whoever watches them opens them again within the second.
        """
        cards, fresh = _cards(), self._fresh
        self._fresh = False
        if self._hung or (cards == self._cards and (self._streams or fresh)):
            return
        self._cards = cards
        self._close_all()
        self._sounddevice._terminate()  # noqa: SLF001  (the only way; its documentation names it)
        self._sounddevice._initialize()  # noqa: SLF001

    def _devices(self, direction: Direction) -> list[Device]:
        return [
            Device(index, str(entry["name"]), round(entry["default_samplerate"]))
            for index, entry in enumerate(self._sounddevice.query_devices())
            if entry[f"max_{direction}_channels"] > 0
        ]

    def _default(self, direction: Direction) -> int:
        for api in self._sounddevice.query_hostapis():
            index = int(api[f"default_{direction}_device"])
            if index >= 0:
                return index
        return -1

    async def close(self, stream: Any) -> None:
        """Close a stream; closing it twice does nothing, and one that hangs is left to the thread."""
        try:
            await self.call(lambda: self._close(stream))
        except TimeoutError:
            return

    def _close(self, stream: Any) -> None:
        if stream in self._streams:
            self._touched = stream
            self._streams.discard(stream)
            stream.close(ignore_errors=True)

    def _close_all(self) -> None:
        for stream in list(self._streams):
            self._close(stream)

    def post(self, stream: Any, work: Callable[[], object]) -> None:
        """Do something with a stream in the thread as soon as possible, if it is still open; errors are the watcher's to see."""

        def job() -> None:
            if stream in self._streams:
                self._touched = stream
                try:
                    work()
                except self._sounddevice.PortAudioError:
                    self._close(stream)

        self._work.put(job)

    def stop(self) -> None:
        """Close what is open and end the thread."""
        self._work.put(self._close_all)
        self._work.put(None)
        self._thread.join(JOIN_SECONDS)
        if self._thread.is_alive():
            self._mark_hung()


def choose(devices: list[Device], default: int, name: str, direction: Direction) -> Device:
    """Return the device of that name; an exact name wins over a part of one, the first over later ones.

    Raises:
        DeviceAbsentError: there is none; names those that are there.
    """
    word = WORDS[direction]
    if not devices:
        raise DeviceAbsentError(
            f"no {word}: this machine has none that PortAudio sees; plug one in, or start PulseAudio or PipeWire "
            "(Debian: apt-get install libasound2-plugins lets PortAudio reach them)"
        )
    if not name:
        return next((device for device in devices if device.index == default), devices[0])
    wanted = name.casefold()
    exact = [device for device in devices if device.name.casefold() == wanted]
    partly = [device for device in devices if wanted in device.name.casefold()]
    for device in exact + partly:
        return device
    listed = ", ".join(f"'{device.name}'" for device in devices)
    raise DeviceAbsentError(f"no {word} named {name!r}; there are: {listed}")


def _cards() -> str:
    """Which sound cards the kernel knows; always the same where there is no such file."""
    try:
        return _CARDS.read_text()
    except OSError:
        return ""


def _plain(error: Exception) -> str:
    """PortAudio's error without its prefix and its codes."""
    text = str(error.args[0]) if error.args else str(error)
    return text.partition("[PaErrorCode")[0].removeprefix("Error opening ").strip()
