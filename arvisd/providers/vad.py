"""The voice activity interface."""

from __future__ import annotations

import abc

from arvisd.providers.base import Provider


class VadDetector(abc.ABC):
    """Listens to one stream; keeps its own state. Called from one worker thread at a time."""

    frame_samples: int
    """How many samples at 16 kHz each call wants."""

    @abc.abstractmethod
    def process(self, pcm: bytes) -> float:
        """Return how likely these samples (16 kHz mono s16le, exactly `frame_samples`) are speech, 0 to 1."""

    @abc.abstractmethod
    def reset(self) -> None:
        """Forget what was heard."""


class VadProvider(Provider):
    """Tells speech from everything else."""

    @abc.abstractmethod
    def detector(self) -> VadDetector:
        """Return a detector for one stream."""
