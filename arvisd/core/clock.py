"""The clock that every part is handed, so that tests can turn time themselves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, tzinfo
from typing import Protocol, TypeVar

T = TypeVar("T")

_BOOTTIME: int | None = getattr(time, "CLOCK_BOOTTIME", None)
"""Linux: like the monotonic clock, and goes on in a suspend."""


class TimerHandle(Protocol):
    """A call that is due later."""

    def cancel(self) -> None:
        """Forget the call; cancelling twice or after the call does nothing."""


class Clock(Protocol):
    """Wall time for people, monotonic time for durations."""

    timezone: tzinfo
    """Zone of the place; `now()` is given in it."""

    def now(self) -> datetime:
        """Return the wall time with its zone."""

    def monotonic(self) -> float:
        """Return seconds that never jump; only differences mean something."""

    def asleep(self) -> float:
        """Return how many seconds the machine has slept, which `monotonic` leaves out; only differences mean something."""

    async def sleep(self, seconds: float) -> None:
        """Wait that long."""

    def call_later(self, seconds: float, callback: Callable[[], object]) -> TimerHandle:
        """Call `callback` once on the event loop after that many seconds."""

    async def wait_for(self, awaitable: Awaitable[T], seconds: float) -> T:
        """Await the result; raise TimeoutError and cancel it when it takes longer."""


class SystemClock:
    """The machine's own clock."""

    def __init__(self, timezone: tzinfo | None = None) -> None:
        self.timezone: tzinfo = timezone or datetime.now().astimezone().tzinfo  # type: ignore[assignment]

    def now(self) -> datetime:
        """Return the wall time with its zone."""
        return datetime.now(self.timezone)

    def monotonic(self) -> float:
        """Return the event loop's time base in seconds."""
        return time.monotonic()

    def asleep(self) -> float:
        """Return the seconds of suspend since the machine was started; 0 where the system does not tell."""
        return time.clock_gettime(_BOOTTIME) - time.monotonic() if _BOOTTIME is not None else 0.0

    async def sleep(self, seconds: float) -> None:
        """Wait that long."""
        await asyncio.sleep(seconds)

    def call_later(self, seconds: float, callback: Callable[[], object]) -> TimerHandle:
        """Call `callback` once on the running event loop after that many seconds."""
        return asyncio.get_running_loop().call_later(seconds, callback)

    async def wait_for(self, awaitable: Awaitable[T], seconds: float) -> T:
        """Await the result; raise TimeoutError and cancel it when it takes longer."""
        async with asyncio.timeout(seconds):
            return await awaitable
