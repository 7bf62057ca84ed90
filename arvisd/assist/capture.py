"""One utterance being said: its sound, kept for recognition, and where it ends."""

from __future__ import annotations

import asyncio

import msgspec

from arvisd.assist.sample_clock import SampleClock
from arvisd.assist.wake_tail import Tail, WakeTail
from arvisd.assist.worker import Worker
from arvisd.audio.endpoint import Endpointer, EndpointEvent, EndpointSettings
from arvisd.audio.formats import SAMPLE_BYTES, Framer, samples_of
from arvisd.core.clock import Clock
from arvisd.providers.utterance import UtteranceAudio
from arvisd.providers.vad import VadDetector


class CaptureEnd(msgspec.Struct, frozen=True):
    """How an utterance ended. Times are monotonic seconds."""

    spoke: bool
    """Whether anybody spoke."""
    sure: bool
    """False: a short pause, or perhaps the wake word alone; if no whole sentence is in it, listening goes on."""
    paused: bool
    """It is a short pause: only a whole sentence ends here."""
    last: int
    """Position after the last voiced sample."""
    last_voiced: float
    """When the last voiced sample was spoken."""
    decided: float
    """When the end was told."""
    audio: UtteranceAudio
    """Its sound, finished."""


class CaptureResumed(msgspec.Struct, frozen=True):
    """Somebody speaks again after an end that was not sure."""

    audio: UtteranceAudio
    """All the sound from the utterance's start, growing."""


