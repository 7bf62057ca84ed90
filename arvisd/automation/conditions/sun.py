"""Condition `sun`: before or after the sun rises or sets today.

On a day without the event, behind the polar circles, it counts where the sun stands: while it stays down it is always
before sunrise and after sunset, while it stays up always after sunrise and before sunset.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from arvisd.automation.durations import DurationNode
from arvisd.automation.registry import ConditionOptions, ConditionType
from arvisd.automation.triggers.sun import NO_PLACE, offset_of
from arvisd.home.sun import Sun, SunEvent

if TYPE_CHECKING:
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class SunOptions(ConditionOptions, frozen=True, kw_only=True):
    """Before or after the sun rises or sets today."""

    before: SunEvent | None = None
    before_offset: DurationNode = 0
    """How long after that event it still holds; with a minus it ends earlier."""
    after: SunEvent | None = None
    after_offset: DurationNode = 0
    """How long after that event it begins; before it with a minus."""


class Bound:
    """An event of the sun with an offset."""

    __slots__ = ("_event", "_offset", "_sun")

    def __init__(self, sun: Sun, event: SunEvent, offset: timedelta) -> None:
        self._sun = sun
        self._event: SunEvent = event
        self._offset = offset

    def passed(self, now: datetime) -> bool:
        """Tell whether today's is over."""
        found = self._sun.event_on(self._event, now.date(), now.tzinfo)
        if found is None:
            return self._sun.is_up(now) is (self._event == "sunrise")
        return now.timestamp() >= (found + self._offset).timestamp()


class SunCondition:
    """Compares the time with today's events."""

    __slots__ = ("_after", "_before", "_either")

    def __init__(self, before: Bound | None, after: Bound | None, *, either: bool) -> None:
        self._before = before
        self._after = after
        self._either = either

    def check(self, run: Run, scope: Scope) -> bool:
        """Tell whether it is that time."""
        now = run.hub.clock.now()
        before = self._before is None or not self._before.passed(now)
        after = self._after is None or self._after.passed(now)
        return before or after if self._either else before and after


def build(options: SunOptions, part: Part) -> SunCondition:
    """Check that something is asked for, and that it is known where the house is."""
    if options.before is None and options.after is None:
        raise part.invalid(None, "'before' or 'after' is needed")
    sun = part.builder.library.sun
    if sun.coordinates is None:
        raise part.invalid(None, NO_PLACE)
    before = None if options.before is None else Bound(sun, options.before, offset_of("before_offset", part))
    after = None if options.after is None else Bound(sun, options.after, offset_of("after_offset", part))
    # before sunrise and after sunset is never at once: the night is meant
    either = options.before == "sunrise" and options.after == "sunset"
    return SunCondition(before, after, either=either)


TYPE = ConditionType("sun", SunOptions, build)
