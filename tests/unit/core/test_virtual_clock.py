"""The clock that is turned by hand: what falls due does so in order, at its own time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from arvisd.core.virtual_clock import VirtualClock


async def test_what_falls_due_sees_its_own_time() -> None:
    clock = VirtualClock()
    seen: list[float] = []
    for seconds in (5, 1, 3, 20):
        clock.call_later(seconds, lambda: seen.append(clock.monotonic()))
    clock.call_later(2, lambda: seen.append(-1)).cancel()
    await clock.advance(10)
    assert (seen, clock.monotonic()) == ([1, 3, 5], 10)


async def test_tasks_that_wake_each_other_all_go_on() -> None:
    """A chain of tasks, each of which wakes the next, is at its end when the time has passed."""
    clock = VirtualClock()
    events = [asyncio.Event() for _ in range(20)]

    async def follow(number: int) -> None:
        await events[number - 1].wait()
        events[number].set()

    tasks = [asyncio.create_task(follow(number)) for number in range(1, 20)]
    clock.call_later(1, events[0].set)
    await clock.advance(1)
    assert events[-1].is_set()
    await asyncio.gather(*tasks)


async def test_to_a_moment_over_the_end_of_summer_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    clock = VirtualClock(datetime(2026, 10, 25, 1, tzinfo=berlin), berlin)
    await clock.advance_to(datetime(2026, 10, 25, 4, tzinfo=berlin))
    assert clock.monotonic() == 4 * 3600  # the hour from two to three is there twice
    await clock.advance_to(datetime(2026, 10, 24, tzinfo=UTC))
    assert clock.monotonic() == 4 * 3600


async def test_what_takes_too_long() -> None:
    clock = VirtualClock()
    waiting = asyncio.create_task(clock.wait_for(clock.sleep(10), 5))
    await clock.advance(5)
    with pytest.raises(TimeoutError):
        await waiting
