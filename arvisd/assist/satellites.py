"""Sites as entities: `assist_satellite.kitchen` is idle, listening, processing or responding, as its phase is."""

from __future__ import annotations

from arvisd.assist.site import SiteRegistry
from arvisd.core.bus import Message
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.sites import Phase
from arvisd.core.slug import slug
from arvisd.core.states import UNAVAILABLE
from arvisd.home.entity import Entity
from arvisd.home.registry import HomeRegistry

DOMAIN = "assist_satellite"
STATES = {"idle": "idle", "listening": "listening", "thinking": "processing", "speaking": "responding"}
"""By the phase: the state, in Home Assistant's words. Any other phase is none of a site that is there."""


class Satellites:
    """Keeps an entity for each site, from its first phase on until it is gone."""

    def __init__(self, hub: Hub, home: HomeRegistry, sites: SiteRegistry) -> None:
        self._hub = hub
        self._home = home
        self._sites = sites
        self._owner: Owner | None = None
        self._known: dict[str, str] = {}
        """By the site: the id of its entity."""

    def start(self, owner: Owner) -> None:
        """Follow the phases until the owner stops; those that are known already count."""
        self._owner = owner
        self._hub.bus.subscribe(self._hub.topics.site("+", "phase"), self._changed, owner, replay=True)

    def _changed(self, message: Message) -> None:
        assert self._owner is not None
        site = message.topic.split("/")[-2]
        payload = message.payload
        if not isinstance(payload, Phase):
            if (entity_id := self._known.pop(site, None)) is not None:
                self._home.remove_entity(entity_id, self._owner)
            return
        entity_id = self._known.get(site) or self._offer(site)
        name = self._name(site)
        self._hub.states.set(entity_id, STATES.get(payload.phase, UNAVAILABLE), {"friendly_name": name, "site": site})

    def _offer(self, site: str) -> str:
        """Tell the house of the site; it stands in the site's area."""
        assert self._owner is not None
        known = self._sites.get(site)
        entity_id = f"{DOMAIN}.{slug(site)}"
        self._known[site] = entity_id
        if self._home.entity(entity_id) is None:
            area = known.area if known is not None else None
            self._home.add_entity(Entity(id=entity_id, name=self._name(site), area=area, expose=False), self._owner)
        return entity_id

    def _name(self, site: str) -> str:
        return site.replace("_", " ").replace("-", " ")
