"""Clock triggers in zones that do as they like: properties that hold everywhere, and the odd cases by hand."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arvisd.automation.clock_times import cron_times, placed
from arvisd.automation.lateness import Late, latest_due
from arvisd.automation.schedule import Schedule
from arvisd.core.owner import Owner
from tests.simulators.clock import FakeClock

BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # half an hour of daylight saving
APIA = ZoneInfo("Pacific/Apia")  # left out 30 December 2011
ZONES = [BERLIN, ZoneInfo("America/New_York"), LORD_HOWE, ZoneInfo("Asia/Kolkata"), APIA]
TURNS = {
    # days on which the clocks change, and one that is not there
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Asia/Kolkata": (date(2026, 6, 1), date(2026, 12, 1)),
    "Pacific/Apia": (date(2011, 12, 30), date(2011, 9, 24)),
}
ANY_TIME = st.times().map(lambda moment: moment.replace(microsecond=0))


def at(moment: time) -> dict[str, str]:
    return {"hour": str(moment.hour), "minute": str(moment.minute), "second": str(moment.second)}


def around(zone: ZoneInfo, turn: int, days: int) -> datetime:
    day = TURNS[zone.key][turn] - timedelta(days=days)
    return datetime.combine(day, time(12), zone)


@given(st.sampled_from(ZONES), st.sampled_from([0, 1]), ANY_TIME)
@settings(max_examples=120, deadline=None)
def test_once_on_every_date_that_there_is(zone: ZoneInfo, turn: int, moment: time) -> None:
    following = cron_times(zone, both_passes=False, **at(moment))
    begin = due = around(zone, turn, 4)
    rung: list[datetime] = []
    while (due := following(due)) and due.astimezone(UTC) < begin.astimezone(UTC) + timedelta(days=8):
        assert not rung or due.astimezone(UTC) > rung[-1].astimezone(UTC)
        rung.append(due)
    dates = Counter(due.date() for due in rung)
    whole = [begin.date() + timedelta(days=number) for number in range(1, 8)]
    there = [day for day in whole if placed(datetime.combine(day, time(12)), zone) is not None]
    # a time within the skipped hour counts at the jump, which lies on the same date
    assert [day for day in there if dates[day] != 1] == []
    assert set(dates) <= {begin.date(), *there, begin.date() + timedelta(days=8), begin.date() + timedelta(days=9)}
    for due in rung:
        skipped = placed(datetime.combine(due.date(), moment), zone)
        assert due.time() == moment or (skipped is not None and skipped.timestamp() == due.timestamp())


@given(st.sampled_from(ZONES), st.sampled_from([0, 1]), st.sampled_from([5, 10, 15, 20, 30]))
@settings(max_examples=60, deadline=None)
def test_a_pattern_never_pauses_nor_doubles(zone: ZoneInfo, turn: int, minutes: int) -> None:
    following = cron_times(zone, both_passes=True, minute=f"*/{minutes}", second="0")
    begin = due = around(zone, turn, 1)
    rung: list[datetime] = []
    while (due := following(due)) and due.astimezone(UTC) < begin.astimezone(UTC) + timedelta(days=2):
        rung.append(due.astimezone(UTC))
    steps = {later - earlier for earlier, later in itertools.pairwise(rung)}
    allowed = {timedelta(minutes=minutes)}
    if zone is LORD_HOWE:  # half an hour is no multiple of twenty minutes: 1:40, 1:30 again, 1:40
        allowed |= {timedelta(minutes=10), timedelta(minutes=30)}
    assert steps <= allowed


@given(st.sampled_from(ZONES), st.sampled_from([0, 1]), ANY_TIME, st.integers(0, 7 * 86400))
@settings(max_examples=80, deadline=None)
def test_the_latest_that_was_missed(zone: ZoneInfo, turn: int, moment: time, seconds: int) -> None:
    """Looking back finds the same as having been there."""
    following = cron_times(zone, both_passes=False, **at(moment))
    since = around(zone, turn, 3)
    now = (since.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(zone)
    last, due = None, following(since)
    while due is not None and due.astimezone(UTC) <= now.astimezone(UTC):
        last, due = due, following(due)
    assert latest_due(following, since, now) == last


CASES = [
    pytest.param(LORD_HOWE, time(2, 15), "2026-10-03T12:00", ["2026-10-04T02:30:00+11:00", "2026-10-05T02:15:00+11:00"], id="half an hour is skipped"),
    pytest.param(LORD_HOWE, time(1, 45), "2026-04-04T12:00", ["2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30"], id="half an hour comes twice"),
    pytest.param(APIA, time(7), "2011-12-29T06:00", ["2011-12-29T07:00:00-10:00", "2011-12-31T07:00:00+14:00"], id="a date is left out"),
    pytest.param(ZoneInfo("America/New_York"), time(2, 30), "2026-03-07T12:00", ["2026-03-08T03:00:00-04:00", "2026-03-09T02:30:00-04:00"], id="New York in spring"),
    pytest.param(ZoneInfo("America/New_York"), time(1, 30), "2026-10-31T12:00", ["2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"], id="New York in autumn"),
    pytest.param(ZoneInfo("Asia/Kolkata"), time(0), "2026-03-28T12:00", ["2026-03-29T00:00:00+05:30", "2026-03-30T00:00:00+05:30"], id="no daylight saving"),
    pytest.param(ZoneInfo("Africa/Cairo"), time(0), "2026-04-23T12:00", ["2026-04-24T01:00:00+03:00", "2026-04-25T00:00:00+03:00"], id="midnight is skipped"),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "moment", "begin", "expected"), CASES)
def test_odd_days(zone: ZoneInfo, moment: time, begin: str, expected: list[str]) -> None:
    following = cron_times(zone, both_passes=False, **at(moment))
    due: datetime | None = datetime.fromisoformat(begin).replace(tzinfo=zone)
    for each in expected:
        assert due is not None
        due = following(due)
        assert due is not None
        assert due.isoformat() == each


@given(
    st.sampled_from(ZONES),
    st.sampled_from([0, 1]),
    st.lists(st.tuples(st.integers(-170, 170), st.sampled_from([120, 3600, 7 * 3600])), min_size=1, max_size=4),
)
@settings(max_examples=15, deadline=None)
async def test_a_clock_that_is_set_about_makes_nothing_come_twice(
    zone: ZoneInfo, turn: int, jumps: list[tuple[int, int]]
) -> None:
    """Less than three hours forward or back, as cron: each date's time at most once; skipped ones are said."""
    clock = FakeClock(around(zone, turn, 1), zone)
    schedule, owner = Schedule(clock), Owner("x")
    rung: list[datetime] = []
    said: list[datetime] = []
    following = cron_times(zone, both_passes=False, hour="13", minute="0", second="0")
    late = Late(None, lambda due, reason: said.append(due))
    schedule.add(following, rung.append, owner, "a", late=late)
    for minutes, seconds in jumps:
        clock.jump(timedelta(minutes=minutes))
        await clock.advance(seconds)
    owner.release()
    assert max(Counter(due.isoformat() for due in rung + said).values(), default=0) <= 1
