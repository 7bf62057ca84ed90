"""Sentences that automations listen for; they come before everything else that is understood."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

import hassil
import msgspec
from hassil.expression import ListReference
from hassil.intents import Intent, IntentData, Intents, SlotList, WildcardSlotList

from arvisd.core import intents as published
from arvisd.core.context import Context
from arvisd.core.errors import ActionFailedError
from arvisd.core.hub import Hub
from arvisd.core.intents import Slot
from arvisd.core.owner import Owner
from arvisd.intent.answer import Answer, Answerer, Utterance
from arvisd.intent.normalization import normalize
from arvisd.intent.sentences import fold_expression, walk

INTENT = "Sentence"
"""Name of the intent that is published for a sentence of an automation."""


class SentenceMatch(msgspec.Struct, frozen=True):
    """A sentence that was said and is listened for."""

    sentence: str
    """As it was said."""
    slots: dict[str, str]
    """What was said in the place of each `{slot}`."""
    language: str
    site: str
    session: str
    context: Context


SentenceHandler = Callable[[SentenceMatch], Awaitable[str | None]]
"""Does what follows from the sentence; returns the reply, None for a short "done"; raises ActionFailedError."""


class _Listening(msgspec.Struct, frozen=True, eq=False):
    """One registration."""

    intents: dict[str, Intents]
    """The sentences by the language in whose form they are compared."""
    handler: SentenceHandler
    owner: str
    language: str | None


class TriggerListener(Protocol):
    """Is told what automations listen for: the vocabulary of the recognisers of speech."""

    def add(self, language: str, intents: Intents) -> Callable[[], None]:
        """Listen for further sentences until the function that is returned is called."""


Phrase = Callable[[str, str], Awaitable[str]]
"""Given a language and a key, returns the phrase."""


class SentenceTriggers(Answerer):
    """All sentences that automations listen for."""

    name = "automation"

    def __init__(self, hub: Hub, phrase: Phrase, listener: TriggerListener | None = None) -> None:
        self._hub = hub
        self._listener = listener
        self._phrase = phrase
        self._listening: dict[int, _Listening] = {}
        self._next = 0

    def register(
        self, sentences: list[str], handler: SentenceHandler, owner: Owner, language: str | None = None
    ) -> None:
        """Call `handler` for sentences until the owner stops.

        Args:
            sentences: in hassil's syntax, without punctuation: `[please] (good night|sleep well)`,
                `party at {place}`; what stands for a `{slot}` may be any words.
            handler: does what follows, returns the reply or None.
            owner: its stop ends it.
            language: listen only in that one; None: in all.

        Raises:
            ValueError: a sentence cannot be read; the text says which and why.
        """
        for sentence in sentences:
            check(sentence)
        intents = {each: _intents(sentences, each) for each in ([language] if language else ["en", "ru"])}
        key = self._next
        self._next += 1
        self._listening[key] = _Listening(intents, handler, owner.name, language)
        owner.on_stop(lambda: self._listening.pop(key, None))
        if self._listener is not None:
            for each, sentences_of in intents.items():
                owner.on_stop(self._listener.add(each, sentences_of))

    async def answer(self, utterance: Utterance) -> Answer | None:
        """Run every automation that listens for this; None where none does."""
        found = self.matches(utterance)
        if not found:
            return None
        slots = {name: Slot(text, text) for _, match in found for name, text in match.slots.items()}
        intent = published.Intent(
            utterance.id,
            utterance.text,
            slots,
            utterance.confidence,
            utterance.language,
            utterance.site,
            utterance.session,
            utterance.speaker,
            self.name,
            utterance.context,
            INTENT,
        )
        self._hub.bus.publish(self._hub.topics.intent(INTENT), intent)
        replies: list[str] = []
        otherwise = "done"
        for handler, match in found:
            try:
                reply = await handler(match)
            except ActionFailedError:  # it is logged already, with its place
                otherwise = "error"
                continue
            if reply is not None:
                replies.append(reply)
        said = next((reply for reply in replies if reply), None)
        if said is None:
            said = "" if replies else await self._phrase(utterance.language, otherwise)
        return Answer(said, self.name, utterance.language, INTENT, slots, utterance.confidence)

    async def complete(self, utterance: Utterance) -> bool:
        """Tell whether an automation listens for just this; a sentence that takes any words may always go on."""
        return any(not match.slots for _, match in self.matches(utterance))

    def matches(self, utterance: Utterance) -> list[tuple[SentenceHandler, SentenceMatch]]:
        """Return who listens for this, in the order of registration."""
        plain = normalize(utterance.text, utterance.language)
        found = []
        for listening in self._listening.values():
            if listening.language not in (None, utterance.language):
                continue
            slots = _slots(listening, plain, utterance.language)
            if slots is not None:
                match = SentenceMatch(
                    utterance.text, slots, utterance.language, utterance.site, utterance.session, utterance.context
                )
                found.append((listening.handler, match))
        return found


def check(sentence: str) -> None:
    """Raise ValueError, with the reason, for what is no sentence in hassil's syntax."""
    if not sentence.strip():
        raise ValueError("a sentence must not be empty")
    try:
        parsed = hassil.parse_sentence(sentence.strip())
    except Exception as failure:  # hassil raises bare ones of many kinds for what people write
        reason = str(failure).strip().partition("\n")[0] or type(failure).__name__
        raise ValueError(f"the sentence {sentence!r} cannot be read: {reason}") from failure
    if any(isinstance(part, hassil.RuleReference) for part in walk(parsed.expression, {})):
        raise ValueError(f"the sentence {sentence!r} names a rule in <…>: there are none here, write it out")


def _intents(sentences: list[str], language: str) -> Intents:
    """Return the sentences as an intent of their own, parsed to the end; each list takes any words."""
    data = IntentData(sentence_texts=[_without_marks(sentence) for sentence in sentences])
    slots = set()
    for sentence in data.sentences:
        fold_expression(sentence.expression, language)
        sentence.get_required_clauses({})
        slots |= {part.list_name for part in walk(sentence.expression, {}) if isinstance(part, ListReference)}
    lists: dict[str, SlotList] = {slot: WildcardSlotList(slot) for slot in slots}
    return Intents(language, {INTENT: Intent(INTENT, [data])}, lists)


def _without_marks(sentence: str) -> str:
    """Return a sentence without the marks at its end: what is said has none."""
    return sentence.strip().rstrip(".!?…").strip()


def _slots(listening: _Listening, plain: str, language: str) -> dict[str, str] | None:
    intents = listening.intents.get(language) or next(iter(listening.intents.values()))
    sentences = intents.intents[INTENT].data[0].sentences
    if not any(all(any(part in plain for part in clause) for clause in s.get_required_clauses({})) for s in sentences):
        return None
    result = hassil.recognize_best(plain, intents)
    if result is None:
        return None
    return {entity.name: " ".join(str(entity.text).split()) for entity in result.entities_list}
