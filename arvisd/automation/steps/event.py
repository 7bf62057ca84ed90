"""Step `event`: an event is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arvisd.automation.registry import Reference, StepOptions, StepType
from arvisd.automation.templates.value import Value
from arvisd.automation.trace import readable

if TYPE_CHECKING:
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class EventOptions(StepOptions, frozen=True, kw_only=True):
    """An event is published."""

    event: str
    """Its type."""
    event_data: dict[str, Any] | str | None = None
    event_data_template: dict[str, Any] | None = None
    """The older spelling of `event_data` with templates."""


class EventStep:
    """Publishes an event."""

    __slots__ = ("_data", "_more", "_type")

    def __init__(self, type_: str, data: Value, more: Value) -> None:
        self._type = type_
        self._data = data
        self._more = more

    def run(self, run: Run, scope: Scope) -> None:
        """Render the data and publish, caused by the run."""
        data = {**(self._data.render(scope) or {}), **(self._more.render(scope) or {})}
        run.trace.result({"event": self._type, "event_data": data})
        run.hub.fire(self._type, readable(data), run.context)


def build(options: EventOptions, part: Part) -> EventStep:
    """Check the type."""
    if not all(options.event.split("/")) or any(mark in options.event for mark in "+#\0"):
        raise part.invalid("event", f"{options.event!r} cannot be the type of an event")
    return EventStep(options.event, part.value("event_data"), part.value("event_data_template"))


TYPE = StepType("event", EventOptions, build, lambda options: (Reference("event", options.event, "event"),))