class Capture:
    """Takes the sound of one utterance; whoever recognises it reads `audio` at the same time.

    After an end that is not sure it goes on by itself, with an `audio` that begins anew with all the sound
    so far, until `close`.
    """

    def __init__(
        self,
        detector: VadDetector,
        worker: Worker,
        settings: EndpointSettings,
        clock: Clock,
        *,
        pre_roll: bytes = b"",
        woken: bool = False,
        early_end: float = 0.0,
    ) -> None:
        """Begin.

        Args:
            detector: tells speech; reset before its first use.
            worker: runs it.
            settings: when the utterance has begun and is over.
            clock: for the times of the ends.
            pre_roll: the sound just before.
            woken: a wake word was detected at the end of the pre-roll.
            early_end: seconds of silence after which an end is offered that is not sure; 0: none is.
        """
        self.audio = UtteranceAudio()
        self.begun = clock.monotonic()
        self.closed = False
        self._detector = detector
        self._worker = worker
        self._settings = settings
        self._clock = clock
        self._pre_roll = pre_roll
        self._detected = len(pre_roll) // SAMPLE_BYTES if woken else 0
        self._tail = WakeTail(self._detected, settings.threshold) if woken else None
        self._held: list[tuple[float, int]] = []
        """Frames since the detection, which are the command's if nobody pauses."""
        self._doubt_from: int | None = None
        """End of a wake word that may have had a command in it."""
        self._endpointer = Endpointer(settings)
        self._offset = 0
        """Position of the end-pointer's first sample."""
        self._framer = Framer(detector.frame_samples * SAMPLE_BYTES)
        self._position = 0
        """Samples judged so far."""
        self._samples = SampleClock()
        self._early = samples_of(early_end)
        self._offered: int | None = None
        """Position of the last end that was not sure, until somebody speaks again."""
        self._voiced = 0
        """One past the last speech sample."""
        self._events: asyncio.Queue[CaptureEnd | CaptureResumed] = asyncio.Queue()
        self._first = True

    async def feed(self, pcm: bytes) -> None:
        """Take the next sound: 16 kHz mono s16le."""
        if self._first:
            self._first = False
            await self._worker.run(self._detector.reset)
            self._samples.position = len(self._pre_roll) // SAMPLE_BYTES
            await self._judge(self._pre_roll)
        self._samples.arrived(len(pcm) // SAMPLE_BYTES, self._clock.monotonic())
        await self._judge(pcm)

    async def event(self) -> CaptureEnd | CaptureResumed:
        """Wait for what happens next: an end; after one that is not sure, speech that goes on or another end."""
        return await self._events.get()

    def quiet_since(self, end: CaptureEnd) -> bool:
        """Tell whether nobody has spoken since an end."""
        return self._voiced <= end.last

    def close(self) -> None:
        """Take no more sound."""
        self.closed = True
        self.audio.finish()

    def source_ended(self) -> None:
        """End with what there is: no more sound will come, as at the end of a file."""
        if self.closed:
            return
        heard = self._endpointer.last_voiced_sample
        spoke = self._endpointer.first_voiced_sample is not None and heard is not None
        last = self._offset + heard if spoke and heard is not None else self._position
        self._finish(spoke=spoke, sure=True, last=last)
        self.close()

    async def _judge(self, pcm: bytes) -> None:
        if self.closed or not pcm:
            return
        self.audio.append(pcm)
        frames = self._framer.cut(pcm)
        if not frames:
            return
        detector = self._detector
        for probability in await self._worker.run(lambda: [detector.process(frame) for frame in frames]):
            if self.closed:
                return
            self._take(probability, detector.frame_samples)

    def _take(self, probability: float, samples: int) -> None:
        begin, self._position = self._position, self._position + samples
        if probability >= self._settings.threshold:
            self._voiced = self._position
            if self._offered is not None:
                self._offered = None
                self._events.put_nowait(CaptureResumed(self.audio))
        if self._tail is None:
            self._point(probability, samples)
            return
        if self._position > self._detected:
            self._held.append((probability, samples))
        tail = self._tail.feed(probability, begin, self._position)
        if tail is Tail.OPEN:
            return
        doubtful, last = self._tail.doubtful, self._tail.last_voiced
        self._tail = None
        if tail is Tail.PAUSED:
            self._offset = self._position
            self._doubt_from = last if doubtful else None
            return
        self._offset = self._position - sum(count for _, count in self._held)
        for held in self._held:
            self._point(*held)

    def _point(self, probability: float, samples: int) -> None:
        endpointer = self._endpointer
        event = endpointer.feed(probability, samples)
        if event is EndpointEvent.STARTED:
            self._doubt_from = None
        elif event is EndpointEvent.NO_SPEECH:
            self._finish(spoke=False, sure=True, last=self._position)
            self.close()
        elif event is not None and event.final:
            assert endpointer.last_voiced_sample is not None
            self._over(self._offset + endpointer.last_voiced_sample)
        elif endpointer.speaking and endpointer.last_voiced_sample is not None:
            self._offer_early(self._offset + endpointer.last_voiced_sample)
        elif self._doubt_from is not None and self._voiced <= self._doubt_from:
            self._offer_early(self._doubt_from)
            if self._position - self._doubt_from >= samples_of(self._settings.stop_silence):
                last, self._doubt_from = self._doubt_from, None
                self._finish(spoke=True, sure=False, last=last)

    def _offer_early(self, last: int) -> None:
        """Offer an end after a short silence, once for each pause."""
        if self._early and self._offered != last and self._position - last >= self._early:
            self._finish(spoke=True, sure=False, last=last, paused=True)

    def _over(self, last: int) -> None:
        """The end-pointer has found the end of an utterance."""
        surely = last - self._detected >= samples_of(self._settings.min_speech) or not self._detected
        self._finish(spoke=True, sure=surely, last=last)
        if surely:
            self.close()
        else:
            self._endpointer.reset()
            self._offset = self._position

    def _finish(self, *, spoke: bool, sure: bool, last: int, paused: bool = False) -> None:
        audio = self.audio
        if not sure:
            self.audio = UtteranceAudio()
            self.audio.append(audio.pcm)
            self._offered = last
        audio.finish()
        decided = self._clock.monotonic()
        self._events.put_nowait(CaptureEnd(spoke, sure, paused, last, self._samples.time_of(last), decided, audio))
