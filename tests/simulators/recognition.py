"""A recogniser with the house's grammar, as the daemon puts it together, and what its texts mean."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from arvisd.intent.grammar import SentenceVocabulary
from arvisd.intent.recognition import Recognition
from arvisd.intent.recognizer import Recognizer
from arvisd.intent.sentences import load
from tests.simulators.spoken_commands import PLACES, Command, house

PIECE = 3200


class Outcome(msgspec.Struct, frozen=True):
    """What became of one recording."""

    text: str
    """Empty: refused."""
    best: str
    """What the grammar made of it, refused or not."""
    gap: float
    coverage: float
    meaning: Recognition | None

    def does(self, command: Command) -> bool:
        """Tell whether it means what was said, in all that matters for what is done."""
        if self.meaning is None:
            return not command.intent
        slots = {name: _plain(slot.value) for name, slot in self.meaning.slots.items()}
        return self.meaning.intent == command.intent and command.slots.items() <= slots.items()


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


class Ear:
    """Hears one language."""

    def __init__(self, language: str, models: Path | None = None) -> None:
        pocketsphinx = pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed")
        from arvisd.integrations.pocketsphinx.acoustic import english_model, russian_model
        from arvisd.integrations.pocketsphinx.english import EnglishLexicon
        from arvisd.integrations.pocketsphinx.listener import Listener
        from arvisd.integrations.pocketsphinx.russian import RussianLexicon

        if language == "en":
            model = english_model(pocketsphinx.get_model_path("en-us"))
        else:
            found = russian_model(lambda name: models / name if models is not None else None)
            if found is None or not found.dictionary.is_file():
                pytest.skip("the model ru-sphinx is not in the test data")
            model = found
        sentences, names = load(language), house(language)
        vocabulary = SentenceVocabulary()
        vocabulary.update(language, sentences.intents, dict(names.lists))
        self.language = language
        self.graph = vocabulary.graph(language)
        self._listener = Listener(model)
        lexicon = EnglishLexicon if language == "en" else RussianLexicon
        self.unsayable = self._listener.learn(self.graph, lambda lookup: lexicon(lookup).pronounce)
        self._recognizer = Recognizer(sentences, names)

    def hear(self, pcm: bytes) -> Outcome:
        """Listen as the provider does, piece by piece."""
        self._listener.start()
        for start in range(0, len(pcm), PIECE):
            self._listener.feed(pcm[start : start + PIECE])
        heard = self._listener.finish()
        text = heard.text if heard.accepted else ""
        readings = self._recognizer.recognize(text, area=PLACES[self.language][0]) if text else []
        return Outcome(text, heard.text, heard.gap, heard.coverage, readings[0] if readings else None)


def word_errors(said: str, heard: str) -> int:
    """Return the fewest words to put in, take out or change."""
    row = list(range(len(heard.split()) + 1))
    for i, word in enumerate(said.split(), start=1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard.split(), start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]
