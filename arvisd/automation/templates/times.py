"""Template functions of dates and times, by the daemon's clock and zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from arvisd.automation.durations import seconds_of
from arvisd.automation.templates.conversions import _NO_DEFAULT, _failed
from arvisd.automation.templates.undefined import RENDERING
from arvisd.core.clock import Clock

_TIME_OF_DAY = re.compile(r"^(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}))?)?$")
_ISO_LENGTH = re.compile(
    r"^(?P<sign>[+-]?)P(?:(?P<days>\d+(?:[.,]\d+)?)D)?"
    r"(?:T(?:(?P<hours>\d+(?:[.,]\d+)?)H)?(?:(?P<minutes>\d+(?:[.,]\d+)?)M)?(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?)?$"
)
_DAYS = re.compile(r"^(?P<days>-?\d+) days?,? ?(?P<rest>\S*)$")
_STEPS = (("year", 31_536_000), ("month", 2_592_000), ("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))


class TimeFunctions:
    """Dates and times of one clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        """Return the local time."""
        self._read()
        return self._clock.now()

    def utcnow(self) -> datetime:
        """Return the time in UTC."""
        self._read()
        return self._clock.now().astimezone(UTC)

    def today_at(self, at: str = "") -> datetime:
        """Return a time of today, its beginning by default."""
        self._read()
        return datetime.combine(self._clock.now().date(), _time_of_day(at), self._clock.timezone)

    def as_datetime(self, value: Any, default: Any = _NO_DEFAULT) -> Any:
        """Read a date and time from a text or a timestamp; a text that is neither is None without a default."""
        found = self._moment(value)
        if found is None:
            return None if default is _NO_DEFAULT and isinstance(value, str) else _failed("as_datetime", value, default)
        return found

    def as_timestamp(self, value: Any, default: Any = _NO_DEFAULT) -> Any:
        """Return seconds since 1970."""
        found = self._moment(value)
        return _failed("as_timestamp", value, default) if found is None else self._aware(found).timestamp()

    def as_local(self, value: datetime) -> datetime:
        """Return a time in the local zone."""
        return self._aware(value).astimezone(self._clock.timezone)

    def strptime(self, text: str, pattern: str, default: Any = _NO_DEFAULT) -> Any:
        """Read a date and time by a pattern."""
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007  # the pattern decides about the zone
        except (ValueError, TypeError):
            return _failed("strptime", text, default)

    def timestamp_custom(
        self, value: Any, pattern: str = "%Y-%m-%d %H:%M:%S", local: bool = True, default: Any = _NO_DEFAULT
    ) -> Any:
        """Write seconds since 1970 by a pattern."""
        try:
            return datetime.fromtimestamp(float(value), self._clock.timezone if local else UTC).strftime(pattern)
        except (ValueError, TypeError, OverflowError, OSError):
            return _failed("timestamp_custom", value, default)

    def timestamp_local(self, value: Any, default: Any = _NO_DEFAULT) -> Any:
        """Write seconds since 1970 as local ISO time."""
        return self._timestamp("timestamp_local", value, default, local=True)

    def timestamp_utc(self, value: Any, default: Any = _NO_DEFAULT) -> Any:
        """Write seconds since 1970 as ISO time in UTC."""
        return self._timestamp("timestamp_utc", value, default, local=False)

    def time_since(self, value: Any, precision: int = 1) -> Any:
        """Say how long ago it was: `2 hours 5 minutes`; what is no time, or to come, is given back."""
        self._read()
        return self._spoken(value, precision, ahead=False)

    def time_until(self, value: Any, precision: int = 1) -> Any:
        """Say how long it is until then; what is no time, or over, is given back."""
        self._read()
        return self._spoken(value, precision, ahead=True)

    def relative_time(self, value: Any) -> Any:
        """Say how long ago it was, in the largest unit."""
        return self.time_since(value)

    def functions(self) -> dict[str, Any]:
        """Return what templates call."""
        return {
            **self._shared(),
            "now": self.now,
            "utcnow": self.utcnow,
            "strptime": self.strptime,
            "timedelta": timedelta,
            "today_at": self.today_at,
            "relative_time": self.relative_time,
            "time_since": self.time_since,
            "time_until": self.time_until,
            "timedelta_string": timedelta_string,
        }

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters."""
        return {
            **self._shared(),
            "today_at": self.today_at,
            "relative_time": self.relative_time,
            "time_since": self.time_since,
            "time_until": self.time_until,
            "timedelta_string": timedelta_string,
            "timestamp_custom": self.timestamp_custom,
            "timestamp_local": self.timestamp_local,
            "timestamp_utc": self.timestamp_utc,
        }

    def _shared(self) -> dict[str, Any]:
        return {
            "as_datetime": self.as_datetime,
            "as_timestamp": self.as_timestamp,
            "as_local": self.as_local,
            "as_timedelta": as_timedelta,
        }

    def _read(self) -> None:
        if RENDERING.tracker is not None:
            RENDERING.tracker.time = True

    def _aware(self, value: datetime) -> datetime:
        return value if value.tzinfo else value.replace(tzinfo=self._clock.timezone)

    def _moment(self, value: Any) -> datetime | None:
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime.combine(value, time(), self._clock.timezone)
        try:
            return datetime.fromtimestamp(float(value), UTC)
        except (TypeError, ValueError, OverflowError, OSError):
            pass
        try:
            return datetime.fromisoformat(value)
        except (TypeError, ValueError):
            return None

    def _timestamp(self, name: str, value: Any, default: Any, *, local: bool) -> Any:
        try:
            return datetime.fromtimestamp(float(value), self._clock.timezone if local else UTC).isoformat()
        except (ValueError, TypeError, OverflowError, OSError):
            return _failed(name, value, default)

    def _spoken(self, value: Any, precision: int, *, ahead: bool) -> Any:
        if not isinstance(value, datetime):
            return value
        aware = self._aware(value)
        span = aware - self._clock.now() if ahead else self._clock.now() - aware
        return aware if span < timedelta() else spoken(span, precision)


def timedelta_string(value: Any, precision: int = 1) -> Any:
    """Say a length of time: `2 hours 5 minutes`; what is none is given back."""
    return spoken(abs(value), precision) if isinstance(value, timedelta) else value


def spoken(span: timedelta, precision: int) -> str:
    """Say a length of time in so many units, the last one rounded; 0: in all of them."""
    left = round(span.total_seconds())
    counts = _counts(left)
    shown = [index for index, count in enumerate(counts) if count]
    if precision and len(shown) > precision:
        last = shown[precision - 1]
        unit = _STEPS[last][1]
        rest = sum(count * _STEPS[index][1] for index, count in enumerate(counts) if index > last)
        # half a unit and more is another one, to the even one at exactly a half, as Python rounds
        left += (round((counts[last] * unit + rest) / unit) - counts[last]) * unit - rest
        counts = _counts(left)
        shown = [index for index, count in enumerate(counts) if count][:precision]
    said = [f"{counts[index]} {_STEPS[index][0]}{'s' if counts[index] > 1 else ''}" for index in shown]
    return " ".join(said) or "0 seconds"


def _counts(seconds: int) -> list[int]:
    counts = []
    for _, unit in _STEPS:
        count, seconds = divmod(seconds, unit)
        counts.append(count)
    return counts


def _time_of_day(text: Any) -> time:
    """Read `7:05` or `07:05:30`; nothing is midnight."""
    if text == "":
        return time()
    found = _TIME_OF_DAY.match(str(text).strip())
    if found is None:
        raise ValueError(f"{text!r} is not a time of the day")
    return time(int(found[1]), int(found[2] or 0), int(found[3] or 0))


def as_timedelta(value: Any) -> timedelta | None:
    """Read a length of time: seconds, `HH:MM:SS`, `1 day, 2:00:00`, `PT1H5M`; None when it is not one."""
    text = str(value).strip()
    if (found := _ISO_LENGTH.match(text)) is not None and text.strip("+-") not in ("P", "PT"):
        units = {
            name: float(part.replace(",", ".")) for name, part in found.groupdict().items() if part and name != "sign"
        }
        return timedelta(**units) * (-1 if found["sign"] == "-" else 1)
    if (found := _DAYS.match(text)) is not None:
        rest = as_timedelta(found["rest"]) if found["rest"] else timedelta()
        return None if rest is None else timedelta(days=int(found["days"])) + rest
    try:
        return timedelta(seconds=seconds_of(value))
    except ValueError:
        return None
