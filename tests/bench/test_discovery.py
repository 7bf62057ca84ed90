"""What learning devices costs: the same for each, however many came before; the same again costs nothing.

Run by `make bench`; the figures stand in docs/measurements.md.
"""

from __future__ import annotations

import gc
import json
import time
import tracemalloc

import pytest

from arvisd.automation.templates.device_values import DeviceTemplates
from arvisd.automation.templates.environment import TemplateEnvironment
from arvisd.core.bus import Message, Origin
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.discovery.house import DiscoveredHouse
from arvisd.home.registry import HomeRegistry
from arvisd.storage.database import Database
from tests.simulators.clock import FakeClock

pytestmark = pytest.mark.bench

FLATNESS = 1.8
"""An announcement among ten thousand may cost this many times one of the first thousand; measured 1.1 to 1.3."""
AGAIN = 0.1
"""An announcement that says nothing new may cost this part of a new one; measured 0.01."""
BYTES = 16_000
"""Python memory of one sensor with its device; measured 9 to 14 kB."""


def announcement(number: int) -> tuple[str, bytes]:
    device = {"ids": [f"d{number // 10}"], "name": f"Device {number // 10}"}
    config = {
        "name": f"Sensor {number}", "uniq_id": f"u{number}", "stat_t": f"s/{number}", "unit_of_meas": "°C",
        "val_tpl": "{{ value_json.t }}", "avty_t": "b/state", "dev": device,
    }  # fmt: skip
    return f"homeassistant/sensor/s{number}/config", json.dumps(config).encode()


async def hear(hub: Hub, house: DiscoveredHouse, numbers: range) -> float:
    """Return the CPU seconds that each announcement took."""
    messages = [Message(topic, data, True, origin=Origin.REMOTE) for topic, data in map(announcement, numbers)]
    gc.collect()
    began = time.process_time()
    for message in messages:
        hub.bus.deliver(message)
    await house.settled()
    return (time.process_time() - began) / len(numbers)


async def test_a_flood_costs_the_same_for_each() -> None:
    clock = FakeClock()
    hub = Hub(clock)
    async with Owner("discovery") as owner:
        home = HomeRegistry(hub.states)
        templates = DeviceTemplates(TemplateEnvironment(hub.states, clock))
        house = DiscoveredHouse(hub, home, Database(None).open(), templates, owner, print)
        house.listen("homeassistant")
        first = await hear(hub, house, range(1000))
        for start in range(1000, 9000, 1000):
            await hear(hub, house, range(start, start + 1000))
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        await hear(hub, house, range(9000, 9200))
        bytes_each = (tracemalloc.get_traced_memory()[0] - before) / 200
        tracemalloc.stop()
        last = await hear(hub, house, range(9200, 10_200))
        assert len(home.entities()) == 10_200
        version = home.version
        again = await hear(hub, house, range(10_200))
        assert home.version == version
    print(f"\nfirst 1,000: {first * 1e6:.0f} µs each; after 9,200: {last * 1e6:.0f} µs; again: {again * 1e6:.1f} µs; {bytes_each / 1000:.1f} kB each")  # fmt: skip
    assert last <= FLATNESS * first
    assert again <= AGAIN * last
    assert bytes_each <= BYTES
