"""The whole daemon measured from outside: start, memory, message to publish, speech to answer, idle listening."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from arvisd.audio.level import rms
from arvisd.audio.wav import read_wav, write_wav
from tests.bench.mqtt_load import Load, Result
from tests.bench.test_mqtt_wires import IN_FLIGHT, LATENCY_MESSAGES, MESSAGES, PACE, cpu_seconds, measure
from tests.simulators.broker import StartMosquitto
from tests.simulators.daemon import DaemonProcess
from tests.simulators.sound_server import SoundServer, missing
from tests.simulators.synthetic_speech import synthesise
from tests.simulators.watcher import Watcher

pytestmark = pytest.mark.bench

NO_VOICE = "\n".join(
    f"{name}: false"
    for name in ("microphone", "openwakeword", "microwakeword", "silero", "pocketsphinx", "vosk", "espeak", "piper")
)
"""The start is measured without models of speech."""


def automation(number: int) -> str:
    source = "x" if number == 0 else f"y{number}"
    return f"""
- id: bench_{number}
  alias: Automation {number}
  mode: queued
  max: 1000
  triggers:
    - trigger: mqtt
      topic: bench/in/{source}
  conditions:
    - "{{{{ trigger.payload != 'off' }}}}"
  actions:
    - action: mqtt.publish
      data: {{topic: bench/out/{source}, payload: "{{{{ trigger.payload }}}}"}}
