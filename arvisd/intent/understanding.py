"""Everything from words to answers, put together: what the daemon makes one of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.registry import HomeRegistry
from arvisd.intent.chain import AnswerChain
from arvisd.intent.dialogue import Dialogue
from arvisd.intent.explainer import Explainer
from arvisd.intent.handlers import IntentHandlers, register_handlers
from arvisd.intent.handlers.broadcast import Sites
from arvisd.intent.kept import Kept
from arvisd.intent.languages import Languages, SentenceListener
from arvisd.intent.sentence_answerer import SentenceAnswerer
from arvisd.intent.sentence_triggers import SentenceTriggers
from arvisd.storage.database import Database

EQUALS = ("en", "ru")
"""Languages that are understood whatever the daemon's own is."""

CROWD_SECONDS = 0.05
"""How long changes of the house are collected before the names are made anew."""


class Understanding:
    """The chain of answerers and what may be added to it."""

    def __init__(
        self,
        hub: Hub,
        home: HomeRegistry,
        owner: Owner,
        config_folder: Path | None = None,
        listener: SentenceListener | None = None,
    ) -> None:
        """Put it together; nothing is loaded yet.

        Args:
            hub: the daemon's.
            home: the house that is spoken of.
            owner: its stop ends what is registered here.
            config_folder: where the user's `sentences/` are; None: there are none.
            listener: told of every language's sentences and names, such as the grammar for recognising speech.
        """
        self.handlers = IntentHandlers()
        """Who does what; `register` an intent that is not served yet."""
        self.languages = Languages(hub, home, config_folder, listener, self.handlers.names)
        """Sentences and answers by language; `reload()` when the user's files have changed."""
        self.triggers = SentenceTriggers(hub, self.phrase, listener)
        """Sentences that automations listen for."""
        self.dialogue = Dialogue(hub.clock)
        """What sessions remember, and what is asked first."""
        self._house = register_handlers(self.handlers, hub, home, owner, self.dialogue, lambda: self.sites())
        self._sentences = SentenceAnswerer(hub, self.languages, self.handlers, self.dialogue, home)
        self.chain = AnswerChain(
            hub,
            [self.triggers, self._sentences],
            [Explainer(hub, self.languages, self._sentences, self.dialogue, home)],
            self.phrase,
        )
        """`await chain.answer(utterance)`."""
        self._hub = hub
        self._home = home
        self._owner = owner
        self.sites: Sites = list
        """Returns the places that can speak, each with its area; set by who knows them."""
        self.on_loaded: Callable[[], object] = lambda: None
        """Called when every language that is loaded at the start is there."""
        self.kept: Kept | None = None
        """Timers and lists, once there is a database for them."""

    def keep(self, database: Database) -> Kept:
        """Serve timers and lists, and show those of before; timers end only after `kept.timers.go()`."""
        self.kept = Kept(self._hub, self._home, database, self.languages, self.chain, self._sentences, self.triggers)
        self.kept.start(self._owner, self.handlers, self._house, self.phrase)
        return self.kept

    async def load(self) -> None:
        """Load the daemon's own language, then its equals; from then on each renews itself."""
        for language in dict.fromkeys((self._hub.language, *EQUALS)):
            await self.languages.get(language)

    async def run(self) -> None:
        """Load, then follow the house: whoever listens for its names hears of new ones before the next sentence."""
        changed = asyncio.Event()
        self._home.watch(changed.set, self._owner)
        await self.load()
        self.on_loaded()
        while True:
            await changed.wait()
            # devices come in crowds; one renewal serves all of them
            await self._hub.clock.sleep(CROWD_SECONDS)
            changed.clear()
            for language in self.languages.ready:
                await self.languages.get(language)

    async def phrase(self, language: str, key: str) -> str:
        """Return a fixed phrase: `unrecognized`, `done`, `error`, `still_loading`, …; English where a language lacks it."""
        for each in dict.fromkeys((language, self._hub.language, "en")):
            responses = (await self.languages.get(each)).responses
            if responses.has(key):
                return responses.phrase(key)
        return ""
