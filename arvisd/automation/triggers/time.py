"""Trigger `time`: a time of day, or the time that an entity holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal

from arvisd.automation.clock_times import cron_times
from arvisd.automation.durations import seconds_of
from arvisd.automation.entities import ENTITY_ID
from arvisd.automation.registry import Reference, TriggerOptions, TriggerType
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.states import State

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2}))?$")


class TimeOptions(TriggerOptions, frozen=True, kw_only=True):
    """A time of day, or the time that an entity holds."""

    at: str | int | dict[str, Any] | list[str | int | dict[str, Any]]
    """`07:30`, `07:30:15`, an entity that holds a time, `{entity_id: …, offset: "-00:10:00"}`, or a list of them."""
    weekday: Weekday | list[Weekday] | None = None
    """Only on these days."""


class TimeOfDay:
    """A fixed time."""

    __slots__ = ("_days", "_time")

    def __init__(self, at: time, days: list[str] | None) -> None:
        self._time = at
        self._days = days

    def attach(self, to: Attachment) -> None:
        """Wake at that time."""
        at = self._time
        days = ",".join(self._days) if self._days else None
        following = cron_times(
            to.hub.clock.timezone,
            both_passes=False,
            day_of_week=days,
            hour=str(at.hour),
            minute=str(at.minute),
            second=str(at.second),
        )
        to.ring(following, seen_at, since=to.since)


class TimeOfEntity:
    """The time that an entity holds; a date in it counts, a time alone is every day."""

    __slots__ = ("_days", "_entity", "_offset")

    def __init__(self, entity_id: str, offset: timedelta, days: list[str] | None) -> None:
        self._entity = entity_id
        self._offset = offset
        self._days = days

    def attach(self, to: Attachment) -> None:
        """Wake when the entity's time comes; look again whenever it changes."""
        current = Owner(f"{to.label}: {self._entity}")
        to.owner.on_stop(current.release)
        since = to.since

        def look(_: object = None) -> None:
            nonlocal since
            current.release()
            following = self._following(to.hub.states.get(self._entity), to.hub)
            if following is not None:
                to.ring(following, lambda due: seen_at(due, self._entity), current, since)
                since = None  # it counts for the time that the entity had when the daemon started

        to.hub.bus.subscribe(to.hub.topics.state(self._entity), look, to.owner)
        look()

    def _following(self, state: State | None, hub: Hub) -> Callable[[datetime], datetime | None] | None:
        if state is None:
            return None
        zone = hub.clock.timezone
        if (at := time_of(state.state)) is not None:
            moved = datetime.combine(datetime(2000, 1, 2, tzinfo=UTC), at) + self._offset
            return cron_times(
                zone,
                both_passes=False,
                day_of_week=",".join(self._days) if self._days else None,
                hour=str(moved.hour),
                minute=str(moved.minute),
                second=str(moved.second),
            )
        try:
            moment = datetime.fromisoformat(state.state)
        except ValueError:
            return None
        aware = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(zone) + self._offset
        if self._days and WEEKDAYS[aware.weekday()] not in self._days:
            return None
        return lambda after: aware if aware.astimezone(UTC) > after.astimezone(UTC) else None


def seen_at(due: datetime, entity_id: str | None = None) -> dict[str, Any]:
    """Return what templates see of a time that has come."""
    return {"now": due, "entity_id": entity_id, "description": f"time {due:%H:%M:%S}"}


def time_of(value: Any) -> time | None:
    """Return `07:30` or `07:30:15` as a time, None for anything else; a number is seconds since midnight.

    YAML 1.1 reads a bare 07:30:00 as the number 27000.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return time(value // 3600, value // 60 % 60, value % 60) if 0 <= value < 86400 else None
    found = _TIME.match(str(value).strip())
    if found is None:
        return None
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        return None


class Times:
    """Several of them."""

    __slots__ = ("_times",)

    def __init__(self, times: list[TimeOfDay | TimeOfEntity]) -> None:
        self._times = times

    def attach(self, to: Attachment) -> None:
        """Attach each."""
        for each in self._times:
            each.attach(to)


def build(options: TimeOptions, part: Part) -> Times:
    """Check the times."""
    given = part.limited("at")
    days = [options.weekday] if isinstance(options.weekday, str) else options.weekday
    return Times(
        [_one(at, list(days) if days else None, part) for at in (given if isinstance(given, list) else [given])]
    )


def _one(at: Any, days: list[str] | None, part: Part) -> TimeOfDay | TimeOfEntity:
    if (moment := time_of(at)) is not None:
        return TimeOfDay(moment, days)
    entity_id, offset = (at.get("entity_id"), at.get("offset", 0)) if isinstance(at, dict) else (at, 0)
    if not isinstance(entity_id, str) or ENTITY_ID.match(entity_id) is None:
        raise part.invalid("at", f"{at!r} is neither a time, such as '07:30', nor the id of an entity")
    if isinstance(at, dict) and (unknown := set(at) - {"entity_id", "offset"}):
        raise part.invalid("at", f"{min(unknown)!r} is not known here: entity_id and offset are")
    try:
        return TimeOfEntity(entity_id, timedelta(seconds=seconds_of(offset)), days)
    except ValueError as error:
        raise part.invalid("at", f"offset: {error}") from None


def refers(options: TimeOptions) -> list[Reference]:
    """Name the entities."""
    entries = options.at if isinstance(options.at, list) else [options.at]
    names = [entry.get("entity_id") if isinstance(entry, dict) else entry for entry in entries]
    return [Reference("entity", name, "at") for name in names if isinstance(name, str) and ENTITY_ID.match(name)]


TYPE = TriggerType("time", TimeOptions, build, refers)
