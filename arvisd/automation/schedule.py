"""Wakes what is due by the wall clock, whatever the clock does: daylight saving, corrections, suspend."""

from __future__ import annotations

import heapq
import itertools
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from arvisd.automation.alive import Alive
from arvisd.automation.lateness import LATEST, Following, Late, elapsed, lasted, latest_due, runs, why_skipped
from arvisd.core.clock import Clock, TimerHandle
from arvisd.core.owner import Owner

_LOGGER = logging.getLogger(__name__)

LONGEST_SLEEP = 30.0
"""Seconds after which the wall clock is looked at again: a clock set by hand or a suspend shows within that."""
ON_TIME = timedelta(seconds=60)
"""Nobody calls this late: a clock that was set is noticed within half of it."""
_BACKWARD = timedelta(seconds=2)
"""A wall clock that goes back further than this was set."""
CORRECTION = timedelta(hours=3)
"""A clock set back less than this does not make its times come twice, one set back further was wrong before: as cron does."""

WHILE_OFF = "arvisd was off"
JUMPED = "the clock jumped or the machine slept"


class _Entry:
    """Something that is due again and again."""

    __slots__ = ("active", "call", "due", "following", "label", "late")

    def __init__(self, following: Following, call: Callable[[datetime], object], label: str, late: Late | None) -> None:
        self.following = following
        self.call = call
        self.label = label
        self.late = late
        self.due: datetime | None = None
        self.active = True

    @property
    def repeats(self) -> bool:
        """It is due once more when the clock is set back a little."""
        return self.late is None or self.late.again


