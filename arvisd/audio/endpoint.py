"""End-pointing: where an utterance begins and ends, told from how likely each frame is speech."""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec

from arvisd.audio.formats import SAMPLE_RATE, samples_of

STOP_SILENCE = {"aggressive": 0.25, "default": 0.7, "relaxed": 1.25}
"""Seconds of silence that end an utterance, by name: quick to answer, usual, patient with who thinks while talking."""

Seconds = Annotated[float, msgspec.Meta(gt=0, le=120)]
Probability = Annotated[float, msgspec.Meta(gt=0, le=1)]


class EndpointSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When speech has begun and when it is over."""

    threshold: Probability = 0.5
    """A frame at least this likely is speech."""
    hysteresis: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.15
    """Once somebody speaks, a frame may be this much less likely (never less than half) and is still speech:
    word ends are quiet."""
    start: Seconds = 0.2
    """So much speech must be heard before it counts as begun; clicks and the tail of the wake word are shorter."""
    start_gap: Seconds = 0.1
    """A pause up to this long does not begin that count anew: a stop consonant is one."""
    stop_silence: Seconds = STOP_SILENCE["default"]
    """So much silence ends the utterance."""
    min_speech: Seconds = 0.3
    """Less speech than this in an utterance is no command: a cough, a door."""
    max_utterance: Seconds = 15.0
    """From its first sound an utterance is at most this long."""
    no_speech_timeout: Seconds = 4.0
    """When nobody has begun by then, nobody will."""

    @classmethod
    def named(cls, pace: str) -> EndpointSettings:
        """Return the settings of a named pace; raise ValueError naming those that there are."""
        if pace not in STOP_SILENCE:
            raise ValueError(f"{pace!r} is no pace of end-pointing: choose one of {', '.join(STOP_SILENCE)}")
        return cls(stop_silence=STOP_SILENCE[pace])


class EndpointEvent(enum.StrEnum):
    """What a frame has brought about."""

    STARTED = "started"
    """Somebody speaks; `first_voiced_sample` says since when."""
    ENDED = "ended"
    """The utterance is over; `last_voiced_sample` says since when. Nothing follows."""
    TOO_SHORT = "too_short"
    """What had started was shorter than a command; goes on waiting for speech."""
    TOO_LONG = "too_long"
    """The utterance was cut off at its longest. Nothing follows."""
    NO_SPEECH = "no_speech"
    """Nobody spoke in time. Nothing follows."""

    @property
    def final(self) -> bool:
        """Whether the end-pointer has done its work and wants a reset."""
        return self in (EndpointEvent.ENDED, EndpointEvent.TOO_LONG, EndpointEvent.NO_SPEECH)


class _Phase(enum.Enum):
    WAITING = enum.auto()
    SPEAKING = enum.auto()
    DONE = enum.auto()


class Endpointer:
    """A pure state machine over frames of any length; every position is in samples since the last reset."""

    def __init__(self, settings: EndpointSettings | None = None, rate: int = SAMPLE_RATE) -> None:
        self.settings = settings or EndpointSettings()
        self.rate = rate
        self._start = samples_of(self.settings.start, rate)
        self._start_gap = samples_of(self.settings.start_gap, rate)
        self._stop = samples_of(self.settings.stop_silence, rate)
        self._min_speech = samples_of(self.settings.min_speech, rate)
        self._max = samples_of(self.settings.max_utterance, rate)
        self._timeout = samples_of(self.settings.no_speech_timeout, rate)
        self.reset()

    def reset(self) -> None:
        """Begin anew with the next frame."""
        self._phase = _Phase.WAITING
        self.position = 0
        """Samples fed so far."""
        self.first_voiced_sample: int | None = None
        """First sample of the first speech frame of this utterance; None while nobody speaks."""
        self.last_voiced_sample: int | None = None
        """One past the last sample of the last speech frame: latency is measured from here."""
        self.voiced_samples = 0
        """Samples of speech frames in this utterance."""

    @property
    def speaking(self) -> bool:
        """Whether an utterance is under way."""
        return self._phase is _Phase.SPEAKING

    @property
    def done(self) -> bool:
        """Whether a final event was given."""
        return self._phase is _Phase.DONE

    @property
    def silence(self) -> int:
        """Samples since the last speech frame; since the reset when there was none."""
        return self.position - (self.last_voiced_sample or 0)

    def feed(self, probability: float, samples: int) -> EndpointEvent | None:
        """Take the next frame: how likely it is speech and how many samples it has.

        Returns:
            What it brought about, None for nothing; always None after a final event until `reset`.
        """
        if self._phase is _Phase.DONE:
            return None
        begin, self.position = self.position, self.position + samples
        if probability >= self._threshold():
            if self.first_voiced_sample is None:
                self.first_voiced_sample = begin
            self.last_voiced_sample = self.position
            self.voiced_samples += samples
        return self._while_speaking() if self._phase is _Phase.SPEAKING else self._while_waiting()

    def _threshold(self) -> float:
        threshold = self.settings.threshold
        if self._phase is _Phase.SPEAKING:
            return max(threshold / 2, threshold - self.settings.hysteresis)
        return threshold

    def _while_waiting(self) -> EndpointEvent | None:
        if self.voiced_samples >= self._start:
            self._phase = _Phase.SPEAKING
            return EndpointEvent.STARTED
        if self.voiced_samples and self.silence > self._start_gap:
            self._forget_speech()
        # Somebody who is just beginning is let begin.
        if not self.voiced_samples and self.position >= self._timeout:
            self._phase = _Phase.DONE
            return EndpointEvent.NO_SPEECH
        return None

    def _while_speaking(self) -> EndpointEvent | None:
        assert self.first_voiced_sample is not None
        if self.silence >= self._stop:
            if self.voiced_samples >= self._min_speech:
                self._phase = _Phase.DONE
                return EndpointEvent.ENDED
            self._phase = _Phase.WAITING
            self._forget_speech()
            return EndpointEvent.TOO_SHORT
        if self.position - self.first_voiced_sample >= self._max:
            self._phase = _Phase.DONE
            return EndpointEvent.TOO_LONG
        return None

    def _forget_speech(self) -> None:
        self.first_voiced_sample = None
        self.voiced_samples = 0
