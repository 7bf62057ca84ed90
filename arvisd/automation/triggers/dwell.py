"""`for:` of a trigger: what was seen must stay so for a while before it counts."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from arvisd.core.clock import Clock, TimerHandle
from arvisd.core.owner import Owner


class Dwell:
    """Timers of one trigger, one for each entity."""

    __slots__ = ("_clock", "_timers")

    def __init__(self, clock: Clock, owner: Owner) -> None:
        self._clock = clock
        self._timers: dict[Hashable, TimerHandle] = {}
        owner.on_stop(self.clear)

    def start(self, key: Hashable, seconds: float, then: Callable[[], object]) -> None:
        """Call `then` unless `cancel` comes first; a timer that runs for this key begins anew."""
        self.cancel(key)
        if seconds <= 0:
            then()
            return

        def due() -> None:
            self._timers.pop(key, None)
            then()

        self._timers[key] = self._clock.call_later(seconds, due)

    def running(self, key: Hashable) -> bool:
        """Tell whether a timer runs."""
        return key in self._timers

    def cancel(self, key: Hashable) -> None:
        """Stop the timer of a key."""
        timer = self._timers.pop(key, None)
        if timer is not None:
            timer.cancel()

    def clear(self) -> None:
        """Stop all."""
        for key in list(self._timers):
            self.cancel(key)
