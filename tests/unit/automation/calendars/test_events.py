"""Events laid out over time: series, exceptions, whole days, zones, nonsense."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arvisd.automation.calendars import events
from arvisd.automation.calendars.events import CalendarError, events_between

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 1, 5, 5, tzinfo=BERLIN)
HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"


def laid_out(content: bytes, begin: datetime, days: float) -> list[str]:
    found = events_between(content, begin, begin + timedelta(days=days), BERLIN)
    return [f"{event.summary} {event.start:%a %H:%M}-{event.end:%a %H:%M}" for event in found]


def one(lines: str) -> bytes:
    body = "\r\n".join(lines.split("|"))
    return (
        f"{HEAD}BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\n{body}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode()
    )


def test_three_days(family: bytes) -> None:
    assert laid_out(family, MONDAY, 2.5) == [
        "Stand-up Mon 09:00-Mon 09:15",
        "Dentist Mon 15:00-Mon 16:00",
        "Bins Tue 00:00-Wed 00:00",
        "Stand-up Tue 09:00-Tue 09:15",
        "Stand-up, later Wed 10:30-Wed 10:45",
    ]


def test_what_is_on_when_it_begins(family: bytes) -> None:
    assert laid_out(family, MONDAY + timedelta(hours=10.5), 0.1)[0] == "Dentist Mon 15:00-Mon 16:00"


def test_an_exception_of_a_series(family: bytes) -> None:
    whole = laid_out(family, MONDAY, 15)
    assert [event for event in whole if event.startswith("Bins")] == [
        "Bins Tue 00:00-Wed 00:00",
        "Bins Tue 00:00-Wed 00:00",
    ]


def test_the_next_one_though_it_is_far(family: bytes) -> None:
    far = one("DTSTART:20261224T170000Z|DTEND:20261224T200000Z|SUMMARY:Christmas")
    assert laid_out(far, MONDAY, 30) == ["Christmas Thu 18:00-Thu 21:00"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("DTSTART;VALUE=DATE:20260106|DTEND;VALUE=DATE:20260109|SUMMARY:Trip", ["Trip Tue 00:00-Fri 00:00"]),
        ("DTSTART;VALUE=DATE:20260106|SUMMARY:Day", ["Day Tue 00:00-Wed 00:00"]),
        ("DTSTART:20260106T090000|SUMMARY:Floating", ["Floating Tue 09:00-Tue 09:00"]),
        ("DTSTART:20260106T090000Z|DURATION:PT1H30M|SUMMARY:Long", ["Long Tue 10:00-Tue 11:30"]),
        ("DTSTART;TZID=America/New_York:20260106T090000|SUMMARY:NY", ["NY Tue 15:00-Tue 15:00"]),
        ("DTSTART:20260106T090000Z", [" Tue 10:00-Tue 10:00"]),
        ("DTSTART:20260101T090000Z|DTEND:20260101T100000Z|SUMMARY:Over", []),
    ],
)
def test_forms(lines: str, expected: list[str]) -> None:
    assert laid_out(one(lines), MONDAY, 5) == expected


def test_daylight_saving_in_a_series() -> None:
    daily = one("DTSTART;TZID=Europe/Berlin:20260327T023000|RRULE:FREQ=DAILY|SUMMARY:Night")
    begin = datetime(2026, 3, 27, tzinfo=BERLIN)
    found = events_between(daily, begin, begin + timedelta(days=4), BERLIN)
    assert [event.start.isoformat() for event in found] == [
        "2026-03-27T02:30:00+01:00",
        "2026-03-28T02:30:00+01:00",
        "2026-03-29T03:30:00+02:00",
        "2026-03-30T02:30:00+02:00",
    ]


def test_what_templates_see(family: bytes) -> None:
    found = events_between(family, MONDAY, MONDAY + timedelta(days=2), BERLIN)
    assert found[1].as_data() == {
        "summary": "Dentist",
        "start": "2026-01-05T15:00:00+01:00",
        "end": "2026-01-05T16:00:00+01:00",
        "all_day": False,
        "description": "Bring the card",
        "location": "Main Street 1",
        "uid": "dentist@test",
    }
    assert (found[2].as_data()["start"], found[2].as_data()["end"]) == ("2026-01-06", "2026-01-07")


def test_every_minute_for_ever_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "MOST_EVENTS", 500)
    storm = one("DTSTART:20260105T040000Z|DURATION:PT1S|RRULE:FREQ=MINUTELY|SUMMARY:Storm")
    assert len(laid_out(storm, MONDAY, 30)) == 500


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=1,2;BYMINUTE=0,1;BYSECOND=0,1,2"])
def test_every_second_is_refused(rule: str) -> None:
    with pytest.raises(CalendarError) as caught:
        laid_out(one(f"DTSTART:20260105T040000Z|RRULE:{rule}|SUMMARY:Storm"), MONDAY, 30)
    assert str(caught.value) == "the event 'Storm' comes every second: nobody could lay that out"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "this is no calendar in ICS format: "),
        (b"<html>Sign in</html>", "this is no calendar in ICS format: "),
        (b"\xff\xfe\x00", "this is no calendar in ICS format: "),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "this is no calendar in ICS format: no 'BEGIN:VCALENDAR' is in it"),
    ],
)
def test_nonsense(content: bytes, expected: str) -> None:
    with pytest.raises(CalendarError) as caught:
        events_between(content, MONDAY, MONDAY + timedelta(days=1), BERLIN)
    assert str(caught.value).startswith(expected)


LINES = [
    "DTSTART:20260105T080000Z", "DTSTART:", "DTSTART;VALUE=DATE:20260106", "DTSTART:x", "DTEND:x", "DTEND:20250101T000000Z",
    "RRULE:FREQ=DAILY", "RRULE:FREQ=NEVER", "RRULE:FREQ=DAILY;COUNT=-1", "RRULE:FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2",
    "SUMMARY:a", "SUMMARY;;:b", "EXDATE:1", "DURATION:P", "DURATION:-P1D", "UID:u", "UID:u2",
    "RECURRENCE-ID:20260105T080000Z", "STATUS:", "END:VEVENT", "BEGIN:VEVENT", "BEGIN:VTIMEZONE", ":", ";",
]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=10))
@settings(max_examples=150, deadline=None)
def test_anything(lines: list[str]) -> None:
    with contextlib.suppress(CalendarError):
        events_between(one("|".join(lines)), MONDAY, MONDAY + timedelta(days=3), BERLIN)
