"""Answers what the sentences of a language cover: recognises, publishes the intent, does it, words the answer."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import msgspec

from arvisd.core.hub import Hub
from arvisd.core.intents import UNRECOGNIZED, Intent, Slot
from arvisd.intent.answer import Answer, Answerer, Utterance
from arvisd.intent.clarification import Clarifications
from arvisd.intent.explanation import not_served_phrase
from arvisd.intent.handlers.base import Command, Done, Handler, IntentHandlers, Refusal
from arvisd.intent.handlers.house import NOWHERE
from arvisd.intent.languages import Language, Languages
from arvisd.intent.recognition import Recognition
from arvisd.intent.recognizer import Recognizer

_LOGGER = logging.getLogger(__name__)


class SentenceAnswerer(Answerer):
    """Does what a sentence asks for; leaves the rest to the answerers after it."""

    name = "sentences"

    def __init__(self, hub: Hub, languages: Languages, handlers: IntentHandlers) -> None:
        self._hub = hub
        self._languages = languages
        self._handlers = handlers
        self._clarifications = Clarifications(hub.clock)

    async def answer(self, utterance: Utterance) -> Answer | None:
        """Answer what a sentence with a handler covers, or one of the user's own; None for anything else."""
        language = await self._languages.get(utterance.language)
        recognition = self._clarifications.answered(utterance.session, utterance.text, language.recognizer)
        recognition = recognition or self._recognize(language.recognizer, utterance)
        if recognition is None:
            return None
        self._hub.bus.publish(
            self._hub.topics.intent(recognition.intent), intent_of(utterance, recognition.slots, self.name)
        )
        handler = self._handlers.get(recognition.intent) or _own_intent
        return await self._do(handler, recognition, utterance, language)

    async def complete(self, utterance: Utterance) -> bool:
        """Tell whether this is a whole sentence; one that ends in any words may always go on."""
        language = await self._languages.get(utterance.language)
        recognition = self._recognize(language.recognizer, utterance)
        return recognition is not None and not recognition.wildcards

    def _recognize(self, recognizer: Recognizer, utterance: Utterance) -> Recognition | None:
        """Return the best reading that somebody does; one that lacks only an area counts too, it is asked for."""
        for reading in recognizer.recognize(utterance.text, utterance.area or NOWHERE):
            if reading.intent in self._handlers or reading.user:
                return reading
        return None

    async def _do(self, handler: Handler, recognition: Recognition, utterance: Utterance, language: Language) -> Answer:
        command = Command(recognition, utterance, utterance.language)
        answer = Answer(
            "", self.name, utterance.language, recognition.intent, public(recognition.slots), utterance.confidence
        )
        try:
            done = await handler(command)
        except Refusal as refusal:
            if refusal.missing:
                self._clarifications.ask(utterance.session, recognition, refusal.missing, refusal.options)
            variables = {"name": "", "names": [], "area": "", **refusal.variables}
            return msgspec.structs.replace(
                answer,
                reply=language.responses.phrase(refusal.phrase, variables),
                ok=False,
                expects_answer=bool(refusal.missing),
                actions=refusal.actions,
                data={"reason": refusal.variables.get("reason", refusal.phrase)},
            )
        variables = {"slots": _spoken(recognition.slots), **done.variables}
        reply = language.responses.answer(recognition.intent, done.response, variables)
        return msgspec.structs.replace(answer, reply=reply, actions=done.actions)


class Explainer(Answerer):
    """Says plainly what is missing: a name that nobody has, or something that nobody does yet. Comes last."""

    name = "sentences"

    def __init__(self, hub: Hub, languages: Languages, handlers: IntentHandlers) -> None:
        self._hub = hub
        self._languages = languages
        self._handlers = handlers

    async def answer(self, utterance: Utterance) -> Answer | None:
        """Explain what can be explained; None for what is not understood at all."""
        language = await self._languages.get(utterance.language)
        readings = language.recognizer.recognize(utterance.text, utterance.area or NOWHERE)
        plain = next((reading for reading in readings if not reading.wildcards), None)
        if plain is not None:
            return self._refuse(utterance, plain, language, not_served_phrase(plain.intent), {})
        unknown = await asyncio.to_thread(language.recognizer.unknown_name, utterance.text)
        if unknown is not None:
            slot = unknown.wildcards[0]
            words = unknown.slots[slot].text
            if slot == "name" and (known := language.recognizer.names.ids("name", words)):
                variables = {"name": words, "names": [words]}
                named = msgspec.structs.replace(unknown, slots=unknown.slots | {slot: Slot(known[0], words)})
                return self._refuse(utterance, named, language, "cannot", variables)
            bare = msgspec.structs.replace(unknown, slots=unknown.slots | {slot: Slot(None, words)})
            phrase = "no_entity" if slot == "name" else f"no_{slot}"
            return self._refuse(utterance, bare, language, phrase, {slot: words}, intent=False)
        for reading in readings:
            words = " ".join(reading.slots[slot].text for slot in reading.wildcards)
            said = language.recognizer.names.said_in(words)
            if not any(names.values for names in said.values()):  # "включи лампу и чайник" asks for no music
                return self._refuse(utterance, reading, language, not_served_phrase(reading.intent), {})
        return None

    def _refuse(
        self,
        utterance: Utterance,
        reading: Recognition,
        language: Language,
        phrase: str,
        variables: dict[str, Any],
        *,
        intent: bool = True,
    ) -> Answer:
        """Publish what was recognised, or what could not be, and say why nothing is done."""
        name = reading.intent if intent else UNRECOGNIZED
        self._hub.bus.publish(
            self._hub.topics.intent(name), intent_of(utterance, reading.slots, self.name if intent else "")
        )
        return Answer(
            language.responses.phrase(phrase, variables),
            self.name,
            utterance.language,
            reading.intent if intent else None,
            public(reading.slots),
            utterance.confidence,
            ok=False,
            data={"reason": phrase},
        )


def intent_of(utterance: Utterance, slots: dict[str, Slot], by: str) -> Intent:
    """Return what is published of an utterance."""
    return Intent(
        utterance.id,
        utterance.text,
        public(slots),
        utterance.confidence,
        utterance.language,
        utterance.site,
        utterance.session,
        utterance.speaker,
        by,
        utterance.context,
    )


def public(slots: dict[str, Slot]) -> dict[str, Slot]:
    """Return the slots without the area that stands for none."""
    return {name: slot for name, slot in slots.items() if slot.value != NOWHERE}


async def _own_intent(command: Command) -> Done:
    """An intent of the user's own: whoever listens on MQTT or in an automation does it; the answer is his too."""
    return Done(command.recognition.response)


def _spoken(slots: dict[str, Slot]) -> dict[str, Any]:
    return {name: slot.text or slot.value for name, slot in slots.items()}
