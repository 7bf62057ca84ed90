"""Helpers in the real daemon: killed in the middle of things and started again, they are what they were."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

import pytest

from tests.simulators.broker import free_port
from tests.simulators.daemon import DaemonProcess
from tests.simulators.watcher import Watcher

pytestmark = pytest.mark.integration

CONFIGURATION = """
mqtt: {{embedded: {{port: {port}}}}}
microphone: false
input_boolean:
  guest: {{name: Guest mode}}
input_number:
  warmth: {{min: 5, max: 30, step: 0.5}}
input_text:
  note:
input_select:
  mode: {{options: [Home, Away, Night]}}
input_datetime:
  wake: {{has_time: true}}
counter:
  visits:
timer:
  short: {{duration: "00:00:{short}"}}
  long: {{duration: "01:00:00"}}
template:
  - sensor: {{name: Double, state: "{{{{ states('input_number.warmth') | float * 2 }}}}"}}
automation:
  - id: told
    triggers: {{trigger: event, event_type: timer.finished}}
    actions:
      - action: mqtt.publish
        data:
          topic: test/finished
          retain: true
          payload: "{{{{ trigger.event.data.entity_id }}}}"
"""


def act(daemon: DaemonProcess, action: str, entity_id: str, **data: object) -> None:
    """Ask for an action over MQTT."""
    request = json.dumps({"data": data, "target": {"entity_id": entity_id}})
    topic = f"arvis/action/{action.replace('.', '/')}"
    command = ["mosquitto_pub", "-p", str(daemon.port), "-q", "1", "-t", topic, "-m", request]
    subprocess.run(command, check=True, timeout=10)


async def test_values_and_timers_outlive_a_kill(tmp_path: Path) -> None:
    """All that was set a moment before, a timer that goes on, and the end of one that was due meanwhile, told once."""
    port = free_port()
    daemon = DaemonProcess(tmp_path, port=port)
    daemon.write("configuration.yaml", CONFIGURATION.format(port=port, short="03"))
    async with daemon:
        await daemon.log("ready:")
        async with Watcher(port, "arvis/state/#") as states:
            for action, entity_id, data in (
                ("input_boolean.turn_on", "input_boolean.guest", {}),
                ("input_number.set_value", "input_number.warmth", {"value": 21.5}),
                ("input_text.set_value", "input_text.note", {"value": "milk"}),
                ("input_select.select_option", "input_select.mode", {"option": "Night"}),
                ("input_datetime.set_datetime", "input_datetime.wake", {"time": "06:45:00"}),
                ("counter.increment", "counter.visits", {}),
                ("timer.start", "timer.long", {}),
                ("timer.start", "timer.short", {}),
            ):
                act(daemon, action, entity_id, **data)
            long = await states.wait("arvis/state/timer/long", state="active")
            await states.wait("arvis/state/timer/short", state="active")
            await asyncio.sleep(0.2)
            await daemon.kill()
    await asyncio.sleep(3.0)  # the short one falls due while nobody is there
    again = DaemonProcess(tmp_path, port=port)
    async with again:
        await again.log("ready:")
        async with Watcher(port, "arvis/state/#", "test/#") as seen:
            assert (await seen.wait("test/finished")).data == b"timer.short"
            for topic, state in {
                "input_boolean/guest": "on",
                "input_number/warmth": "21.5",
                "input_text/note": "milk",
                "input_select/mode": "Night",
                "input_datetime/wake": "06:45:00",
                "counter/visits": "1",
                "timer/short": "idle",
                "sensor/double": "43.0",
            }.items():
                await seen.wait(f"arvis/state/{topic}", state=state)
            went_on = await seen.wait("arvis/state/timer/long", state="active")
            assert went_on.json["attributes"]["finishes_at"] == long.json["attributes"]["finishes_at"]
            assert len(seen.of("test/finished")) == 1
