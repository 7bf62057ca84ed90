"""Where the sun stands and when: against the almanac, over all latitudes, with the entity that shows it."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from astral import Observer, sun
from hypothesis import given, settings
from hypothesis import strategies as st

from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.sun import Coordinates, Sun
from arvisd.home.sun_entity import ENTITY_ID, SunEntity
from tests.simulators.clock import FakeClock

BERLIN = Coordinates(52.52, 13.405, 34)
LONGYEARBYEN = Coordinates(78.22, 15.65)
ZONE = ZoneInfo("Europe/Berlin")
ARCTIC = ZoneInfo("Arctic/Longyearbyen")

ALMANAC = [
    # timeanddate.com gives minutes
    ("sunrise", date(2026, 6, 21), "2026-06-21T04:43+02:00"),
    ("sunset", date(2026, 6, 21), "2026-06-21T21:33+02:00"),
    ("sunrise", date(2026, 12, 21), "2026-12-21T08:15+01:00"),
    ("sunset", date(2026, 12, 21), "2026-12-21T15:54+01:00"),
]


@pytest.mark.parametrize(("event", "day", "expected"), ALMANAC)
def test_the_almanac(event: str, day: date, expected: str) -> None:
    found = Sun(Coordinates(52.52, 13.405)).event_on(event, day, ZONE)  # type: ignore[arg-type]
    assert found is not None
    assert abs(found - datetime.fromisoformat(expected)) < timedelta(seconds=90)


PLACES = [
    ("Europe/Berlin", 52.52, 13.405, 34.0),
    ("America/New_York", 40.71, -74.01, 10.0),
    ("Australia/Lord_Howe", -31.55, 159.08, 5.0),
    ("Asia/Kolkata", 28.61, 77.21, 216.0),
    ("Pacific/Apia", -13.83, -171.77, 2.0),
    ("America/Guayaquil", -0.18, -78.47, 2850.0),
]


@pytest.mark.parametrize(("zone", "latitude", "longitude", "elevation"), PLACES)
def test_the_same_as_astral_asked_by_date(zone: str, latitude: float, longitude: float, elevation: float) -> None:
    of_house = Sun(Coordinates(latitude, longitude, elevation))
    observer = Observer(latitude, longitude, elevation)
    place = ZoneInfo(zone)
    for number in range(0, 365, 5):
        day = date(2026, 1, 1) + timedelta(days=number)
        begin = datetime(day.year, day.month, day.day, tzinfo=place)
        for found, expected in (
            (of_house.event_on("sunrise", day, place), sun.sunrise(observer, day, place)),
            (of_house.event_on("sunset", day, place), sun.sunset(observer, day, place)),
            (of_house.next_dawn(begin), sun.dawn(observer, day, tzinfo=place)),
            (of_house.next_dusk(begin), sun.dusk(observer, day, tzinfo=place)),
        ):
            assert found is not None
            assert abs((found - expected).total_seconds()) < 3, (zone, day)


@given(
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
    elevation=st.floats(0, 4000),
    day=st.integers(0, 2200),
    seconds=st.integers(0, 86399),
    degrees=st.floats(-20, 60),
    rising=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_anywhere_at_any_time(
    latitude: float, longitude: float, elevation: float, day: int, seconds: int, degrees: float, rising: bool
) -> None:
    moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day, seconds=seconds)
    of_house = Sun(Coordinates(latitude, longitude, elevation))
    sunrise = of_house.next_sunrise(moment)
    sunset = of_house.next_sunset(moment)
    if sunrise is not None and sunset is not None:
        assert of_house.is_up(moment) is (sunset < sunrise)
        after = of_house.next_sunrise(sunrise)
        assert after is None or after > sunrise
    crossing = of_house.next_elevation(moment, degrees, rising=rising)
    if crossing is not None:
        assert crossing > moment
        before = of_house.elevation(crossing - timedelta(seconds=2))
        assert (before < degrees + 1e-3) is rising or abs(before - degrees) < 0.01
    assert timedelta() < of_house.next_noon(moment) - moment < timedelta(hours=25)
    assert of_house.phase(moment) in ("day", "civil", "nautical", "astronomical", "night")


def test_an_event_has_one_time_whoever_asks() -> None:
    asked = {
        Sun(BERLIN).next_sunset(datetime(2026, 3, 1, hour, minute, tzinfo=ZONE))
        for hour in range(17)
        for minute in (0, 31)
    }
    assert len(asked) == 1
    (found,) = asked
    assert found is not None
    assert found.microsecond == 0
    assert Sun(BERLIN).next_sunset(found) == Sun(BERLIN).next_sunset(found + timedelta(hours=3))


def test_behind_the_polar_circle() -> None:
    of_house = Sun(LONGYEARBYEN)
    winter = datetime(2026, 1, 10, 12, tzinfo=ARCTIC)
    assert of_house.phase(winter) == "nautical"
    assert of_house.event_on("sunrise", winter.date(), ARCTIC) is None
    assert str(of_house.next_sunrise(winter)) == "2026-02-16 11:17:33+01:00"
    summer = datetime(2026, 6, 10, 0, tzinfo=ARCTIC)
    assert of_house.phase(summer) == "day"
    assert str(of_house.next_sunset(summer)) == "2026-08-25 00:23:10+02:00"


@pytest.mark.parametrize(
    ("moment", "phase", "golden", "blue"),
    [
        ("2026-03-20T12:00", "day", False, False),
        ("2026-03-20T18:00", "day", True, False),
        ("2026-03-20T18:45", "civil", False, True),
        ("2026-03-20T19:10", "nautical", False, False),
        ("2026-03-20T19:50", "astronomical", False, False),
        ("2026-03-20T22:00", "night", False, False),
    ],
)
def test_phases(moment: str, phase: str, golden: bool, blue: bool) -> None:
    of_house, when = Sun(BERLIN), datetime.fromisoformat(moment).replace(tzinfo=ZONE)
    assert (of_house.phase(when), of_house.is_golden_hour(when), of_house.is_blue_hour(when)) == (phase, golden, blue)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 3, 20, 12, tzinfo=ZONE), ZONE)


class TestEntity:
    def test_what_it_shows(self, clock: FakeClock) -> None:
        hub = Hub(clock)
        SunEntity(hub, Sun(BERLIN)).start(Owner("x"))
        state = hub.states.get(ENTITY_ID)
        assert state is not None
        assert state.state == "above_horizon"
        assert state.attributes == {
            "next_dawn": "2026-03-21T04:31:15+00:00",
            "next_dusk": "2026-03-20T17:55:13+00:00",
            "next_midnight": "2026-03-20T23:13:57+00:00",
            "next_noon": "2026-03-20T11:13:57+00:00",
            "next_rising": "2026-03-21T05:05:46+00:00",
            "next_setting": "2026-03-20T17:20:38+00:00",
            "elevation": 37.36,
            "azimuth": 175.65,
            "rising": True,
            "friendly_name": "Sun",
        }

    async def test_a_day(self, clock: FakeClock) -> None:
        hub = Hub(clock)
        seen: list[tuple[str, str]] = []
        SunEntity(hub, Sun(BERLIN)).start(Owner("x"))
        hub.bus.subscribe(
            "arvis/state/sun/sun",
            lambda m: seen.append((clock.now().strftime("%H:%M:%S"), m.payload.state)),
            Owner("x"),
        )
        await clock.advance(86400)
        changes = [each for before, each in itertools.pairwise(seen) if before[1] != each[1]]
        assert changes == [("18:20:39", "below_horizon"), ("06:05:47", "above_horizon")]
        assert len(seen) < 24 * 10

    def test_none_without_a_place(self, clock: FakeClock) -> None:
        hub, house = Hub(clock), Sun()
        SunEntity(hub, house).start(Owner("x"))
        assert hub.states.get(ENTITY_ID) is None
        assert house.use(BERLIN)
        assert hub.states.get(ENTITY_ID) is not None
        assert not house.use(BERLIN)
        house.use(None)
        assert hub.states.get(ENTITY_ID) is None

    async def test_it_ends_with_its_owner(self, clock: FakeClock) -> None:
        hub, owner, house = Hub(clock), Owner("x"), Sun(BERLIN)
        SunEntity(hub, house).start(owner)
        before = hub.states.get(ENTITY_ID)
        owner.release()
        await clock.advance(86400)
        house.use(LONGYEARBYEN)
        assert hub.states.get(ENTITY_ID) is before
