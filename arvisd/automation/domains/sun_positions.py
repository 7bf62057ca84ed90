"""Conditions of the sun: where it stands. They are of the house, and have no target."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from arvisd.automation.domains.sun_times import Period
from arvisd.automation.domains.threshold import Threshold, ThresholdOptions, threshold_of
from arvisd.automation.part import Part
from arvisd.automation.registry import Condition, ConditionOptions, ConditionType
from arvisd.automation.triggers.sun import NO_PLACE
from arvisd.home.sun import TWILIGHTS, Sun

if TYPE_CHECKING:
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class NoOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing is asked."""


class InPeriodOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In the morning, in the evening or both."""

    period: Period = "any"


class InTwilightOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which twilight."""

    type: Literal["any", "civil", "nautical", "astronomical"] = "any"


class ElevationOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many degrees above the horizon."""

    threshold: ThresholdOptions


Stands = Callable[[Sun, datetime, Any], bool]
"""Tells whether the sun stands so, by the options."""


def _in_period(period: str, sun: Sun, now: datetime) -> bool:
    return period == "any" or sun.is_climbing(now) is (period == "morning")


def _in_twilight(sun: Sun, now: datetime, kind: str, *, morning: bool) -> bool:
    if sun.is_up(now) or sun.is_climbing(now) is not morning:
        return False
    elevation = sun.elevation(now)
    names = list(TWILIGHTS)
    if kind == "any":
        return elevation >= TWILIGHTS["astronomical"]
    index = names.index(kind)  # type: ignore[arg-type]  # one of them
    highest = TWILIGHTS[names[index - 1]] if index else 0.0
    return TWILIGHTS[names[index]] <= elevation <= highest


def _turned(sun: Sun, now: datetime, extreme: Callable[[Sun, datetime], datetime]) -> datetime:
    """Return the last noon or midnight before a time."""
    last = extreme(sun, now - timedelta(days=2))
    while (later := extreme(sun, last)) <= now:
        last = later
    return last


POSITIONS: dict[str, tuple[type[msgspec.Struct], Stands]] = {
    "is_up": (NoOptions, lambda sun, now, options: sun.is_up(now)),
    "is_set": (NoOptions, lambda sun, now, options: not sun.is_up(now)),
    "is_ascending": (NoOptions, lambda sun, now, options: sun.is_climbing(now)),
    "is_descending": (NoOptions, lambda sun, now, options: not sun.is_climbing(now)),
    "is_night": (NoOptions, lambda sun, now, options: sun.phase(now) == "night"),
    "is_golden_hour": (
        InPeriodOptions,
        lambda sun, now, options: sun.is_golden_hour(now) and _in_period(options.period, sun, now),
    ),
    "is_blue_hour": (
        InPeriodOptions,
        lambda sun, now, options: sun.is_blue_hour(now) and _in_period(options.period, sun, now),
    ),
    "is_morning_twilight": (
        InTwilightOptions,
        lambda sun, now, options: _in_twilight(sun, now, options.type, morning=True),
    ),
    "is_evening_twilight": (
        InTwilightOptions,
        lambda sun, now, options: _in_twilight(sun, now, options.type, morning=False),
    ),
    "is_midnight_sun": (NoOptions, lambda sun, now, options: sun.is_up(_turned(sun, now, Sun.next_midnight))),
    "is_polar_night": (NoOptions, lambda sun, now, options: not sun.is_up(_turned(sun, now, Sun.next_noon))),
}
"""By the name after `sun.`: the options, and how it is told."""


class SunPositionCondition:
    """Asks where the sun stands."""

    __slots__ = ("_options", "_stands", "_sun")

    def __init__(self, sun: Sun, stands: Stands, options: Any) -> None:
        self._sun = sun
        self._stands = stands
        self._options = options

    def check(self, run: Run, scope: Scope) -> bool:
        """Tell whether it stands so."""
        return self._stands(self._sun, run.hub.clock.now(), self._options)


class SunElevationCondition:
    """Compares the elevation."""

    __slots__ = ("_sun", "_threshold")

    def __init__(self, sun: Sun, threshold: Threshold) -> None:
        self._sun = sun
        self._threshold = threshold

    def check(self, run: Run, scope: Scope) -> bool:
        """Tell whether it fits."""
        return self._threshold.holds(self._sun.elevation(run.hub.clock.now()), run.hub)


def condition_types() -> list[ConditionType]:
    """Return a registry entry for each."""
    found = [_type(f"sun.{name}", schema, stands) for name, (schema, stands) in POSITIONS.items()]
    return [*found, _type("sun.elevation", ElevationOptions, None)]


def _type(name: str, schema: type[msgspec.Struct], stands: Stands | None) -> ConditionType:
    def build(options: Any, part: Part) -> Condition:
        sun = part.builder.library.sun
        if sun.coordinates is None:
            raise part.invalid(None, NO_PLACE)
        if stands is not None:
            return SunPositionCondition(sun, stands, options.options)
        inner = Part(part.builder, part.node["options"], part.path, part.what)
        return SunElevationCondition(sun, threshold_of(options.options.threshold, "°", inner, changed=False))

    return ConditionType(name, _whole(schema), build)


@functools.cache
def _whole(schema: type[msgspec.Struct]) -> type[ConditionOptions]:
    """Return the schema of a condition with these options."""
    default = () if schema is ElevationOptions else (msgspec.field(default_factory=schema),)
    return msgspec.defstruct(  # type: ignore[return-value]  # a subclass of its base
        f"SunPositionWith{schema.__name__}",
        [("options", schema, *default)],
        bases=(ConditionOptions,),
        frozen=True,
        kw_only=True,
        namespace={"__doc__": "Where the sun stands."},
    )
