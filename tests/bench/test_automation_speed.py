"""What automations cost within the process: a run, a load, a reload, a wait; flat from one automation to ten thousand.

The way over a real broker is measured for the whole daemon in `test_daemon.py`; here are the parts of it that the
engine answers for, beside the least that any engine would have to do: decode, render with Jinja, publish.
"""

from __future__ import annotations

import asyncio
import gc
import time
import tracemalloc
from pathlib import Path
from typing import Any

import jinja2
import msgspec
import pytest

from arvisd.automation.engine import AutomationEngine
from arvisd.core.bus import Message, Origin
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.mqtt.publish_action import register_publish

pytestmark = pytest.mark.bench

COUNTS = (1, 100, 1_000, 10_000)
RUNS = 20_000
AT_ONCE = 64
"""Messages between two turns of the event loop, as one read of the broker's socket brings them."""
PAYLOAD = b'{"n": 4, "room": "kitchen"}'


def document(number: int) -> dict[str, Any]:
    """Return an automation of one trigger and one templated publish, as the peers were measured with."""
    return {
        "id": f"a{number}",
        "alias": f"Echo {number}",
        "triggers": [{"trigger": "mqtt", "topic": f"in/{number}"}],
        "actions": [
            {
                "action": "mqtt.publish",
                "data": {"topic": f"out/{number}", "payload": "{{ trigger.payload_json.n }}", "qos": 0},
            }
        ],
    }


def resident() -> int:
    """Return the process's resident memory in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


async def microseconds(hub: Hub, count: int) -> float:
    """Return the CPU time of one message, from its arrival to the publish that follows from it."""
    best = float("inf")
    for _ in range(3):
        begin = time.process_time()
        for number in range(RUNS):
            hub.bus.deliver(Message(f"in/{number % count}", PAYLOAD, origin=Origin.REMOTE))
            if number % AT_ONCE == AT_ONCE - 1:
                await asyncio.sleep(0)
        best = min(best, (time.process_time() - begin) / RUNS * 1e6)
    return best


async def least() -> float:
    """Return what a message costs with no engine: a listener that decodes, renders and publishes."""
    hub = Hub()
    owner = Owner("least")
    template = jinja2.Environment(autoescape=False).from_string("{{ trigger.payload_json.n }}")

    def heard(message: Message) -> None:
        known = {"payload_json": msgspec.json.decode(message.data)}
        hub.bus.publish("out/0", template.render(trigger=known).encode())

    hub.bus.subscribe("in/0", heard, owner)
    hub.bus.subscribe("out/#", lambda _: None, owner)
    return await microseconds(hub, 1)


async def test_run(capsys: pytest.CaptureFixture[str]) -> None:
    floor = await least()
    lines = [
        f"\n| automations | load ms | MB | CPU µs a run | × the least ({floor:.1f} µs) | reload of one ms |",
        "|---|---|---|---|---|---|",
    ]
    costs = []
    for count in COUNTS:
        hub = Hub()
        published = 0

        def seen(_: Message) -> None:
            nonlocal published
            published += 1

        async with Owner("bench") as owner:
            register_publish(hub, owner)
            engine = AutomationEngine(hub, None, owner)
            documents = [document(number) for number in range(count)]
            gc.collect()
            before = resident()
            begin = time.process_time()
            assert await engine.load(documents) == []
            loaded = (time.process_time() - begin) * 1000
            gc.collect()
            memory = (resident() - before) / 1e6
            engine.started()
            gc.freeze()  # as the daemon does: else half of the time goes into walking over what is loaded
            hub.bus.subscribe("out/#", seen, owner)
            cost = await microseconds(hub, count)
            assert published == 3 * RUNS
            changed = [*documents]
            changed[count // 2] = {**document(count // 2), "alias": "changed"}
            begin = time.process_time()
            await engine.load(changed)
            reloaded = (time.process_time() - begin) * 1000
            await engine.stop()
        gc.unfreeze()
        costs.append(cost)
        lines.append(f"| {count:,} | {loaded:.0f} | {memory:.1f} | {cost:.1f} | {cost / floor:.2f} | {reloaded:.1f} |")
    with capsys.disabled():
        print("\n".join(lines))
    assert costs[-1] < 4 * costs[0], "the cost of a run grows with the number of automations"


async def test_a_thousand_runs_that_wait(capsys: pytest.CaptureFixture[str]) -> None:
    hub = Hub()
    waiting = 1_000
    async with Owner("bench") as owner:
        engine = AutomationEngine(hub, None, owner)
        actions = [{"variables": {"n": "{{ trigger.payload | int }}"}}, {"delay": 3600}, {"event": "done"}]
        trigger = {"trigger": "mqtt", "topic": "in"}
        await engine.load([{"id": "a", "mode": "parallel", "max": waiting, "triggers": [trigger], "actions": actions}])
        gc.collect()
        tracemalloc.start()
        for number in range(waiting):
            hub.bus.publish("in", str(number).encode())
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
        await asyncio.sleep(0.3)
        gc.collect()
        memory = tracemalloc.get_traced_memory()[0] / 1e6
        tracemalloc.stop()
        begin = time.process_time()
        await asyncio.sleep(1)
        share = time.process_time() - begin
        assert engine.list()[0].current == waiting
        await engine.stop()
    with capsys.disabled():
        print(f"\n1,000 runs in a delay: {memory:.1f} MB, {share:.1%} of a core")
    assert memory < 10
