"""Tells the wake word's own end from a command that follows it, with a pause or without one."""

from __future__ import annotations

import enum

from arvisd.audio.formats import SAMPLE_RATE, samples_of

LOOK_BACK = 0.4
"""Seconds before the detection from which on a pause is looked for: detectors answer 0 to 0.4 s after the word's end."""
PAUSE = 0.15
"""So much silence is the end of the wake word; within the word there is less."""
GOES_ON = 0.4
"""Whoever still speaks so many seconds after the detection, without a pause, is saying the command."""
NEAR = 0.1
"""A wake word that ended longer than this before its detection is surely all that was said."""


class Tail(enum.Enum):
    """What the sound around a detection has turned out to be."""

    OPEN = enum.auto()
    """It cannot be told yet."""
    PAUSED = enum.auto()
    """There was a pause: what is spoken from here on is the command."""
    COMMAND = enum.auto()
    """There was none: the command is being said, since the detection at the latest."""


class WakeTail:
    """A pure state machine over frames; positions are samples, the same as those of the utterance's sound."""

    def __init__(self, detected: int, threshold: float, rate: int = SAMPLE_RATE) -> None:
        """`detected` is the position at which the wake word was detected; `threshold` makes a frame speech."""
        self.state = Tail.OPEN
        self.last_voiced = 0
        """One past the last speech sample of the tail."""
        self._detected = detected
        self._threshold = threshold
        self._from = detected - samples_of(LOOK_BACK, rate)
        self._pause = samples_of(PAUSE, rate)
        self._goes_on = detected + samples_of(GOES_ON, rate)
        self._near = samples_of(NEAR, rate)

    def feed(self, probability: float, begin: int, end: int) -> Tail:
        """Take the next frame, from position `begin` to `end`; once decided nothing changes."""
        if self.state is not Tail.OPEN:
            return self.state
        if probability >= self._threshold:
            self.last_voiced = end
            if end >= self._goes_on:
                self.state = Tail.COMMAND
        elif begin >= self._from and end - max(self.last_voiced, self._from) >= self._pause:
            self.state = Tail.PAUSED
        return self.state

    @property
    def doubtful(self) -> bool:
        """Whether the wake word ended so late that a very short command may have been part of it."""
        return self.state is Tail.PAUSED and self.last_voiced > self._detected - self._near
