"""Trigger `time_pattern`: again and again, as cron does: every five minutes, at half past each hour."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from arvisd.automation.clock_times import cron_times
from arvisd.automation.registry import TriggerOptions, TriggerType
from arvisd.automation.triggers.time import seen_at

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part

_LIMITS = {"hours": 23, "minutes": 59, "seconds": 59}
_STEP = re.compile(r"^/(\d+)$")

Field = str | int | None


class TimePatternOptions(TriggerOptions, frozen=True, kw_only=True):
    """Again and again: `/5` is every fifth, `*` every, a number that one."""

    hours: Field = None
    minutes: Field = None
    seconds: Field = None


class TimePattern:
    """Three cron fields."""

    __slots__ = ("_hour", "_minute", "_second")

    def __init__(self, hour: str, minute: str, second: str) -> None:
        self._hour = hour
        self._minute = minute
        self._second = second

    def attach(self, to: Attachment) -> None:
        """Wake at every time that fits."""
        following = cron_times(
            to.hub.clock.timezone,
            both_passes=self._hour.startswith("*"),
            hour=self._hour,
            minute=self._minute,
            second=self._second,
        )
        # without `late`: what comes again and again misses nothing
        to.schedule.add(following, lambda due: to.fire(seen_at(due), None), to.owner, to.label)


def build(options: TimePatternOptions, part: Part) -> TimePattern:
    """Check the fields; below the first one that is given, what is not given is 0, above it is any."""
    if options.hours is None and options.minutes is None and options.seconds is None:
        raise part.invalid(None, "'hours', 'minutes' or 'seconds' is needed")
    minutes = options.minutes
    seconds = options.seconds
    if minutes is None and options.hours is not None:
        minutes = 0
    if seconds is None and minutes is not None:
        seconds = 0
    return TimePattern(
        _field("hours", options.hours, part), _field("minutes", minutes, part), _field("seconds", seconds, part)
    )


def _field(name: str, value: Field, part: Part) -> str:
    limit = _LIMITS[name]
    if value is None or value == "*":
        return "*"
    text = str(value).strip()
    step = _STEP.match(text)
    number = step[1] if step else text
    if not number.isdigit() or int(number) > limit or (step and int(number) == 0):
        raise part.invalid(name, f"{name}: {value!r} must be '*', a number from 0 to {limit}, or '/5' for every fifth")
    return f"*/{int(number)}" if step else str(int(number))


TYPE = TriggerType("time_pattern", TimePatternOptions, build)
