"""The speech synthesis interface."""

from __future__ import annotations

import abc
from collections.abc import AsyncIterator

import msgspec

from arvisd.providers.base import Provider


class SpeechRequest(msgspec.Struct, frozen=True):
    """One sentence to speak."""

    text: str
    language: str
    voice: str = ""
    """Name of a voice of the provider; empty: its default for the language."""
    speed: float = 1.0
    """1 is the voice's own pace, 2 twice as fast."""


class Phoneme(msgspec.Struct, frozen=True):
    """One sound, for the mouth of an avatar."""

    symbol: str
    """IPA as the engine gives it; empty: a pause."""
    start_ms: int
    """From the first sample of the sentence."""
    ms: int


class WordTime(msgspec.Struct, frozen=True):
    """When a word begins."""

    start_ms: int
    """From the first sample of the sentence."""
    offset: int
    """First character in the text."""
    length: int
    """Number of characters."""


class SpeechChunk(msgspec.Struct, frozen=True):
    """Some sound of a sentence, with the times of what begins in it."""

    pcm: bytes
    """Mono s16le."""
    rate: int
    """Samples a second; the same in all chunks of a sentence."""
    phonemes: tuple[Phoneme, ...] = ()
    words: tuple[WordTime, ...] = ()


class TtsProvider(Provider):
    """Turns text into speech."""

    @abc.abstractmethod
    def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        """Yield the sound of one sentence in pieces; closing the iterator stops the engine at once.

        Raises:
            ProviderError: it failed; the chain goes on with the next.
        """

    def voices(self, language: str) -> list[str]:
        """Return the names of the voices for a language."""
        return []
