"""Rooms on a real sound server: what is said is heard bit by bit, what is spoken is heard whole, devices come and go."""

from __future__ import annotations

import array
import asyncio
import contextlib
import importlib.util
import logging
import random
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from arvisd.api import Host, Site
from arvisd.assist.site import SiteRegistry
from arvisd.audio.tones import tone
from arvisd.audio.wav import write_wav
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.providers.registry import ProviderRegistry
from tests.simulators.sound_server import Recorder, SoundServer, missing

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(missing() is not None, reason=str(missing())),
    pytest.mark.skipif(importlib.util.find_spec("sounddevice") is None, reason="pip install 'arvisd[microphone]'"),
]

WAIT_SECONDS = 40
"""A test that waits longer is stuck."""


@pytest.fixture(scope="module")
def sound_server() -> Iterator[SoundServer]:
    with pytest.MonkeyPatch.context() as patch, SoundServer() as server:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        yield server


class Rooms:
    """The integration at work, without the rest of the daemon."""

    def __init__(self, hub: Hub, sites: SiteRegistry) -> None:
        self.hub = hub
        self.sites = sites

    @property
    def room(self) -> Site:
        site = self.sites.get("room")
        assert site is not None
        return site

    def state(self, entity_id: str) -> str:
        state = self.hub.states.get(entity_id)
        return state.state if state else "none"

    async def until(self, entity_id: str, wanted: str) -> None:
        await until(lambda: self.state(entity_id) == wanted)

    async def until_ok(self) -> None:
        await self.until("sensor.room_microphone", "ok")
        await self.until("sensor.room_speaker", "ok")


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while not reached():
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def rooms(tmp_path: Path, section: dict | None = None) -> AsyncIterator[Rooms]:
    from arvisd.integrations import microphone

    hub, sites = Hub(), SiteRegistry()
    async with Owner("integration microphone") as owner:
        host = Host("microphone", hub, owner, ProviderRegistry(), sites, tmp_path, tmp_path, lambda name: None)
        await microphone.setup(host, msgspec.convert(section or {}, microphone.Settings))
        yield Rooms(hub, sites)


def noise(seconds: float, seed: int = 1) -> bytes:
    dice = random.Random(seed)
    return array.array(
        "h", (dice.choice((-1, 1)) * dice.randint(1, 9000) for _ in range(round(16_000 * seconds)))
    ).tobytes()


def sounding(recorder: Recorder) -> tuple[int, int]:
    """First and last sample of a recording that is a tone; (0, 0) where there is none."""
    loud = [i for i, v in enumerate(array.array("h", recorder.pcm)) if abs(v) > 500]
    return (loud[0], loud[-1]) if loud else (0, 0)


def longest_hole(recorder: Recorder) -> int:
    """Most samples in a row between the first and the last of a tone that are silent."""
    first, last = sounding(recorder)
    longest = run = 0
    for value in array.array("h", recorder.pcm)[first:last]:
        run = run + 1 if abs(value) < 50 else 0
        longest = max(longest, run)
    return longest


async def test_what_is_said_is_heard_bit_by_bit(sound_server: SoundServer, tmp_path: Path) -> None:
    said = noise(2.0)
    write_wav(tmp_path / "said.wav", said)
    async with rooms(tmp_path) as daemon:
        await daemon.until_ok()
        heard = bytearray()

        async def listen() -> None:
            async for frame in daemon.room.audio_in.frames():
                assert len(frame) == 640
                heard.extend(frame)

        listening = asyncio.create_task(listen())
        # a busy machine may cut one recording; three in a row would be our fault
        for _ in range(3):
            heard.clear()
            await asyncio.to_thread(sound_server.play, tmp_path / "said.wav")
            await asyncio.sleep(1)
            if said in heard:
                break
        assert said in heard
        assert daemon.room.audio_in.dropped == 0
    # the iterator ends with the site
    await asyncio.wait_for(listening, 5)


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100])
async def test_what_is_spoken_is_heard_whole(sound_server: SoundServer, tmp_path: Path, rate: int) -> None:
    async with rooms(tmp_path) as daemon:
        await daemon.until_ok()
        speaker = daemon.room.audio_out
        with sound_server.recorder() as recorder:
            await speaker.write(tone(((440.0, 1.0),), rate), rate)
            assert speaker.playing
            await speaker.drain()
            drained = recorder.position
            assert not speaker.playing
            recorder.wait_until(drained + 16_000)
        first, last = sounding(recorder)
        assert last - first == pytest.approx(16_000, abs=400)
        assert longest_hole(recorder) < 30
        # drained means heard: nothing more comes but what the recorder itself holds back
        assert last <= drained + 3200


