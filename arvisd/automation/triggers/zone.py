"""Trigger `zone`: somebody or something comes into a zone, or leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from arvisd.automation.entities import entity_ids
from arvisd.automation.places import is_in_zone, is_somewhere, zone_name
from arvisd.automation.registry import Reference, TriggerOptions, TriggerType
from arvisd.automation.templates.states import TemplateState
from arvisd.core.bus import Message
from arvisd.core.states import State

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part

VERBS = {"enter": "entering", "leave": "leaving"}


class ZoneOptions(TriggerOptions, frozen=True, kw_only=True):
    """Somebody or something comes into a zone, or leaves it."""

    entity_id: str | list[str]
    """A person, a device_tracker, or anything else that says where it is; or several."""
    zone: str
    """The zone: `zone.home`."""
    event: Literal["enter", "leave"] = "enter"


class Crossing:
    """Tells whether a change of place crosses the border of a zone; shared with the trigger `geo_location`."""

    __slots__ = ("event", "zone")

    def __init__(self, zone: str, event: str) -> None:
        self.zone = zone
        self.event = event

    def seen(self, to: Attachment, entity_id: str, old: State | None, new: State | None) -> TemplateState | None:
        """Return the zone, for templates, where its border was crossed in the way that is waited for."""
        zone = to.hub.states.get(self.zone)
        if zone is None:
            to.skip({"entity_id": entity_id}, f"there is no zone {self.zone}")
            return None
        before, now = is_in_zone(old, self.zone, zone), is_in_zone(new, self.zone, zone)
        crossed = (now and not before) if self.event == "enter" else (before and not now)
        return TemplateState(self.zone, zone) if crossed else None

    def describe(self, entity_id: str, to: Attachment) -> str:
        """Say it in words."""
        zone = to.hub.states.get(self.zone)
        return f"{entity_id} {VERBS[self.event]} {zone_name(self.zone, zone) if zone is not None else self.zone}"


class ZoneTrigger:
    """Listens to some entities."""

    __slots__ = ("_crossing", "_entities")

    def __init__(self, entities: list[str], crossing: Crossing) -> None:
        self._entities = entities
        self._crossing = crossing

    def attach(self, to: Attachment) -> None:
        """Subscribe to each entity's topic."""
        last: dict[str, State] = {}
        for entity_id in self._entities:
            state = to.hub.states.get(entity_id)
            if is_somewhere(state):
                last[entity_id] = state
            topic = to.hub.topics.state(entity_id)
            to.hub.bus.subscribe(topic, lambda message: self._moved(message, to, last), to.owner)

    def _moved(self, message: Message, to: Attachment, last: dict[str, State]) -> None:
        """Compare with where it was last seen: one that was away for a while has crossed what lies in between."""
        entity_id, _, new = to.hub.states.changes(message)
        if not is_somewhere(new):
            return
        old = last.get(entity_id)
        last[entity_id] = new
        zone = self._crossing.seen(to, entity_id, old, new) if old is not None else None
        if old is None or zone is None:
            return
        to.fire(
            {
                "entity_id": entity_id,
                "from_state": TemplateState(entity_id, old),
                "to_state": TemplateState(entity_id, new),
                "zone": zone,
                "event": self._crossing.event,
                "description": self._crossing.describe(entity_id, to),
            },
            new.context,
        )


def zone_id(value: str, part: Part) -> str:
    """Return the id of a zone; raise InvalidError for what is none."""
    name = value.strip().lower()
    if not name.startswith("zone."):
        raise part.invalid("zone", f"{value!r} is not the id of a zone, such as zone.home")
    try:
        return entity_ids([name])[0]
    except ValueError:
        raise part.invalid("zone", f"{value!r} is not the id of a zone, such as zone.home") from None


def build(options: ZoneOptions, part: Part) -> ZoneTrigger:
    """Check the ids."""
    try:
        entities = entity_ids(options.entity_id)
    except ValueError as error:
        raise part.invalid("entity_id", str(error)) from None
    return ZoneTrigger(entities, Crossing(zone_id(options.zone, part), options.event))


def refers(options: ZoneOptions) -> tuple[Reference, ...]:
    """Name the entities and the zone."""
    try:
        entities = entity_ids(options.entity_id)
    except ValueError:
        entities = []
    return (*(Reference("entity", name, "entity_id") for name in entities), Reference("entity", options.zone, "zone"))


TYPE = TriggerType("zone", ZoneOptions, build, refers)
