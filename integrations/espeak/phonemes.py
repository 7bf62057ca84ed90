"""Turns espeak's phoneme events into phonemes with durations."""

from __future__ import annotations

from arvisd.api import Phoneme

PAUSE_MS = 50
"""A shorter silence is the release of the sound before it (`p` in «привет»), not a pause."""

_PALATALISED = "ʲ"  # comes as an event of its own after some consonants


class PhonemeTrack:
    """Takes the events of one text in order and gives each phoneme once it is known how long it is.

    Language marks such as `(en)` are dropped, a lone palatalisation mark joins its consonant.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._symbol = ""
        self._start = 0
        """Sample at which the sound in hand begins; with no sound in hand, at which its silence begins."""
        self._silence: int | None = None
        """Sample at which the silence after the sound in hand begins."""

    @property
    def open_sample(self) -> int:
        """The first sample of what is still in hand: all before it has been given out."""
        return self._start

    def add(self, sample: int, symbol: str) -> list[Phoneme]:
        """Take the next event; return what it finished: nothing, a phoneme, or a phoneme and a pause."""
        if symbol.startswith("(") and symbol.endswith(")"):
            return []
        if symbol == _PALATALISED and self._symbol:
            self._symbol += symbol
            self._silence = None
            return []
        if not symbol:
            if self._silence is None and self._symbol:
                self._silence = sample
            return []
        finished = self._finish(sample)
        self._symbol, self._start, self._silence = symbol, sample, None
        return finished

    def end(self, sample: int) -> list[Phoneme]:
        """Take the end of the sound; return what is left."""
        finished = self._finish(sample)
        self._symbol, self._start, self._silence = "", sample, None
        return finished

    def _finish(self, sample: int) -> list[Phoneme]:
        silence = self._silence if self._symbol else self._start
        if silence is None or self._ms(sample) - self._ms(silence) < PAUSE_MS:
            silence = sample
        parts = ((self._symbol, self._start, silence), ("", silence, sample))
        return [
            Phoneme(symbol, self._ms(start), self._ms(end) - self._ms(start))
            for symbol, start, end in parts
            if end > start and (symbol or self._ms(end) - self._ms(start) >= PAUSE_MS)
        ]

    def _ms(self, sample: int) -> int:
        return round(sample * 1000 / self._rate)
