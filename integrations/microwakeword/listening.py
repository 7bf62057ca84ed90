"""Runs microWakeWord's feature extractor and word models over one stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arvisd.api import WakeDebounce, WakeDetection, WakeDetector

if TYPE_CHECKING:
    from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures

_WINDOW_SECONDS = 0.01  # a feature's step


class MicroWakeWordStream(WakeDetector):
    """Listens to one stream for any number of words: the features are made once for all of them."""

    def __init__(
        self, features: MicroWakeWordFeatures, words: dict[str, MicroWakeWord], thresholds: dict[str, float]
    ) -> None:
        self._features = features
        self._words = words
        self._debounce = WakeDebounce(thresholds)
        self._windows = 0

    def process(self, pcm: bytes) -> WakeDetection | None:
        """Take samples, any number; return the word that ended in them, the first if there are several."""
        detection = None
        for scores in self.scores(pcm):
            found = self._debounce.take(scores, _WINDOW_SECONDS)
            detection = detection or found
        return detection

    def scores(self, pcm: bytes) -> list[dict[str, float]]:
        """Take samples; for every 10 ms that they complete return the scores of the words whose model ran on them."""
        scores: list[dict[str, float]] = []
        for feature in self._features.process_streaming(pcm):
            self._windows += 1
            heard: dict[str, float] = {}
            for name, word in self._words.items():
                score = word.process_streaming_prob(feature)
                if self._windows % word.stride == 0 and score is not None:  # between strides it is only 0.0
                    heard[name] = score
            scores.append(heard)
        return scores

    def reset(self) -> None:
        """Forget what was heard; the models are read anew, half a millisecond each."""
        self._windows = 0
        self._features.reset()
        self._debounce.reset()
        for word in self._words.values():
            word.reset()
