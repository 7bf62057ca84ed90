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
    """False: it may have been the wake word alone; if no command is in it, listening goes on."""
    last_voiced: float
    """When the last voiced sample was spoken."""
    decided: float
    """When the end was told."""
    audio: UtteranceAudio
    """Its sound, finished."""


class Capture:
    """Takes the sound of one utterance; whoever recognises it reads `audio` at the same time.

    After an end that is not sure it goes on by itself with an `audio` of its own that begins anew with all
    the sound so far, until `close`.
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
    ) -> None:
        """Begin with the sound just before; `woken` says that a wake word was detected at its end."""
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
        self._ends: asyncio.Queue[CaptureEnd] = asyncio.Queue()
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

    async def end(self) -> CaptureEnd:
        """Wait for the next end; after one that is not sure there may come another."""
        return await self._ends.get()

    @property
    def speaking(self) -> bool:
        """Whether somebody is saying something that has not ended, or may just have begun."""
        return self._endpointer.first_voiced_sample is not None and not self._endpointer.done

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
        event = self._endpointer.feed(probability, samples)
        if event is EndpointEvent.STARTED:
            self._doubt_from = None
        elif event is EndpointEvent.NO_SPEECH:
            self._finish(spoke=False, sure=True, last=self._position)
            self.close()
        elif event is not None and event.final:
            assert self._endpointer.last_voiced_sample is not None
            self._over(self._offset + self._endpointer.last_voiced_sample)
        elif self._doubt_from is not None and not self.speaking and self._silent_since(self._doubt_from):
            last, self._doubt_from = self._doubt_from, None
            self._finish(spoke=True, sure=False, last=last)

    def _silent_since(self, position: int) -> bool:
        return self._position - position >= samples_of(self._settings.stop_silence)

    def _over(self, last: int) -> None:
        """The end-pointer has found the end of an utterance."""
        surely = last - self._detected >= samples_of(self._settings.min_speech) or not self._detected
        self._finish(spoke=True, sure=surely, last=last)
        if surely:
            self.close()
        else:
            self._endpointer.reset()
            self._offset = self._position

    def _finish(self, *, spoke: bool, sure: bool, last: int) -> None:
        audio = self.audio
        if not sure:
            self.audio = UtteranceAudio()
            self.audio.append(audio.pcm)
        audio.finish()
        end = CaptureEnd(spoke, sure, self._samples.time_of(last), self._clock.monotonic(), audio)
        self._ends.put_nowait(end)
