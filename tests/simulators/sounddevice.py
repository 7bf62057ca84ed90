"""A stand-in for the sounddevice module: devices, streams and their troubles as a test wants them."""

from __future__ import annotations

import threading
import types
from collections.abc import Callable
from typing import Any


class PortAudioError(Exception):
    """As the library raises it."""


class Stream:
    """A stream whose callback the test calls."""

    def __init__(self, library: FakeSounddevice, direction: str, **options: Any) -> None:
        self.library = library
        self.direction = direction
        self.options = options
        self.samplerate = float(options["samplerate"])
        self.events: list[str] = []
        if (error := library.opening_fails.get(direction)) is not None:
            raise PortAudioError(error, -9999)
        library.streams.append(self)

    def start(self) -> None:
        self.events.append("start")
        if self.library.hangs:
            self.library.hanging.set()
            self.library.release.wait(20)
        if self.library.starting_fails:
            raise PortAudioError(self.library.starting_fails, -9999)

    def abort(self) -> None:
        self.events.append("abort")
        self.options["finished_callback"]()

    def close(self, ignore_errors: bool = True) -> None:
        self.events.append("close")

    def hear(self, pcm: bytes, *, overflow: bool = False) -> None:
        """What the device does when it has recorded a block."""
        self.options["callback"](
            memoryview(bytearray(pcm)), len(pcm) // 2, None, types.SimpleNamespace(input_overflow=overflow)
        )

    def play(self, *, underflow: bool = False, ahead: float = 0.1) -> bytes:
        """What the device does when it wants a block."""
        block = bytearray(2 * self.options["blocksize"])
        time = types.SimpleNamespace(currentTime=5.0, outputBufferDacTime=5.0 + ahead)
        self.options["callback"](
            memoryview(block), len(block) // 2, time, types.SimpleNamespace(output_underflow=underflow)
        )
        return bytes(block)

    def move(self) -> None:
        """One block in or out."""
        if self.direction == "input":
            self.hear(bytes(2 * self.options["blocksize"]))
        else:
            self.play()

    def finish(self) -> None:
        """What PortAudio does when the device was lost."""
        self.options["finished_callback"]()


class FakeSounddevice(types.ModuleType):
    """Put into `sys.modules` in place of sounddevice."""

    PortAudioError = PortAudioError

    def __init__(self) -> None:
        super().__init__("sounddevice")
        self.devices: list[dict[str, Any]] = []
        self.default = {"input": -1, "output": -1}
        self.rates_refused: set[int] = set()
        self.opening_fails: dict[str, str] = {}
        self.starting_fails = ""
        self.hangs = False
        self.hanging = threading.Event()
        self.release = threading.Event()
        self.streams: list[Stream] = []
        self.scans = 0
        self.scanned: Callable[[], object] = lambda: None
        """Called at every new scan: what was plugged in shows up here."""

    def plug(self, name: str, inputs: int = 1, outputs: int = 0, rate: float = 48_000.0) -> None:
        self.devices.append(
            {"name": name, "max_input_channels": inputs, "max_output_channels": outputs, "default_samplerate": rate}
        )

    def query_devices(self) -> list[dict[str, Any]]:
        return self.devices

    def query_hostapis(self) -> list[dict[str, Any]]:
        return [{f"default_{direction}_device": index for direction, index in self.default.items()}]

    def check_input_settings(self, device: int, channels: int, dtype: str, samplerate: int) -> None:
        if samplerate in self.rates_refused:
            raise PortAudioError("Invalid sample rate", -9997)

    def RawInputStream(self, **options: Any) -> Stream:  # noqa: N802
        return Stream(self, "input", **options)

    def RawOutputStream(self, **options: Any) -> Stream:  # noqa: N802
        return Stream(self, "output", **options)

    def _terminate(self) -> None:
        assert all("close" in stream.events for stream in self.streams), "PortAudio must not be ended under a stream"

    def _initialize(self) -> None:
        self.scans += 1
        self.scanned()

    @staticmethod
    def _exit_handler() -> None:
        """Registered with atexit by the real one."""
