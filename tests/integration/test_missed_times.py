"""The daemon is killed while a `for:` waits, and a time passes while it is off: the next one makes up for both, once."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.simulators.broker import free_port
from tests.simulators.daemon import DaemonProcess
from tests.simulators.watcher import Watcher

pytestmark = pytest.mark.integration

CONFIGURATION = """
arvisd: {{latitude: 52.5, longitude: 13.4, timezone: UTC}}
mqtt: {{embedded: {{port: {port}}}}}
microphone: false
input_boolean: {{pump: }}
counter: {{dwell: , clock: , skipped: }}
automation:
  - id: dwell
    triggers: [{{trigger: state, entity_id: input_boolean.pump, to: 'on', for: 10}}]
    actions: [{{action: counter.increment, target: {{entity_id: counter.dwell}}}}]
  - id: clock
    triggers: [{{trigger: time, at: '{at}'}}]
    actions: [{{action: counter.increment, target: {{entity_id: counter.clock}}}}]
  - id: skipped
    missed: skip
    triggers: [{{trigger: time, at: '{at}'}}]
    actions: [{{action: counter.increment, target: {{entity_id: counter.skipped}}}}]
"""
PAUSE = 10.0


async def test_what_passed_is_made_up_for(tmp_path: Path) -> None:
    port = free_port()
    daemon = DaemonProcess(tmp_path, port=port)
    daemon.write("configuration.yaml", CONFIGURATION.format(port=port, at="00:00:00"))
    async with daemon:
        await daemon.log("ready:")
        async with Watcher(port, "arvis/state/#") as states:
            due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=PAUSE)
            daemon.write("configuration.yaml", CONFIGURATION.format(port=port, at=f"{due:%H:%M:%S}"))
            await daemon.log("configuration read anew")
            request = json.dumps({"target": {"entity_id": "input_boolean.pump"}})
            topic = "arvis/action/input_boolean/turn_on"
            sent = await asyncio.create_subprocess_exec(
                "mosquitto_pub", "-p", str(port), "-q", "1", "-t", topic, "-m", request
            )
            assert await sent.wait() == 0
            await states.wait("arvis/state/input_boolean/pump", state="on")
            assert (await states.wait("arvis/state/sun/sun")).json["attributes"]["next_rising"]
            await daemon.kill()
    await asyncio.sleep((due - datetime.now(UTC)).total_seconds() + 2)
    again = DaemonProcess(tmp_path, port=port)
    async with again:
        await again.log("ready:")
        async with Watcher(port, "arvis/state/#") as states:
            await states.wait("arvis/state/counter/clock", state="1")
            await states.wait("arvis/state/counter/dwell", state="1")
            await again.log("'missed: skip'")
            await again.kill()
    third = DaemonProcess(tmp_path, port=port)
    async with third:
        await third.log("ready:")
        await asyncio.sleep(1.0)
        async with Watcher(port, "arvis/state/#") as states:
            for name, value in {"clock": "1", "dwell": "1", "skipped": "0"}.items():
                await states.wait(f"arvis/state/counter/{name}", state=value)
        assert not [line for line in third.lines if "missed" in line]
