"""Helper `input_datetime`: a date, a time of day, or both."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import msgspec

from arvisd.automation.helpers.entity import HelperEntity
from arvisd.automation.helpers.kind import HelperAction, HelperKind, HelperSettings, Place, Saved
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError

FORMS = "a date as 2026-05-01, a time as 07:30 or 07:30:00, both as 2026-05-01 07:30:00"


class InputDatetimeSettings(HelperSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of `input_datetime:`."""

    has_date: bool = False
    """It holds a date."""
    has_time: bool = False
    """It holds a time of day."""
    initial: str | None = None
    """What it is after each start; without it, what it was before, at first today, 00:00:00."""

    def __post_init__(self) -> None:
        """Raise ValueError where it holds nothing, and for an initial value that does not fit."""
        if not (self.has_date or self.has_time):
            raise ValueError("it needs 'has_date: true', 'has_time: true' or both")
        if self.initial is not None:
            self.parse(self.initial)

    def parse(self, text: str) -> tuple[date | None, time | None]:
        """Return the date and the time of a text; raise ValueError where what this holds is not in it."""
        found: tuple[date | None, time | None]
        try:
            if self.has_date and self.has_time:
                moment = datetime.fromisoformat(text)
                found = moment.date(), moment.time()
            elif self.has_date:
                found = datetime.fromisoformat(text).date(), None
            else:
                found = None, _time(text)
        except ValueError:
            raise ValueError(f"{text!r} does not fit: write {FORMS}") from None
        return found


class SetDatetime(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `input_datetime.set_datetime`; one way of saying it is enough."""

    date: str | None = None
    """`2026-05-01`."""
    time: str | None = None
    """`07:30` or `07:30:00`."""
    datetime: str | None = None
    """`2026-05-01 07:30:00`."""
    timestamp: float | None = None
    """Seconds since 1970."""


class InputDatetime(HelperEntity[InputDatetimeSettings]):
    """A moment that automations read and write; without a zone: that of the house."""

    def __init__(self, settings: InputDatetimeSettings, place: Place) -> None:
        super().__init__(settings, place)
        self._date = date.min
        self._time = time()

    def start(self, saved: Saved | None) -> None:
        """Begin with `initial`, else as it was, else at the beginning of today."""
        self._date, self._time = self.place.hub.clock.now().date(), time()
        for text in (self.settings.initial, saved.state if saved is not None else None):
            if text is None:
                continue
            try:
                day, clock = self.settings.parse(text)
            except ValueError:
                continue
            self._date, self._time = day or self._date, self._time if clock is None else clock
            break
        self._write(None)

    def set(self, data: SetDatetime, context: Context) -> None:
        """Set it; raise ActionDataError for what cannot be read, or holds nothing that this holds."""
        try:
            day, clock = self._given(data)
        except (ValueError, OverflowError, OSError) as error:
            raise ActionDataError(f"{self.entity_id}: {error}: write {FORMS}") from None
        day = day if self.settings.has_date else None
        clock = clock if self.settings.has_time else None
        if day is None and clock is None:
            holds = (
                "date and time"
                if self.settings.has_date and self.settings.has_time
                else ("a date" if self.settings.has_date else "a time")
            )
            raise ActionDataError(f"{self.entity_id} holds {holds}: nothing of that was given")
        self._date, self._time = day or self._date, self._time if clock is None else clock
        self._write(context)

    def _given(self, data: SetDatetime) -> tuple[date | None, time | None]:
        moment: datetime | None = None
        if data.timestamp is not None:
            moment = datetime.fromtimestamp(data.timestamp, self.place.hub.clock.timezone)
        elif data.datetime is not None:
            moment = datetime.fromisoformat(data.datetime)
            if moment.tzinfo is not None:
                moment = moment.astimezone(self.place.hub.clock.timezone)
        if moment is not None:
            if data.date is not None or data.time is not None:
                raise ValueError("date and time are given beside datetime or timestamp")
            return moment.date(), moment.time().replace(microsecond=0)
        return (
            None if data.date is None else date.fromisoformat(data.date),
            None if data.time is None else _time(data.time),
        )

    def _write(self, context: Context | None) -> None:
        settings = self.settings
        attributes: dict[str, Any] = {"has_date": settings.has_date, "has_time": settings.has_time}
        shown = []
        if settings.has_date:
            shown.append(self._date.isoformat())
            attributes |= {"year": self._date.year, "month": self._date.month, "day": self._date.day}
        if settings.has_time:
            shown.append(self._time.strftime("%H:%M:%S"))
            attributes |= {"hour": self._time.hour, "minute": self._time.minute, "second": self._time.second}
        if settings.has_date:
            clock = self._time if settings.has_time else time()
            moment = datetime.combine(self._date, clock, self.place.hub.clock.timezone)
            attributes["timestamp"] = moment.timestamp()
        else:
            attributes["timestamp"] = self._time.hour * 3600 + self._time.minute * 60 + self._time.second
        self.write(" ".join(shown), attributes, context)


def _time(text: str) -> time:
    clock = time.fromisoformat(f"0{text}" if text[1:2] == ":" else text)
    return clock.replace(microsecond=0, tzinfo=None)


def _set(helper: InputDatetime, data: SetDatetime, context: Context) -> None:
    helper.set(data, context)


KIND: HelperKind[InputDatetimeSettings] = HelperKind(
    "input_datetime",
    InputDatetimeSettings,
    InputDatetime,
    (HelperAction("set_datetime", SetDatetime, "Sets dates and times.", _set, instant=True),),
)