class Schedule:
    """One heap and one timer for all clock triggers of the daemon."""

    def __init__(self, clock: Clock, alive: Alive | None = None) -> None:
        self._clock = clock
        self._alive = alive
        self._heap: list[tuple[datetime, int, _Entry]] = []
        self._labelled: dict[str, list[_Entry]] = {}
        self._order = itertools.count()
        self._timer: TimerHandle | None = None
        self._seen: datetime | None = None
        self._missed: list[tuple[_Entry, datetime]] = []
        self._waiting: list[Callable[[], object]] = []
        self._began = False
        self.since: datetime | None = alive.before if alive is not None else None
        """What is added with this looks for what was due since then; None once the daemon has started."""

    def add(
        self,
        following: Following,
        call: Callable[[datetime], object],
        owner: Owner,
        label: str,
        *,
        late: Late | None = None,
        since: datetime | None = None,
        cause: str = WHILE_OFF,
    ) -> None:
        """Call `call` with the due time at each time that `following` gives, until the owner stops.

        Args:
            following: gives the next due time after a time.
            call: what is done.
            owner: what it ends with.
            label: whose it is, for messages and `next_of`.
            late: what is done about what was missed, of which only the latest counts. None, for what comes again and
                again: it is called where it is less than five minutes late, and else waits for the next time.
            since: the daemon has not looked since then: what was due in between was missed. It is seen to when
                the daemon has started (`begin`).
            cause: why it has not, for the log.
        """
        entry = _Entry(following, call, label, late)
        now = self._clock.now()
        self._labelled.setdefault(label, []).append(entry)
        owner.on_stop(lambda: self._drop(entry))
        entry.due = following(since) if since is not None and late is not None and since < now else None
        if since is not None and entry.due is not None and entry.due.astimezone(UTC) <= now.astimezone(UTC):
            self._look_back(entry, since, now, cause)
            entry.due = None
        if entry.active:
            self._push(entry, now, entry.due)
            self._rest()

    def begin(self) -> None:
        """The daemon has started: see to what was due while it was off."""
        self.since = None
        self._began = True
        if self._alive is not None:
            self._alive.start()  # before anything runs: after a kill in its midst nothing is done twice
        now = self._clock.now()
        missed, self._missed = self._missed, []
        for entry, due in sorted(missed, key=lambda each: each[1].astimezone(UTC)):
            if entry.active:
                self._make_up(entry, due, now, WHILE_OFF)
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()

    def when_begun(self, then: Callable[[], object]) -> None:
        """Do something now, or, while the daemon starts, when every part of it runs."""
        if self._began:
            then()
        else:
            self._waiting.append(then)

    def end(self) -> None:
        """The daemon stops: what is due from now on is missed."""
        if self._alive is not None and self._began:
            self._alive.beat()
            self._alive.stop()

    def next_of(self, label: str) -> datetime | None:
        """Return when something under that label is next due."""
        times = [entry.due for entry in self._labelled.get(label, ()) if entry.due is not None]
        return min(times, key=lambda due: due.astimezone(UTC)) if times else None

    def _drop(self, entry: _Entry) -> None:
        entry.active = False
        labelled = self._labelled[entry.label]
        labelled.remove(entry)
        if not labelled:
            del self._labelled[entry.label]
        if not self._labelled:
            self._heap.clear()
            self._rest()

    def _look_back(self, entry: _Entry, since: datetime, now: datetime, cause: str) -> None:
        missed = latest_due(entry.following, since, now)
        if missed is None:
            return
        if self._began:
            self._make_up(entry, missed, now, cause)
        else:
            self._missed.append((entry, missed))

    def _push(self, entry: _Entry, after: datetime, due: datetime | None = None) -> None:
        entry.due = due or entry.following(after)
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
        if self._seen is None:
            self._seen = now  # afterwards only `_wake` looks, that no jump is overlooked
        wait = (self._heap[0][0] - now).total_seconds()
        self._timer = self._clock.call_later(min(max(wait, 0.0), LONGEST_SLEEP), self._wake)

    def _wake(self) -> None:
        self._timer = None
        now = self._clock.now()
        seen, self._seen = self._seen, now
        if seen is not None and now < seen - _BACKWARD:
            self._set_back(now, seen - now)
        due: list[_Entry] = []
        while self._heap and self._heap[0][0] <= now:
            entry = heapq.heappop(self._heap)[2]
            if entry.active:
                due.append(entry)
        if self._alive is not None and self._began and any(entry.late for entry in due):
            self._alive.beat()  # before they ring: after a kill none rings again
        for entry in due:
            if entry.active:
                self._ring(entry, now, seen or now)
        self._rest()

    def _ring(self, entry: _Entry, now: datetime, seen: datetime) -> None:
        due = entry.due
        assert due is not None
        self._push(entry, max(now, due))
        if entry.late is None:
            if elapsed(due, now) < LATEST:
                entry.call(due)
        elif elapsed(due, now) < ON_TIME:
            entry.call(due)
        else:
            before = self._alive.before if self._alive is not None else None
            since = max(seen, before) if before is not None else seen
            last = latest_due(entry.following, since, now)
            if last is None:
                return  # a clock that began in the past and was set: it was due before the daemon was off
            if elapsed(last, now) < ON_TIME:
                entry.call(last)
            else:
                self._make_up(entry, last, now, JUMPED)

    def _make_up(self, entry: _Entry, due: datetime, now: datetime, cause: str) -> None:
        late = entry.late
        assert late is not None
        if runs(late.rule, due, now):
            _LOGGER.info("%s: due %s, runs %s late: %s", entry.label, due, lasted(elapsed(due, now)), cause)
            entry.call(due)
            return
        reason = why_skipped(late.rule, due, now, cause)
        _LOGGER.warning("%s: %s", entry.label, reason)
        late.say(due, reason)

    def _set_back(self, now: datetime, by: timedelta) -> None:
        """The clock was set back: what comes again and again is due by the new time, and all of it after a correction."""
        entries = [entry for _, _, entry in self._heap if entry.active]
        self._heap = [item for item in self._heap if by < CORRECTION and item[2].active and not item[2].repeats]
        heapq.heapify(self._heap)
        for entry in entries:
            if by >= CORRECTION or entry.repeats:
                self._push(entry, now)
            if entry.late is not None and entry.late.again:
                entry.call(now)
