"""The first half of a spoken turn: sound to text, while it is still being said."""

from __future__ import annotations

import asyncio
import logging

from arvisd.assist.answers import Answers
from arvisd.assist.calling import without_call
from arvisd.assist.capture import Capture, CaptureEnd, CaptureResumed
from arvisd.assist.listener import Woken
from arvisd.assist.phase_board import PhaseBoard
from arvisd.assist.settings import AssistSettings
from arvisd.assist.turn import Turn, TurnEvent, TurnState
from arvisd.core.errors import ProviderError
from arvisd.core.hub import Hub
from arvisd.core.sites import Transcript
from arvisd.intent.answer import Utterance
from arvisd.providers.chain import cancel_and_wait
from arvisd.providers.stt import Hypothesis
from arvisd.providers.stt_chain import Recognised, SttChain
from arvisd.providers.utterance import UtteranceAudio

_LOGGER = logging.getLogger(__name__)


class VoiceTurn:
    """Recognises one utterance; made for it and thrown away."""

    def __init__(
        self,
        hub: Hub,
        turn: Turn,
        capture: Capture,
        woken: Woken,
        stt: SttChain,
        answers: Answers,
        area: str | None,
        board: PhaseBoard,
        settings: AssistSettings,
    ) -> None:
        self._hub = hub
        self._turn = turn
        self._capture = capture
        self._woken = woken
        self._stt = stt
        self._answers = answers
        self._area = area
        self._board = board
        self._settings = settings
        self._partial = ""

    async def recognise(self) -> float | None:
        """Give the turn its words; return how sure they are, None where the turn is over or failed."""
        if self._woken.word:
            self._turn.stage("wake", self._woken.heard, self._woken.detected)
        self._board.show("listening", language=self._turn.language)
        event = self._await_event()
        work = self._begin(self._capture.audio)
        end: CaptureEnd | None = None
        try:
            while True:
                await asyncio.wait({event} if work.done() else {event, work}, return_when=asyncio.FIRST_COMPLETED)
                if event.done():
                    happened, event = event.result(), self._await_event()
                    if isinstance(happened, CaptureResumed):
                        await cancel_and_wait(work)
                        work, end = self._begin(happened.audio), None
                        self._go_on()
                        continue
                    if not happened.spoke:
                        self._turn.reason = "nobody spoke"
                        self._turn.machine.take(TurnEvent.NO_SPEECH)
                        return None
                    end = happened
                    self._end(end)
                if end is None or not work.done():
                    continue
                confidence = await self._conclude(work, end)
                if confidence is not None or self._turn.machine.state is TurnState.APOLOGIZING:
                    return confidence
                self._go_on()
        finally:
            await cancel_and_wait(event, work)

    def _await_event(self) -> asyncio.Task[CaptureEnd | CaptureResumed]:
        return asyncio.create_task(self._capture.event(), name=f"end of speech {self._turn.id}")

    def _begin(self, audio: UtteranceAudio) -> asyncio.Task[Recognised]:
        return asyncio.create_task(
            self._stt.transcribe(audio, self._turn.language, self._publish_partial), name=f"recognise {self._turn.id}"
        )

    def _end(self, end: CaptureEnd) -> None:
        self._turn.machine.take(TurnEvent.SPEECH_ENDED)
        if end.sure:
            self._board.show("thinking", language=self._turn.language)
        turn = self._turn
        turn.anchor = end.last_voiced
        turn.stage("listen", self._capture.begun, end.last_voiced)
        turn.stage("endpoint", end.last_voiced, end.decided)

    def _go_on(self) -> None:
        self._turn.machine.take(TurnEvent.WENT_ON)
        self._board.show("listening", language=self._turn.language)

    async def _conclude(self, work: asyncio.Task[Recognised], end: CaptureEnd) -> float | None:
        """Take what was recognised if the utterance is over; return how sure it is."""
        try:
            recognised = work.result()
        except ProviderError as error:
            if end.sure:
                self._turn.failed(f"it could not be recognised: {error}")
            return None
        text = without_call(recognised.hypothesis.text, self._settings.wake.names)
        if not end.sure and not await self._suffices(text, end):
            return None
        return self._understood(recognised, text, end)

    async def _suffices(self, text: str, end: CaptureEnd) -> bool:
        """Tell whether an utterance is over although its end is not sure."""
        if not text or not self._capture.quiet_since(end):
            return False
        if not end.paused:
            return True
        turn = self._turn
        utterance = Utterance(turn.id, text, turn.language, turn.site, turn.session, turn.context, self._area)
        return await self._answers.complete(utterance) and self._capture.quiet_since(end)

    def _understood(self, recognised: Recognised, text: str, end: CaptureEnd) -> float:
        turn = self._turn
        self._board.show("thinking", language=turn.language)
        turn.text = text
        turn.stage("stt", end.decided, self._hub.clock.monotonic(), recognised.provider)
        turn.machine.take(TurnEvent.UNDERSTOOD)
        hypothesis = recognised.hypothesis
        self._publish(text, hypothesis.confidence, final=True)
        return hypothesis.confidence

    def _publish_partial(self, hypothesis: Hypothesis) -> None:
        text = without_call(hypothesis.text, self._settings.wake.names)
        if text and text != self._partial:
            self._partial = text
            self._publish(text, hypothesis.confidence, final=False)

    def _publish(self, text: str, confidence: float, *, final: bool) -> None:
        transcript = Transcript(text, final, confidence, self._turn.id, self._turn.context)
        self._hub.bus.publish(self._hub.topics.site(self._turn.site, "transcript"), transcript)
