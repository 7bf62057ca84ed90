"""Where the sun stands over the house, and when it will stand where.

The formulae are astral's (NOAA's solar calculator). The times are searched on the curve of the elevation instead of being
asked for by date, so that they are also right where the sun crosses the horizon twice on one date or not at all, and
so that any elevation can be asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Literal

import msgspec

from arvisd.core.owner import Owner

if TYPE_CHECKING:
    from astral import Observer

SunEvent = Literal["sunrise", "sunset"]
Twilight = Literal["civil", "nautical", "astronomical"]
Phase = Literal["day", "civil", "nautical", "astronomical", "night"]

TWILIGHTS: dict[Twilight, float] = {"civil": -6.0, "nautical": -12.0, "astronomical": -18.0}
"""Elevation in degrees at which each twilight borders on the darker one."""
RADIUS = 32.0 / 60 / 2
"""Degrees that the upper edge of the sun lies above its centre: it rises when that comes over the horizon."""
GOLDEN = (-4.0, 6.0)
BLUE = (-6.0, -4.0)
"""Elevations of the golden and of the blue hour, as photographers take them (and astral does)."""
YEAR = timedelta(days=366)
"""How far ahead an event is looked for: behind the polar circles the sun may not rise for months."""
_HALF_DAY = timedelta(hours=12)
_EXACT = timedelta(milliseconds=100)


class Coordinates(msgspec.Struct, frozen=True):
    """A place on the earth."""

    latitude: float
    """Degrees north."""
    longitude: float
    """Degrees east."""
    elevation: float = 0.0
    """Metres above the horizon's plain."""


