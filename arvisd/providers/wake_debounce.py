"""Makes one detection of each spoken wake word out of a row of scores."""

from __future__ import annotations

from collections.abc import Mapping

from arvisd.providers.wake import WakeDetection

HOLD_SECONDS = 2.0
"""After a detection nothing is detected for so long: scores of one utterance rise and fall more than once."""


class WakeDebounce:
    """Takes the scores of one stream in order; time is the time of the audio, not of the clock."""

    def __init__(self, thresholds: Mapping[str, float]) -> None:
        self._thresholds = dict(thresholds)
        self._above: set[str] = set()
        self._hold = 0.0

    def take(self, scores: Mapping[str, float], seconds: float) -> WakeDetection | None:
        """Take the new score of each word that has one, 0 to 1, and the seconds of audio since the last call.

        Return a word that just ended.

        A word is detected when its score reaches its threshold from below. Of several at once the one
        that is furthest above its threshold counts; within the hold none does.
        """
        self._hold = max(0.0, self._hold - seconds)
        above = {word for word, score in scores.items() if score >= self._thresholds[word]}
        risen = above - self._above
        self._above = above | (self._above - scores.keys())
        if not risen or self._hold > 0:
            return None
        self._hold = HOLD_SECONDS
        word = max(sorted(risen), key=lambda name: scores[name] - self._thresholds[name])
        return WakeDetection(word, scores[word])

    def reset(self) -> None:
        """Begin a new stream."""
        self._above.clear()
        self._hold = 0.0


def chosen_thresholds(words: list[str], known: Mapping[str, float], threshold: float | None) -> dict[str, float]:
    """Return the threshold of each word asked for.

    Args:
        words: the names asked for, at least one.
        known: the threshold of every word there is.
        threshold: one for all, None for each word's own.

    Raises:
        ValueError: no word is asked for, or one is not known; the text lists those that are.
    """
    unknown = [word for word in words if word not in known]
    listed = ", ".join(sorted(known))
    if unknown:
        raise ValueError(f"no wake word {', '.join(map(repr, unknown))}; there are {listed}")
    if not words:
        raise ValueError(f"no wake word is asked for; there are {listed}")
    return {word: known[word] if threshold is None else threshold for word in words}
