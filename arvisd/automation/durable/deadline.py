"""A time to wait until: right when the machine sleeps and when its clock is set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from arvisd.core.clock import Clock, TimerHandle

LONGEST = 30.0
"""Seconds after which is looked whether the machine slept or its clock was set."""
NOTICEABLE = 1.0
"""Seconds by which the wall clock must have moved against the length of time to be of interest."""


class Deadline:
    """Calls back once after a length of time; time in which the machine sleeps counts.

    While the daemon runs a delay is a length of time: setting the clock neither shortens nor stretches it.
    Over a restart only the wall clock is common to both lives, so that `due` is what is written down; when
    the clock is set, `moved` is called to write it down again.
    """

    __slots__ = ("_call", "_clock", "_end", "_moved", "_offset", "_timer")

    def __init__(
        self, clock: Clock, seconds: float, call: Callable[[], object], moved: Callable[[], object] | None = None
    ) -> None:
        self._clock = clock
        self._call = call
        self._moved = moved
        now = clock.monotonic() + clock.asleep()
        self._end = now + seconds
        self._offset = clock.now().timestamp() - now
        self._timer: TimerHandle | None = None
        self._rest()

    def left(self) -> float:
        """Return the seconds until then, 0 at least."""
        return max(0.0, self._end - self._clock.monotonic() - self._clock.asleep())

    def due(self) -> datetime:
        """Return when it is due by the clock as it is now."""
        return self._clock.now() + timedelta(seconds=self.left())

    def cancel(self) -> None:
        """Forget it."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _rest(self) -> None:
        self._timer = self._clock.call_later(min(self.left(), LONGEST), self._wake)

    def _wake(self) -> None:
        self._timer = None
        clock = self._clock
        if self.left() <= 0:
            self._call()
            return
        offset = clock.now().timestamp() - clock.monotonic() - clock.asleep()
        if abs(offset - self._offset) > NOTICEABLE:
            self._offset = offset
            if self._moved is not None:
                self._moved()
        self._rest()
