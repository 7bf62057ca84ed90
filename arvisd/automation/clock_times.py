"""When a clock trigger is next due: APScheduler's cron fields over local time, with daylight saving as people expect it.

The fields are searched on a calendar without gaps (APScheduler's own handling of the repeated hour goes round in
circles, seen in 3.11); what is found is then put into the zone:

- a time that the clocks skip in spring is due at the moment they jump, once;
- a date that a place skips (Samoa had no 30 December 2011) has no times;
- a time of day that comes twice in autumn is due the first time only;
- a pattern (`minutes: /5`) goes on through both passes of the repeated hour.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

_INSTANT = timedelta(microseconds=1)
_LONGEST_SKIP = timedelta(hours=12)
"""More than that is a date left out, by a place that moves over the date line."""


def cron_times(
    zone: tzinfo, *, both_passes: bool, day_of_week: str | None = None, **fields: str
) -> Callable[[datetime], datetime | None]:
    """Return a function that gives the next due time after a time.

    Args:
        zone: whose wall clock.
        both_passes: whether the hour that comes twice counts twice.
        day_of_week: `mon,fri`; None: every day.
        fields: `hour`, `minute`, `second` as cron writes them.

    Raises:
        ValueError: a field cannot be read.
    """
    from apscheduler.triggers.cron import CronTrigger  # 40 ms to import: only for those who have a clock trigger

    trigger: Any = CronTrigger(timezone=UTC, day_of_week=day_of_week, **fields)

    def search(wall: datetime) -> datetime | None:
        found: datetime | None = trigger.get_next_fire_time(None, wall.replace(tzinfo=UTC, fold=0) + _INSTANT)
        return None if found is None else found.replace(tzinfo=None)

    def following(after: datetime) -> datetime | None:
        local = after.astimezone(zone)
        naive = local.replace(tzinfo=None, fold=0)
        found = search(naive)
        due = None if found is None else placed(found, zone, local.fold if both_passes else 0)
        while found is not None and (due is None or due.astimezone(UTC) <= after.astimezone(UTC)):
            # the first pass of a repeated hour lies behind, or it is on a date that there is not
            found = search(found)
            due = None if found is None else placed(found, zone, 0)
        if both_passes and due is not None:
            due = _in_second_pass(after, due, zone, search) or due
        return due

    return following


def _in_second_pass(
    after: datetime, due: datetime, zone: tzinfo, search: Callable[[datetime], datetime | None]
) -> datetime | None:
    """Return what is due in the second pass of a repeated hour that lies between the two times."""
    if after.astimezone(zone).utcoffset() == due.astimezone(zone).utcoffset():
        return None
    change = _change_between(after, due, zone)
    begin = change.astimezone(zone)
    if not begin.fold:
        return None
    found = search(begin.replace(tzinfo=None, fold=0) - timedelta(microseconds=2))
    if found is None:
        return None
    second = found.replace(tzinfo=zone, fold=1)
    # in UTC: within one zone Python compares wall clocks, blind to the second pass
    return second if after.astimezone(UTC) < second.astimezone(UTC) < due.astimezone(UTC) else None


def placed(naive: datetime, zone: tzinfo, fold: int = 0) -> datetime | None:
    """Return a wall time in its zone.

    One that the clocks skip is the moment at which they jump; None where the whole date is skipped.
    """
    aware = naive.replace(tzinfo=zone, fold=fold)
    back = aware.astimezone(UTC).astimezone(zone)
    if back.replace(tzinfo=None, fold=0) == naive:
        return back
    before, after = naive.replace(tzinfo=zone, fold=1), naive.replace(tzinfo=zone, fold=0)
    if after.astimezone(UTC) - before.astimezone(UTC) > _LONGEST_SKIP:
        return None
    return _change_between(before, after, zone).astimezone(zone)


def _change_between(one: datetime, other: datetime, zone: tzinfo) -> datetime:
    """Return the second at which the zone's offset changes between two moments."""
    low, high = sorted((int(one.timestamp()), int(other.timestamp()) + 1))
    offset = datetime.fromtimestamp(low, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)
