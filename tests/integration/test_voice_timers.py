"""Timers and lists of the real daemon: killed in the middle and started again, nothing is lost and nothing comes twice."""

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
"""


def type_at(daemon: DaemonProcess, text: str) -> None:
    """Type something at a site."""
    message = json.dumps({"text": text})
    command = ["mosquitto_pub", "-p", str(daemon.port), "-q", "1", "-t", "arvis/site/desk/text", "-m", message]
    subprocess.run(command, check=True, timeout=10)


async def test_timers_and_lists_outlive_a_kill(tmp_path: Path) -> None:
    """One timer goes on, one that ended meanwhile is announced, a command for later is done, the list is there."""
    port = free_port()
    daemon = DaemonProcess(tmp_path, port=port)
    daemon.write("configuration.yaml", CONFIGURATION.format(port=port))
    async with daemon:
        await daemon.log("ready:")
        async with Watcher(port, "arvis/state/#") as states:
            type_at(daemon, "set a pasta timer for 1 hour")
            type_at(daemon, "set a tea timer for 3 seconds")
            type_at(daemon, "turn on the lamp in 3 seconds")
            type_at(daemon, "add milk to the shopping list")
            pasta = await states.wait("arvis/state/timer/voice_pasta", state="active")
            await states.wait("arvis/state/timer/voice_tea", state="active")
            await states.wait("arvis/state/timer/voice_1", state="active")
            await states.wait("arvis/state/todo/shopping_list", state="1")
            await daemon.kill()
    await asyncio.sleep(3.5)  # two of them fall due while nobody is there
    again = DaemonProcess(tmp_path, port=port)
    async with again:
        await again.log("ready:")
        async with Watcher(port, "arvis/state/#", "arvis/site/desk/reply") as seen:
            went_on = await seen.wait("arvis/state/timer/voice_pasta", state="active")
            assert went_on.json["attributes"]["finishes_at"] == pasta.json["attributes"]["finishes_at"]
            await seen.wait("arvis/state/todo/shopping_list", state="1")
            await seen.wait("arvis/state/light/lamp", state="on")
            rings = await seen.wait("arvis/site/desk/reply", within=30, text="Your 3 second tea timer is done")
            assert rings.json["final"]
            type_at(again, "stop")
            await seen.wait("arvis/site/desk/reply", text="Stopped")
