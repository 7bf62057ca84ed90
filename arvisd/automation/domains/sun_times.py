"""Triggers of the sun: its times and twilights. They are of the house, and have no target."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from arvisd.automation.durations import DurationNode
from arvisd.automation.part import Part
from arvisd.automation.registry import TriggerOptions, TriggerType
from arvisd.automation.triggers.sun import NO_PLACE, SunTime, offset_of
from arvisd.home.sun import BLUE, GOLDEN, YEAR, Sun, Twilight

_LOGGER = logging.getLogger("arvisd.automation")

Period = Literal["any", "morning", "evening"]
POLAR_LATITUDE = 65.0
"""Degrees; nearer to the equator the sun rises and sets every day."""


class OffsetOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long after it."""

    offset: DurationNode = 0
    """Before it with a minus: `"-00:45:00"`."""
    offset_type: Literal["before", "after"] | None = None
    """The older way to say whether a positive offset is meant before or after it."""


class TwilightOptions(OffsetOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which twilight, and how long after it."""

    type: Twilight = "civil"


class PeriodOptions(OffsetOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In the morning, in the evening or both, and how long after it."""

    period: Period = "any"


Following = Callable[[Sun, datetime, Any], datetime | None]
"""Gives the next time after a time, by the options; None: there is none within a year."""


def _crossing(morning: float, evening: float) -> Following:
    """Return what finds the next time at which the sun rises over one elevation or sinks under another."""

    def following(sun: Sun, after: datetime, options: Any) -> datetime | None:
        times = []
        if options.period != "evening":
            times.append(sun.next_elevation(after, morning, rising=True))
        if options.period != "morning":
            times.append(sun.next_elevation(after, evening, rising=False))
        return min((time for time in times if time is not None), default=None)

    return following


def _turning(extreme: Callable[[Sun, datetime], datetime], *, up: bool) -> Following:
    """Return what finds the first noon or midnight at which the sun is up, or is not, and was not or was a day before."""

    def following(sun: Sun, after: datetime, options: Any) -> datetime | None:
        assert sun.coordinates is not None
        if abs(sun.coordinates.latitude) < POLAR_LATITUDE:
            return None
        before = sun.is_up(extreme(sun, after - timedelta(days=2)))
        moment = after - timedelta(days=1)
        while moment < after + YEAR:
            moment = extreme(sun, moment)
            now = sun.is_up(moment)
            if now is up and before is not up and moment > after:
                return moment
            before = now
        return None

    return following


EVENTS: dict[str, tuple[type[msgspec.Struct], Following]] = {
    "sunrise": (OffsetOptions, lambda sun, after, options: sun.next_sunrise(after)),
    "sunset": (OffsetOptions, lambda sun, after, options: sun.next_sunset(after)),
    "solar_noon": (OffsetOptions, lambda sun, after, options: sun.next_noon(after)),
    "solar_midnight": (OffsetOptions, lambda sun, after, options: sun.next_midnight(after)),
    "dawn": (TwilightOptions, lambda sun, after, options: sun.next_dawn(after, options.type)),
    "dusk": (TwilightOptions, lambda sun, after, options: sun.next_dusk(after, options.type)),
    "golden_hour_started": (PeriodOptions, _crossing(GOLDEN[0], GOLDEN[1])),
    "golden_hour_ended": (PeriodOptions, _crossing(GOLDEN[1], GOLDEN[0])),
    "blue_hour_started": (PeriodOptions, _crossing(BLUE[0], BLUE[1])),
    "blue_hour_ended": (PeriodOptions, _crossing(BLUE[1], BLUE[0])),
    "midnight_sun_started": (OffsetOptions, _turning(Sun.next_midnight, up=True)),
    "midnight_sun_ended": (OffsetOptions, _turning(Sun.next_midnight, up=False)),
    "polar_night_started": (OffsetOptions, _turning(Sun.next_noon, up=False)),
    "polar_night_ended": (OffsetOptions, _turning(Sun.next_noon, up=True)),
}
"""By the name after `sun.`: the options, and how the next time is found."""


def trigger_types() -> list[TriggerType]:
    """Return a registry entry for each."""
    return [_type(f"sun.{name}", schema, following) for name, (schema, following) in EVENTS.items()]


def _type(name: str, schema: type[msgspec.Struct], following: Following) -> TriggerType:
    def build(options: Any, part: Part) -> SunTime:
        sun = part.builder.library.sun
        if sun.coordinates is None:
            raise part.invalid(None, NO_PLACE)
        offset = timedelta()
        if part.node.get("options"):
            offset = offset_of("offset", Part(part.builder, part.node["options"], part.path, part.what))
        if options.options.offset_type == "before":
            offset = -offset
        chosen = options.options
        event = name.removeprefix("sun.")
        said = {key: value for key in ("type", "period") if (value := getattr(chosen, key, None)) is not None}

        def seen(due: datetime) -> dict[str, Any]:
            return {
                "event": event,
                "offset": offset or None,
                **said,
                "now": due,
                "description": f"sun event {event}",
            }

        return SunTime(name, sun, lambda after: following(sun, after, chosen), seen, offset)

    return TriggerType(name, _whole(schema), build)


@functools.cache
def _whole(schema: type[msgspec.Struct]) -> type[TriggerOptions]:
    """Return the schema of a trigger with these options."""
    return msgspec.defstruct(  # type: ignore[return-value]  # a subclass of its base
        f"SunTimeWith{schema.__name__}",
        [("options", schema, msgspec.field(default_factory=schema))],
        bases=(TriggerOptions,),
        frozen=True,
        kw_only=True,
        namespace={"__doc__": "A time of the sun."},
    )
