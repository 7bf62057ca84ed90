"""The microphone integration against a scripted PortAudio: what opens, what is lost, what hangs."""

from __future__ import annotations

import array
import asyncio
import builtins
import logging
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
import pytest

from arvisd.api import Host, SetupError
from arvisd.assist.site import SiteRegistry
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.providers.registry import ProviderRegistry
from tests.simulators.clock import FakeClock
from tests.simulators.sounddevice import FakeSounddevice, Stream

pytest.importorskip("numpy", reason="pip install 'arvisd[microphone]'")

from arvisd.integrations.microphone import portaudio as portaudio_module

from arvisd.integrations import microphone


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> FakeSounddevice:
    fake = FakeSounddevice()
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    monkeypatch.setattr(portaudio_module, "_cards", lambda: "no cards")
    return fake


class Daemon:
    """The integration, the clock and what it published."""

    def __init__(self, clock: FakeClock, hub: Hub, sites: SiteRegistry, library: FakeSounddevice) -> None:
        self.clock = clock
        self.hub = hub
        self.sites = sites
        self.library = library
        self.alive: list[Stream] = []

    def state(self, what: str) -> tuple[str, dict]:
        state = self.hub.states.get(f"sensor.room_{what}")
        return (state.state, state.attributes) if state else ("none", {})

    async def until(self, reached: Callable[[], object]) -> None:
        """Let PortAudio's thread, which is a real one, do its work; time stands still."""
        for _ in range(2000):
            if reached():
                return
            await asyncio.sleep(0.002)
        raise TimeoutError

    async def open(self, direction: str, count: int = 1) -> Stream:
        """Return the newest of that many streams once it runs and is being watched."""
        mine: list[Stream] = []

        def there() -> bool:
            mine[:] = [s for s in self.library.streams if s.direction == direction and "start" in s.events]
            return len(mine) >= count

        await self.until(there)
        await asyncio.sleep(0.02)
        return mine[-1]

    async def pass_time(self, seconds: float) -> None:
        """Turn the clock in steps, so that PortAudio's thread can keep up; those in `alive` move sound."""
        while seconds > 0:
            for stream in self.alive:
                stream.move()
            await self.clock.advance(min(0.5, seconds))
            seconds -= 0.5
            await asyncio.sleep(0.01)


@pytest.fixture
async def start(library: FakeSounddevice, tmp_path: Path) -> AsyncIterator[Callable]:
    clock = FakeClock()
    hub, sites = Hub(clock), SiteRegistry()
    async with Owner("integration microphone") as owner:
        host = Host("microphone", hub, owner, ProviderRegistry(), sites, tmp_path, tmp_path, lambda name: None)

        async def begin(**section) -> Daemon:
            await microphone.setup(host, msgspec.convert(section, microphone.Settings))
            return Daemon(clock, hub, sites, library)

        yield begin
        library.release.set()


def test_settings() -> None:
    one = msgspec.convert({"site": "kitchen", "input": "USB", "output": False}, microphone.Settings)
    assert [(room.site, room.input, room.output) for room in one.rooms()] == [("kitchen", "USB", False)]
    many = msgspec.convert({"sites": [{"site": "a"}, {"site": "b"}]}, microphone.Settings)
    assert [room.site for room in many.rooms()] == ["a", "b"]
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"site": "a b"}, microphone.Settings)


async def test_two_rooms_of_one_name_are_refused(start) -> None:
    with pytest.raises(SetupError) as caught:
        await start(sites=[{"site": "a"}, {"site": "a"}])
    assert str(caught.value) == "two microphones have the site 'a': give each a 'site:' of its own"


