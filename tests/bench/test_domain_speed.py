"""What triggers of a domain and their targets cost: the same for one automation as for ten thousand."""

from __future__ import annotations

import gc
import time
from typing import Any

import msgspec
import pytest

from arvisd.automation.engine import AutomationEngine
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.entity import Entity
from arvisd.home.registry import HomeRegistry
from arvisd.home.settings import HomeSettings

pytestmark = pytest.mark.bench

COUNTS = (1, 100, 1_000, 10_000)
CHANGES = 4_000
ROOMS = 50
LIGHTS = 4
"""In each room."""


def document(number: int) -> dict[str, Any]:
    """Return an automation about the lights of a room; those of the first room are about one light of it alone."""
    room = number % ROOMS
    target = {"entity_id": "light.r0_0"} if number == 0 else {"area_id": f"room{room}"}
    # only the first one looks at the light that changes: what the others cost beside it is what is measured
    target = target if number == 0 or room != 0 else {"area_id": "room1"}
    return {
        "id": f"a{number}",
        "alias": f"Room {number}",
        "triggers": [{"trigger": "light.turned_on", "target": target}],
        "conditions": [{"condition": "light.is_on", "target": {"area_id": f"room{room}"}}],
        "actions": [{"event": "seen"}],
    }


async def test_one_change(capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["\n| automations | load ms | CPU µs a change | the house changes, ms |", "|---|---|---|---|"]
    costs, moves = [], []
    for count in COUNTS:
        hub = Hub()
        async with Owner("bench") as owner:
            home = HomeRegistry(hub.states)
            home.configure(msgspec.convert({"areas": [{"id": f"room{n}"} for n in range(ROOMS)]}, HomeSettings))
            for room in range(ROOMS):
                for light in range(LIGHTS):
                    home.add_entity(Entity(id=f"light.r{room}_{light}", area=f"room{room}"), owner)
                    hub.states.set(f"light.r{room}_{light}", "off")
            engine = AutomationEngine(hub, None, owner, home=home)
            begin = time.process_time()
            assert await engine.load([document(number) for number in range(count)]) == []
            loaded = (time.process_time() - begin) * 1000
            engine.started()
            gc.collect()
            gc.freeze()
            best = float("inf")
            for _ in range(3):
                begin = time.process_time()
                for number in range(CHANGES):
                    hub.states.set("light.r0_0", ("on", "off")[number % 2])
                best = min(best, (time.process_time() - begin) / CHANGES * 1e6)
            assert engine.list()[0].runs > 0
            begin = time.process_time()
            home.add_entity(Entity(id="light.new", area="room7"), owner)
            hub.states.set("light.new", "off")
            engine.library.targets.look()
            moves.append((time.process_time() - begin) * 1000)
            costs.append(best)
            await engine.stop()
        gc.unfreeze()
        lines.append(f"| {count:,} | {loaded:.0f} | {best:.1f} | {moves[-1]:.1f} |")
    with capsys.disabled():
        print("\n".join(lines))
    assert costs[-1] < 4 * costs[0], "the cost of a change grows with the number of automations"
