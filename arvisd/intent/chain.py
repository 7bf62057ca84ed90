"""Asks one answerer after another; the end of the chain is a plain "I did not understand", never silence."""

from __future__ import annotations

import logging

import msgspec

from arvisd.core.errors import ArvisError
from arvisd.core.hub import Hub
from arvisd.core.intents import UNRECOGNIZED
from arvisd.core.owner import Owner
from arvisd.intent.answer import Answer, Answerer, Utterance
from arvisd.intent.language import language_of
from arvisd.intent.sentence_answerer import intent_of
from arvisd.intent.sentence_triggers import Phrase

_LOGGER = logging.getLogger(__name__)


class AnswerChain:
    """The answerers in the order in which they are asked."""

    def __init__(self, hub: Hub, answerers: list[Answerer], last: list[Answerer], phrase: Phrase) -> None:
        """Make a chain.

        Args:
            hub: where intents are published.
            answerers: asked first, in this order.
            last: asked when nobody else has answered, also none of those that registered.
            phrase: gives "I did not understand" in a language.
        """
        self._hub = hub
        self._first = answerers
        self._more: list[Answerer] = []
        self._last = last
        self._phrase = phrase

    def register(self, answerer: Answerer, owner: Owner) -> None:
        """Ask an answerer after the sentences, before it is explained why nothing was understood."""
        self._more.append(answerer)
        owner.on_stop(lambda: self._more.remove(answerer))

    def put_first(self, answerer: Answerer, owner: Owner) -> None:
        """Ask an answerer before all others, until the owner stops."""
        self._first.insert(0, answerer)
        owner.on_stop(lambda: self._first.remove(answerer))

    async def answer(self, utterance: Utterance) -> Answer:
        """Return the first answer; never raises for what an answerer cannot do: the answer says so (`ok` False)."""
        language = language_of(utterance.text, utterance.language or self._hub.language)
        if language != utterance.language:
            utterance = msgspec.structs.replace(utterance, language=language)
        for answerer in (*self._first, *self._more, *self._last):
            try:
                answer = await answerer.answer(utterance)
            except ArvisError as error:
                _LOGGER.warning("%s could not answer: %s", answerer.name, error)
                continue
            except Exception:
                _LOGGER.exception("%s failed on %r", answerer.name, utterance.text)
                reply = await self._phrase(language, "error")
                return Answer(reply, answerer.name, language, confidence=utterance.confidence, ok=False)
            if answer is not None:
                return answer
        self._hub.bus.publish(self._hub.topics.intent(UNRECOGNIZED), intent_of(utterance, {}, "", UNRECOGNIZED))
        reply = await self._phrase(language, "unrecognized")
        return Answer(reply, "", language, confidence=0.0, ok=False, data={"reason": UNRECOGNIZED})

    async def complete(self, utterance: Utterance) -> bool:
        """Tell, without doing anything, whether this is a whole sentence that somebody would answer."""
        for answerer in (*self._first, *self._more):
            if await answerer.complete(utterance):
                return True
        return False
