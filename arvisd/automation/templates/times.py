"""Template functions of dates and times, by the daemon's clock and zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from arvisd.automation.durations import seconds_of
from arvisd.automation.templates.conversions import _NO_DEFAULT, _failed
from arvisd.automation.templates.undefined import RENDERING
from arvisd.core.clock import Clock

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

    def today_at(self, at: str = "00:00") -> datetime:
        """Return a time of today."""
        self._read()
        return datetime.combine(self._clock.now().date(), time.fromisoformat(at), self._clock.timezone)

    def as_datetime(self, value: Any, default: Any = _NO_DEFAULT) -> Any:
        """Read a date and time from a text or a timestamp; without a default, None when it is neither."""
        found = self._moment(value)
        if found is None:
            return None if default is _NO_DEFAULT else default
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

    def time_since(self, value: datetime, precision: int = 1) -> Any:
        """Say how long ago it was: `2 hours 5 minutes`."""
        return self._spoken(self.now() - self._aware(value), precision, value)

    def time_until(self, value: datetime, precision: int = 1) -> Any:
        """Say how long it is until then."""
        return self._spoken(self._aware(value) - self.now(), precision, value)

    def functions(self) -> dict[str, Any]:
        """Return what templates call."""
        return {
            **self._shared(),
            "now": self.now,
            "utcnow": self.utcnow,
            "strptime": self.strptime,
            "timedelta": timedelta,
            "today_at": self.today_at,
            "relative_time": self.time_since,
            "time_since": self.time_since,
            "time_until": self.time_until,
        }

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters."""
        return {
            **self._shared(),
            "today_at": self.today_at,
            "relative_time": self.time_since,
            "time_since": self.time_since,
            "time_until": self.time_until,
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

    def _spoken(self, span: timedelta, precision: int, value: Any) -> Any:
        left = int(span.total_seconds())
        if left < 0:
            return value
        said: list[str] = []
        for unit, seconds in _STEPS:
            count, left = divmod(left, seconds)
            if count:
                said.append(f"{count} {unit}{'s' if count > 1 else ''}")
            if precision and len(said) == precision:
                break
        return " ".join(said) or "0 seconds"


def as_timedelta(value: Any) -> timedelta | None:
    """Read a length of time; None when it is not one."""
    try:
        return timedelta(seconds=seconds_of(value))
    except ValueError:
        return None
