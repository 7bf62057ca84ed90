"""When a state's attributes last changed, beside when its value did."""

from __future__ import annotations

import msgspec

from arvisd.core.hub import Hub
from tests.simulators.clock import FakeClock


async def test_value_and_attributes(hub: Hub, clock: FakeClock) -> None:
    first = hub.states.set("light.a", "on")
    assert first.last_updated == first.last_changed
    assert "last_updated" not in msgspec.to_builtins(first)  # the same time is not published twice
    await clock.advance(5)
    second = hub.states.set("light.a", "on", {"brightness": 5})
    assert second.last_changed == first.last_changed
    assert (second.last_updated - first.last_updated).total_seconds() == 5
    assert "last_updated" in msgspec.to_builtins(second)
    await clock.advance(5)
    third = hub.states.set("light.a", "off")
    assert third.last_updated == third.last_changed
