"""The whole chain with the real daemon: a typed turn, an automation, a lamp; and what is known of it after a kill."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.simulators.broker import free_port
from tests.simulators.daemon import DaemonProcess
from tests.simulators.watcher import Watcher

pytestmark = pytest.mark.integration

AUTOMATIONS = """
- id: lamp
  alias: The lamp follows the kitchen
  triggers:
    - trigger: intent
      intent: HassTurnOn
      slots: {name: light.kitchen}
  conditions:
    - {condition: state, entity_id: light.lamp, state: "off"}
  actions:
    - alias: Light the lamp
      action: light.turn_on
      target: {entity_id: light.lamp}
"""


async def arvisd(daemon: DaemonProcess, *arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "arvisd.cli", *arguments, env=daemon.environment, stdout=-1, stderr=-1
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def printed(daemon: DaemonProcess, *arguments: str) -> str:
    code, out, err = await arvisd(daemon, *arguments)
    assert code == 0, err
    return out


@pytest.fixture
async def daemon(tmp_path: Path) -> AsyncIterator[DaemonProcess]:
    port = free_port()
    process = DaemonProcess(tmp_path, port=port)
    process.write(
        "configuration.yaml",
        f"mqtt: {{embedded: {{port: {port}}}}}\nmicrophone: false\nautomation: !include automations.yaml\n",
    )
    process.write("automations.yaml", AUTOMATIONS)
    async with process:
        await process.log("ready:")
        yield process


async def restarted(daemon: DaemonProcess) -> None:
    """Kill it as `kill -9` does, a second after the last thing happened, and start it again."""
    await asyncio.sleep(2)
    await daemon.kill()
    daemon.lines.clear()
    await daemon.start()
    await daemon.log("ready:")


async def test_from_a_turn_to_a_lamp_and_over_a_kill(daemon: DaemonProcess) -> None:
    await printed(daemon, "ask", "turn on the kitchen light")
    chain = (await printed(daemon, "why", "light.lamp")).splitlines()
    assert chain[0].startswith("light.lamp (Lamp) is on, since ")
    assert chain[1] == "  ← light.turn_on, the step action/0 “Light the lamp”   automations.yaml:11:7"
    assert chain[2].startswith("  ← run ")
    assert "of automation.the_lamp_follows_the_kitchen “The lamp follows the kitchen”" in chain[2]
    assert chain[2].endswith("automations.yaml:2")
    assert chain[3] == "  ← set off by intent HassTurnOn   automations.yaml:5:7"
    assert chain[4].startswith("  ← “turn on the kitchen light”, typed at the site cli, understood as HassTurnOn, ")
    assert len(chain) == 5

    await printed(daemon, "ask", "turn on the kitchen light")  # the lamp is on: the condition is against it
    tree = await printed(daemon, "automation", "trace", "lamp")
    assert "automation.the_lamp_follows_the_kitchen run " in tree
    assert "└ ✓ action/0 Light the lamp (light.turn_on) " in tree
    assert "Since then:\n" in tree
    unmet = "condition state: entity_id light.lamp, state on, wanted state off"
    assert f"did not run: its conditions were not met: automations.yaml:9:7: {unmet}" in tree

    before = json.loads(await printed(daemon, "automation", "trace", "lamp", "--all", "--json"))
    why = json.loads(await printed(daemon, "why", "light.lamp", "--json"))
    await restarted(daemon)
    assert json.loads(await printed(daemon, "automation", "trace", "lamp", "--all", "--json")) == before
    after = json.loads(await printed(daemon, "why", "light.lamp", "--json"))
    assert (after["state"], after["cause"]) == ("off", "start")  # the virtual house forgets; the index does not
    assert [(change["state"], change["chain"]) for change in after["before"]] == [("on", why["chain"])]
    said = await printed(daemon, "why", "lamp")
    assert "Its last run:\n  ✓ " in said
    assert "← “turn on the kitchen light”, typed at the site cli" in said
    (listed,) = json.loads(await printed(daemon, "automation", "list", "--json"))["automations"]
    assert (listed["runs"], listed["file"], listed["line"]) == (1, "automations.yaml", 2)


async def test_triggered_by_hand_and_switched_off(daemon: DaemonProcess) -> None:
    table = (await printed(daemon, "automation", "list")).splitlines()
    assert " ".join(table[0].split()) == "STATE AUTOMATION ALIAS MODE LAST RUN NEXT RUN RUNS WHERE"
    assert " ".join(table[1].split()) == (
        "on automation.the_lamp_follows_the_kitchen The lamp follows the kitchen single - - 0 automations.yaml:2"
    )
    out = await printed(daemon, "automation", "trigger", "lamp", "--conditions")
    assert out == "automation.the_lamp_follows_the_kitchen finished\n"
    chain = await printed(daemon, "why", "light.lamp")
    assert "← started by hand" in chain
    assert "← automation.run was asked for over MQTT, " in chain
    code, out, _ = await arvisd(daemon, "automation", "trigger", "lamp", "--conditions")
    assert code == 1
    assert out.startswith("automation.the_lamp_follows_the_kitchen did not run: its conditions were not met: ")
    await printed(daemon, "action", "automation.turn_off", "entity_id=automation.the_lamp_follows_the_kitchen")
    await restarted(daemon)
    said = await printed(daemon, "why", "lamp")
    assert "It is switched off: arvisd action automation.turn_on entity_id=automation.the_lamp" in said
    code, _, err = await arvisd(daemon, "automation", "trigger", "lump")
    assert (code, err) == (1, "arvisd: automation.run: there is no automation 'lump' (did you mean 'lamp'?)\n")


async def test_problems_are_kept_on_mqtt(daemon: DaemonProcess) -> None:
    async with Watcher(daemon.port, "arvis/problems") as watcher:
        assert (await watcher.wait("arvis/problems")).json == {"problems": []}
        daemon.write("automations.yaml", AUTOMATIONS.replace("trigger: intent", "trigger: intend"))
        wrong = await watcher.wait("arvis/problems", problems=[
            {
                "file": "automations.yaml",
                "line": 5,
                "column": 16,
                "severity": "error",
                "message": "there is no trigger 'intend' (did you mean 'intent'?)",
                "automation": "lamp",
            }
        ])  # fmt: skip
        checked = json.loads((await arvisd(daemon, "check", "--json"))[1])
        assert wrong.json == checked
        daemon.write("automations.yaml", AUTOMATIONS)
        await watcher.wait("arvis/problems", 2, problems=[])
        (daemon.data / "arvisd.db").unlink()
        lost = await watcher.wait("arvis/problems", 4)
        assert "was deleted or replaced: restart arvisd" in lost.json["problems"][0]["message"]


async def test_without_a_daemon(tmp_path: Path) -> None:
    daemon = DaemonProcess(tmp_path)
    port = free_port()
    daemon.write("configuration.yaml", f"mqtt: {{embedded: {{port: {port}}}}}\n")
    for command in (["why", "light.lamp"], ["automation", "list"], ["automation", "trace", "x"]):
        code, out, err = await arvisd(daemon, *command)
        assert (code, out) == (1, "")
        assert err == f"arvisd: no arvisd is running here, at mqtt://127.0.0.1:{port}: start it with 'arvisd run'\n"