async def test_without_portaudio_the_remedy_is_said(start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "sounddevice")
    real = builtins.__import__

    def without(name: str, *rest: object) -> object:
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
        return real(name, *rest)

    monkeypatch.setattr(
        portaudio_module.importlib, "import_module", lambda name: without(name) if name == "sounddevice" else real(name)
    )
    with pytest.raises(SetupError) as caught:
        await start()
    assert str(caught.value) == (
        "PortAudio cannot be loaded (PortAudio library not found): install it with "
        "'sudo apt-get install libportaudio2 libasound2-plugins' (Fedora: portaudio, macOS: brew install portaudio)"
    )


def device(index: int, name: str) -> portaudio_module.Device:
    return portaudio_module.Device(index, name, 48_000)


@pytest.mark.parametrize(
    ("name", "chosen"),
    [("", 2), ("usb", 1), ("USB Audio", 1), ("default", 2), ("AUDIO", 0), ("audio 2", 3)],
)
def test_devices_by_name(name: str, chosen: int) -> None:
    devices = [device(0, "HDA Audio"), device(1, "USB Audio"), device(2, "default"), device(3, "USB Audio 2")]
    assert portaudio_module.choose(devices, 2, name, "input").index == chosen


@pytest.mark.parametrize(
    ("devices", "message"),
    [
        (["HDA", "default"], "no speaker named 'USB'; there are: 'HDA', 'default'"),
        (
            [],
            (
                "no speaker: this machine has none that PortAudio sees; plug one in, or start PulseAudio or PipeWire "
                "(Debian: apt-get install libasound2-plugins lets PortAudio reach them)"
            ),
        ),
    ],
)
def test_a_device_that_is_not_there(devices: list[str], message: str) -> None:
    with pytest.raises(portaudio_module.DeviceAbsentError) as caught:
        portaudio_module.choose([device(i, n) for i, n in enumerate(devices)], 0, "USB", "output")
    assert str(caught.value) == message


def test_a_default_that_is_not_in_the_list() -> None:
    assert portaudio_module.choose([device(4, "HDA")], -1, "", "input").index == 4


async def test_a_machine_without_sound_goes_on(
    start, library: FakeSounddevice, caplog: pytest.LogCaptureFixture
) -> None:
    daemon = await start()
    await daemon.until(lambda: daemon.state("speaker")[0] == "absent" and daemon.state("microphone")[0] == "absent")
    speaker = daemon.sites.get("room").audio_out
    await speaker.write(bytes(64_000), 16_000)  # does not wait for a device that may never come
    await speaker.drain()
    assert (speaker.playing, speaker.abort(), speaker.latency) == (False, 0, 0.0)
    await daemon.pass_time(120)
    said = [r.message for r in caplog.records if r.levelno >= logging.WARNING]
    assert len(said) == 2, "each device is said once, not at every attempt"
    assert library.scans >= 4, "it goes on looking"


async def test_a_device_plugged_in_later_is_found(start, library: FakeSounddevice) -> None:
    daemon = await start(output=False)
    await daemon.until(lambda: daemon.state("microphone")[0] == "absent")
    library.scanned = lambda: library.devices or library.plug("USB")
    await daemon.pass_time(3)
    stream = await daemon.open("input")
    stream.hear(bytes(640))
    await daemon.pass_time(2)
    assert daemon.state("microphone")[0] == "ok"


