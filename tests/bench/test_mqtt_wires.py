"""What the client libraries and our wires cost, side by side in one run; docs/mqtt.md has the first results.

The choice of the default library rests on this. Only ratios within one run mean something.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bench.mqtt_load import Load, Result
from tests.simulators.broker import StartMosquitto

pytestmark = pytest.mark.bench

ROOT = Path(__file__).parents[2]
LATENCY_MESSAGES, PACE = 150, 100.0
MESSAGES, IN_FLIGHT = 4_000, 64
ROUNDS = 3
"""Rounds, the echoes taking turns: of each figure the median counts, so that a noisy neighbour does not."""


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100.0


@contextmanager
def echo(name: str, host: str, port: int, version: str) -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.mqtt_echo", name, host, str(port), version], cwd=ROOT
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def measure(name: str, host: str, port: int, version: str, qos: int) -> Result:
    with echo(name, host, port, version) as pid:
        load = Load(host, port, qos)
        load.until_echo()
        load.throughput(1_000, IN_FLIGHT)  # warm
        times = load.latency(LATENCY_MESSAGES, PACE)
        before = cpu_seconds(pid)
        rate = load.throughput(MESSAGES, IN_FLIGHT)
        cpu = (cpu_seconds(pid) - before) / MESSAGES * 1e6
        load.close()
    return Result(f"{name} (MQTT {version})", rate, cpu, times[len(times) // 2], times[len(times) * 99 // 100])


@pytest.mark.parametrize(("qos", "versions"), [(1, ["5", "3.1.1"]), (0, ["5"])])
def test_wires(
    start_mosquitto: StartMosquitto, capsys: pytest.CaptureFixture[str], qos: int, versions: list[str]
) -> None:
    broker = start_mosquitto(conf=["max_inflight_messages 1000", "max_queued_messages 0"])
    echoes = [
        (name, version) for version in versions for name in ("raw-paho", "wire-paho", "raw-aiomqtt", "wire-aiomqtt")
    ]
    rounds = [
        [measure(name, broker.host, broker.port, version, qos) for name, version in echoes] for _ in range(ROUNDS)
    ]
    results = [middle(list(of_one)) for of_one in zip(*rounds, strict=True)]
    raw = results[0]
    with capsys.disabled():
        print(f"\nEcho at QoS {qos}, {IN_FLIGHT} in flight, {PACE:g} a second for the latency; × is against {raw.name}")
        print("| echo | messages a second | × | CPU µs a message | p50 ms | × | p99 ms |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for r in results:
            print(
                f"| {r.name} | {r.per_second:,.0f} | {r.per_second / raw.per_second:.2f} | {r.cpu_us:.0f} "
                f"| {r.p50_ms:.2f} | {r.p50_ms / raw.p50_ms:.2f} | {r.p99_ms:.2f} |"
            )
    assert all(result.per_second > 0 for result in results)


def middle(results: list[Result]) -> Result:
    """Return the median of each figure."""
    return Result(
        results[0].name,
        *(
            statistics.median(getattr(r, figure) for r in results)
            for figure in ("per_second", "cpu_us", "p50_ms", "p99_ms")
        ),
    )
