"""The wake word interface."""

from __future__ import annotations

import abc

import msgspec

from arvisd.providers.base import Provider


class WakeDetection(msgspec.Struct, frozen=True):
    """A wake word was heard."""

    word: str
    """Its name, as in `hey_jarvis`."""
    score: float
    """0 to 1."""


class WakeDetector(abc.ABC):
    """Listens to one stream; keeps its own state. Called from one worker thread at a time."""

    batch_samples: int = 1280
    """How many samples it is best given at a time; 80 ms is what openWakeWord looks at."""

    @abc.abstractmethod
    def process(self, pcm: bytes) -> WakeDetection | None:
        """Take the next samples (16 kHz mono s16le, any whole number of samples) and say if a word just ended."""

    @abc.abstractmethod
    def reset(self) -> None:
        """Forget what was heard; the next samples are a new stream."""


class WakeProvider(Provider):
    """Recognises wake words."""

    @abc.abstractmethod
    def words(self) -> list[str]:
        """Return the names of the words it knows."""

    @abc.abstractmethod
    def detector(self, words: list[str], threshold: float | None = None) -> WakeDetector:
        """Return a detector for these words; may take a second, so call it in a thread.

        Args:
            words: names from `words()`.
            threshold: 0 to 1; None takes the one measured for each word.

        Raises:
            ValueError: a word is not known; the text lists those that are.
        """
