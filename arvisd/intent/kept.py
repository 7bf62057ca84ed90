"""What is kept between turns and over restarts: timers, commands for later, and lists."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.core.context import Context
from arvisd.core.hub import Hub
from arvisd.core.ids import new_id
from arvisd.core.owner import Owner
from arvisd.home.registry import HomeRegistry
from arvisd.intent.answer import Utterance
from arvisd.intent.chain import AnswerChain
from arvisd.intent.handlers import lists as list_handlers
from arvisd.intent.handlers import timers as timer_handlers
from arvisd.intent.handlers.base import Command, IntentHandlers, Refusal
from arvisd.intent.handlers.house import House
from arvisd.intent.handlers.timers import shown
from arvisd.intent.languages import Languages
from arvisd.intent.lists.actions import offer_actions
from arvisd.intent.lists.lists import TodoLists
from arvisd.intent.sentence_answerer import SentenceAnswerer
from arvisd.intent.sentence_triggers import Phrase, SentenceTriggers
from arvisd.intent.timers.announcement import say
from arvisd.intent.timers.stopping import RingStopper
from arvisd.intent.timers.timer import VoiceTimer
from arvisd.intent.timers.timers import VoiceTimers
from arvisd.storage.database import Database

REHEARSED = frozenset(
    {"HassTurnOn", "HassTurnOff", "HassToggle", "HassStopMoving", "HassSetPosition", "HassLightSet", "HassFanSetSpeed"}
    | {"HassClimateSetTemperature"}
)
"""Intents of which it can be told beforehand what stands in their way."""


class Kept:
    """Timers and lists of one daemon."""

    def __init__(
        self,
        hub: Hub,
        home: HomeRegistry,
        database: Database,
        languages: Languages,
        chain: AnswerChain,
        sentences: SentenceAnswerer,
        triggers: SentenceTriggers,
    ) -> None:
        self._hub = hub
        self._languages = languages
        self._chain = chain
        self._sentences = sentences
        self._triggers = triggers
        self.timers = VoiceTimers(hub, database, self._announce, self._run)
        self.lists = TodoLists(hub, home, database)

    def start(self, owner: Owner, handlers: IntentHandlers, house: House, phrase: Phrase) -> None:
        """Show what there was before and serve the intents; timers end only after `timers.go()`."""
        self._handlers = handlers
        self.timers.start(owner)
        self.lists.start(owner)
        offer_actions(self._hub, self.lists, owner)
        self._chain.put_first(RingStopper(self.timers, phrase), owner)
        for family in (
            timer_handlers.handlers(self._hub, self.timers, self._later),
            list_handlers.handlers(house, self.lists),
        ):
            for intent, handler in family.items():
                handlers.register(intent, handler, owner)

    async def _announce(self, timer: VoiceTimer, key: str, variables: dict[str, Any]) -> None:
        responses = (await self._languages.get(timer.language)).responses
        text = responses.phrase(key, {"which": shown(timer, self._hub.clock.now()), **variables})
        await say(self._hub, timer.site, text, timer.language, Context())

    async def _run(self, timer: VoiceTimer) -> None:
        """Do what a timer was set for, as if it were said now where it was set; what went wrong is said there."""
        context = Context(user=timer.user)
        utterance = Utterance(
            new_id(),
            timer.command,
            timer.language,
            timer.site,
            f"later-{timer.id}",
            context,
            area=timer.area,
            user=timer.user,
            confirmed=timer.confirmed,
        )
        answer = await self._chain.answer(utterance)
        if answer.reply and not (answer.ok and answer.actions):
            await say(self._hub, timer.site, answer.reply, answer.language or timer.language, context)

    async def _later(self, command: Command, said: str) -> None:
        """Look at a command for later; raise Refusal where it could not be done or somebody must agree first."""
        language = await self._languages.get(command.language)
        utterance = msgspec.structs.replace(command.utterance, text=said, language=command.language, rehearsal=True)
        if self._triggers.matches(utterance):
            return
        found = self._sentences.understood(language.recognizer, utterance)
        if not found and not await self._chain.complete(utterance):
            raise Refusal("nothing_later", {"command": said})
        for recognition in found:
            handler = self._handlers.get(recognition.intent)
            if handler is None or recognition.intent not in REHEARSED:
                continue
            try:
                await handler(Command(recognition, utterance, command.language))
            except Refusal as refusal:
                # what it would ask back cannot be answered then, so it is said now and nothing is set
                raise Refusal(refusal.phrase, refusal.variables, confirm=refusal.confirm) from None
