"""What helpers cost: five hundred of them at the start and at a reload, one change of a value, beside automations."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from arvisd.automation.engine import AutomationEngine
from arvisd.automation.helpers.collection import Helpers
from arvisd.core.actions import Target
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.registry import HomeRegistry
from arvisd.storage.database import Database

pytestmark = pytest.mark.bench

COUNT = 500


def sections() -> dict[str, Any]:
    """Return helpers of five kinds."""
    each = range(COUNT // 5)
    return {
        "input_boolean": {f"a{n}": {"name": f"Switch {n}"} for n in each},
        "input_number": {f"a{n}": {"min": 0, "max": 99999} for n in each},
        "input_select": {f"a{n}": {"options": ["x", "y"]} for n in each},
        "timer": {f"a{n}": {"duration": 60} for n in each},
        "group": {f"a{n}": {"entities": [f"input_boolean.a{n}"]} for n in each},
    }


def automations() -> list[dict[str, Any]]:
    """Return as many plain automations."""
    return [
        {
            "id": f"a{number}",
            "triggers": [{"trigger": "mqtt", "topic": f"in/{number}"}],
            "actions": [{"action": "mqtt.publish", "data": {"topic": "out", "payload": "x"}}],
        }
        for number in range(COUNT)
    ]


def milliseconds(work: Callable[[], object]) -> float:
    """Return the CPU time of something done once."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


async def test_helpers_cost_little_at_the_start(tmp_path: Path) -> None:
    """Five hundred load in the time of some automations more; a reload that changes nothing is far below that."""
    hub = Hub()
    home = HomeRegistry(hub.states)
    database = Database(tmp_path / "arvisd.db").open()
    async with Owner("bench") as owner:
        engine = AutomationEngine(hub, None, owner, database)
        began = time.process_time()
        await engine.load(automations())
        plain = (time.process_time() - began) * 1000
        helpers = Helpers(hub, home, engine, database, owner)
        first = milliseconds(lambda: helpers.load(sections()))
        again = milliseconds(lambda: helpers.load(sections()))
        count = 2000
        began = time.process_time()
        for value in range(count):
            target = Target(entity_id="input_number.a1")
            await hub.actions.call("input_number.set_value", {"value": value}, target)
        change = (time.process_time() - began) / count * 1e6
        print(f"\n{COUNT} automations {plain:.0f} ms, {COUNT} helpers {first:.0f} ms, again {again:.1f} ms")
        print(f"one change of a value {change:.0f} us")
        assert len(helpers.entity_ids) == COUNT
        assert first < 5 * plain
        assert again < first / 2
        assert change < 500
    database.close()
