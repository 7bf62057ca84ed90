"""Trigger `event`: something that happened."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation.registry import Reference, TriggerOptions, TriggerType
from arvisd.automation.triggers import bus_events
from arvisd.automation.triggers.intent import listed
from arvisd.core.bus import Message
from arvisd.core.events import Event

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part


class EventOptions(TriggerOptions, frozen=True, kw_only=True):
    """Something that happened."""

    event_type: str | list[str]
    """Type of the event, or several."""
    event_data: dict[str, Any] = msgspec.field(default_factory=dict)
    """Fires only when the event's data holds these."""
    context: dict[str, Any] = msgspec.field(default_factory=dict)
    """Fires only when the event's context has these: `{user: ann}`, a list of values for any of them."""


class EventTrigger:
    """Listens to some types of events."""

    __slots__ = ("_context", "_data", "_types")

    def __init__(self, types: list[str], data: dict[str, Any], context: dict[str, Any]) -> None:
        self._types = types
        self._data = data
        self._context = {("user" if key == "user_id" else key): value for key, value in context.items()}

    def attach(self, to: Attachment) -> None:
        """Subscribe to each type's topic, at the broker too: hubs may fire events."""
        for type_ in self._types:
            if not bus_events.listen(type_, self._data, to, functools.partial(self._happened, to, type_)):
                topic = to.hub.topics.event(type_)
                to.hub.bus.subscribe(topic, functools.partial(self._heard, to, type_), to.owner, remote=True)

    def _heard(self, to: Attachment, type_: str, message: Message) -> None:
        try:
            event = message.decode(Event)
        except msgspec.DecodeError as error:
            to.skip({"event_type": type_}, f"the message is not an event: {error}")
            return
        self._happened(to, type_, event)

    def _happened(self, to: Attachment, type_: str, event: Event) -> None:
        data = {"event": {"event_type": type_, "data": event.data, "context": event.context, "time_fired": event.time}}
        for key, wanted in self._data.items():
            if not _within(wanted, event.data.get(key)):
                to.skip(data, functools.partial("{} was {!r}, not {!r}".format, key, event.data.get(key), wanted))
                return
        for key, wanted in self._context.items():
            given = getattr(event.context, key, None)
            if not (given in wanted if isinstance(wanted, list) else given == wanted):
                to.skip(data, f"the context's {key} was {given!r}, not {wanted!r}")
                return
        to.fire({**data, "description": f"event {type_}"}, event.context)


def _within(wanted: Any, given: Any) -> bool:
    """Tell whether all that is wanted is there; a mapping may hold more than is wanted."""
    if isinstance(wanted, dict):
        return isinstance(given, dict) and all(_within(value, given.get(key)) for key, value in wanted.items())
    return bool(wanted == given)


def build(options: EventOptions, part: Part) -> EventTrigger:
    """Check the types; templates in the data are rendered once."""
    types = listed(part.limited("event_type"))
    for type_ in types:
        if not all(type_.split("/")) or any(mark in type_ for mark in "+#\0"):
            raise part.invalid("event_type", f"{type_!r} cannot be the type of an event")
        if type_ in bus_events.NEVER_FIRED:
            why = bus_events.NEVER_FIRED[type_]
            part.builder.warn(part.node, "event_type", f"{part.what}: arvisd fires no event {type_!r}: {why}")
    if not types:
        raise part.invalid("event_type", "'event_type' names none")
    unknown = set(options.context) - {"id", "parent_id", "user", "user_id"}
    if unknown:
        raise part.invalid("context", f"a context has no {min(unknown)!r}: id, parent_id and user are what it has")
    return EventTrigger(types, part.limited("event_data") or {}, part.limited("context") or {})


TYPE = TriggerType(
    "event",
    EventOptions,
    build,
    lambda options: tuple(Reference("event", name, "event_type") for name in listed(options.event_type)),
)
