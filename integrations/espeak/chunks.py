"""Cuts espeak's sound into chunks, each with the phonemes and words that begin in it."""

from __future__ import annotations

from collections.abc import Iterable

from arvisd.api import Phoneme, SpeechChunk, WordTime

from .library import PhonemeEvent, WordEvent
from .phonemes import PhonemeTrack

FIRST_CHUNK_MS = 20
"""Little, so that the first sound leaves at once."""
CHUNK_MS = 240
"""Enough that a sentence is not hundreds of chunks; the engine makes this much in a quarter of a millisecond."""
_BYTES = 2  # a sample


class ChunkCutter:
    """Collects sound and events of one sentence; a chunk ends where a phoneme begins, so that its times are whole.

    The sentence may be made of several texts (a Russian one with a title in Greek, say): `next_text` says when
    the next begins, whose events count from its own first sample and its own first character.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._track = PhonemeTrack(rate)
        self._pcm = bytearray()
        self._given = 0  # samples given out
        self._phonemes: list[Phoneme] = []
        self._words: list[WordTime] = []
        self._base = 0
        self._text_offset = 0

    def next_text(self, text_offset: int) -> None:
        """Begin a text whose first character is at that place of the sentence."""
        self._base = self._given + len(self._pcm) // _BYTES
        self._text_offset = text_offset

    def add(self, pcm: bytes, events: Iterable[PhonemeEvent | WordEvent]) -> SpeechChunk | None:
        """Take what the engine made; return a chunk when there is enough for one."""
        self._pcm += pcm
        for event in events:
            sample = self._base + event.sample
            if isinstance(event, PhonemeEvent):
                self._phonemes += self._track.add(sample, event.symbol)
            else:
                self._words.append(WordTime(self._ms(sample), self._text_offset + event.offset, event.length))
        wanted = CHUNK_MS if self._given else FIRST_CHUNK_MS
        until = min(self._track.open_sample, self._given + len(self._pcm) // _BYTES)
        return self._cut(until) if self._ms(until - self._given) >= wanted else None

    def end(self) -> SpeechChunk | None:
        """Return the last chunk, None when no sound is left."""
        until = self._given + len(self._pcm) // _BYTES
        self._phonemes += self._track.end(until)
        return self._cut(until) if until > self._given else None

    def _cut(self, until: int) -> SpeechChunk:
        size = (until - self._given) * _BYTES
        pcm = bytes(self._pcm[:size])
        del self._pcm[:size]
        limit = self._ms(until)
        words = tuple(word for word in self._words if word.start_ms < limit)
        self._words = self._words[len(words) :]
        phonemes = tuple(self._phonemes)
        self._phonemes.clear()
        self._given = until
        return SpeechChunk(pcm, self._rate, phonemes, words)

    def _ms(self, samples: int) -> int:
        return round(samples * 1000 / self._rate)