"""


def configure(daemon: DaemonProcess, port: int, automations: int) -> None:
    daemon.write(
        "configuration.yaml",
        f"mqtt: {{broker: 'mqtt://127.0.0.1:{port}'}}\nautomation: !include automations.yaml\n{NO_VOICE}\n",
    )
    daemon.write("automations.yaml", "".join(automation(number) for number in range(automations)))


def resident_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 1e6


@pytest.mark.parametrize("count", [300])
async def test_start_with_300_automations(
    start_mosquitto: StartMosquitto, tmp_path: Path, capsys: pytest.CaptureFixture[str], count: int
) -> None:
    broker = start_mosquitto()
    bare, started, memory = [], [], []
    for run in range(5):
        began = time.perf_counter()
        await asyncio.to_thread(
            subprocess.run, [sys.executable, "-c", "import asyncio, msgspec, paho.mqtt.client, jinja2"], check=True
        )
        bare.append(time.perf_counter() - began)
        daemon = DaemonProcess(tmp_path / str(run))
        configure(daemon, broker.port, count)
        began = time.perf_counter()
        async with daemon:
            await daemon.log("ready:")
            started.append(time.perf_counter() - began)
            await asyncio.sleep(2)  # the other language is loaded in the background
            memory.append(resident_mb(daemon.process.pid))
    ratio = statistics.median(started) / statistics.median(bare)
    with capsys.disabled():
        print(
            f"\nstart with {count} automations: {statistics.median(started):.2f} s "
            f"({ratio:.1f} × importing the libraries alone), resident {statistics.median(memory):.0f} MB"
        )
    assert ratio < 12
    assert statistics.median(memory) < 80


@contextmanager
def driven(port: int) -> Iterator[Load]:
    load = Load("127.0.0.1", port, 1)
    try:
        load.until_echo()
        yield load
    finally:
        load.close()


def drive(name: str, port: int, pid: int) -> Result:
    with driven(port) as load:
        load.throughput(1_000, IN_FLIGHT)
        times = load.latency(LATENCY_MESSAGES, PACE)
        before = cpu_seconds(pid)
        rate = load.throughput(MESSAGES, IN_FLIGHT)
        cpu = (cpu_seconds(pid) - before) / MESSAGES * 1e6
    return Result(name, rate, cpu, times[len(times) // 2], times[len(times) * 99 // 100])


async def test_message_to_publish(
    start_mosquitto: StartMosquitto, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broker = start_mosquitto(conf=["max_inflight_messages 1000", "max_queued_messages 0"])
    results = [
        await asyncio.to_thread(measure, name, broker.host, broker.port, "5", 1) for name in ("raw-paho", "raw-aiomqtt")
    ]
    for count in (1, 100, 1_000, 10_000):
        daemon = DaemonProcess(tmp_path / str(count))
        configure(daemon, broker.port, count)
        async with daemon:
            await daemon.log("ready:", within=120)
            await asyncio.sleep(3)
            results.append(
                await asyncio.to_thread(drive, f"arvisd, {count:,} automations", broker.port, daemon.process.pid)
            )
    raw = results[0]
    with capsys.disabled():
        print(
            "\n| | messages a second | × | CPU µs a message | p50 ms | × | p99 ms |\n| --- | --- | --- | --- | --- | --- | --- |"
        )
        for r in results:
            print(
                f"| {r.name} | {r.per_second:,.0f} | {r.per_second / raw.per_second:.2f} | {r.cpu_us:.0f} "
                f"| {r.p50_ms:.2f} | {r.p50_ms / raw.p50_ms:.2f} | {r.p99_ms:.2f} |"
            )
    one, most = results[2], results[-1]
    assert most.cpu_us < one.cpu_us * 1.5, "the cost must not grow with the number of automations"
    assert all(result.per_second > 0.2 * raw.per_second for result in results[2:])


@pytest.fixture
def sound() -> Iterator[SoundServer]:
    if reason := missing():
        pytest.skip(reason)
    with SoundServer() as server:
        yield server


def edge(pcm: bytes, *, first: bool) -> float:
    """Return the second of the first or the last 10 ms that are speech and not the noise of a recording."""
    step = 320
    levels = [rms(pcm[at : at + step]) for at in range(0, len(pcm), step)]
    bound = max(150.0, 0.15 * max(levels))
    loud = [index for index, level in enumerate(levels) if level > bound]
    assert loud, "nothing was heard"
    return (loud[0] if first else loud[-1] + 1) / 100


async def test_end_of_speech_to_first_sound_and_idle_listening(
    start_mosquitto: StartMosquitto,
    tmp_path: Path,
    sound: SoundServer,
    capsys: pytest.CaptureFixture[str],
    test_data: Path,
) -> None:
    """Both ends are recorded by the sound server; what the daemon says of itself is printed beside it."""
    broker = start_mosquitto()
    daemon = DaemonProcess(tmp_path, sound.child_environment)
    daemon.write("configuration.yaml", f"mqtt: {{broker: 'mqtt://127.0.0.1:{broker.port}'}}\n")
    spoken = [
        read_wav(test_data / "speech/en/rhasspy3/turn_on_the_lamp.wav")[: int(2.1 * 32_000)],
        synthesise("turn on the kitchen light"),
        synthesise("what time is it"),
        synthesise("turn off the lamp"),
    ]
    measured: list[float] = []
    own: list[float] = []
    async with Watcher(broker.port, "arvis/site/room/#") as watcher, daemon:
        await daemon.log("room listens for hey_jarvis")
        await asyncio.sleep(5)
        before, began = cpu_seconds(daemon.process.pid), time.monotonic()
        await asyncio.sleep(20)
        idle = (cpu_seconds(daemon.process.pid) - before) / (time.monotonic() - began)
        for number, pcm in enumerate(spoken * 3):
            wav = tmp_path / "said.wav"
            write_wav(wav, pcm + bytes(48_000))
            turns = len(watcher.of("arvis/site/room/turn"))
            with sound.recorder("vmic.monitor") as said, sound.recorder() as heard:
                await asyncio.to_thread(said.wait_for_sound_server)
                await asyncio.to_thread(heard.wait_for_sound_server)
                await listen(broker.port)
                await watcher.wait("arvis/site/room/phase", phase="listening", count=number + 1)
                await asyncio.to_thread(sound.play, wav)
                turn = (await watcher.wait("arvis/site/room/turn", count=turns + 1)).json
                await asyncio.sleep(0.5)
                end = said.first_sample + edge(said.pcm, first=False)
                answer = heard.first_sample + edge(heard.pcm, first=True)
            measured.append(answer - end)
            own.append(turn["stages_ms"]["total"] / 1000)
    measured.sort()
    own.sort()
    with capsys.disabled():
        print(
            f"\nend of speech to first sound, {len(measured)} turns: p50 {statistics.median(measured):.2f} s, "
            f"p95 {measured[int(len(measured) * 0.95)]:.2f} s (by the daemon's own trace {statistics.median(own):.2f} s); "
            f"listening for the wake word takes {idle:.1%} of a core"
        )
    assert all(seconds > 0 for seconds in measured)
    assert idle < 0.6


async def listen(port: int) -> None:
    process = await asyncio.create_subprocess_exec(
        "mosquitto_pub", "-p", str(port), "-q", "1", "-t", "arvis/site/room/listen", "-m", "{}"
    )
    await process.wait()
