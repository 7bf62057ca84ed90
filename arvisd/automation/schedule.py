"""Wakes what is due by the wall clock, whatever the clock does: daylight saving, corrections, suspend."""

from __future__ import annotations

import heapq
import itertools
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from arvisd.core.clock import Clock, TimerHandle
from arvisd.core.owner import Owner

_LOGGER = logging.getLogger(__name__)

LONGEST_SLEEP = 30.0
"""Seconds after which the wall clock is looked at again: a clock set by hand or a suspend shows within that."""
LATEST = timedelta(minutes=5)
"""What is due longer ago than this is skipped: a light at seven must not go on at noon because the lid was closed."""
_BACKWARD = timedelta(seconds=2)
"""A wall clock that goes back further than this was set."""

Following = Callable[[datetime], "datetime | None"]
"""Given a time, the next one after it at which something is due."""


class _Entry:
    """Something that is due again and again."""

    __slots__ = ("active", "call", "due", "following", "label")

    def __init__(self, following: Following, call: Callable[[datetime], object], label: str) -> None:
        self.following = following
        self.call = call
        self.label = label
        self.due: datetime | None = None
        self.active = True


class Schedule:
    """One heap and one timer for all clock triggers of the daemon."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._heap: list[tuple[datetime, int, _Entry]] = []
        self._order = itertools.count()
        self._timer: TimerHandle | None = None
        self._seen: datetime | None = None

    def add(self, following: Following, call: Callable[[datetime], object], owner: Owner, label: str) -> None:
        """Call `call` with the due time at each time that `following` gives, until the owner stops."""
        entry = _Entry(following, call, label)
        self._push(entry, self._clock.now())
        owner.on_stop(lambda: self._drop(entry))
        self._rest()

    def next_of(self, label: str) -> datetime | None:
        """Return when something under that label is next due."""
        times = [entry.due for _, _, entry in self._heap if entry.active and entry.label == label and entry.due]
        return min(times) if times else None

    def _drop(self, entry: _Entry) -> None:
        entry.active = False
        if not any(entry.active for _, _, entry in self._heap):
            self._heap.clear()
            self._rest()

    def _push(self, entry: _Entry, after: datetime) -> None:
        entry.due = entry.following(after)
        if entry.due is not None:
            heapq.heappush(self._heap, (entry.due.astimezone(UTC), next(self._order), entry))

    def _rest(self) -> None:
        """Sleep until the next thing is due, or the clock wants to be looked at."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._heap and not self._heap[0][2].active:
            heapq.heappop(self._heap)
        if not self._heap:
            self._seen = None
            return
        now = self._clock.now()
        self._seen = now
        wait = (self._heap[0][0] - now).total_seconds()
        self._timer = self._clock.call_later(min(max(wait, 0.0), LONGEST_SLEEP), self._wake)

    def _wake(self) -> None:
        self._timer = None
        now = self._clock.now()
        if self._seen is not None and now < self._seen - _BACKWARD:
            self._set_back(now)
        while self._heap and self._heap[0][0] <= now:
            _, _, entry = heapq.heappop(self._heap)
            if entry.active:
                self._ring(entry, now)
        self._rest()

    def _ring(self, entry: _Entry, now: datetime) -> None:
        due = entry.due
        assert due is not None
        self._push(entry, max(now, due))
        if now - due > LATEST:
            _LOGGER.warning("%s: missed %s: the clock jumped or the machine slept", entry.label, due.isoformat())
            return
        entry.call(due)

    def _set_back(self, now: datetime) -> None:
        """The clock was set back: everything is due by the new time."""
        entries = [entry for _, _, entry in self._heap if entry.active]
        self._heap.clear()
        for entry in entries:
            self._push(entry, now)
