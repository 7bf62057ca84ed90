"""The daemon as a newcomer runs it: first start, embedded broker, command line, saving files, stopping."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulators.broker import free_port
from tests.simulators.daemon import DaemonProcess
from tests.simulators.watcher import Watcher

pytestmark = pytest.mark.integration

QUIET = "microphone: false\n"


async def arvisd(daemon: DaemonProcess, *arguments: str) -> tuple[int, str, str]:
    """Run a command as the daemon's user does; return its code, output and errors."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "arvisd.cli", *arguments, env=daemon.environment, stdout=-1, stderr=-1
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[DaemonProcess]:
    """A daemon on its own defaults, but for a port of its own and no sound."""
    port = free_port()
    process = DaemonProcess(tmp_path, port=port)
    process.write(
        "configuration.yaml",
        f"mqtt: {{embedded: {{port: {port}}}}}\nhome: !include home.yaml\nautomation: !include automations.yaml\n{QUIET}",
    )
    process.write("home.yaml", "areas:\n  - {id: kitchen, names: {en: kitchen, ru: кухня}}\n")
    process.write("automations.yaml", announcing("one"))
    async with process:
        await process.log("ready:")
        yield process


def announcing(text: str) -> str:
    return f"""
- id: announce
  triggers:
    - trigger: mqtt
      topic: test/in
  actions:
    - action: mqtt.publish
      data: {{topic: test/out, payload: "{text} {{{{ trigger.payload }}}}"}}
"""


def publish(daemon: DaemonProcess, topic: str, payload: str) -> None:
    command = ["mosquitto_pub", "-p", str(daemon.port), "-q", "1", "-t", topic, "-m", payload]
    subprocess.run(command, check=True, timeout=10)


def watch(daemon: DaemonProcess, *filters: str) -> Watcher:
    return Watcher(daemon.port, *filters)


async def test_the_first_start_writes_a_configuration_that_works(tmp_path: Path) -> None:
    daemon = DaemonProcess(tmp_path)  # where another program has the default port, the next free one is taken
    async with daemon:
        await daemon.log("ready:")
        code, out, _ = await arvisd(daemon, "ask", "turn on the kitchen light")
        assert (code, out) == (0, "Turned on the kitchen light\n")
        code, out, _ = await arvisd(daemon, "ask", "--json", "включи свет на кухне")
        answer = json.loads(out)
        assert code == 0
        assert set(answer) == {"text", "intent", "slots", "reply", "actions", "stages_ms"}
        assert (answer["intent"], answer["slots"], answer["actions"]) == (
            "HassTurnOn",
            {"name": "light.kitchen"},
            ["light.turn_on"],
        )
        code, out, err = await arvisd(daemon, "check")
        assert (code, out) == (0, ""), err
    assert (daemon.config / "configuration.yaml").is_file()


async def test_the_command_line_does_actions_and_says_what_it_cannot(daemon: DaemonProcess) -> None:
    async with watch(daemon, "arvis/state/light/#") as watcher:
        code, out, err = await arvisd(daemon, "action", "light.turn_on", "entity_id=light.kitchen", "brightness_pct=40")
        assert code == 0, err
        lit = await watcher.wait("arvis/state/light/kitchen", state="on")
        assert lit.json["attributes"]["brightness"] == 102
    code, out, err = await arvisd(daemon, "action", "light.turn_onn")
    assert (code, out, err) == (1, "", "arvisd: there is no action 'light.turn_onn' (did you mean light.turn_on?)\n")
    code, _, err = await arvisd(daemon, "action", "light.turn_on", "entity_id=light.kitchn")
    assert code == 1
    assert "light.kitchn" in err
    code, _, err = await arvisd(daemon, "action", "light.turn_on", "brightness")
    assert (code, err) == (1, "arvisd: 'brightness' is not KEY=VALUE, as in brightness_pct=40\n")
    code, out, _ = await arvisd(daemon, "action", "--json")
    assert code == 0
    assert "mqtt.publish" in json.loads(out)
    assert (await arvisd(daemon, "mode"))[:2] == (0, "standalone\n")
    code, out, _ = await arvisd(daemon, "ask", "paint the fence purple")
    assert code == 1
    assert out.strip()


async def test_commands_without_a_daemon_say_so(tmp_path: Path) -> None:
    daemon = DaemonProcess(tmp_path)
    daemon.write("configuration.yaml", f"mqtt: {{embedded: {{port: {free_port()}}}}}\n")
    for command in (["ask", "hello"], ["say", "hello"], ["mode"], ["action", "light.turn_on"]):
        code, out, err = await arvisd(daemon, *command)
        assert (code, out) == (1, ""), err
        assert err.startswith("arvisd: "), err
        assert "Traceback" not in err


async def test_ask_once_needs_no_daemon(tmp_path: Path) -> None:
    daemon = DaemonProcess(tmp_path)
    code, out, err = await arvisd(daemon, "ask", "--once", "--json", "включи лампу")
    assert code == 0, err
    assert json.loads(out)["slots"] == {"name": "light.lamp"}


async def test_doctor_names_every_part(daemon: DaemonProcess) -> None:
    code, out, err = await arvisd(daemon, "doctor", "--json")
    checks: dict[str, Any] = {check["name"]: check for check in map(json.loads, out.splitlines())}
    assert checks["daemon"]["state"] == "ok", err
    assert checks["configuration"]["state"] == "ok"
    assert checks["stt pocketsphinx (en)" if "stt pocketsphinx (en)" in checks else "stt pocketsphinx (en, ru)"]
    assert any(name.startswith("tts espeak") and check["state"] == "ok" for name, check in checks.items())
    assert code == 0, out


