"""The first half of a spoken turn: sound to text, while it is still being said."""

from __future__ import annotations

import asyncio
import logging

from arvisd.assist.calling import without_call
from arvisd.assist.capture import Capture, CaptureEnd
from arvisd.assist.listener import Woken
from arvisd.assist.phase_board import PhaseBoard
from arvisd.assist.settings import AssistSettings
from arvisd.assist.turn import Turn, TurnEvent
from arvisd.core.errors import ProviderError
from arvisd.core.hub import Hub
from arvisd.core.sites import Transcript
from arvisd.providers.chain import cancel_and_wait
from arvisd.providers.stt import Hypothesis
from arvisd.providers.stt_chain import Recognised, SttChain

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
        board: PhaseBoard,
        settings: AssistSettings,
    ) -> None:
        self._hub = hub
        self._turn = turn
        self._capture = capture
        self._woken = woken
        self._stt = stt
        self._board = board
        self._settings = settings
        self._partial = ""

    async def recognise(self) -> float | None:
        """Give the turn its words; return how sure they are, None where the turn is over or failed."""
        turn = self._turn
        if self._woken.word:
            turn.stage("wake", self._woken.heard, self._woken.detected)
        while True:
            self._board.show("listening", language=turn.language)
            work = asyncio.create_task(
                self._stt.transcribe(self._capture.audio, turn.language, self._publish_partial),
                name=f"recognise {turn.id}",
            )
            try:
                end = await self._capture.end()
                if not end.spoke:
                    turn.reason = "nobody spoke"
                    turn.machine.take(TurnEvent.NO_SPEECH)
                    return None
                turn.machine.take(TurnEvent.SPEECH_ENDED)
                if end.sure:
                    self._board.show("thinking", language=turn.language)
                self._time_listening(end)
                recognised = await work
            except ProviderError as error:
                turn.failed(f"it could not be recognised: {error}")
                return None
            finally:
                await cancel_and_wait(work)
            text = without_call(recognised.hypothesis.text, self._settings.wake.names)
            if end.sure or (text and not self._capture.speaking):
                return self._understood(recognised, text, end)
            turn.machine.take(TurnEvent.WENT_ON)

    def _understood(self, recognised: Recognised, text: str, end: CaptureEnd) -> float:
        turn = self._turn
        self._board.show("thinking", language=turn.language)
        turn.text = text
        turn.stage("stt", end.decided, self._hub.clock.monotonic(), recognised.provider)
        turn.machine.take(TurnEvent.UNDERSTOOD)
        hypothesis = recognised.hypothesis
        self._publish(text, hypothesis.confidence, final=True)
        return hypothesis.confidence

    def _time_listening(self, end: CaptureEnd) -> None:
        turn = self._turn
        turn.anchor = end.last_voiced
        turn.stage("listen", self._capture.begun, end.last_voiced)
        turn.stage("endpoint", end.last_voiced, end.decided)

    def _publish_partial(self, hypothesis: Hypothesis) -> None:
        text = without_call(hypothesis.text, self._settings.wake.names)
        if text and text != self._partial:
            self._partial = text
            self._publish(text, hypothesis.confidence, final=False)

    def _publish(self, text: str, confidence: float, *, final: bool) -> None:
        transcript = Transcript(text, final, confidence, self._turn.id, self._turn.context)
        self._hub.bus.publish(self._hub.topics.site(self._turn.site, "transcript"), transcript)