class Sun:
    """The sun as it is seen from the house; astral is imported when somebody asks."""

    def __init__(self, coordinates: Coordinates | None = None) -> None:
        self.coordinates = coordinates
        """Of the house; None: nobody said, and nothing but this may be asked."""
        self._observer: Observer | None = None
        self._watchers: dict[int, Callable[[], object]] = {}
        self._next: dict[tuple[float, bool, bool], tuple[datetime, datetime | None]] = {}
        self._days: dict[tuple[SunEvent, tzinfo | None], tuple[date, datetime | None]] = {}

    def use(self, coordinates: Coordinates | None) -> bool:
        """The house stands somewhere else from now on; tell whether that is new."""
        if coordinates == self.coordinates:
            return False
        self.coordinates = coordinates
        self._observer = None
        self._next.clear()
        self._days.clear()
        for told in list(self._watchers.values()):
            told()
        return True

    def watch(self, told: Callable[[], object], owner: Owner) -> None:
        """Call `told` when the house stands somewhere else, until the owner stops."""
        self._watchers[id(told)] = told
        owner.on_stop(lambda: self._watchers.pop(id(told), None))

    def elevation(self, moment: datetime) -> float:
        """Return the degrees that the sun is seen above the horizon, refraction included."""
        from astral import sun

        return sun.elevation(self._seen_from(), moment)

    def azimuth(self, moment: datetime) -> float:
        """Return the direction of the sun in degrees: 0 north, 90 east."""
        from astral import sun

        return sun.azimuth(self._seen_from(), moment)

    def is_up(self, moment: datetime) -> bool:
        """Tell whether some of the sun is above the horizon."""
        return self._height(-RADIUS)(moment) > 0

    def is_climbing(self, moment: datetime) -> bool:
        """Tell whether it goes up: between its lowest and its highest point."""
        return self.next_noon(moment) < self.next_midnight(moment)

    def phase(self, moment: datetime) -> Phase:
        """Return `day`, the twilight, or `night`."""
        if self.is_up(moment):
            return "day"
        elevation = self.elevation(moment)
        return next((name for name, lowest in TWILIGHTS.items() if elevation >= lowest), "night")

    def is_golden_hour(self, moment: datetime) -> bool:
        """Tell whether the light is golden."""
        return GOLDEN[0] <= self.elevation(moment) <= GOLDEN[1]

    def is_blue_hour(self, moment: datetime) -> bool:
        """Tell whether the light is blue."""
        return BLUE[0] <= self.elevation(moment) <= BLUE[1]

    def next_sunrise(self, after: datetime) -> datetime | None:
        """Return when the sun rises next, None where it does not within a year."""
        return self._crossing(after, -RADIUS, rising=True)

    def next_sunset(self, after: datetime) -> datetime | None:
        """Return when the sun sets next, None where it does not within a year."""
        return self._crossing(after, -RADIUS, rising=False)

    def next_dawn(self, after: datetime, twilight: Twilight = "civil") -> datetime | None:
        """Return when that twilight begins next in a morning, None where it does not within a year."""
        return self._crossing(after, TWILIGHTS[twilight], rising=True)

    def next_dusk(self, after: datetime, twilight: Twilight = "civil") -> datetime | None:
        """Return when that twilight ends next in an evening, None where it does not within a year."""
        return self._crossing(after, TWILIGHTS[twilight], rising=False)

    def next_elevation(self, after: datetime, degrees: float, *, rising: bool) -> datetime | None:
        """Return when the sun is next seen (`elevation`) to go over or under so many degrees; None: not within a year."""
        return self._crossing(after, degrees, rising=rising, seen=True)

    def next_noon(self, after: datetime) -> datetime:
        """Return when the sun stands highest next."""
        return self._transit(after, timedelta()).astimezone(after.tzinfo)

    def next_midnight(self, after: datetime) -> datetime:
        """Return when the sun stands lowest next."""
        return self._transit(after, _HALF_DAY).astimezone(after.tzinfo)

    def next_event(self, event: SunEvent, after: datetime) -> datetime | None:
        """Return when that is next."""
        return self.next_sunrise(after) if event == "sunrise" else self.next_sunset(after)

    def event_on(self, event: SunEvent, day: date, zone: tzinfo | None) -> datetime | None:
        """Return when that is on a date of a zone, None where it is not on that date; the last date is kept."""
        key = (event, zone)
        known = self._days.get(key)
        if known is None or known[0] != day:
            begin = datetime.combine(day, time(0), zone)
            end = datetime.combine(day + timedelta(days=1), time(0), zone)
            found = self._crossing(begin, -RADIUS, rising=event == "sunrise", keep=False)
            if found is not None and found.astimezone(UTC) >= end.astimezone(UTC):
                found = None
            known = self._days[key] = (day, found)
        return known[1]

    def _seen_from(self) -> Observer:
        if self._observer is None:
            from astral import Observer

            place = self.coordinates
            assert place is not None, "nobody said where the house is"
            # the poles themselves have no directions
            latitude = max(-89.99, min(89.99, place.latitude))
            self._observer = Observer(latitude, place.longitude, place.elevation)
        return self._observer

    def _height(self, degrees: float) -> Callable[[datetime], float]:
        """Return how far above an event's elevation the sun stands at a time: refraction there and the dip of the horizon count."""
        from astral import refraction_at_zenith, sun

        observer = self._seen_from()
        dip = sun.adjust_to_horizon(float(observer.elevation)) if float(observer.elevation) > 0 else 0.0  # type: ignore[arg-type]
        zenith = 90.0 - degrees + dip
        bound = 90.0 - zenith - refraction_at_zenith(zenith)
        return lambda moment: sun.elevation(observer, moment, with_refraction=False) - bound

    def _crossing(
        self, after: datetime, degrees: float, *, rising: bool, seen: bool = False, keep: bool = True
    ) -> datetime | None:
        """Return the next crossing; the last answer is kept, for many ask for the same."""
        key = (degrees, rising, seen)
        begin = after.astimezone(UTC)
        known = self._next.get(key)
        if known is None or not known[0] <= begin < (known[1] or known[0] + YEAR / 2):
            height = (lambda moment: self.elevation(moment) - degrees) if seen else self._height(degrees)
            known = (begin, self._searched(begin, height, rising=rising))
            if keep:
                self._next[key] = known
        return None if known[1] is None else known[1].astimezone(after.tzinfo)

    def _searched(self, begin: datetime, height: Callable[[datetime], float], *, rising: bool) -> datetime | None:
        """Walk from one turning point of the sun to the next, and halve the stretch in which it crosses.

        It begins at a turning point, so that an event has the same time whoever asks for it and when.
        """
        low = self._turn(begin - timedelta(days=1))
        while (turn := self._turn(low)) <= begin:
            low = turn
        below = height(low) <= 0
        while low < begin + YEAR:
            high = self._turn(low)
            high_below = height(high) <= 0
            if below is rising and high_below is not rising:
                found = _halved(low, high, lambda moment: (height(moment) <= 0) is rising)
                if found > begin:
                    return found
            low, below = high, high_below
        return None

    def _turn(self, after: datetime) -> datetime:
        """Return the next time at which the sun stands highest or lowest."""
        return min(self._transit(after, timedelta()), self._transit(after, _HALF_DAY))

    def _transit(self, after: datetime, shift: timedelta) -> datetime:
        """Return the next time at which the sun stands highest, or, half a day shifted, lowest."""
        from astral import sun
        from astral.julian import julianday, julianday_to_juliancentury

        assert self.coordinates is not None
        begin = after.astimezone(UTC)
        day = begin.date() - timedelta(days=2)
        while True:
            minutes = 720 - 4 * self.coordinates.longitude - sun.eq_of_time(julianday_to_juliancentury(julianday(day)))
            found = datetime.combine(day, time(0), UTC) + timedelta(minutes=minutes) + shift
            if found > begin:
                return found
            day += timedelta(days=1)


def _halved(low: datetime, high: datetime, before: Callable[[datetime], bool]) -> datetime:
    """Return the full second after which it is no longer `before`."""
    while high - low > _EXACT:
        middle = low + (high - low) / 2
        low, high = (middle, high) if before(middle) else (low, middle)
    return (high + timedelta(seconds=1) - timedelta(microseconds=1)).replace(microsecond=0)
