"""`for:` of a trigger: what was seen must stay so for a while before it counts, over a restart too.

After a restart an entity is often unknown for some seconds, until its device was heard of: what waited then waits for
its first value, and goes on, or ends, by that.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from arvisd.automation.durable.deadline import Deadline
from arvisd.automation.dwells import Drawer, KeptDwell
from arvisd.automation.lateness import MissedRule, elapsed, runs, why_skipped
from arvisd.automation.schedule import WHILE_OFF
from arvisd.core.clock import Clock, TimerHandle
from arvisd.core.context import Context
from arvisd.core.owner import Owner
from arvisd.core.states import State

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment

INTERRUPTED = "it did not stay so for as long as 'for' asks: "
"""Begins the reason of a trigger whose `for:` something came between."""
SHORTEST_KEPT = 3.0
"""Seconds; what is shorter than a start of the daemon is not written down."""


class Seen(msgspec.Struct, frozen=True):
    """What a trigger saw: enough to make what templates see of it once more."""

    entity_id: str | None
    old: State | None
    new: State | None
    context: Context | None


class _Held:
    """Stands for a timer whose time has come, while every part of the daemon still starts."""

    __slots__ = ("active",)

    def __init__(self) -> None:
        self.active = True

    def cancel(self) -> None:
        """It shall not be done."""
        self.active = False


class Dwell:
    """Timers of one trigger, one for each entity.

    Args:
        clock: whose time.
        owner: what they stop with.
        drawer: where they outlive a restart; None: they don't.
        rule: what becomes of one that was due meanwhile.
        when_begun: called with what is to be done when every part of the daemon runs.
    """

    __slots__ = ("_clock", "_drawer", "_rule", "_timers", "_when_begun", "left")

    def __init__(
        self,
        clock: Clock,
        owner: Owner,
        drawer: Drawer | None = None,
        rule: MissedRule | None = None,
        when_begun: Callable[[Callable[[], object]], object] | None = None,
    ) -> None:
        self._clock = clock
        self._drawer = drawer
        self._rule = rule
        self._when_begun = when_begun or (lambda then: then())
        self._timers: dict[Hashable, TimerHandle] = {}
        self.left: dict[str, KeptDwell] = dict(drawer) if drawer is not None else {}
        """What waited before the restart, by key, and of which it is not known yet whether it still holds."""
        owner.on_stop(self.clear)

    def start(self, key: Hashable, seconds: float, then: Callable[[], object], seen: Seen | None = None) -> None:
        """Call `then` unless `cancel` comes first; a timer that runs for this key begins anew.

        Args:
            key: an entity, or whatever the trigger tells apart.
            seconds: how long.
            then: what is due then.
            seen: what it comes from, to be kept over a restart.
        """
        if seconds <= 0:
            self.cancel(key)
            then()
            return
        if seen is not None and seconds >= SHORTEST_KEPT and self._drawer is not None:
            self._stop(key)
            due = self._clock.now() + timedelta(seconds=seconds)
            kept = KeptDwell(
                due=due, seconds=seconds, entity_id=seen.entity_id, old=seen.old, new=seen.new, context=seen.context
            )
            self._drawer.put(str(key), kept)
        else:
            self.cancel(key)
        self._time(key, seconds, then)

    def resume(self, key: str, then: Callable[[], object], say: Callable[[str], object]) -> None:
        """What waited before the restart still holds: go on to its due time, or see to what is late.

        Args:
            key: one of `left`.
            then: what is due.
            say: told why it is not done, where it is too late.
        """
        kept = self.left.pop(key)
        remaining = -elapsed(kept.due, self._clock.now()).total_seconds()
        if remaining > 0:
            self._time(key, remaining, then, when_begun=self._when_begun)
            return
        held = self._timers[key] = _Held()
        self._when_begun(lambda: self._late(key, kept, then, say) if held.active else None)

    def drop(self, key: str) -> None:
        """What waited before the restart holds no more."""
        self.left.pop(key, None)
        if self._drawer is not None:
            self._drawer.take(key)

    def running(self, key: Hashable) -> bool:
        """Tell whether a timer runs."""
        return key in self._timers

    def cancel(self, key: Hashable) -> None:
        """Stop the timer of a key."""
        if self._stop(key) and self._drawer is not None:
            self._drawer.take(str(key))

    def clear(self) -> None:
        """Stop all; what is kept stays so, for when the trigger listens again."""
        for key in list(self._timers):
            self._stop(key)

    def _stop(self, key: Hashable) -> bool:
        timer = self._timers.pop(key, None)
        waited = self.left.pop(str(key), None) is not None if self.left else False
        if timer is not None:
            timer.cancel()
        return timer is not None or waited

    def _time(
        self,
        key: Hashable,
        seconds: float,
        then: Callable[[], object],
        when_begun: Callable[[Callable[[], object]], object] = lambda then: then(),
    ) -> None:
        def due() -> None:
            held = self._timers[key] = _Held()
            when_begun(lambda: fire() if held.active else None)

        def fire() -> None:
            self._timers.pop(key, None)
            if self._drawer is not None:
                self._drawer.take(str(key))  # first: after a kill in the midst of the run it does not begin twice
            then()

        def moved() -> None:
            if self._drawer is not None:
                self._drawer.move(str(key), deadline.due())

        self._timers[key] = deadline = Deadline(self._clock, seconds, due, moved)

    def _late(self, key: str, kept: KeptDwell, then: Callable[[], object], say: Callable[[str], object]) -> None:
        self._timers.pop(key, None)
        if self._drawer is not None:
            self._drawer.take(key)
        now = self._clock.now()
        if runs(self._rule, kept.due, now):
            then()
        else:
            say(f"its 'for' {why_skipped(self._rule, kept.due, now, WHILE_OFF)}")


def dwell_of(to: Attachment) -> Dwell:
    """Return the timers of a trigger that is attached."""
    return Dwell(to.hub.clock, to.owner, to.drawer(), to.missed, to.schedule.when_begun)
