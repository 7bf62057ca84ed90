"""What a calendar in ICS format holds over a stretch of time: recurring events laid out, one by one."""

from __future__ import annotations

import importlib.util
import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

import msgspec

from arvisd.automation.clock_times import placed

LIBRARIES = ("icalendar", "recurring_ical_events")
MISSING = "calendars need two libraries that are not installed: pip install 'arvisd[calendar]'"

MOST_EVENTS = 5000
"""Of one calendar and stretch; a rule that repeats every second must not fill the memory."""
MOST_TEXT = 2000
"""Characters of a description that are kept."""


class CalendarError(Exception):
    """A calendar cannot be read; the text says why."""


class CalendarEvent(msgspec.Struct, frozen=True):
    """One event, one of a series too."""

    start: datetime
    end: datetime
    """When it is over; of a whole day: the midnight after its last day."""
    summary: str
    all_day: bool = False
    description: str = ""
    location: str = ""
    uid: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return what templates see as `trigger.calendar_event`, named and written as Home Assistant does."""
        return {
            "summary": self.summary,
            "start": self.start.date().isoformat() if self.all_day else self.start.isoformat(),
            "end": self.end.date().isoformat() if self.all_day else self.end.isoformat(),
            "all_day": self.all_day,
            "description": self.description,
            "location": self.location,
            "uid": self.uid,
        }


def installed() -> bool:
    """Tell whether calendars can be read here."""
    return all(importlib.util.find_spec(name) is not None for name in LIBRARIES)


def events_between(content: bytes, begin: datetime, end: datetime, zone: tzinfo) -> tuple[CalendarEvent, ...]:
    """Return the events that touch a stretch of time, and the next one after it where there is none, sorted by start.

    Slow, for a thread.

    Args:
        content: of an ICS file.
        begin: what was over by then is left out.
        end: what begins later is left out.
        zone: of times without one.

    Raises:
        CalendarError: it is no calendar.
    """
    import recurring_ical_events
    from icalendar import Calendar

    try:
        calendars = Calendar.from_ical(content, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:  # what the parser raises on nonsense
        raise CalendarError(f"this is no calendar in ICS format: {str(error)[:200]}") from error
    if not calendars or any(calendar.name != "VCALENDAR" for calendar in calendars):
        raise CalendarError("this is no calendar in ICS format: no 'BEGIN:VCALENDAR' is in it")
    found: list[CalendarEvent] = []
    for calendar in calendars:
        try:
            _refuse_seconds(calendar)
            following = recurring_ical_events.of(calendar, skip_bad_series=True).after(begin)
            found += _until(following, begin, end, zone)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise CalendarError(f"its events cannot be laid out: {str(error)[:200]}") from error
    return tuple(sorted(found, key=lambda event: (event.start.timestamp(), event.end.timestamp())))


def _refuse_seconds(calendar: Any) -> None:
    """Raise CalendarError where a series comes every second: laying out a day of it takes minutes."""
    for event in calendar.walk("VEVENT"):
        rules = event.get("RRULE") or ()
        for rule in rules if isinstance(rules, list) else [rules]:
            if rule and ("SECONDLY" in map(str, rule.get("FREQ", ())) or rule.get("BYSECOND")):
                name = _text(event, "SUMMARY")[:60]
                raise CalendarError(f"the event {name!r} comes every second: nobody could lay that out")


def _until(following: Iterator[Any], begin: datetime, end: datetime, zone: tzinfo) -> list[CalendarEvent]:
    found: list[CalendarEvent] = []
    for component in itertools.islice(following, MOST_EVENTS):
        event = _event(component, zone)
        if event is None or event.end.timestamp() <= begin.timestamp():
            continue
        late = event.start.timestamp() > end.timestamp()
        if not late or not found:
            found.append(event)
        if late:
            break
    return found


def _event(component: Any, zone: tzinfo) -> CalendarEvent | None:
    if str(component.get("STATUS", "")).upper() == "CANCELLED":
        return None
    start, end = component["DTSTART"].dt, component.end
    all_day = not isinstance(start, datetime)
    begins, ends = _moment(start, zone), _moment(end, zone)
    if all_day and ends <= begins:
        ends = _moment(start + timedelta(days=1), zone)
    return CalendarEvent(
        begins,
        max(begins, ends, key=datetime.timestamp),
        _text(component, "SUMMARY"),
        all_day,
        _text(component, "DESCRIPTION"),
        _text(component, "LOCATION"),
        _text(component, "UID"),
    )


def _moment(value: date | datetime, zone: tzinfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(0))
    if value.tzinfo is not None:
        return value.astimezone(UTC).astimezone(zone)  # by way of UTC: a time that the clocks skip becomes one that is
    return placed(value, zone) or value.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)


def _text(component: Any, key: str) -> str:
    value = component.get(key, "")
    return str(value[0] if isinstance(value, list) and value else value)[:MOST_TEXT]
