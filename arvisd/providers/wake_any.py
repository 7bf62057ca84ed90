"""Listens with several wake word engines at once: a word counts when one of them hears it.

What one engine misses another hears (docs/decisions/0001-wake-word-engine.md); their false alarms add up, which is
why each engine's thresholds are set where it raised none.
"""

from __future__ import annotations

from collections.abc import Sequence

from arvisd.providers.wake import WakeDetection, WakeDetector, WakeProvider
from arvisd.providers.wake_debounce import HOLD_SECONDS

_BYTES_A_SECOND = 32000


class AnyOfDetector(WakeDetector):
    """Gives every block to every detector; what several hear of one spoken word is one detection."""

    def __init__(self, detectors: Sequence[WakeDetector]) -> None:
        self._detectors = detectors
        self._hold = 0.0

    def process(self, pcm: bytes) -> WakeDetection | None:
        """Take the next samples; return what the first detector that hears a word says."""
        self._hold = max(0.0, self._hold - len(pcm) / _BYTES_A_SECOND)
        found = [detection for detector in self._detectors if (detection := detector.process(pcm)) is not None]
        if not found or self._hold > 0:
            return None
        self._hold = HOLD_SECONDS
        return found[0]

    def reset(self) -> None:
        """Begin a new stream."""
        self._hold = 0.0
        for detector in self._detectors:
            detector.reset()


def any_of(providers: Sequence[WakeProvider], words: Sequence[str], threshold: float | None = None) -> WakeDetector:
    """Return a detector of all these words; may take a second, so call it in a thread.

    Args:
        providers: loaded; each listens for those of the words that it knows.
        words: names of wake words, at least one.
        threshold: 0 to 1, for all engines alike; None takes what was measured for each word of each.

    Raises:
        ValueError: nobody knows one of the words; the text lists those that are known.
    """
    known = {word for provider in providers for word in provider.words()}
    unknown = [word for word in words if word not in known]
    if unknown or not words:
        problem = f"no wake word {', '.join(map(repr, unknown))}" if unknown else "no wake word is asked for"
        raise ValueError(f"{problem}; there are {', '.join(sorted(known))}")
    shares = [(provider, [word for word in words if word in provider.words()]) for provider in providers]
    detectors = [provider.detector(share, threshold) for provider, share in shares if share]
    return detectors[0] if len(detectors) == 1 else AnyOfDetector(detectors)
