"""What runs cost that wait and are written down: memory, processor, disk, and each step of a run that has a record."""

from __future__ import annotations

import asyncio
import gc
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from arvisd.automation.durable.book import RunBook
from arvisd.automation.engine import AutomationEngine
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.mqtt.publish_action import register_publish
from arvisd.storage.database import Database

pytestmark = pytest.mark.bench

WAITING = 1_000
AT_ONCE = 64
PAYLOAD = b'{"occupancy": true, "illuminance": 120, "battery": 97, "linkquality": 84, "number": %d}'
QUIET_SECONDS = 2.0
TRIGGER = {"trigger": "mqtt", "topic": "in"}


def waiting_document(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": "a", "mode": "parallel", "max": WAITING, "triggers": [TRIGGER], "actions": steps}]


async def set_off(hub: Hub) -> None:
    for number in range(WAITING):
        hub.bus.publish("in", PAYLOAD % number)
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
    await asyncio.sleep(0.3)


def book_of(engine: AutomationEngine) -> RunBook:
    return engine._parts.book


async def test_a_thousand_runs_that_wait(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = [{"variables": {"n": "{{ trigger.payload_json.number }}"}}, {"delay": 3600}, {"event": "done"}]
    database = Database(tmp_path / "arvisd.db").open()
    hub = Hub()
    async with Owner("bench") as owner:
        engine = AutomationEngine(hub, None, owner, database)
        await engine.load(waiting_document(steps))
        engine.started()
        gc.collect()
        tracemalloc.start()
        await set_off(hub)
        gc.collect()
        memory = tracemalloc.get_traced_memory()[0] / 1e6
        tracemalloc.stop()
        begin = time.process_time()
        await asyncio.sleep(QUIET_SECONDS)
        share = (time.process_time() - begin) / QUIET_SECONDS
        assert engine.list()[0].current == WAITING
        assert book_of(engine).writes == WAITING
        await engine.stop()
    size = database.read("SELECT sum(length(head) + length(position)) FROM run")[0][0]
    database.close()
    database = Database(tmp_path / "arvisd.db").open()
    hub = Hub()
    async with Owner("bench") as owner:
        engine = AutomationEngine(hub, None, owner, database)
        begin = time.process_time()
        await engine.load(waiting_document(steps))
        engine.started()
        await asyncio.sleep(0.2)
        back = (time.process_time() - begin) * 1000
        assert engine.list()[0].current == WAITING
        await engine.stop()
    database.close()
    with capsys.disabled():
        print(
            f"\n1,000 runs in a delay: {memory:.1f} MB, {share:.2%} of a core, {size / WAITING:.0f} bytes each on disk;"
            f" back after a restart in {back:.0f} ms"
        )
    assert memory < 10
    assert share < 0.01


async def microseconds(database: Database | None, steps: list[dict[str, Any]], wait: float) -> float:
    """Return the CPU time of one run."""
    hub = Hub()
    async with Owner("bench") as owner:
        register_publish(hub, owner)
        engine = AutomationEngine(hub, None, owner, database)
        await engine.load(waiting_document(steps))
        engine.started()
        best = float("inf")
        for _ in range(3):
            gc.collect()
            begin = time.process_time()
            await set_off(hub)
            await asyncio.sleep(wait)
            best = min(best, (time.process_time() - begin) / WAITING * 1e6)
        assert engine.list()[0].current == 0
        await engine.stop()
    return best


async def test_what_a_record_costs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish = {"action": "mqtt.publish", "data": {"topic": "out", "payload": "{{ trigger.payload_json.number }}"}}
    plain = [publish] * 4
    waits = [publish, {"delay": 0.05}, *[publish] * 3]
    database = Database(tmp_path / "arvisd.db").open()
    without = await microseconds(database, plain, 0.0)
    assert database.read("SELECT count(*) FROM sqlite_sequence WHERE name = 'run' AND seq > 0") == [(0,)]
    in_memory = await microseconds(None, waits, 0.3)
    kept = await microseconds(database, waits, 0.3)
    database.close()
    with capsys.disabled():
        print(
            f"\nfour publishes: {without:.0f} µs; with a delay between them {in_memory:.0f} µs;"
            f" that outlives a restart {kept:.0f} µs (a record made, written three times, removed)"
        )
    assert kept < 12 * in_memory
