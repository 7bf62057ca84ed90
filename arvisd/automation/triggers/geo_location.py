"""Trigger `geo_location`: something that a source reports (an earthquake, a storm) comes into a zone, or leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from arvisd.automation.registry import Reference, TriggerOptions, TriggerType
from arvisd.automation.templates.states import TemplateState
from arvisd.automation.triggers.zone import Crossing, zone_id
from arvisd.core.bus import Message
from arvisd.core.states import State

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part


class GeoLocationOptions(TriggerOptions, frozen=True, kw_only=True):
    """Something that a source reports comes into a zone, or leaves it."""

    source: str
    """Its entities' attribute `source`."""
    zone: str
    event: Literal["enter", "leave"] = "enter"


class GeoLocationTrigger:
    """Listens to every entity of the domain."""

    __slots__ = ("_crossing", "_source")

    def __init__(self, source: str, crossing: Crossing) -> None:
        self._source = source
        self._crossing = crossing

    def attach(self, to: Attachment) -> None:
        """Subscribe to the domain's topics; one that appears or vanishes counts as coming or leaving."""
        to.hub.bus.subscribe(to.hub.topics.state("geo_location.+"), lambda message: self._moved(message, to), to.owner)

    def _moved(self, message: Message, to: Attachment) -> None:
        entity_id, old, new = to.hub.states.changes(message)
        if not (self._is_from_source(old) or self._is_from_source(new)):
            return
        zone = self._crossing.seen(to, entity_id, old, new)
        if zone is None:
            return
        to.fire(
            {
                "source": self._source,
                "entity_id": entity_id,
                "from_state": None if old is None else TemplateState(entity_id, old),
                "to_state": None if new is None else TemplateState(entity_id, new),
                "zone": zone,
                "event": self._crossing.event,
                "description": self._crossing.describe(entity_id, to),
            },
            None if new is None else new.context,
        )

    def _is_from_source(self, state: State | None) -> bool:
        return state is not None and str(state.attributes.get("source", "")).casefold() == self._source.casefold()


def build(options: GeoLocationOptions, part: Part) -> GeoLocationTrigger:
    """Check the zone."""
    return GeoLocationTrigger(options.source, Crossing(zone_id(options.zone, part), options.event))


TYPE = TriggerType(
    "geo_location", GeoLocationOptions, build, lambda options: (Reference("entity", options.zone, "zone"),)
)
