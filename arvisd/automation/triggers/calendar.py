"""Trigger `calendar`: an event of a calendar begins or ends, or some time before or after that."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from arvisd.automation.calendars.calendars import Calendars
from arvisd.automation.calendars.events import CalendarEvent
from arvisd.automation.durations import DurationNode
from arvisd.automation.entities import entity_ids
from arvisd.automation.lateness import Late
from arvisd.automation.registry import Reference, TriggerOptions, TriggerType
from arvisd.automation.schedule import WHILE_OFF
from arvisd.automation.triggers.sun import offset_of
from arvisd.core.owner import Owner

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part

Edge = Literal["start", "end"]
READ_LATER = "the event stood in the calendar only when it was read again"


class CalendarOptions(TriggerOptions, frozen=True, kw_only=True):
    """An event of a calendar begins or ends."""

    entity_id: str | list[str]
    event: Edge = "start"
    offset: DurationNode = 0
    """How long after it; before it with a minus: `"-00:15:00"`."""


class CalendarTrigger:
    """Waits for the events of some calendars."""

    __slots__ = ("_calendars", "_edge", "_entities", "_offset")

    def __init__(self, calendars: Calendars, entities: list[str], edge: Edge, offset: timedelta) -> None:
        self._calendars = calendars
        self._entities = entities
        self._edge: Edge = edge
        self._offset = offset

    def attach(self, to: Attachment) -> None:
        """Wake at each event; look again when a calendar was read."""
        for entity_id in self._entities:
            _Watch(self, entity_id, to)

    def due(self, event: CalendarEvent) -> datetime:
        """Return when an event counts."""
        return (event.start if self._edge == "start" else event.end) + self._offset

    def events(self, entity_id: str) -> tuple[CalendarEvent, ...] | None:
        """Return the events of a calendar, None while it was not read."""
        return self._calendars.events(entity_id)

    def watch(self, entity_id: str, told: Any, owner: Owner) -> None:
        """Be told when a calendar was read."""
        self._calendars.watch(entity_id, told, owner)

    def seen(self, entity_id: str, event: CalendarEvent) -> dict[str, Any]:
        """Return what templates see."""
        return {
            "event": self._edge,
            "entity_id": entity_id,
            "calendar_event": event.as_data(),
            "offset": self._offset or None,
            "description": f"{self._edge} of {event.summary!r} in {entity_id}",
        }


class _Watch:
    """One calendar that a trigger waits for."""

    def __init__(self, trigger: CalendarTrigger, entity_id: str, to: Attachment) -> None:
        self._trigger = trigger
        self._entity = entity_id
        self._to = to
        self._current = Owner(f"{to.label}: {entity_id}")
        self._since = to.since
        """Until when its events were seen to; None before it was read for the first time."""
        self._read = False
        to.owner.on_stop(self._current.release)
        trigger.watch(entity_id, self._look, to.owner)
        self._look()

    def _look(self) -> None:
        self._current.release()
        if self._trigger.events(self._entity) is None:
            return
        late = Late(self._to.missed, self._skip)
        cause = READ_LATER if self._read else WHILE_OFF
        self._to.schedule.add(
            self._following, self._ring, self._current, self._to.label, late=late, since=self._since, cause=cause
        )
        self._since = self._to.hub.clock.now()
        self._read = True

    def _following(self, after: datetime) -> datetime | None:
        moment = after.timestamp()
        dues = (self._trigger.due(event) for event in self._trigger.events(self._entity) or ())
        return min((due for due in dues if due.timestamp() > moment), key=datetime.timestamp, default=None)

    def _ring(self, due: datetime) -> None:
        self._since = max(self._since or due, due, key=datetime.timestamp)
        for data in self._due_at(due):
            self._to.fire(data, None)

    def _skip(self, due: datetime, reason: str) -> None:
        for data in self._due_at(due):
            self._to.skip(data, reason)

    def _due_at(self, due: datetime) -> list[dict[str, Any]]:
        moment = due.timestamp()
        return [
            self._trigger.seen(self._entity, event)
            for event in self._trigger.events(self._entity) or ()
            if self._trigger.due(event).timestamp() == moment
        ]


def build(options: CalendarOptions, part: Part) -> CalendarTrigger:
    """Check the ids."""
    try:
        entities = entity_ids(options.entity_id)
    except ValueError as error:
        raise part.invalid("entity_id", str(error)) from None
    for entity_id in entities:
        if not entity_id.startswith("calendar."):
            raise part.invalid("entity_id", f"{entity_id} is no calendar, such as calendar.family")
    return CalendarTrigger(part.builder.library.calendars, entities, options.event, offset_of("offset", part))


def refers(options: CalendarOptions) -> tuple[Reference, ...]:
    """Name the calendars."""
    try:
        return tuple(Reference("entity", entity_id, "entity_id") for entity_id in entity_ids(options.entity_id))
    except ValueError:
        return ()


TYPE = TriggerType("calendar", CalendarOptions, build, refers)
