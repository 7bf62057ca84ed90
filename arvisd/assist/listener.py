"""Listens at one site: wake word, pre-roll, and the sound of each utterance to whoever recognises it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Protocol

import msgspec

from arvisd.assist.arbiter import WakeArbiter
from arvisd.assist.capture import Capture
from arvisd.assist.ears import Ears
from arvisd.assist.settings import AssistSettings
from arvisd.assist.site import Site
from arvisd.assist.worker import Worker
from arvisd.audio.endpoint import Endpointer, EndpointEvent, EndpointSettings
from arvisd.audio.formats import SAMPLE_BYTES, Framer
from arvisd.audio.ring import PreRoll
from arvisd.core.context import Context
from arvisd.core.hub import Hub
from arvisd.core.sites import Wake
from arvisd.providers.wake import WakeDetection, WakeDetector

_LOGGER = logging.getLogger(__name__)

OPEN_EAR_LEAD = 0.5
"""Seconds before the voice was noticed that recognition gets at a site that always listens."""

PATIENCE = 5.0
"""Seconds that a request to listen waits for the detectors; later than that nobody is waiting any more."""


class Woken(msgspec.Struct, frozen=True):
    """What made a site listen. Times are monotonic seconds."""

    context: Context
    word: str = ""
    """Empty: it was asked to, or it always listens."""
    heard: float = 0.0
    """When the sound was there in which the word was detected."""
    detected: float = 0.0
    quiet: bool = False
    """Nobody need speak: the end of a follow-up is no disappointment."""


class TurnTaker(Protocol):
    """What a listener needs of the turns of its site."""

    @property
    def speech(self) -> str:
        """What the site is saying now; empty: nothing."""

    @property
    def busy(self) -> bool:
        """Whether a turn is under way."""

    def end_current(self, reason: str) -> None:
        """End what is under way, at once."""

    def voice(self, capture: Capture, woken: Woken) -> None:
        """Begin a spoken turn, ending whatever is under way."""


class Listener:
    """Reads the sound of one site for as long as there is any."""

    def __init__(
        self, hub: Hub, site: Site, ears: Ears, turns: TurnTaker, arbiter: WakeArbiter, worker: Worker
    ) -> None:
        self.settings = AssistSettings()
        """May be replaced at any time."""
        self.muted: Callable[[], bool] = lambda: False
        """Asked at every frame: while it is true nothing is heard, not even for the pre-roll."""
        self._hub = hub
        self._site = site
        self._ears = ears
        self._turns = turns
        self._arbiter = arbiter
        self._worker = worker
        self._pre_roll = PreRoll()
        self._capture: Capture | None = None
        self._wanted: tuple[Woken, float | None] | None = None
        self._framer = Framer()
        self._detector: WakeDetector | None = None
        self._open_ear: Endpointer | None = None
        self._open_framer = Framer()
        self._deaf = False

    def listen(self, woken: Woken, no_speech_timeout: float | None = None) -> None:
        """Listen without a wake word, from the next sound on; None takes the usual time to begin speaking."""
        self._wanted = (woken, no_speech_timeout)

    async def run(self) -> None:
        """Read until the site's sound ends."""
        audio = self._site.audio_in
        if audio is None:
            return
        try:
            async for frame in audio.frames():
                await self._take(frame)
        finally:
            if self._capture is not None:
                self._capture.source_ended()

    async def _take(self, frame: bytes) -> None:
        self._ears.refresh(self.settings)
        if self.muted():
            if not self._deaf:
                await self._turn_deaf()
            self._wanted = None
            return
        self._deaf = False
        self._pre_roll.add(frame)
        if self._wanted is not None:
            await self._start_wanted()
        if self._capture is not None:
            await self._capture.feed(frame)
            if self._capture.closed:
                self._capture = None
                await self._forget()
        elif self._always_listens:
            await self._listen_openly(frame)
        else:
            await self._listen_for_wake(frame)

    @property
    def _always_listens(self) -> bool:
        return self._site.wake_words == ()

    async def _start_wanted(self) -> None:
        assert self._wanted is not None
        woken, timeout = self._wanted
        if self._ears.vad is None and self._hub.clock.monotonic() - woken.detected < PATIENCE:
            return  # it is being loaded
        self._wanted = None
        if self._ears.vad is None:
            _LOGGER.warning("%s cannot listen: there is no voice activity detector", self._site.id)
            return
        settings = self.settings.endpoint
        if timeout is not None:
            settings = msgspec.structs.replace(settings, no_speech_timeout=timeout)
        self._begin(woken, b"", settings)

    def _begin(self, woken: Woken, pre_roll: bytes, settings: EndpointSettings) -> None:
        assert self._ears.vad is not None
        if self._capture is not None:
            self._capture.close()
        self._capture = Capture(
            self._ears.vad,
            self._worker,
            settings,
            self._hub.clock,
            pre_roll=pre_roll,
            woken=bool(woken.word),
            early_end=min(self.settings.early_end_seconds, settings.stop_silence),
        )
        self._turns.voice(self._capture, woken)

    async def _listen_for_wake(self, frame: bytes) -> None:
        detector = self._ears.wake
        if detector is None:
            return
        if detector is not self._detector:
            self._detector = detector
            self._framer = Framer(detector.batch_samples * SAMPLE_BYTES)
        for batch in self._framer.cut(frame):
            heard = self._hub.clock.monotonic()
            detection = await self._worker.run(partial(detector.process, batch))
            if detection is not None and self._counts(detection):
                self._wake(detection, heard)
                return

    def _counts(self, detection: WakeDetection) -> bool:
        """Tell whether somebody has called: not Arvis itself, not the same call again or in another room."""
        settings = self.settings.wake
        said = self._turns.speech.lower()
        if any(name.lower() in said for name in settings.names):
            _LOGGER.info("%s heard %s in its own speech", self._site.id, detection.word)
            return False
        return self._ears.vad is not None and self._arbiter.claim(
            self._site.id, detection.word, self._hub.clock.monotonic(), settings
        )

    def _wake(self, detection: WakeDetection, heard: float) -> None:
        clock = self._hub.clock
        context = Context()
        pre_roll = self._pre_roll.last()
        woken = Woken(context, detection.word, heard, clock.monotonic())
        self._begin(woken, pre_roll, self.settings.endpoint)
        wake = Wake(detection.word, detection.score, clock.now(), context)
        self._hub.bus.publish(self._hub.topics.site(self._site.id, "wake"), wake)

    async def _listen_openly(self, frame: bytes) -> None:
        vad = self._ears.vad
        if vad is None:
            return
        if self._turns.busy:
            self._open_ear = None
            return
        if self._open_ear is None:
            self._open_ear = Endpointer(self.settings.endpoint)
            self._open_framer = Framer(vad.frame_samples * SAMPLE_BYTES)
            await self._worker.run(vad.reset)
        for piece in self._open_framer.cut(frame):
            probability = await self._worker.run(partial(vad.process, piece))
            event = self._open_ear.feed(probability, vad.frame_samples)
            if event is EndpointEvent.STARTED:
                self._open_ear = None
                pre_roll = self._pre_roll.last(self.settings.endpoint.start + OPEN_EAR_LEAD)
                self._begin(Woken(Context()), pre_roll, self.settings.endpoint)
                return
            if event is not None and event.final:
                self._open_ear.reset()

    async def _turn_deaf(self) -> None:
        """Let go of all that was heard; an utterance that is being said ends unheard."""
        self._deaf = True
        self._pre_roll.clear()
        if self._capture is not None:
            self._capture.close()
            self._capture = None
            self._turns.end_current("muted")
        await self._forget()

    async def _forget(self) -> None:
        """After an utterance the detectors begin a new stream: they did not hear it."""
        self._framer.flush()
        self._open_ear = None
        if self._ears.wake is not None:
            await self._worker.run(self._ears.wake.reset)
