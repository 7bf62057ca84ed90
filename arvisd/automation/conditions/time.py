"""Condition `time`: within hours of the day, on days of the week."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from arvisd.automation.entities import ENTITY_ID
from arvisd.automation.errors import ConditionError
from arvisd.automation.registry import ConditionOptions, ConditionType, Reference
from arvisd.automation.triggers.time import WEEKDAYS, Weekday, time_of

if TYPE_CHECKING:
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class TimeOptions(ConditionOptions, frozen=True, kw_only=True):
    """Within hours of the day, on days of the week."""

    after: str | int | None = None
    """From this time on; an entity that holds a time may stand here."""
    before: str | int | None = None
    """Until before this time; a window may go over midnight."""
    weekday: Weekday | list[Weekday] | None = None


class TimeCondition:
    """Compares the time of day."""

    __slots__ = ("_after", "_before", "_days")

    def __init__(self, after: time | str | None, before: time | str | None, days: frozenset[str] | None) -> None:
        self._after = after
        self._before = before
        self._days = days

    def check(self, run: Run, scope: Scope) -> bool:
        """Tell whether it is that time."""
        now = run.hub.clock.now()
        after = None if self._after is None else _held(self._after, run)
        before = None if self._before is None else _held(self._before, run)
        run.trace.compared(self.explain, now, after, before)
        if self._days is not None and WEEKDAYS[now.weekday()] not in self._days:
            return False
        moment = now.time()
        return _within(moment, after or time(0), before)

    def explain(self, now: datetime, after: time | None, before: time | None) -> dict[str, Any]:
        """Say what was compared."""
        said: dict[str, Any] = {"now": now.time().isoformat("seconds")}
        if self._days is not None:
            said |= {"weekday": WEEKDAYS[now.weekday()], "wanted_weekday": sorted(self._days, key=WEEKDAYS.index)}
        if after is not None:
            said["after"] = after.isoformat()
        if before is not None:
            said["before"] = before.isoformat()
        return said


def _within(moment: time, after: time, before: time | None) -> bool:
    """Tell whether it is within the window, which may go over midnight."""
    if before is None:
        return moment >= after
    if after < before:
        return after <= moment < before
    return moment >= after or moment < before


def _held(value: time | str, run: Run) -> time:
    """Return the time, or the one that the entity holds."""
    if isinstance(value, time):
        return value
    state = run.hub.states.get(value)
    if state is None:
        raise ConditionError(f"time: there is no entity {value}")
    if (found := time_of(state.state)) is not None:
        return found
    try:
        moment = datetime.fromisoformat(state.state)
    except ValueError:
        raise ConditionError(f"time: {value} holds no time but {state.state!r}") from None
    return (moment.astimezone(run.hub.clock.timezone) if moment.tzinfo else moment).time()


def build(options: TimeOptions, part: Part) -> TimeCondition:
    """Check the times."""
    if options.after is None and options.before is None and options.weekday is None:
        raise part.invalid(None, "'after', 'before' or 'weekday' is needed")
    bounds: list[time | str | None] = []
    for key in ("after", "before"):
        given = getattr(options, key)
        bound: time | str | None = None if given is None else time_of(given)
        if given is not None and bound is None:
            if not isinstance(given, str) or ENTITY_ID.match(given) is None:
                raise part.invalid(key, f"{key}: {given!r} is neither a time, such as '07:30', nor the id of an entity")
            bound = given
        bounds.append(bound)
    days = [options.weekday] if isinstance(options.weekday, str) else options.weekday
    return TimeCondition(bounds[0], bounds[1], None if days is None else frozenset(days))


def refers(options: TimeOptions) -> list[Reference]:
    """Name the entities."""
    found = (("after", options.after), ("before", options.before))
    return [Reference("entity", name, key) for key, name in found if isinstance(name, str) and ENTITY_ID.match(name)]


TYPE = ConditionType("time", TimeOptions, build, refers)
