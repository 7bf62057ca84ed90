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
    "en": ("i mean the", "i meant the", "the one in the", "the one in", "in the", "the one", "in", "the", "on the"),
    "ru": ("нет я про", "я про", "та что в", "тот что в", "та что на", "тот что на", "в", "во", "на", "у"),
}
"""What may be said before a name in an answer."""

_ORDINALS = {
    "en": ("first", "second", "third"),
    "ru": ("перв", "втор", "трет"),
}
"""Beginnings of the words by which one of several is chosen."""


class Question(msgspec.Struct, frozen=True):
    """One question that was asked back."""

    recognition: Recognition
    missing: str
    """The slot that is asked for: `area`, `floor` or `name`."""
    options: tuple[str, ...]
    """Values among which the answer must be; empty: any."""
    until: float
    """Monotonic time up to which it is open."""
    guess: bool = False
    """A name was not understood and these sound like it: a yes takes the only one, a no none."""


class Clarifications:
    """The open questions, one a session."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, Question] = {}

    def ask(
        self, session: str, recognition: Recognition, missing: str, options: tuple[str, ...], *, guess: bool = False
    ) -> None:
        """Remember what was asked back."""
        self._open = {key: q for key, q in self._open.items() if q.until > self._clock.monotonic()}
        self._open[session] = Question(recognition, missing, options, self._clock.monotonic() + OPEN_SECONDS, guess)

    def waits(self, session: str) -> bool:
        """Tell whether a question is open."""
        question = self._open.get(session)
        return question is not None and question.until > self._clock.monotonic()

    def take(self, session: str) -> Question | None:
        """Return the open question, and leave it open no more."""
        question = self._open.pop(session, None)
        return question if question is not None and question.until > self._clock.monotonic() else None


def answered(question: Question, text: str, recognizer: Recognizer) -> Recognition | None:
    """Return the whole command when a text names what was asked for."""
    if question.missing not in recognizer.names.lists:
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
    if not values:
        values = _by_order(question, plain, recognizer.language)
    return completed(question, values[0], text) if len(values) == 1 else None


def completed(question: Question, value: str, text: str) -> Recognition:
    """Return the command of a question with the value that was missing."""
    recognition = question.recognition
    slots = recognition.slots | {question.missing: Slot(value, text)}
    entities = (value,) if question.missing == "name" else recognition.entities
    return msgspec.structs.replace(recognition, slots=slots, entities=entities, here=False, wildcards=())


def _by_order(question: Question, plain: str, language: str) -> list[str]:
    """Return the option that a text chooses by its place: "the second one"."""
    words = plain.removesuffix(" one").split()
    if len(words) != 1:
        return []
    places = [n for n, beginning in enumerate(_ORDINALS.get(language, ())) if words[0].startswith(beginning)]
    return [question.options[place] for place in places if place < len(question.options)]
