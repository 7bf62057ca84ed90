"""Runs openWakeWord's feature extractor and word models over one stream.

pyopen-wakeword begins every stream, and begins again after each of its own resets, by working through eight seconds
of zeros: a stall of a third of a second. Without that filler it hears nothing for its first two seconds. So the
state that a few seconds of quiet leave behind is made once (`quiet_state`) and copied into every stream.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from arvisd.api import WakeDebounce, WakeDetection, WakeDetector

if TYPE_CHECKING:
    import numpy as np
    from pyopen_wakeword import OpenWakeWord, OpenWakeWordFeatures

CHUNK_SAMPLES = 1280  # 80 ms: the models' step
_CHUNK_BYTES = CHUNK_SAMPLES * 2
_CHUNK_SECONDS = CHUNK_SAMPLES / 16000

_QUIET_SECONDS = 4  # an embedding sees 0.8 s, a word model up to 2.2 s of embeddings
_QUIET_RMS = 30  # of 32768: a quiet room; from 0 to 100 it made no difference to the recordings


class QuietState(msgspec.Struct, frozen=True):
    """What some seconds of a quiet room leave in the library's buffers; its arrays are never written to."""

    audio: np.ndarray
    new_audio_samples: int
    mels: np.ndarray
    new_mels: int
    embeddings: np.ndarray
    """The last ones, oldest first, as many as a word model keeps."""


def quiet_state(features: OpenWakeWordFeatures, word: OpenWakeWord) -> QuietState:
    """Let a new extractor hear a quiet room (some 150 ms of work) and return what it then holds."""
    import numpy as np

    features.new_audio_samples = 0
    noise = np.random.default_rng(0).standard_normal((_QUIET_SECONDS * 16000 // CHUNK_SAMPLES, CHUNK_SAMPLES))
    embeddings = np.zeros_like(word.embeddings)
    for chunk in np.round(noise * _QUIET_RMS).astype(np.int16):
        for embedding in features.process_streaming(chunk.tobytes()):
            embeddings = np.concatenate((embeddings[embedding.shape[2] :], embedding[0, 0]))
    return QuietState(
        features.audio.copy(), features.new_audio_samples, features.mels.copy(), features.new_mels, embeddings
    )


class OpenWakeWordStream(WakeDetector):
    """Listens to one stream for any number of words: the features are made once for all of them."""

    def __init__(
        self,
        features: OpenWakeWordFeatures,
        words: dict[str, OpenWakeWord],
        thresholds: dict[str, float],
        quiet: QuietState,
    ) -> None:
        self._features = features
        self._words = words
        self._quiet = quiet
        self._debounce = WakeDebounce(thresholds)
        self._pending = bytearray()
        self.reset()

    def process(self, pcm: bytes) -> WakeDetection | None:
        """Take samples, any number; return the word that ended in them, the first if there are several."""
        detection = None
        for scores in self.scores(pcm):
            found = self._debounce.take(scores, _CHUNK_SECONDS)
            detection = detection or found
        return detection

    def scores(self, pcm: bytes) -> list[dict[str, float]]:
        """Take samples; return the score of each word for every 80 ms that they complete."""
        self._pending += pcm
        scores: list[dict[str, float]] = []
        while len(self._pending) >= _CHUNK_BYTES:
            chunk = bytes(self._pending[:_CHUNK_BYTES])
            del self._pending[:_CHUNK_BYTES]
            for embedding in self._features.process_streaming(chunk):
                heard = {
                    name: max(word.process_streaming(embedding), default=0.0) for name, word in self._words.items()
                }
                scores.append(heard)
        return scores

    def reset(self) -> None:
        """Forget what was heard, as if the room had been quiet; takes well under a millisecond."""
        self._pending.clear()
        self._debounce.reset()
        features, quiet = self._features, self._quiet
        features.audio[:] = quiet.audio
        features.mels[:] = quiet.mels
        features.new_audio_samples, features.new_mels = quiet.new_audio_samples, quiet.new_mels
        for word in self._words.values():
            word.embeddings[:] = quiet.embeddings
            word.new_embeddings = word.input_windows - 1
