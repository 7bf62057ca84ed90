"""What the pipeline needs of whoever answers."""

from __future__ import annotations

from typing import Protocol

from arvisd.intent.answer import Answer, Utterance


class Answers(Protocol):
    """Understands, does and answers; `arvisd.intent.chain.AnswerChain` is one."""

    async def answer(self, utterance: Utterance) -> Answer:
        """Return the answer to an utterance, at the latest that it was not understood."""

    async def complete(self, utterance: Utterance) -> bool:
        """Tell, without doing anything, whether this is a whole sentence that would be answered."""
