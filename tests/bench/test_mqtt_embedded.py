"""What the embedded broker costs: start, memory, and messages beside mosquitto's, in one run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.mqtt_load import Load
from tests.simulators.broker import StartMosquitto, free_port

pytestmark = pytest.mark.bench

ROOT = Path(__file__).parents[2]
MESSAGES, IN_FLIGHT = 2_000, 32

BROKER = """
import asyncio, sys, time
import arvisd.mqtt.client, arvisd.mqtt.paho_wire
from arvisd.core.clock import SystemClock
from arvisd.mqtt.broker import EmbeddedBroker
from arvisd.mqtt.settings import EmbeddedSettings, MqttSettings

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4 / 1024

async def main():
    before, begin = resident(), time.perf_counter()
    broker = EmbeddedBroker(MqttSettings(embedded=EmbeddedSettings(port=int(sys.argv[1]))), SystemClock())
    await broker.start()
    print(f"{(time.perf_counter() - begin) * 1000:.0f} {resident() - before:.1f}", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def rates(host: str, port: int) -> list[float]:
    """Return messages a second through a raw paho echo at QoS 1 and 0."""
    found = []
    for qos in (1, 0):
        echo = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.mqtt_echo", "raw-paho", host, str(port), "3.1.1"], cwd=ROOT
        )
        try:
            load = Load(host, port, qos)
            load.until_echo()
            found.append(load.throughput(MESSAGES, IN_FLIGHT))
            load.close()
        finally:
            echo.terminate()
            echo.wait()
    return found


def test_embedded_broker(start_mosquitto: StartMosquitto, capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-c", BROKER, str(port)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as embedded:
        assert embedded.stdout is not None
        start_ms, megabytes = map(float, embedded.stdout.readline().split())
        amqtt = rates("127.0.0.1", port)
        embedded.terminate()
    mosquitto = start_mosquitto()
    other = rates(mosquitto.host, mosquitto.port)
    with capsys.disabled():
        print(f"\nEmbedded broker: imported and started in {start_ms:.0f} ms, {megabytes:.1f} MB")
        print("| echo of raw paho, messages a second | QoS 1 | QoS 0 |")
        print("| --- | --- | --- |")
        print(f"| amqtt, embedded | {amqtt[0]:,.0f} | {amqtt[1]:,.0f} |")
        print(f"| mosquitto | {other[0]:,.0f} | {other[1]:,.0f} |")
    assert start_ms > 0
