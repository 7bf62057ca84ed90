"""Webhooks of the real daemon, called as programs call them: curl, and what Python has."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.simulators.broker import free_port
from tests.simulators.daemon import DaemonProcess
from tests.simulators.watcher import Watcher

pytestmark = pytest.mark.integration

HOOK = """
- id: hook
  mode: parallel
  triggers:
    - trigger: webhook
      webhook_id: door-3f9a
      allowed_methods: [GET, POST, PUT]
  actions:
    - action: mqtt.publish
      data:
        topic: test/out
        payload: "{{ trigger.method }} {{ trigger.json | default(trigger.data) | to_json }} {{ trigger.query | to_json }}"
    - delay: {milliseconds: 10}
    - action: persistent_notification.create
      data: {message: "{{ trigger.webhook_id }}", notification_id: rang}
"""


@pytest.fixture
def web_port() -> int:
    return free_port()


@pytest.fixture
async def daemon(tmp_path: Path, web_port: int) -> DaemonProcess:
    port = free_port()
    process = DaemonProcess(tmp_path, port=port)
    process.write(
        "configuration.yaml",
        f"mqtt: {{embedded: {{port: {port}}}}}\nweb: {{port: {web_port}}}\n"
        "automation: !include automations.yaml\nmicrophone: false\n",
    )
    process.write("automations.yaml", HOOK)
    return process


def call(port: int, path: str, body: bytes | None = None, method: str = "GET", **headers: str) -> tuple[int, bytes]:
    """Return status and body, as the standard library sees them."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


async def test_programs_call(daemon: DaemonProcess, web_port: int) -> None:
    port = web_port
    async with daemon:
        await daemon.log("ready:")
        await daemon.log(f"HTTP at 127.0.0.1:{port}")
        async with Watcher(daemon.port, "arvis/status", "test/out", "arvis/state/persistent_notification/#") as watcher:
            await watcher.wait("arvis/status")
            curl = shutil.which("curl")
            if curl is not None:
                arguments = [
                    "-sS",
                    "-w",
                    "%{http_code}",
                    "-d",
                    "who=Anna",
                    f"http://127.0.0.1:{port}/api/webhook/door-3f9a",
                ]
                process = await asyncio.create_subprocess_exec(curl, *arguments, stdout=-1)
                out, _ = await asyncio.wait_for(process.communicate(), 20)
                assert out == b"200"
                assert (await watcher.wait("test/out")).data == b'POST {"who":"Anna"} {}'
            for body, method, type_, path, published in (
                (b'{"n": [1]}', "PUT", "application/json", "?a=b", b'PUT {"n":[1]} {"a":"b"}'),
                (None, "GET", "", "?x=%D0%B6", 'GET {} {"x":"ж"}'.encode()),
            ):
                seen = len(watcher.of("test/out"))
                headers = {"Content-Type": type_} if type_ else {}
                answer = await asyncio.to_thread(call, port, f"/api/webhook/door-3f9a{path}", body, method, **headers)
                assert answer == (200, b"")
                assert (await watcher.wait("test/out", seen + 1)).data == published
            kept = await watcher.wait("arvis/state/persistent_notification/rang")
            assert kept.json["attributes"]["message"] == "door-3f9a"
            assert await asyncio.to_thread(call, port, "/api/webhook/other", b"", "POST") == (200, b"")
            status, body = await asyncio.to_thread(call, port, "/api/health")
            assert (status, json.loads(body)["status"]) == (200, "running")
        assert await daemon.stop() < 5
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), 1).close()


async def test_a_taken_port_costs_the_webhooks_only(daemon: DaemonProcess, web_port: int) -> None:
    port = web_port
    taken = socket.create_server(("127.0.0.1", port))
    async with daemon:
        await daemon.log("ready:")
        await daemon.log(f"the HTTP port 127.0.0.1:{port} is taken by another program")
        taken.close()
        await daemon.log(f"HTTP at 127.0.0.1:{port}")
        assert (await asyncio.to_thread(call, port, "/api/health"))[0] == 200
        daemon.write("automations.yaml", HOOK.replace("door-3f9a", "gate-77"))
        await daemon.log("configuration read anew")
        async with Watcher(daemon.port, "arvis/status", "test/out") as watcher:
            await watcher.wait("arvis/status")
            await asyncio.to_thread(call, port, "/api/webhook/door-3f9a", b"", "POST")
            await asyncio.to_thread(call, port, "/api/webhook/gate-77", b"x", "POST")
            await watcher.wait("test/out")
            assert len(watcher.of("test/out")) == 1


async def test_nothing_is_open_where_nobody_waits(tmp_path: Path) -> None:
    port = free_port()
    daemon = DaemonProcess(tmp_path, port=port)
    daemon.write("configuration.yaml", f"mqtt: {{embedded: {{port: {port}}}}}\nmicrophone: false\n")
    async with daemon:
        await daemon.log("ready:")
        assert not any("HTTP at" in line for line in daemon.lines)
        assert "aiohttp" not in libraries_of(daemon.process.pid)


def libraries_of(pid: int) -> str:
    """Return the files that a process has mapped, where the system tells."""
    maps = Path(f"/proc/{pid}/maps")
    return maps.read_text() if maps.exists() else ""
