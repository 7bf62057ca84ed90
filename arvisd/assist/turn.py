"""A turn: one utterance and its answer, as a state machine with exactly one ending."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

from arvisd.core.clock import Clock
from arvisd.core.context import Context
from arvisd.core.ids import new_id
from arvisd.core.sites import Stage, TurnTrace
from arvisd.intent.answer import Answer


class TurnState(enum.StrEnum):
    """Where a turn is; the last four are its endings."""

    LISTENING = "listening"
    RECOGNIZING = "recognizing"
    THINKING = "thinking"
    SPEAKING = "speaking"
    APOLOGIZING = "apologizing"
    ANSWERED = "answered"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    FAILED = "failed"

    @property
    def ending(self) -> bool:
        """Whether nothing follows."""
        return self in _ENDINGS


class TurnEvent(enum.StrEnum):
    """What may happen to a turn."""

    SPEECH_ENDED = "speech_ended"
    """The utterance is over."""
    WENT_ON = "went_on"
    """It was not: what had been heard was the wake word alone."""
    NO_SPEECH = "no_speech"
    """Nobody spoke."""
    UNDERSTOOD = "understood"
    """The words are there."""
    REPLY = "reply"
    """The answer is there."""
    SPOKEN = "spoken"
    """All of it was spoken, or there was nothing to speak."""
    STOPPED = "stopped"
    """Somebody wants it to end: the wake word, `stop`, the site is gone."""
    ERROR = "error"
    """It cannot be answered; an apology follows."""
    CLOSED = "closed"
    """Whoever ran it has gone away."""


_ENDINGS = frozenset({TurnState.ANSWERED, TurnState.CANCELLED, TurnState.INTERRUPTED, TurnState.FAILED})
_S, _E = TurnState, TurnEvent

TRANSITIONS: dict[tuple[TurnState, TurnEvent], TurnState] = {
    (_S.LISTENING, _E.SPEECH_ENDED): _S.RECOGNIZING,
    (_S.LISTENING, _E.NO_SPEECH): _S.CANCELLED,
    (_S.LISTENING, _E.STOPPED): _S.CANCELLED,
    (_S.LISTENING, _E.ERROR): _S.APOLOGIZING,
    (_S.RECOGNIZING, _E.WENT_ON): _S.LISTENING,
    (_S.RECOGNIZING, _E.UNDERSTOOD): _S.THINKING,
    (_S.RECOGNIZING, _E.STOPPED): _S.CANCELLED,
    (_S.RECOGNIZING, _E.ERROR): _S.APOLOGIZING,
    (_S.THINKING, _E.REPLY): _S.SPEAKING,
    (_S.THINKING, _E.STOPPED): _S.CANCELLED,
    (_S.THINKING, _E.ERROR): _S.APOLOGIZING,
    (_S.SPEAKING, _E.SPOKEN): _S.ANSWERED,
    (_S.SPEAKING, _E.STOPPED): _S.INTERRUPTED,
    (_S.SPEAKING, _E.ERROR): _S.FAILED,
    (_S.APOLOGIZING, _E.SPOKEN): _S.FAILED,
    (_S.APOLOGIZING, _E.STOPPED): _S.FAILED,
    (_S.APOLOGIZING, _E.ERROR): _S.FAILED,
    **{(state, _E.CLOSED): _S.FAILED for state in TurnState if state not in _ENDINGS},
}
"""All that can happen; what is not here changes nothing."""


class TurnMachine:
    """Takes events; once it has ended nothing changes it any more."""

    def __init__(self, state: TurnState = TurnState.LISTENING) -> None:
        self.state = state

    def take(self, event: TurnEvent) -> bool:
        """Go where the event leads; return whether it led anywhere."""
        after = TRANSITIONS.get((self.state, event))
        if after is None:
            return False
        self.state = after
        return True

    @property
    def ended(self) -> bool:
        """Whether an ending was reached."""
        return self.state.ending


class Turn:
    """What is known of a turn while it lives, and its trace at the end. Times are monotonic seconds."""

    def __init__(
        self, site: str, session: str, language: str, clock: Clock, context: Context, *, state: TurnState
    ) -> None:
        self.id = new_id()
        self.site = site
        self.session = session
        self.language = language
        self.context = context
        self.machine = TurnMachine(state)
        self.begun_at: datetime = clock.now()
        self.text = ""
        """What was heard or typed."""
        self.reply = ""
        """What was said: cut to what was heard."""
        self.answer: Answer | None = None
        self.reason = ""
        """Why it ended so."""
        self.anchor: float | None = None
        """The last voiced sample, or when the text came: `total` counts from here."""
        self.intent_time: float | None = None
        """When the intent was published."""
        self._stages: dict[str, Stage] = {}

    def stage(self, name: str, begin: float, end: float, provider: str = "") -> None:
        """Note how long a stage took; one that comes again takes the place of the one before."""
        self._stages[name] = Stage(name, round(max(0.0, end - begin) * 1000, 1), provider)

    def failed(self, reason: str) -> None:
        """Note that it cannot be answered, the first reason counts."""
        if self.machine.take(TurnEvent.ERROR):
            self.reason = self.reason or reason

    def stop(self, reason: str) -> None:
        """Note that somebody wants it to end, the first reason counts."""
        if self.machine.take(TurnEvent.STOPPED):
            self.reason = self.reason or reason

    def trace(self) -> TurnTrace:
        """Return the trace of the finished turn."""
        if not self.machine.ended:
            raise RuntimeError(f"turn {self.id} has not ended: it is {self.machine.state}")
        answer = self.answer
        slots: dict[str, Any] = {name: slot.value for name, slot in answer.slots.items()} if answer else {}
        return TurnTrace(
            turn=self.id,
            session=self.session,
            site=self.site,
            text=self.text,
            language=self.language,
            intent=answer.intent if answer else None,
            slots=slots,
            by=answer.by if answer else "",
            actions=list(answer.actions) if answer else [],
            reply=self.reply,
            outcome=self.machine.state.value,
            reason=self.reason,
            stages=list(self._stages.values()),
            stages_ms={stage.name: stage.ms for stage in self._stages.values()},
            time=self.begun_at,
            context=self.context,
        )
