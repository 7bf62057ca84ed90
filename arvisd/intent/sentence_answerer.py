"""Answers what the sentences of a language cover: recognises, publishes the intent, does it, words the answer."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.core.hub import Hub
from arvisd.core.intents import Intent, Slot
from arvisd.home.registry import HomeRegistry
from arvisd.intent.answer import Answer, Answerer, Utterance
from arvisd.intent.clarification import Question, answered, completed
from arvisd.intent.dialogue import Dialogue
from arvisd.intent.dialogue.confirmation import is_no, is_yes
from arvisd.intent.dialogue.coordination import apart
from arvisd.intent.dialogue.reference import has_reference, is_reference, references, variants
from arvisd.intent.handlers.base import Command, Done, IntentHandlers, Refusal
from arvisd.intent.handlers.house import NOWHERE
from arvisd.intent.languages import Language, Languages
from arvisd.intent.normalization import normalize
from arvisd.intent.recognition import Recognition
from arvisd.intent.recognizer import Recognizer

SPLITTABLE = frozenset({"HassMediaSearchAndPlay"})
"""Intents whose any words are less likely than two commands: "play" is "turn on" in Russian."""


REPHRASED = {
    ("duration", "en"): ("set a timer for {}",),
    ("duration", "ru"): ("поставь таймер на {}",),
    ("timer", "en"): ("cancel the {} timer",),
    ("timer", "ru"): ("отмени таймер на {}", "отмени таймер {}"),
}
"""Sentences that an answer completes, by what was asked for and the language."""


class SentenceAnswerer(Answerer):
    """Does what a sentence asks for; leaves the rest to the answerers after it."""

    name = "sentences"

    def __init__(
        self, hub: Hub, languages: Languages, handlers: IntentHandlers, dialogue: Dialogue, home: HomeRegistry
    ) -> None:
        self._hub = hub
        self._languages = languages
        self._handlers = handlers
        self._dialogue = dialogue
        self._home = home

    async def answer(self, utterance: Utterance) -> Answer | None:
        """Answer what a sentence with a handler covers, or one of the user's own; None for anything else."""
        language = await self._languages.get(utterance.language)
        asked = self._dialogue.confirmations.take(utterance.session)
        if asked is not None and is_yes(utterance.text, utterance.language):
            return await self.do(asked.commands, msgspec.structs.replace(utterance, confirmed=True), language)
        question = self._dialogue.clarifications.take(utterance.session)
        closed = asked is not None or (question is not None and question.guess)
        if closed and is_no(utterance.text, utterance.language):
            return Answer(language.responses.phrase("not_done"), self.name, utterance.language)
        if question is not None:
            if question.guess and len(question.options) == 1 and is_yes(utterance.text, utterance.language):
                chosen: Recognition | None = completed(question, question.options[0], utterance.text)
            else:
                chosen = answered(question, utterance.text, language.recognizer) or self._rephrased(
                    question, utterance, language.recognizer
                )
            if chosen is not None:
                return await self.do((chosen,), utterance, language)
        commands = self.understood(language.recognizer, utterance)
        return await self.do(commands, utterance, language) if commands else None

    async def complete(self, utterance: Utterance) -> bool:
        """Tell whether this is a whole sentence; one that ends in any words may always go on."""
        language = await self._languages.get(utterance.language)
        if self._dialogue.confirmations.waits(utterance.session) or self._dialogue.clarifications.waits(
            utterance.session
        ):
            return is_yes(utterance.text, utterance.language) or is_no(utterance.text, utterance.language)
        commands = self.understood(language.recognizer, utterance)
        return bool(commands) and not commands[-1].wildcards

    def _rephrased(self, question: Question, utterance: Utterance, recognizer: Recognizer) -> Recognition | None:
        """Return the whole command where the answer is a part of a sentence: "for how long?" "five minutes"."""
        plain = normalize(utterance.text, utterance.language)
        for filler in ("the ", "for ", "на "):
            plain = plain.removeprefix(filler)
        plain = plain.removesuffix(" 1").removesuffix(" timer")
        for sentence in REPHRASED.get((question.missing, utterance.language), ()):
            reading = self._read(recognizer, utterance, sentence.format(plain), [])
            if reading is not None and "Timer" in reading.intent:
                return msgspec.structs.replace(
                    question.recognition, slots={**question.recognition.slots, **reading.slots}
                )
        return None

    def understood(self, recognizer: Recognizer, utterance: Utterance) -> tuple[Recognition, ...]:
        """Return the commands of a text, more than one where it names several; none where it is not understood."""
        whole = self._read(recognizer, utterance, utterance.text, [])
        if whole is not None and not (whole.wildcards and whole.intent in SPLITTABLE):
            return (whole,)
        found, rest = self.parts(recognizer, utterance)
        if found and not rest:
            return tuple(found)
        return (whole,) if whole is not None else ()

    def parts(self, recognizer: Recognizer, utterance: Utterance) -> tuple[list[Recognition], str]:
        """Return the commands of which a text is made, and what of it is none."""

        def read(text: str, before: list[Recognition]) -> Recognition | None:
            reading = self._read(recognizer, utterance, text, before)
            return None if reading is None or (reading.wildcards and reading.intent in SPLITTABLE) else reading

        return apart(utterance.text, utterance.language, read)

    def _read(
        self, recognizer: Recognizer, utterance: Utterance, text: str, before: list[Recognition]
    ) -> Recognition | None:
        """Return the best reading that somebody does; one that lacks only an area counts too, it is asked for."""
        language = recognizer.language
        area = utterance.area or next((a for one in before if (a := said_area(one))), None) or NOWHERE
        found = self._served(recognizer.recognize(text, area))
        if (found is not None and not found.wildcards) or not has_reference(normalize(text, language), language):
            return found
        entities, place = self._subject(utterance.session, before)
        also = references(entities, place, language)
        for variant in variants(text):
            reading = self._served(recognizer.recognize(variant, area, also=also))
            if reading is not None and not reading.wildcards:
                referred = reading.name is not None and is_reference(reading.name.text, language)
                return msgspec.structs.replace(reading, referred=referred)
        return found

    def _served(self, readings: list[Recognition]) -> Recognition | None:
        served = [reading for reading in readings if reading.intent in self._handlers or reading.user]
        best = served[0] if served else None
        if best is not None and best.intent == "HassClimateSetTemperature" and not best.user:
            # «повысь на два градуса» is two degrees more, whatever the sentences of others make of it
            return next((one for one in served if one.intent == "AdjustTemperature"), best)
        return best

    def _subject(self, session: str, before: list[Recognition]) -> tuple[list[Any], str | None]:
        """Return what "it" and "there" stand for: what the same sentence has named, else the last one."""
        for one in reversed(before):
            if one.entities or said_area(one):
                ids, area = one.entities, said_area(one)
                break
        else:
            subject = self._dialogue.memory.subject(session)
            ids, area = (subject.entities, subject.area) if subject is not None else ((), None)
        return [entity for id_ in ids if (entity := self._home.entity(id_)) is not None and entity.expose], area

    async def do(self, commands: tuple[Recognition, ...], utterance: Utterance, language: Language) -> Answer:
        """Do commands in their order; return one answer to all of them."""
        spoken_of: list[str] = []
        answers = [await self._do(recognition, utterance, language, spoken_of) for recognition in commands]
        if len(answers) == 1:
            return answers[0]
        self._dialogue.memory.note(utterance.session, spoken_of, None)  # "them": all that one sentence was about
        return _together(answers)

    async def _do(
        self, recognition: Recognition, utterance: Utterance, language: Language, spoken_of: list[str]
    ) -> Answer:
        self._hub.bus.publish(
            self._hub.topics.intent(recognition.intent),
            intent_of(utterance, recognition.slots, self.name, recognition.intent),
        )
        handler = self._handlers.get(recognition.intent) or _own_intent
        answer = Answer(
            "", self.name, utterance.language, recognition.intent, public(recognition.slots), utterance.confidence
        )
        try:
            done = await handler(Command(recognition, utterance, utterance.language))
        except Refusal as refusal:
            if refusal.missing:
                self._dialogue.clarifications.ask(utterance.session, recognition, refusal.missing, refusal.options)
            if refusal.confirm:
                self._dialogue.confirmations.ask(utterance.session, recognition)
            variables = {"name": "", "names": [], "area": "", **refusal.variables}
            return msgspec.structs.replace(
                answer,
                reply=language.responses.phrase(refusal.phrase, variables),
                ok=False,
                expects_answer=bool(refusal.missing) or refusal.confirm,
                actions=refusal.actions,
                data={"reason": refusal.variables.get("reason", refusal.phrase)},
            )
        self._remember(recognition, done, utterance.session)
        spoken_of += [entity.id for entity in done.variables.get("entities") or []]
        variables = {"slots": _spoken(recognition.slots), **done.variables}
        reply = language.responses.answer(recognition.intent, done.response, variables)
        return msgspec.structs.replace(answer, reply=reply, actions=done.actions)

    def _remember(self, recognition: Recognition, done: Done, session: str) -> None:
        entities = done.variables.get("entities") or []
        areas = {entity.area for entity in entities}
        area = said_area(recognition) or (areas.pop() if len(areas) == 1 else None)
        self._dialogue.memory.note(session, [entity.id for entity in entities], area)


