"""The second half of every turn, typed or spoken: text to answer, answer to reply and speech."""

from __future__ import annotations

import logging
from collections.abc import Callable

import msgspec

from arvisd.assist.answers import Answers
from arvisd.assist.phase_board import PhaseBoard
from arvisd.assist.phrases import Phrases, apology
from arvisd.assist.playback import Speech, Spoken
from arvisd.assist.sentences import split
from arvisd.assist.session import Exchange, Session
from arvisd.assist.settings import AssistSettings
from arvisd.assist.site import Site
from arvisd.assist.speaker import Speaker
from arvisd.assist.turn import Turn, TurnEvent, TurnState
from arvisd.core.context import Context
from arvisd.core.hub import Hub
from arvisd.core.sites import Reply
from arvisd.intent.answer import Answer, Utterance

_LOGGER = logging.getLogger(__name__)

ANSWER_SECONDS = 60.0
"""Nobody waits longer for an answer; each answerer has its own, shorter limits."""


class Heard(msgspec.Struct, frozen=True):
    """What goes into an answer besides the turn."""

    session: Session
    user: str | None = None
    confidence: float = 1.0


class Answering:
    """Answers the turns of one site, one at a time."""

    def __init__(
        self,
        hub: Hub,
        site: Site,
        answers: Answers,
        speaker: Speaker | None,
        phrases: Phrases,
        board: PhaseBoard,
        settings: Callable[[], AssistSettings],
        warn_once: Callable[[str], object],
    ) -> None:
        self._hub = hub
        self._site = site
        self._answers = answers
        self._speaker = speaker
        self._phrases = phrases
        self._board = board
        self._settings = settings
        self._warn_once = warn_once

    async def answer(self, turn: Turn, heard: Heard) -> None:
        """Take a turn that has its words to its ending."""
        clock = self._hub.clock
        self._board.show("thinking", language=turn.language)
        begun = clock.monotonic()
        utterance = Utterance(
            turn.id,
            turn.text,
            turn.language,
            self._site.id,
            heard.session.id,
            turn.context,
            self._site.area,
            heard.user,
            confidence=heard.confidence,
        )
        try:
            answer = await clock.wait_for(self._answers.answer(utterance), ANSWER_SECONDS)
        except TimeoutError:
            turn.failed(f"there was no answer within {ANSWER_SECONDS:.0f} s")
            await self.apologize(turn)
            return
        except Exception as error:  # supervises the answerers: whatever fails in them, the person hears of it
            _LOGGER.exception("%s: answering %r failed", self._site.id, turn.text)
            turn.failed(f"answering failed: {type(error).__name__}: {error}")
            await self.apologize(turn)
            return
        self._note(turn, answer, begun, clock.monotonic())
        turn.machine.take(TurnEvent.REPLY)
        spoken = await self.say(turn, answer.reply, answer.language or turn.language, answer.emotion)
        turn.reply = spoken.heard if spoken is not None and spoken.interrupted else answer.reply
        if spoken is not None and spoken.interrupted:
            turn.stop(spoken.interrupted)
        else:
            if spoken is not None and spoken.error:
                turn.reason = f"not all of it was spoken: {spoken.error}"
                await self._break_the_silence(turn, spoken)
            turn.machine.take(TurnEvent.SPOKEN)
        heard.session.language = answer.language or turn.language
        heard.session.turns.append(Exchange(turn.id, turn.text, turn.reply))

    async def apologize(self, turn: Turn) -> None:
        """Say that a turn has failed, from memory where the voices fail too, and end it."""
        assert turn.machine.state is TurnState.APOLOGIZING
        text = apology(turn.language)
        spoken = await self.say(turn, text, turn.language, "")
        turn.reply = spoken.heard if spoken is not None and spoken.interrupted else text
        turn.machine.take(TurnEvent.SPOKEN)

    async def _break_the_silence(self, turn: Turn, spoken: Spoken) -> None:
        """Apologize from memory where nothing of an answer could be spoken: it is on MQTT, the person heard nothing."""
        text = apology(turn.language)
        if not spoken.heard and self._phrases.has(text, turn.language):
            await self.speak(text, turn.language, turn.context, turn.id)

    async def say(self, turn: Turn, text: str, language: str, emotion: str) -> Spoken | None:
        """Publish a reply and speak it where the site has a voice; None where it has none or nothing is said."""
        begun = self._hub.clock.monotonic()
        self._publish(turn, text, emotion)
        spoken = await self.speak(text, language, turn.context, turn.id, emotion) if text else None
        self._time(turn, spoken, begun)
        return spoken

    async def speak(
        self, text: str, language: str, context: Context, turn: str = "", emotion: str = "", voice: str = ""
    ) -> Spoken | None:
        """Speak where the site has a voice; None where it has none."""
        if self._speaker is None:
            return None
        chosen = self._settings().voice(language)
        speech = Speech(text, language, context, turn, voice or chosen.voice, chosen.speed, emotion)

        def begin(utterance: str) -> None:
            self._board.show("speaking", utterance=utterance, language=language, emotion=emotion)

        spoken = await self._speaker.speak(speech, begin)
        if spoken.error:
            self._warn_once(f"what should have been spoken is text only: {spoken.error}")
        return spoken

    def _note(self, turn: Turn, answer: Answer, begun: float, ended: float) -> None:
        turn.answer = answer
        understood = turn.intent_time if turn.intent_time is not None else ended
        turn.stage("intent", begun, understood, answer.by)
        turn.stage("answer", understood, ended, answer.by)

    def _publish(self, turn: Turn, text: str, emotion: str) -> None:
        """Publish the reply sentence by sentence; all deltas together are the whole text."""
        topic = self._hub.topics.site(self._site.id, "reply")
        pieces = split(text)
        begin = 0
        for seq, piece in enumerate(pieces[:-1]):
            delta = text[begin : piece.end]
            begin = piece.end
            self._hub.bus.publish(topic, Reply(turn.id, seq, delta, False, "", emotion, turn.context))
        last = Reply(turn.id, max(0, len(pieces) - 1), text[begin:], True, text, emotion, turn.context)
        self._hub.bus.publish(topic, last)

    def _time(self, turn: Turn, spoken: Spoken | None, begun: float) -> None:
        """Note the stages of speaking; where nothing is spoken the reply's text is what the person waits for."""
        anchor = turn.anchor
        first = begun
        if spoken is not None and spoken.first_chunk is not None:
            turn.stage("tts", begun, spoken.first_chunk, spoken.provider)
            if spoken.first_sound is not None:
                first = spoken.first_sound
                turn.stage("speak", spoken.first_sound, spoken.ended)
        if anchor is not None:
            turn.stage("total", anchor, first)