async def test_a_saved_automation_is_in_force_and_a_broken_one_is_refused_with_its_line(daemon: DaemonProcess) -> None:
    async with watch(daemon, "test/#", "arvis/log/#", "arvis/event/#") as watcher:
        await asyncio.to_thread(publish, daemon, "test/in", "a")
        await watcher.wait("test/out", count=1)
        daemon.write("automations.yaml", announcing("two"))
        await watcher.wait("arvis/event/configuration_reloaded", count=1)
        await asyncio.to_thread(publish, daemon, "test/in", "b")
        await watcher.wait("test/out", count=2)
        daemon.write("automations.yaml", announcing("three").replace("mqtt.publish", "mqtt.publish\n      banana: 1"))
        problem = await watcher.wait("arvis/log/error")
        assert problem.json["message"].startswith("automations.yaml:8:7: "), problem.json
        assert "banana" in problem.json["message"]
        await asyncio.to_thread(publish, daemon, "test/in", "c")
        await watcher.wait("test/out", count=3)
    assert [m.data.decode() for m in watcher.of("test/out")] == ["one a", "two b", "two c"]


BROKEN = {
    "wrong type": ("configuration.yaml", "+assist: {chime: loud}\n"),
    "unknown section": ("configuration.yaml", "+automaton: []\n"),
    "bad yaml": ("configuration.yaml", "+x: [\n"),
    "binary": ("configuration.yaml", "\x00\x01\x02"),
    "empty of sense": ("configuration.yaml", "- a\n- b\n"),
    "missing secret": ("configuration.yaml", "+arvisd: {name: !secret nobody}\n"),
    "include loop": ("automations.yaml", "!include automations.yaml\n"),
    "no list": ("automations.yaml", "just words\n"),
    "half a file": ("automations.yaml", "- id: x\n  triggers: [{trigger: mqtt, topic: 'a\n"),
    "ten megabytes in a line": ("automations.yaml", "- id: " + "x" * 10_000_000 + "\n"),
    "home is wrong": ("home.yaml", "areas: [{id: 'Kitchen room'}]\n"),
}
"""Case, file and text; `+` adds it to what is there."""


async def test_a_daemon_that_runs_goes_on_running_through_every_broken_configuration(daemon: DaemonProcess) -> None:
    good = {name: (daemon.config / name).read_text() for name, _ in BROKEN.values()}
    async with watch(daemon, "test/out", "arvis/event/configuration_reloaded", "arvis/status") as watcher:
        await watcher.wait("arvis/status")  # it listens: what is kept has come
        for number, (case, (name, text)) in enumerate(BROKEN.items(), 1):
            daemon.write(name, good[name] + text[1:] if text.startswith("+") else text)
            reloaded = await watcher.wait("arvis/event/configuration_reloaded", count=2 * number - 1)
            assert reloaded.json["data"]["problems"], case
            code, out, _ = await arvisd(daemon, "check")
            assert code == 1, case
            assert out.strip(), case
            await asyncio.to_thread(publish, daemon, "test/in", case)
            answer = await watcher.wait("test/out", count=number)
            assert answer.data.decode() == f"one {case}"
            daemon.write(name, good[name])
            mended = await watcher.wait("arvis/event/configuration_reloaded", count=2 * number)
            assert mended.json["data"]["problems"] == [], case
    assert daemon.process.returncode is None


async def test_sigterm_stops_within_five_seconds_and_says_offline(daemon: DaemonProcess) -> None:
    async with watch(daemon, "arvis/status") as watcher:
        await watcher.wait("arvis/status")
        took = await daemon.stop()
        assert [m.data for m in watcher.messages] == [b"online", b"offline"]
    assert daemon.process.returncode == 0
    assert took < 5
    assert not any("Traceback" in line for line in daemon.lines), daemon.lines


async def test_every_stage_of_the_start_is_logged_with_its_milliseconds(daemon: DaemonProcess) -> None:
    for stage in ("configuration", "mqtt", "house", "automations", "integrations", "assist", "sentences", "ready"):
        assert any(f" {stage}: " in line and line.endswith(" ms") for line in daemon.lines), stage


async def test_systemd_hears_ready_and_stopping(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    systemd = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    systemd.bind(address)
    systemd.settimeout(30)
    daemon = DaemonProcess(tmp_path, {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "2000000"})
    daemon.write("configuration.yaml", f"mqtt: {{embedded: {{port: {free_port()}}}}}\n{QUIET}")
    said: list[str] = []
    async with daemon:
        while "READY=1\nSTATUS=listening" not in said:
            said.append((await asyncio.to_thread(systemd.recv, 4096)).decode())
        while said.count("WATCHDOG=1") < 3:
            said.append((await asyncio.to_thread(systemd.recv, 4096)).decode())
    systemd.setblocking(False)
    while True:
        try:
            said.append(systemd.recv(4096).decode())
        except BlockingIOError:
            break
    systemd.close()
    assert said[-1] == "STOPPING=1\nSTATUS=stopping" or "STOPPING=1\nSTATUS=stopping" in said


def test_the_command_line_explains_itself() -> None:
    done = subprocess.run([sys.executable, "-m", "arvisd.cli", "--help"], capture_output=True, text=True, check=True)
    for command in ("run", "check", "doctor", "ask", "say", "listen", "action", "mode", "models"):
        assert f"    {command} " in done.stdout
    assert os.linesep in done.stdout
