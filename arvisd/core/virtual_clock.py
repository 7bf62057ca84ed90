"""A clock that is turned by hand: thirty seconds pass in as long as their callbacks take."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TypeVar

T = TypeVar("T")

START = datetime(2026, 1, 5, 12, 0)  # noqa: DTZ001  # the zone is the clock's
"""What it shows at first where nobody says: a Monday, at noon."""
SETTLE_ROUNDS = 50
"""How often the event loop turns so that tasks woken by a timer get to their next wait."""


class VirtualTimer:
    """A call that is due at a time of the virtual clock."""

    def __init__(self, when: float, callback: Callable[[], object]) -> None:
        self.when = when
        self.callback: Callable[[], object] | None = callback

    def cancel(self) -> None:
        """Forget the call."""
        self.callback = None


class VirtualClock:
    """Implements `arvisd.core.clock.Clock`; time stands still but for `advance`."""

    def __init__(self, start: datetime | None = None, timezone: tzinfo = UTC) -> None:
        self.timezone = timezone
        self._start = start or START.replace(tzinfo=timezone)
        self._elapsed = 0.0
        self._jump = timedelta()
        self._asleep = 0.0
        self._timers: list[tuple[float, int, VirtualTimer]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        """Return the wall time; additions happen in UTC, so that daylight saving shows as people see it."""
        passed = timedelta(seconds=self._elapsed) + self._jump
        return (self._start.astimezone(UTC) + passed).astimezone(self.timezone)

    def monotonic(self) -> float:
        """Return seconds since the clock was made."""
        return self._elapsed

    def asleep(self) -> float:
        """Return the seconds of `suspend`."""
        return self._asleep

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has been advanced that far."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def wake() -> None:
            if not done.done():
                done.set_result(None)

        timer = self.call_later(seconds, wake)
        try:
            await done
        finally:
            timer.cancel()

    def call_later(self, seconds: float, callback: Callable[[], object]) -> VirtualTimer:
        """Call `callback` when the clock has been advanced that far."""
        timer = VirtualTimer(self._elapsed + max(0.0, seconds), callback)
        heapq.heappush(self._timers, (timer.when, next(self._order), timer))
        return timer

    async def wait_for(self, awaitable: Awaitable[T], seconds: float) -> T:
        """Await the result; raise TimeoutError when the clock passes the limit first."""
        task = asyncio.ensure_future(awaitable)
        expired = False

        def expire() -> None:
            nonlocal expired
            expired = True
            task.cancel()

        timer = self.call_later(seconds, expire)
        try:
            return await task
        except asyncio.CancelledError:
            if expired:
                raise TimeoutError from None
            task.cancel()
            raise
        finally:
            timer.cancel()

    def jump(self, by: timedelta) -> None:
        """Set the wall clock forward or back, as NTP or a person does; durations are not touched."""
        self._jump += by

    def suspend(self, seconds: float) -> None:
        """Let the machine sleep: the wall clock goes on, timers and durations do not."""
        self._asleep += seconds
        self._jump += timedelta(seconds=seconds)

    async def advance(self, seconds: float) -> None:
        """Let that much time pass, running what falls due in order and letting tasks settle in between."""
        until = self._elapsed + seconds
        await self.settle()
        while self._timers and self._timers[0][0] <= until:
            when, _, timer = heapq.heappop(self._timers)
            if timer.callback is None:
                continue
            self._elapsed = max(self._elapsed, when)
            callback, timer.callback = timer.callback, None
            callback()
            await self.settle()
        self._elapsed = until
        await self.settle()

    async def advance_to(self, moment: datetime) -> None:
        """Let time pass until the wall clock shows a moment; one that is past takes no time."""
        await self.advance(max(0.0, (moment.astimezone(UTC) - self.now().astimezone(UTC)).total_seconds()))

    async def settle(self) -> None:
        """Let every task that can go on do so."""
        # asyncio's own loop tells when nobody is left; with another one all rounds are made
        waiting = getattr(asyncio.get_running_loop(), "_ready", None)
        for _ in range(SETTLE_ROUNDS):
            await asyncio.sleep(0)
            if waiting is not None and not waiting:
                return
