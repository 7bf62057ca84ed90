"""Publishes what changes often no more often than people can read it.

A change is published after a moment; further ones of the same thing within a second become one, and all
things together keep to a rate: ten thousand automations that run once a second must not double the traffic
of the house by telling so. What waits is never lost, only told later and once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from arvisd.core.clock import Clock, TimerHandle

MOMENT = 0.02
"""Seconds before a first change is told: the run that caused it has done its work by then."""
INTERVAL = 1.0
"""Seconds between two tellings of the same thing."""
RATE = 100
"""Tellings a second of all things together; one costs about 60 µs."""
TICK = 0.1

K = TypeVar("K", bound=Hashable)


class Coalescer(Generic[K]):
    """Calls `tell(key)` for keys that were touched, at a bounded rate."""

    def __init__(
        self, clock: Clock, tell: Callable[[K], object], *, interval: float = INTERVAL, rate: int = RATE
    ) -> None:
        self._clock = clock
        self._tell = tell
        self._interval = interval
        self._share = max(1, round(rate * TICK))
        self._ready: deque[K] = deque()
        self._cooling: deque[tuple[float, K]] = deque()
        """Told lately, with the time until which they wait; in the order of time."""
        self._touched: dict[K, bool] = {}
        """Keys that are ready or cooling; whether they wait to be told."""
        self._timer: TimerHandle | None = None

    def touch(self, key: K) -> None:
        """Note a change."""
        waits = self._touched.get(key)
        if waits:
            return
        self._touched[key] = True
        if waits is None:
            self._ready.append(key)
        if self._timer is None:
            self._timer = self._clock.call_later(MOMENT, self._tick)

    def forget(self, key: K) -> None:
        """Never tell of this key again unless it is touched."""
        self._forget_ready(key)
        if key in self._touched:
            self._touched.pop(key)
            self._cooling = deque(entry for entry in self._cooling if entry[1] != key)

    def stop(self) -> None:
        """Tell of all that waits, now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting = [key for key, waits in self._touched.items() if waits]
        self._touched.clear()
        self._ready.clear()
        self._cooling.clear()
        for key in waiting:
            self._tell(key)

    def _tick(self) -> None:
        self._timer = None
        now = self._clock.monotonic()
        while self._cooling and self._cooling[0][0] <= now:
            _, key = self._cooling.popleft()
            if self._touched[key]:
                self._ready.append(key)
            else:
                del self._touched[key]
        for _ in range(min(self._share, len(self._ready))):
            key = self._ready.popleft()
            self._touched[key] = False
            self._cooling.append((now + self._interval, key))
            self._tell(key)
        if self._ready or self._cooling:
            wait = TICK if self._ready else max(TICK, self._cooling[0][0] - now)
            self._timer = self._clock.call_later(wait, self._tick)

    def _forget_ready(self, key: K) -> None:
        if self._touched.get(key) and key in self._ready:
            self._ready.remove(key)
            del self._touched[key]
