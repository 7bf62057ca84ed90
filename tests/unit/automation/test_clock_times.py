"""When clock triggers are due: daylight saving, a clock that is set, a machine that slept."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from arvisd.automation.clock_times import cron_times
from arvisd.automation.lateness import Late
from arvisd.automation.schedule import Schedule
from arvisd.core.owner import Owner
from tests.simulators.clock import FakeClock

BERLIN = ZoneInfo("Europe/Berlin")
SYDNEY = ZoneInfo("Australia/Sydney")

CASES = [
    # (zone, twice, fields, from, next ones)
    pytest.param(
        BERLIN,
        False,
        {"hour": "2", "minute": "30", "second": "0"},
        "2026-03-28T12:00",
        ["2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"],
        id="a time that the clocks skip is due when they jump",
    ),
    pytest.param(
        BERLIN,
        False,
        {"hour": "2", "minute": "30", "second": "0"},
        "2026-10-24T12:00",
        ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"],
        id="a time that comes twice is due once",
    ),
    pytest.param(
        BERLIN,
        True,
        {"minute": "*/30", "second": "0"},
        "2026-10-25T01:45",
        [
            "2026-10-25T02:00:00+02:00",
            "2026-10-25T02:30:00+02:00",
            "2026-10-25T02:00:00+01:00",
            "2026-10-25T02:30:00+01:00",
            "2026-10-25T03:00:00+01:00",
        ],
        id="a pattern goes on through both passes",
    ),
    pytest.param(
        BERLIN,
        True,
        {"minute": "*/20", "second": "0"},
        "2026-03-29T01:30",
        ["2026-03-29T01:40:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T03:20:00+02:00"],
        id="a pattern does not bunch up at the jump",
    ),
    pytest.param(
        BERLIN,
        True,
        {"minute": "45", "second": "0"},
        "2026-10-25T01:50",
        ["2026-10-25T02:45:00+02:00", "2026-10-25T02:45:00+01:00", "2026-10-25T03:45:00+01:00"],
        id="a minute of every hour",
    ),
    pytest.param(
        SYDNEY,
        False,
        {"hour": "2", "minute": "15", "second": "0"},
        "2026-10-03T12:00",
        ["2026-10-04T03:00:00+11:00", "2026-10-05T02:15:00+11:00"],
        id="the other half of the world",
    ),
    pytest.param(
        BERLIN,
        False,
        {"hour": "7", "minute": "0", "second": "0", "day_of_week": "mon,fri"},
        "2026-01-05T07:00",
        ["2026-01-09T07:00:00+01:00", "2026-01-12T07:00:00+01:00"],
        id="days of the week, from the very moment on",
    ),
]


@pytest.mark.parametrize(("zone", "twice", "fields", "begin", "expected"), CASES)
def test_following(zone: ZoneInfo, twice: bool, fields: dict[str, str], begin: str, expected: list[str]) -> None:
    following = cron_times(zone, both_passes=twice, **fields)
    moment: datetime | None = datetime.fromisoformat(begin).replace(tzinfo=zone)
    for each in expected:
        assert moment is not None
        moment = following(moment)
        assert moment is not None
        assert moment.isoformat() == each


@pytest.fixture
def rung() -> list[str]:
    return []


def every_day_at_seven(clock: FakeClock, rung: list[str], owner: Owner) -> Schedule:
    schedule = Schedule(clock)
    following = cron_times(clock.timezone, both_passes=False, hour="7", minute="0", second="0")
    schedule.add(following, lambda due: rung.append(due.isoformat()), owner, "Wake up", late=Late())
    return schedule


async def test_rings_each_day_over_the_change_of_clocks(rung: list[str]) -> None:
    clock = FakeClock(datetime(2026, 3, 28, 12, tzinfo=BERLIN), BERLIN)
    every_day_at_seven(clock, rung, Owner("x"))
    await clock.advance(2 * 86400)
    assert rung == ["2026-03-29T07:00:00+02:00", "2026-03-30T07:00:00+02:00"]


async def test_a_clock_set_forward_a_little(rung: list[str]) -> None:
    clock = FakeClock(datetime(2026, 1, 5, 6, 58, tzinfo=BERLIN), BERLIN)
    every_day_at_seven(clock, rung, Owner("x"))
    clock.jump(timedelta(minutes=4))
    await clock.advance(31)
    assert rung == ["2026-01-05T07:00:00+01:00"]


async def test_a_machine_that_slept_past_it_says_so(rung: list[str], caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock(datetime(2026, 1, 5, 6, 58, tzinfo=BERLIN), BERLIN)
    every_day_at_seven(clock, rung, Owner("x"))
    clock.jump(timedelta(hours=5))
    await clock.advance(31)
    assert rung == []
    assert caplog.record_tuples == [
        (
            "arvisd.automation.schedule",
            logging.WARNING,
            (
                "Wake up: missed 2026-01-05T07:00:00+01:00, 4 h 58 min late: the clock jumped or the machine slept; "
                "'missed: run' would run it all the same"
            ),
        )
    ]
    await clock.advance(20 * 3600)
    assert rung == ["2026-01-06T07:00:00+01:00"]


@pytest.mark.parametrize(
    ("back", "times"),
    [
        pytest.param(timedelta(minutes=30), 1, id="a little: nothing comes twice"),
        pytest.param(timedelta(hours=2, minutes=59), 1, id="as far as cron takes it for a little"),
        pytest.param(timedelta(hours=3, minutes=1), 2, id="the clock was wrong before: by the new time"),
    ],
)
async def test_a_clock_set_back(rung: list[str], back: timedelta, times: int) -> None:
    clock = FakeClock(datetime(2026, 1, 5, 6, 59, tzinfo=BERLIN), BERLIN)
    every_day_at_seven(clock, rung, Owner("x"))
    await clock.advance(120)
    clock.jump(-back)
    await clock.advance(back.total_seconds() + 60)
    assert rung == ["2026-01-05T07:00:00+01:00"] * times


async def test_nothing_is_left_when_the_owner_stops(rung: list[str]) -> None:
    clock = FakeClock(datetime(2026, 1, 5, 6, 59, tzinfo=BERLIN), BERLIN)
    owner = Owner("x")
    schedule = every_day_at_seven(clock, rung, owner)
    assert schedule.next_of("Wake up") is not None
    owner.release()
    await clock.advance(120)
    assert rung == []
    assert schedule.next_of("Wake up") is None