async def test_a_long_utterance_waits_and_loses_nothing(sound_server: SoundServer, tmp_path: Path) -> None:
    async with rooms(tmp_path) as daemon:
        await daemon.until_ok()
        with sound_server.recorder() as recorder:
            writing = asyncio.create_task(daemon.room.audio_out.write(tone(((440.0, 2.0),), 16_000), 16_000))
            await asyncio.sleep(0)
            await asyncio.sleep(0.2)
            assert not writing.done()
            await writing
            await daemon.room.audio_out.drain()
            recorder.wait_until(recorder.position + 8000)
        first, last = sounding(recorder)
        assert last - first == pytest.approx(32_000, abs=400)


async def test_an_abort_falls_silent_and_says_what_was_not_heard(sound_server: SoundServer, tmp_path: Path) -> None:
    async with rooms(tmp_path) as daemon:
        await daemon.until_ok()
        speaker = daemon.room.audio_out
        with sound_server.recorder() as recorder:
            await speaker.write(tone(((440.0, 0.36),), 16_000), 16_000)
            await until(lambda: sounding(recorder)[1] - sounding(recorder)[0] > 0.08 * 16_000)
            unheard = speaker.abort()
            assert not speaker.playing
            aborted = recorder.position
            recorder.wait_until(aborted + 16_000)
            first, last = sounding(recorder)
            heard = (last - first) / 16
            # the recorder holds back some 50 ms of what had been heard already
            assert last - aborted < 16 * (40 + 80)
            assert heard + unheard == pytest.approx(360, abs=60)
            assert unheard > 60

            # the next utterance is whole
            await speaker.write(tone(((440.0, 0.5),), 16_000), 16_000)
            await speaker.drain()
            recorder.wait_until(recorder.position + 8000)
        again = array.array("h", recorder.pcm)[last + 1600 :]
        loud = [i for i, v in enumerate(again) if abs(v) > 500]
        assert loud[-1] - loud[0] == pytest.approx(8000, abs=400)


async def test_an_abort_ends_a_writer_that_waits(sound_server: SoundServer, tmp_path: Path) -> None:
    async with rooms(tmp_path) as daemon:
        await daemon.until_ok()
        speaker = daemon.room.audio_out
        with sound_server.recorder() as recorder:
            writing = asyncio.create_task(speaker.write(tone(((440.0, 5.0),), 16_000), 16_000))
            await until(lambda: sounding(recorder)[1] > 0)
            speaker.abort()
            await asyncio.wait_for(writing, 5)
            recorder.wait_until(recorder.position + 16_000)
        first, last = sounding(recorder)
        assert last - first < 16_000


async def test_a_sound_server_that_is_killed_and_comes_back(
    sound_server: SoundServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "arvisd")
    write_wav(tmp_path / "said.wav", noise(1.0))
    async with rooms(tmp_path) as daemon:
        await daemon.until_ok()
        heard = bytearray()

        async def listen() -> None:
            async for frame in daemon.room.audio_in.frames():
                heard.extend(frame)

        listening = asyncio.create_task(listen())
        speaking = asyncio.create_task(daemon.room.audio_out.write(tone(((440.0, 5.0),), 16_000), 16_000))
        await asyncio.sleep(0.5)
        sound_server.kill()
        try:
            await daemon.until("sensor.room_microphone", "absent")
            await daemon.until("sensor.room_speaker", "absent")
            await asyncio.wait_for(speaking, 5)  # nobody waits for a device that is gone
            await daemon.room.audio_out.write(tone(((440.0, 5.0),), 16_000), 16_000)
            await daemon.room.audio_out.drain()
            assert not daemon.room.audio_out.playing
        finally:
            await asyncio.to_thread(sound_server.start)
        await daemon.until_ok()
        heard.clear()
        await asyncio.to_thread(sound_server.play, tmp_path / "said.wav")
        await asyncio.sleep(0.5)
        assert any(heard)
        lost = [r.message for r in caplog.records if r.levelno == logging.WARNING]
        assert sorted(lost) == [
            "site room: microphone 'default' was lost: unplugged, or the sound server ended; going on without it and trying again",
            "site room: speaker 'default' was lost: unplugged, or the sound server ended; going on without it and trying again",
        ]
    await asyncio.wait_for(listening, 5)


async def test_devices_that_are_unplugged_and_put_back(sound_server: SoundServer, tmp_path: Path) -> None:
    async with rooms(tmp_path) as daemon:
        await daemon.until_ok()
        sound_server.unplug()
        try:
            await daemon.until("sensor.room_microphone", "absent")
            await daemon.until("sensor.room_speaker", "absent")
        finally:
            sound_server.plug_in()
        await daemon.until_ok()


