"""`kill -9` at random moments of many random scripts: a subscriber sees the same messages, none twice."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sqlite3
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from arvisd.core.hub import Hub
from tests.simulators.automation_rig import automation_rig
from tests.simulators.broker import Mosquitto
from tests.simulators.clock import FakeClock
from tests.simulators.daemon import DaemonProcess
from tests.simulators.random_scripts import random_scripts
from tests.simulators.watcher import Watcher

pytestmark = pytest.mark.integration

SCRIPTS = int(os.environ.get("ARVISD_KILLED_SCRIPTS", "30"))
"""How many run at once; `ARVISD_KILLED_SCRIPTS=200` is what the daemon is held to."""
KILLS = int(os.environ.get("ARVISD_KILLS", "5"))
SEED = int(os.environ.get("ARVISD_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
LONGEST_WAIT = 0.8
LENGTHS = (2.0, 6.0 + KILLS)
"""Seconds that a script takes at least and at most."""

LEFT_OUT = 0 if "ARVISD_KILLED_SCRIPTS" in os.environ else 1
"""How many messages of all may be missing, none may come twice or in another order: a run by hand holds it to none."""

Lines = dict[str, list[str]]


async def unkilled(documents: list[dict[str, Any]], folder: Path) -> tuple[Lines, list[dict[str, Any]]]:
    """Return what the scripts do when nobody kills them, by topic, and those of them that are of the wanted length."""
    clock = FakeClock()
    async with automation_rig(Hub(clock), clock, folder) as rig:
        assert await rig.load(json.dumps(documents)) == []
        rig.publish("kill/go")
        await clock.advance(LENGTHS[0])
        long_enough = {info.id for info in rig.engine.list() if info.current}
        await clock.advance(LENGTHS[1] - LENGTHS[0])
        chosen = long_enough - {info.id for info in rig.engine.list() if info.current}
        lines: Lines = defaultdict(list)
        for topic, payload in rig.sent:
            if topic.startswith("kill/done/") and f"s{topic.split('/')[2]}" in chosen:
                lines[topic].append(payload.decode())
        return dict(lines), [document for document in documents if document["id"] in chosen][:SCRIPTS]


def in_order(done: list[str], expected: list[str]) -> bool:
    """Tell whether all that was seen is expected, once each and in that order."""
    rest = iter(expected)
    return all(line in rest for line in done)


def seen_by(watcher: Watcher) -> Lines:
    lines: Lines = defaultdict(list)
    for message in watcher.of("kill/done/"):
        lines[message.topic].append(message.data.decode())
    return dict(lines)


async def test_killed_at_random(tmp_path: Path, mosquitto: Mosquitto) -> None:
    print(f"seed {SEED}: ARVISD_SEED={SEED} runs the same scripts again")
    (tmp_path / "unkilled").mkdir()
    lines, documents = await unkilled(random_scripts(SCRIPTS * 3, SEED, LONGEST_WAIT), tmp_path / "unkilled")
    chosen = {document["id"] for document in documents}
    expected = {topic: done for topic, done in lines.items() if f"s{topic.split('/')[2]}" in chosen}
    total = sum(map(len, expected.values()))
    moments = random.Random(SEED)
    daemon = DaemonProcess(tmp_path, port=mosquitto.port)
    daemon.write(
        "configuration.yaml",
        f"mqtt: {{broker: 'mqtt://127.0.0.1:{mosquitto.port}'}}\nautomation: !include automations.yaml\nmicrophone: false\n",
    )
    daemon.write("automations.yaml", json.dumps(documents))
    async with Watcher(mosquitto.port, "kill/#") as watcher:
        async with daemon:
            await daemon.log("ready:")
            command = ["mosquitto_pub", "-p", str(mosquitto.port), "-q", "1", "-t", "kill/go", "-m", "x"]
            await asyncio.to_thread(subprocess.run, command, check=True, timeout=10)
            await watcher.wait("kill/go")
            for _ in range(KILLS):
                # counted from the start of the process: the start itself is killed in its midst, too
                await asyncio.sleep(moments.uniform(0.2, 3.0))
                await daemon.kill()
                daemon.lines.append("---- killed")
                await daemon.start()
            async with asyncio.timeout(120):
                while sum(map(len, seen_by(watcher).values())) < total and daemon.process.returncode is None:
                    await asyncio.sleep(0.2)
                    if not _waiting(daemon.data):
                        break
            await asyncio.sleep(1.0)
        seen = seen_by(watcher)
        assert {topic: done for topic, done in seen.items() if not in_order(done, expected.get(topic, []))} == {}
        missing = {topic: done for topic, done in expected.items() if seen.get(topic) != done}
        # the window that docs/automations.md names: a kill between "it is being done" and the socket leaves one out
        left_out = sum(len(expected[topic]) - len(seen.get(topic, [])) for topic in missing)
        assert left_out <= LEFT_OUT, missing
    print(f"{len(documents)} scripts, {KILLS} kills, {total} messages")


def _waiting(data: Path) -> bool:
    """Tell whether a run has a record still, or may soon have."""
    connection = sqlite3.connect(f"file:{data / 'arvisd.db'}?mode=ro", uri=True)
    try:
        return bool(connection.execute("SELECT 1 FROM run LIMIT 1").fetchall())
    finally:
        connection.close()
