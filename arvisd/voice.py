"""What speaks and listens: the assist, who is muted, which providers were chosen at work, sites as entities."""

from __future__ import annotations

from arvisd.assist.choosing import Choosing
from arvisd.assist.hub_components import ShownChoices, ShownSites
from arvisd.assist.muting import Muting
from arvisd.assist.pipeline import Assist
from arvisd.assist.satellites import Satellites
from arvisd.assist.settings import AssistSettings
from arvisd.assist.site import SiteRegistry
from arvisd.assist.wishes import Wishes
from arvisd.configuration import Configuration
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.registry import HomeRegistry
from arvisd.intent.grammar import SentenceVocabulary
from arvisd.intent.understanding import Understanding
from arvisd.mqtt.hubs.component import HubComponents
from arvisd.providers.registry import ProviderRegistry
from arvisd.storage.database import Database


class Voice:
    """Puts the section `assist` to work.

    Args:
        shown: gets what hubs see of the sites and choices.
        owner: its stop ends all of it.
    """

    def __init__(
        self,
        hub: Hub,
        configuration: Configuration,
        database: Database,
        providers: ProviderRegistry,
        sites: SiteRegistry,
        understanding: Understanding,
        vocabulary: SentenceVocabulary,
        shown: HubComponents,
        owner: Owner,
    ) -> None:
        self._hub = hub
        self._configuration = configuration
        self._sites = sites
        self._understanding = understanding
        self._shown = shown
        self._owner = owner
        wishes = Wishes(database)
        self._muting = Muting(hub, wishes, sites)
        self._choosing = Choosing(hub, wishes, providers)
        self._choosing.on_choices = ShownChoices(hub.topics, shown, owner).show
        self.assist = Assist(hub, self._settings(), providers, sites, understanding.chain, vocabulary=vocabulary)
        self.assist.is_muted = self._muting.is_muted
        self._choosing.on_change = lambda: self.assist.use(self._settings())
        understanding.dialogue.confirm = self._settings().confirm
        understanding.sites = self.assist.speaking_places

    async def start(self, home: HomeRegistry) -> None:
        """Listen at every site; return when that has begun."""
        Satellites(self._hub, home, self._sites).start(self._owner)
        self._muting.start(self._owner)
        self._choosing.start(self._owner)
        ShownSites(self._hub.topics, self._shown, self._owner).start(self._sites)
        self._owner.spawn(self.assist.run(), "assist")
        await self.assist.listening.wait()

    def renew(self) -> None:
        """Take the section as it is now, and the providers that are offered now."""
        settings = self._settings()
        self.assist.use(settings)
        self._understanding.dialogue.confirm = settings.confirm
        self._choosing.refresh()

    def _settings(self) -> AssistSettings:
        """Return the section with what was chosen at work laid over it."""
        return self._choosing.applied(self._configuration.section("assist", AssistSettings))
