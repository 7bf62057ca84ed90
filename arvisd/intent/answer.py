"""What every answerer is given and gives back."""

from __future__ import annotations

import abc
from typing import Any

import msgspec

from arvisd.core.context import Context
from arvisd.core.intents import Slot


class Utterance(msgspec.Struct, frozen=True):
    """What somebody said or typed, ready to be understood."""

    id: str
    """Id of the turn."""
    text: str
    language: str
    site: str
    session: str
    context: Context
    area: str | None = None
    """Area in which it was said, so that "in the kitchen" may be left out in the kitchen."""
    user: str | None = None
    speaker: str | None = None
    confidence: float = 1.0
    """How sure the recogniser was of the words."""
    confirmed: bool = False
    """Somebody has agreed to it: nothing is asked first."""
    rehearsal: bool = False
    """Nothing is done: it is only seen what would stand in the way."""


class Answer(msgspec.Struct, frozen=True):
    """What is said back, and why."""

    reply: str
    """What to speak; empty: nothing."""
    by: str
    """Which answerer it was."""
    language: str
    intent: str | None = None
    slots: dict[str, Slot] = msgspec.field(default_factory=dict)
    confidence: float = 1.0
    actions: list[str] = msgspec.field(default_factory=list)
    """Names of the actions that were done."""
    ok: bool = True
    """False: it was understood and could not be done; the reply says why."""
    emotion: str = ""
    expects_answer: bool = False
    """The reply asks something back: the microphone stays open."""
    data: dict[str, Any] = msgspec.field(default_factory=dict)


class Answerer(abc.ABC):
    """One way to answer; the chain asks them in order until one does."""

    name: str

    @abc.abstractmethod
    async def answer(self, utterance: Utterance) -> Answer | None:
        """Answer, do what was asked, or return None so that the next one may try."""

    async def complete(self, utterance: Utterance) -> bool:
        """Tell, without doing anything, whether this is a whole sentence that it would answer.

        Who has said one need not be waited for as long as who may be in the middle of one.
        """
        return False
