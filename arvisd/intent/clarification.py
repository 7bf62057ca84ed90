"""What was asked back and is still open: "which lamp?" waits a while for "the one in the bedroom"."""

from __future__ import annotations

import msgspec

from arvisd.core.clock import Clock
from arvisd.core.intents import Slot
from arvisd.intent.normalization import normalize
from arvisd.intent.recognition import Recognition
from arvisd.intent.recognizer import Recognizer

OPEN_SECONDS = 30.0
"""How long an answer to a question is waited for."""

_FILLERS = {
    "en": ("the one in the", "the one in", "in the", "the one", "in", "the", "on the"),
    "ru": ("та что в", "тот что в", "тот что на", "в", "во", "на", "у"),
}
"""What may be said before a name in an answer."""


class Question(msgspec.Struct, frozen=True):
    """One question that was asked back."""

    recognition: Recognition
    missing: str
    """The slot that is asked for: `area` or `name`."""
    options: tuple[str, ...]
    """Values among which the answer must be; empty: any."""
    until: float
    """Monotonic time up to which it is open."""


class Clarifications:
    """The open questions, one a session."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, Question] = {}

    def ask(self, session: str, recognition: Recognition, missing: str, options: tuple[str, ...]) -> None:
        """Remember what was asked back."""
        self._open = {key: q for key, q in self._open.items() if q.until > self._clock.monotonic()}
        self._open[session] = Question(recognition, missing, options, self._clock.monotonic() + OPEN_SECONDS)

    def answered(self, session: str, text: str, recognizer: Recognizer) -> Recognition | None:
        """Return the whole command when a text answers the session's question; either way it is open no more."""
        question = self._open.pop(session, None)
        if question is None or question.until <= self._clock.monotonic():
            return None
        plain = normalize(text, recognizer.language)
        for filler in _FILLERS.get(recognizer.language, ()):
            if plain.startswith(f"{filler} "):
                plain = plain[len(filler) + 1 :]
                break
        values = [
            value
            for value in recognizer.names.ids(question.missing, plain)
            if not question.options or value in question.options
        ]
        return _completed(question, values[0], text) if len(values) == 1 else None


def _completed(question: Question, value: str, text: str) -> Recognition:
    recognition = question.recognition
    slots = recognition.slots | {question.missing: Slot(value, text)}
    entities = (value,) if question.missing == "name" else recognition.entities
    return msgspec.structs.replace(recognition, slots=slots, entities=entities, here=False)
