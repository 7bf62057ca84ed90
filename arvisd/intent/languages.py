"""The languages that are understood, each loaded in a thread and renewed when sentences or names change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec
from hassil.intents import Intents, SlotList

from arvisd.config.problems import Problem
from arvisd.core.hub import Hub
from arvisd.home.registry import HomeRegistry
from arvisd.intent.recognizer import Recognizer
from arvisd.intent.responses import Responses
from arvisd.intent.sentences import load
from arvisd.intent.slot_lists import HouseSnapshot, house_names

_LOGGER = logging.getLogger(__name__)


class SentenceListener(Protocol):
    """Is told what a language understands, to listen for it: the vocabulary of the recognisers of speech."""

    def update(self, language: str, intents: Intents, slot_lists: dict[str, SlotList]) -> None:
        """Take the sentences and names of a language."""

    def add(self, language: str, intents: Intents) -> Callable[[], None]:
        """Listen for further sentences, those of automations, until the function that is returned is called."""


class Language(msgspec.Struct, frozen=True, eq=False):
    """One language, ready for the first sentence."""

    recognizer: Recognizer
    responses: Responses


class Languages:
    """Gives each language, loading it when it is first asked for."""

    def __init__(
        self,
        hub: Hub,
        home: HomeRegistry,
        config_folder: Path | None = None,
        listener: SentenceListener | None = None,
        served: Callable[[], list[str]] = list,
    ) -> None:
        self._served = served
        self._hub = hub
        self._home = home
        self._config_folder = config_folder
        self._listener = listener
        self._ready: dict[str, Language] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self.on_problems: Callable[[str, tuple[Problem, ...]], object] | None = None
        """Told of what is wrong in the user's sentences of a language, also when nothing is any more."""

    @property
    def ready(self) -> list[str]:
        """The languages that are loaded."""
        return list(self._ready)

    async def get(self, language: str) -> Language:
        """Return a language with the present names of the house; waits while it is being loaded."""
        ready = self._ready.get(language)
        if ready is not None and ready.recognizer.names.version == self._home.version:
            return ready
        async with self._locks.setdefault(language, asyncio.Lock()):
            while True:
                ready = self._ready.get(language)
                house = HouseSnapshot.of(self._home)
                if ready is not None and ready.recognizer.names.version == house.version:
                    return ready
                self._take(language, await asyncio.to_thread(self._make, language, house, ready))

    async def reload(self) -> None:
        """Read the user's sentences of all loaded languages again; the old ones serve until the new ones are there."""
        for language in list(self._ready):
            async with self._locks.setdefault(language, asyncio.Lock()):
                house = HouseSnapshot.of(self._home)
                self._take(language, await asyncio.to_thread(self._make, language, house, None))

    def _make(self, language: str, house: HouseSnapshot, before: Language | None) -> Language:
        """Load a language, or give a loaded one other names; runs in a thread. Sensors of a new kind need it anew."""
        names = house_names(house, language)
        if before is not None and before.recognizer.sentences.covers(house.sensed):
            return Language(before.recognizer.renamed(names), before.responses)
        sentences = load(language, self._config_folder, sensed=house.sensed)
        responses = Responses(sentences)
        responses.compile(self._served())
        return Language(Recognizer(sentences, names), responses)

    def _take(self, language: str, made: Language) -> None:
        before = self._ready.get(language)
        self._ready[language] = made
        sentences = made.recognizer.sentences
        if before is None or before.recognizer.sentences is not sentences:
            for problem in sentences.problems:
                _LOGGER.error("%s", problem)
                self._hub.report(problem.severity, "sentences", str(problem))
            if self.on_problems is not None:
                self.on_problems(language, sentences.problems)
        if self._listener is not None:
            self._listener.update(language, sentences.intents, dict(made.recognizer.names.lists))
