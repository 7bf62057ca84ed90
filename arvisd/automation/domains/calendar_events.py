"""Triggers `calendar.event_started` and `calendar.event_ended`: the trigger `calendar`, of a target."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from arvisd.automation.domains.sun_times import OffsetOptions
from arvisd.automation.domains.targeting import Target, TargetOptions, Targets, of_domains, target_of
from arvisd.automation.part import Part
from arvisd.automation.registry import Reference, TriggerOptions, TriggerType
from arvisd.automation.triggers.calendar import CalendarTrigger, Edge
from arvisd.automation.triggers.sun import offset_of

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.calendars.calendars import Calendars

EDGES: dict[str, Edge] = {"calendar.event_started": "start", "calendar.event_ended": "end"}
_CALENDARS = frozenset({"calendar"})


class EventOptions(TriggerOptions, frozen=True, kw_only=True):
    """An event of a calendar begins or ends."""

    target: TargetOptions
    options: OffsetOptions = msgspec.field(default_factory=OffsetOptions)


class CalendarsTrigger:
    """Waits for the events of the calendars of a target, as they are when it begins to listen."""

    __slots__ = ("_calendars", "_edge", "_offset", "_target", "_targets")

    def __init__(self, calendars: Calendars, targets: Targets, target: Target, edge: Edge, offset: timedelta) -> None:
        self._calendars = calendars
        self._targets = targets
        self._target = target
        self._edge: Edge = edge
        self._offset = offset

    def attach(self, to: Attachment) -> None:
        """Wake at each event."""
        entities = sorted(of_domains(self._targets.find(self._target), _CALENDARS))
        CalendarTrigger(self._calendars, entities, self._edge, self._offset).attach(to)


def _build(options: EventOptions, part: Part) -> CalendarsTrigger:
    try:
        target = target_of(options.target)
    except ValueError as error:
        raise part.invalid("target", f"target: {error}") from None
    offset = timedelta()
    if part.node.get("options"):
        offset = offset_of("offset", Part(part.builder, part.node["options"], part.path, part.what))
    if options.options.offset_type == "before":
        offset = -offset
    library = part.builder.library
    name = part.node.get("trigger", part.node.get("platform"))
    return CalendarsTrigger(library.calendars, library.targets, target, EDGES[str(name)], offset)


def _refers(options: EventOptions) -> list[Reference]:
    try:
        return target_of(options.target).references()
    except ValueError:
        return []


def trigger_types() -> list[TriggerType]:
    """Return the registry entries."""
    return [TriggerType(name, EventOptions, _build, _refers) for name in EDGES]