async def test_a_suspended_microphone_is_silent(
    sound_server: SoundServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rooms(tmp_path, {"output": False}) as daemon:
        from arvisd.integrations.microphone import line

        assert daemon.room.audio_out is None
        await daemon.until("sensor.room_microphone", "ok")
        monkeypatch.setattr(line, "SILENT_SECONDS", 2.0)
        sound_server.pactl("suspend-source", "mic", "1")
        try:
            await daemon.until("sensor.room_microphone", "silent")
            assert daemon.hub.states.get("sensor.room_microphone").attributes["detail"] == (
                "microphone 'default' is open, but nothing moves: is it suspended?"
            )
        finally:
            sound_server.pactl("suspend-source", "mic", "0")
        await daemon.until("sensor.room_microphone", "ok")


async def test_devices_are_chosen_by_name(sound_server: SoundServer, tmp_path: Path) -> None:
    section = {
        "sites": [
            {"site": "kitchen", "input": "ARVIS_mic", "output": "_spk", "language": "ru", "area": "kitchen"},
            {"site": "hall", "input": "arvis_m", "output": False, "wake_words": ["alexa"], "input_rate": 48_000},
        ]
    }
    async with rooms(tmp_path, section) as daemon:
        for entity in ("sensor.kitchen_microphone", "sensor.kitchen_speaker", "sensor.hall_microphone"):
            await daemon.until(entity, "ok")
        devices = {i: s.attributes["device"] for i, s in daemon.hub.states}
        assert devices == {
            "sensor.kitchen_microphone": "arvis_mic",
            "sensor.kitchen_speaker": "arvis_spk",
            "sensor.hall_microphone": "arvis_mic",
        }
        kitchen, hall = daemon.sites.get("kitchen"), daemon.sites.get("hall")
        assert (kitchen.kind, kitchen.language, kitchen.area, kitchen.wake_words) == ("room", "ru", "kitchen", None)
        assert (hall.audio_out, hall.wake_words) == (None, ("alexa",))
        # both hear the same microphone, one of them resampled by us
        counts = {"kitchen": 0, "hall": 0}

        async def listen(site: Site) -> None:
            async for frame in site.audio_in.frames():
                counts[site.id] += len(frame) == 640

        listening = [asyncio.create_task(listen(site)) for site in (kitchen, hall)]
        await until(lambda: min(counts.values()) > 50)
        assert abs(counts["kitchen"] - counts["hall"]) < 25
    await asyncio.wait_for(asyncio.gather(*listening), 5)


async def test_an_absent_device_is_said_once_with_those_that_are_there(
    sound_server: SoundServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "arvisd")
    said = "no microphone named 'Yeti'; there are: 'arvis_mic', 'arvis_spk', 'pulse', 'default'"
    async with rooms(tmp_path, {"input": "Yeti"}) as daemon:
        warnings = []
        with contextlib.ExitStack() as stack:
            owner = Owner("test")
            stack.callback(owner.release)
            daemon.hub.bus.subscribe("arvis/log/warning", lambda m: warnings.append(m.payload.message), owner)
            await daemon.until("sensor.room_microphone", "absent")
            await daemon.until("sensor.room_speaker", "ok")
            await asyncio.sleep(4)  # two more attempts
        assert daemon.hub.states.get("sensor.room_microphone").attributes["detail"] == said
        # the site is there all the same
        assert daemon.room.audio_in is not None
    assert [r.message for r in caplog.records if r.levelno >= logging.WARNING] == [
        f"site room: {said}; going on without it and trying again"
    ]
    assert warnings == [f"site room: {said}"]


async def test_a_reader_that_does_not_read_loses_the_oldest(
    sound_server: SoundServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from arvisd.integrations.microphone import report

    monkeypatch.setattr(report, "REPORT_SECONDS", 0.3)
    async with rooms(tmp_path, {"output": False}) as daemon:
        await daemon.until("sensor.room_microphone", "ok")
        events = []
        owner = Owner("test")
        daemon.hub.bus.subscribe("arvis/event/microphone_overflow", lambda m: events.append(m.payload.data), owner)
        frames = daemon.room.audio_in.frames()
        await anext(frames)
        await until(lambda: daemon.room.audio_in.dropped >= 30)
        assert len(daemon.room.audio_in._ring) == 100  # 2 s and no more
        await until(lambda: bool(events))
        owner.release()
        assert events[0]["site"] == "room"
        assert 0 < events[0]["dropped_frames"] <= daemon.room.audio_in.dropped
        await until(lambda: daemon.hub.states.get("sensor.room_microphone").attributes["dropped"] >= 30)
        await frames.aclose()