def said_area(recognition: Recognition) -> str | None:
    """Return the area that a sentence names, None where it names none."""
    area = recognition.value("area")
    return None if recognition.here or area is None or area == NOWHERE else str(area)


def _together(answers: list[Answer]) -> Answer:
    """Return one answer to several commands: what is asked back comes last."""
    said = [a for a in answers if not a.expects_answer] + [a for a in answers if a.expects_answer]
    replies = list(dict.fromkeys(answer.reply.rstrip(".") for answer in said if answer.reply))
    return msgspec.structs.replace(
        answers[0],
        reply=". ".join(replies),
        actions=[action for answer in answers for action in answer.actions],
        ok=all(answer.ok for answer in answers),
        expects_answer=any(answer.expects_answer for answer in answers),
        data={
            "commands": [{"intent": answer.intent, "ok": answer.ok} for answer in answers],
            **next((answer.data for answer in answers if not answer.ok), {}),
        },
    )


def intent_of(utterance: Utterance, slots: dict[str, Slot], by: str, name: str) -> Intent:
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
        name,
    )


def public(slots: dict[str, Slot]) -> dict[str, Slot]:
    """Return the slots without the area that stands for none."""
    return {name: slot for name, slot in slots.items() if slot.value != NOWHERE}


async def _own_intent(command: Command) -> Done:
    """An intent of the user's own: whoever listens on MQTT or in an automation does it; the answer is his too."""
    return Done(command.recognition.response)


def _spoken(slots: dict[str, Slot]) -> dict[str, Any]:
    return {name: slot.text or slot.value for name, slot in slots.items()}