async def test_a_new_card_is_looked_for_although_another_is_in_use(
    start, library: FakeSounddevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.plug("HDA", inputs=0, outputs=2)
    daemon = await start(input="USB", output="HDA")
    first = await daemon.open("output")
    daemon.alive = [first]
    await daemon.until(lambda: daemon.state("microphone")[0] == "absent")
    await daemon.pass_time(40)
    assert "close" not in first.events, "nothing came, so nobody is disturbed"
    library.scanned = lambda: len(library.devices) > 1 or library.plug("USB")
    monkeypatch.setattr(portaudio_module, "_cards", lambda: "a USB card")
    await daemon.pass_time(31)
    daemon.alive = [await daemon.open("input")]
    assert "close" in first.events
    first.finish()  # as PortAudio does
    await daemon.pass_time(3)
    assert await daemon.open("output", 2) is not first


async def test_the_rate_of_the_device_is_brought_to_ours(start, library: FakeSounddevice) -> None:
    library.plug("HDA", rate=48_000.0)
    library.rates_refused = {16_000}
    daemon = await start(output=False)
    stream = await daemon.open("input")
    assert (stream.options["samplerate"], stream.options["blocksize"]) == (48_000, 960)
    frames = daemon.sites.get("room").audio_in.frames()
    first = asyncio.create_task(anext(frames))
    await asyncio.sleep(0.01)
    stream.hear(array.array("h", [5000] * 960).tobytes())
    stream.hear(array.array("h", [5000] * 960).tobytes(), overflow=True)
    frame = array.array("h", await first)
    assert len(frame) == 320
    assert all(abs(v - 5000) < 5 for v in frame[40:])
    await frames.aclose()
    daemon.alive = [stream]
    await daemon.pass_time(6)
    assert daemon.state("microphone")[1] == {
        "site": "room", "device": "HDA", "rate": 48_000, "dropped": 0, "overflows": 1,
    }  # fmt: skip


async def test_what_does_not_open_is_said(start, library: FakeSounddevice) -> None:
    library.plug("HDA")
    library.opening_fails["input"] = "Error opening RawInputStream: Device unavailable [PaErrorCode -9985]"
    daemon = await start(output=False)
    await daemon.until(lambda: daemon.state("microphone")[0] == "absent")
    assert daemon.state("microphone")[1]["detail"] == (
        "microphone 'HDA' does not open: RawInputStream: Device unavailable"
    )


async def test_what_does_not_start_is_closed(start, library: FakeSounddevice) -> None:
    library.plug("HDA")
    library.starting_fails = "Unanticipated host error"
    daemon = await start(output=False)
    await daemon.until(lambda: daemon.state("microphone")[0] == "absent")
    assert library.streams[0].events == ["start", "close"]


async def test_a_silent_device_is_opened_anew(start, library: FakeSounddevice) -> None:
    library.plug("HDA")
    daemon = await start(output=False)
    stream = await daemon.open("input")
    await daemon.pass_time(7)
    assert daemon.state("microphone")[0] == "silent"
    await daemon.open("input", 2)
    assert stream.events == ["start", "close"]


async def test_a_sound_system_that_hangs_costs_only_itself(
    start, library: FakeSounddevice, caplog: pytest.LogCaptureFixture
) -> None:
    library.plug("HDA")
    library.hangs = True
    daemon = await start(output=False)
    await daemon.until(library.hanging.is_set)
    library.hangs = False  # for those that come after it
    await daemon.pass_time(6)
    assert daemon.state("microphone")[1]["detail"] == (
        "the sound system did not answer within 6 s; look whether PulseAudio or PipeWire hangs: pactl info"
    )
    await daemon.pass_time(3)
    daemon.alive = [await daemon.open("input", 2)]  # in a new thread
    await daemon.pass_time(2)
    assert daemon.state("microphone")[0] == "ok"
    assert sum("PortAudio hangs" in r.message for r in caplog.records) == 1
    # the one that comes back too late is closed and heard by nobody
    late = library.streams[0]
    library.release.set()
    await daemon.until(lambda: "close" in late.events)


async def test_speech_goes_out_in_order_with_silence_after_it(start, library: FakeSounddevice) -> None:
    library.plug("HDA", inputs=0, outputs=2, rate=16_000.0)
    daemon = await start(input=False)
    stream = await daemon.open("output")
    assert (stream.options["blocksize"], stream.options["latency"]) == (320, 0.08)
    assert stream.play() == bytes(640)
    speaker = daemon.sites.get("room").audio_out
    sound = array.array("h", range(1, 801)).tobytes()
    await speaker.write(sound, 16_000)
    draining = asyncio.create_task(speaker.drain())
    await asyncio.sleep(0)
    assert speaker.playing
    heard = b"".join(stream.play() for _ in range(4))
    assert heard == sound.ljust(4 * 640, b"\0")
    assert not draining.done(), "the device has it, nobody has heard it"
    await daemon.pass_time(1)
    await asyncio.wait_for(draining, 5)
    assert not speaker.playing


async def test_a_writer_waits_while_the_queue_is_full(start, library: FakeSounddevice) -> None:
    library.plug("HDA", inputs=0, outputs=2, rate=16_000.0)
    daemon = await start(input=False)
    stream = await daemon.open("output")
    speaker = daemon.sites.get("room").audio_out
    sound = array.array("h", range(1, 16_001)).tobytes()
    writing = asyncio.create_task(speaker.write(sound, 16_000))
    await asyncio.sleep(0.05)
    assert not writing.done()
    assert len(speaker._queue) == 20
    heard = b""
    for _ in range(50):
        heard += stream.play()
        await asyncio.sleep(0.005)
    assert heard == sound
    await asyncio.wait_for(writing, 5)


async def test_an_abort_counts_the_queue_and_the_device(start, library: FakeSounddevice) -> None:
    library.plug("HDA", inputs=0, outputs=2, rate=16_000.0)
    daemon = await start(input=False)
    stream = await daemon.open("output")
    speaker = daemon.sites.get("room").audio_out
    await speaker.write(b"\1\0" * 320 * 10, 16_000)  # 200 ms
    for _ in range(4):
        stream.play(ahead=0.06)
        await daemon.clock.advance(0.02)
    # 120 ms queued; the last block is heard 60 ms after it was taken, 20 ms ago: 60 ms are on the way
    assert speaker.abort() == 120 + 60
    await daemon.until(lambda: stream.events == ["start", "abort", "start"])
    assert not speaker.playing
    assert stream.play() == bytes(640)
    await daemon.pass_time(1)
    assert len(library.streams) == 1, "emptying the device is not losing it"
    assert speaker.abort() == 0


async def test_a_device_that_runs_dry_gets_a_longer_cushion(start, library: FakeSounddevice) -> None:
    library.plug("HDA", inputs=0, outputs=2, rate=16_000.0)
    daemon = await start(input=False)
    for count, latency in enumerate((0.08, 0.12, 0.16, 0.2, 0.24, 0.28, 0.3), start=1):
        stream = await daemon.open("output", count)
        assert stream.options["latency"] == pytest.approx(latency)
        for _ in range(5):
            stream.play(underflow=True)
        await daemon.pass_time(1)
    await daemon.pass_time(3)
    assert len(library.streams) == 7, "0.3 s is the end of it"
    assert "close" not in library.streams[-1].events
    await daemon.pass_time(5)
    assert daemon.state("speaker")[1]["underruns"] == 35


async def test_one_underrun_is_an_accident(start, library: FakeSounddevice) -> None:
    library.plug("HDA", inputs=0, outputs=2, rate=16_000.0)
    daemon = await start(input=False)
    stream = await daemon.open("output")
    for _ in range(5):
        stream.play(underflow=True)
        stream.play(underflow=True)
        await daemon.pass_time(1)
    assert len(library.streams) == 1


async def test_speech_is_dropped_when_the_device_is_lost(start, library: FakeSounddevice) -> None:
    library.plug("HDA", inputs=0, outputs=2, rate=16_000.0)
    daemon = await start(input=False)
    stream = await daemon.open("output")
    stream.play()
    speaker = daemon.sites.get("room").audio_out
    writing = asyncio.create_task(speaker.write(bytes(640 * 100), 16_000))
    await asyncio.sleep(0.02)
    stream.finish()
    await asyncio.wait_for(writing, 5)
    await daemon.until(lambda: daemon.state("speaker")[0] == "absent")
    assert daemon.state("speaker")[1]["detail"] == ("speaker 'HDA' was lost: unplugged, or the sound server ended")
    assert not speaker.playing
