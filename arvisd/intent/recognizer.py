"""From a text to its readings, with the sentences of a language and the names of the house."""

from __future__ import annotations

import copy
from collections.abc import Container, Mapping
from typing import Any

import hassil
from hassil.intents import TextSlotList, TextSlotValue

from arvisd.intent.explanation import Misheard
from arvisd.intent.normalization import normalize
from arvisd.intent.prefilter import Prefilter
from arvisd.intent.recognition import Recognition, ranked, reading
from arvisd.intent.sentences import Sentences
from arvisd.intent.slot_lists import HouseNames


class Recognizer:
    """Recognises one language; used from one thread at a time, made anew when sentences or names change."""

    def __init__(self, sentences: Sentences, names: HouseNames) -> None:
        self.sentences = sentences
        self.names = names
        self.language = sentences.language
        self._prefilter = Prefilter(sentences.intents)
        self._misheard = Misheard(sentences)

    def renamed(self, names: HouseNames) -> Recognizer:
        """Return the same with other names of the house."""
        other = copy.copy(self)
        other.names = names
        return other

    def unknown_name(self, text: str) -> Recognition | None:
        """Return what would be meant if some words of the text were a name; its one wildcard is the slot of the name.

        Takes up to 50 ms: call it in a thread, and only for what is not recognised.
        """
        return self._misheard.unknown_name(text, self.names)

    def recognize(
        self,
        text: str,
        area: str | None = None,
        only: Container[str] | None = None,
        *,
        bare: bool = False,
        also: Mapping[str, list[TextSlotValue]] | None = None,
    ) -> list[Recognition]:
        """Return every reading of a text, the best first; none where nothing fits.

        Args:
            text: as it was said or typed.
            area: id of the area in which it was said; stands in where a sentence says none.
            only: names of the intents to look for; None: all.
            bare: take a name alone for a command, too.
            also: further values of the house's lists, for this text only.
        """
        plain = normalize(text, self.language)
        if not plain:
            return []
        names = self.names.said_in(plain)
        if also is not None:
            names = {key: TextSlotList(key, [*known.values, *also.get(key, ())]) for key, known in names.items()}
        context: dict[str, Any] = {"area": area} if area is not None else {}
        results = hassil.recognize_all(
            plain,
            self._prefilter.fitting(plain, names, only, bare=bare),
            slot_lists=dict(names),
            intent_context=context,
            language=self.language,
        )
        return ranked(reading(result) for result in results)
