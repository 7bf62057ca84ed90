"""Says plainly what is missing: a name that nobody has, or something that nobody does yet."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from arvisd.core.hub import Hub
from arvisd.core.intents import UNRECOGNIZED, Slot
from arvisd.home.registry import HomeRegistry
from arvisd.intent.answer import Answer, Answerer, Utterance
from arvisd.intent.dialogue import Dialogue
from arvisd.intent.dialogue.similar import similar
from arvisd.intent.explanation import not_served_phrase
from arvisd.intent.handlers.house import NOWHERE
from arvisd.intent.languages import Language, Languages
from arvisd.intent.recognition import Recognition
from arvisd.intent.sentence_answerer import SentenceAnswerer, intent_of, public


class Explainer(Answerer):
    """Comes last, when nobody has done anything."""

    name = "sentences"

    def __init__(
        self, hub: Hub, languages: Languages, sentences: SentenceAnswerer, dialogue: Dialogue, home: HomeRegistry
    ) -> None:
        self._hub = hub
        self._languages = languages
        self._sentences = sentences
        self._dialogue = dialogue
        self._home = home

    async def answer(self, utterance: Utterance) -> Answer | None:
        """Explain what can be explained; None for what is not understood at all."""
        language = await self._languages.get(utterance.language)
        readings = language.recognizer.recognize(utterance.text, utterance.area or NOWHERE)
        plain = next((reading for reading in readings if not reading.wildcards), None)
        if plain is not None:
            return self._refuse(utterance, plain, language, not_served_phrase(plain.intent), {})
        unknown = await asyncio.to_thread(language.recognizer.unknown_name, utterance.text)
        if unknown is not None:
            return self._unknown(utterance, unknown, language)
        found, rest = self._sentences.parts(language.recognizer, utterance)
        if found and rest:
            return self._refuse(utterance, found[0], language, "partly", {"rest": rest}, intent=False)
        for reading in readings:
            words = " ".join(reading.slots[slot].text for slot in reading.wildcards)
            said = language.recognizer.names.said_in(words)
            if not any(names.values for names in said.values()):  # "включи лампу и чайник" asks for no music
                return self._refuse(utterance, reading, language, not_served_phrase(reading.intent), {})
        return None

    def _unknown(self, utterance: Utterance, unknown: Recognition, language: Language) -> Answer:
        """Say that a name is not known, or ask whether one that sounds like it was meant."""
        slot = unknown.wildcards[0]
        words = unknown.slots[slot].text
        names = language.recognizer.names
        if slot == "name" and (known := names.ids("name", words)):
            variables: dict[str, Any] = {"name": words, "names": [words]}
            named = msgspec.structs.replace(unknown, slots=unknown.slots | {slot: Slot(known[0], words)})
            return self._refuse(utterance, named, language, "cannot", variables)
        bare = msgspec.structs.replace(unknown, slots=unknown.slots | {slot: Slot(None, words)})
        near = similar(words, names.lists[slot], self._controllable(utterance.site) if slot == "name" else None)
        if not near:
            phrase = "no_entity" if slot == "name" else f"no_{slot}"
            return self._refuse(utterance, bare, language, phrase, {slot: words}, intent=False)
        self._dialogue.clarifications.ask(utterance.session, unknown, slot, tuple(near), guess=True)
        said = [self._name(slot, id_, utterance.language) for id_ in near]
        refused = self._refuse(
            utterance, bare, language, f"did_you_mean_{slot}", {"names": said, "said": words}, intent=False
        )
        return msgspec.structs.replace(refused, expects_answer=True)

    def _controllable(self, site: str) -> list[str]:
        return [e.id for e in self._home.entities() if e.spoken_at(site) and e.controller is not None]

    def _name(self, slot: str, id_: str, language: str) -> str:
        there = {"name": self._home.entity, "area": self._home.area, "floor": self._home.floor}[slot](id_)
        return (there.name_in(language) if there is not None else "") or id_.replace("_", " ")

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
            self._hub.topics.intent(name), intent_of(utterance, reading.slots, self.name if intent else "", name)
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
