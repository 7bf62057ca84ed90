"""Publishes `arvis/info`: version, language, sites, and the health of integrations and providers."""

from __future__ import annotations

from arvisd import __version__
from arvisd.assist.pipeline import Assist
from arvisd.assist.site import SiteRegistry
from arvisd.core.events import Info
from arvisd.core.hub import Hub
from arvisd.integrations.loader import Integrations

GATHER_SECONDS = 0.2
"""Changes of health within this become one message: at the start every part reports within a moment."""


class Information:
    """Tells what there is and how it is, whenever that has changed."""

    def __init__(self, hub: Hub, sites: SiteRegistry, integrations: Integrations, assist: Assist) -> None:
        self._hub = hub
        self._sites = sites
        self._integrations = integrations
        self._assist = assist
        self._due = False

    def publish_soon(self) -> None:
        """Publish once for all changes of a moment."""
        if not self._due:
            self._due = True
            self._hub.clock.call_later(GATHER_SECONDS, self._publish)

    def _publish(self) -> None:
        self._due = False
        sites = [site.id for site in self._sites.all()]
        info = Info(
            __version__,
            "standalone",
            self._hub.language,
            sites,
            self._integrations.health(),
            self._assist.health(),
        )
        self._hub.bus.publish(self._hub.topics.info, info, retain=True)
