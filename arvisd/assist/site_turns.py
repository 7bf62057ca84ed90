"""The turns of one site, one at a time: who speaks or types gets the floor, in order, and gives it back.

What happens when something comes while a turn is under way:

- the wake word, or a request to listen, ends it at once: somebody is speaking now;
- a typed text waits while the turn listens or thinks, and interrupts it once it speaks: who types a
  new thing does not want to hear the rest of the old one;
- an announcement (`tts.speak`) always waits its turn;
- `stop` ends it and forgets announcements that wait; typed texts still get their answers.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from functools import partial

import msgspec

from arvisd.assist.answering import Answering, Heard
from arvisd.assist.answers import Answers
from arvisd.assist.capture import Capture
from arvisd.assist.listener import Woken
from arvisd.assist.phase_board import PhaseBoard
from arvisd.assist.phrases import Phrases
from arvisd.assist.playback import Spoken
from arvisd.assist.session import Session, Sessions
from arvisd.assist.settings import AssistSettings
from arvisd.assist.site import Site
from arvisd.assist.speaker import Speaker
from arvisd.assist.turn import Turn, TurnEvent, TurnState
from arvisd.assist.voice_turn import VoiceTurn
from arvisd.audio.formats import SAMPLE_RATE
from arvisd.audio.tones import error_beep, wake_chime
from arvisd.core.bus import Message
from arvisd.core.context import Context
from arvisd.core.hub import Hub
from arvisd.core.intents import Intent
from arvisd.core.owner import Owner
from arvisd.core.sites import TextInput
from arvisd.intent.language import language_of
from arvisd.providers.stt_chain import SttChain

_LOGGER = logging.getLogger(__name__)

WAITING = 8
"""So many texts and announcements may wait at a site; more are refused."""

GUEST = "guest"
"""Kind of a site that nobody registered: nothing of it is kept when it is gone."""


class TextJob(msgspec.Struct, frozen=True):
    """A typed turn."""

    input: TextInput
    time: float
    """When it came, in monotonic seconds."""


class VoiceJob(msgspec.Struct, frozen=True):
    """A spoken turn, being said now."""

    capture: Capture
    woken: Woken


class Announcement(msgspec.Struct, frozen=True):
    """Something to say that is nobody's answer."""

    text: str
    language: str
    voice: str
    context: Context
    done: asyncio.Future[Spoken | None]
    """Gets what became of it; cancelled when it was dropped."""


Job = TextJob | VoiceJob | Announcement


class SiteTurns:
    """Runs the turns of one site."""

    def __init__(self, hub: Hub, site: Site, stt: SttChain, phrases: Phrases, answers: Answers) -> None:
        self.settings = AssistSettings()
        """May be replaced at any time; the turn under way goes on with what it began with."""
        self.on_follow_up: Callable[[float], object] = lambda seconds: None
        """Asked to keep the microphone open for so many seconds."""
        self.site = site
        speaks = site.audio_out is not None or site.speech
        self.speaker = Speaker(hub, site, phrases.synthesize) if speaks else None
        self.board = PhaseBoard(hub, site.id, self._default_language(hub, site))
        self._hub = hub
        self._stt = stt
        self._answers = answers
        self._answering = Answering(
            hub, site, answers, self.speaker, phrases, self.board, lambda: self.settings, self._warn_once
        )
        self._sessions = Sessions(site.id, hub.clock, self._default_language(hub, site))
        self._jobs: deque[Job] = deque()
        self._news = asyncio.Event()
        self._turn: Turn | None = None
        self._task: asyncio.Task[None] | None = None
        self._warned: set[str] = set()

    @property
    def speech(self) -> str:
        """What the site is saying now; empty: nothing."""
        return self.speaker.text if self.speaker else ""

    @property
    def busy(self) -> bool:
        """Whether a turn or an announcement is under way."""
        return self._task is not None

    @property
    def waiting(self) -> int:
        """How many texts and announcements wait."""
        return len(self._jobs)

    def text(self, input_: TextInput) -> bool:
        """Take a typed turn; return False when too many wait already."""
        if len(self._jobs) >= WAITING:
            return False
        if self.speaker is not None:
            self.speaker.interrupt("text")
        self._put(TextJob(input_, self._hub.clock.monotonic()))
        return True

    def voice(self, capture: Capture, woken: Woken) -> None:
        """Begin a spoken turn, ending whatever is under way."""
        self.end_current("barge-in")
        for job in [job for job in self._jobs if isinstance(job, VoiceJob)]:
            job.capture.close()
            self._jobs.remove(job)
        self._jobs.appendleft(VoiceJob(capture, woken))
        self._news.set()

    def announce(self, text: str, language: str, voice: str, context: Context) -> asyncio.Future[Spoken | None]:
        """Say something when its turn comes; the future is cancelled when too many wait, or at `stop`."""
        done: asyncio.Future[Spoken | None] = asyncio.get_running_loop().create_future()
        if len(self._jobs) >= WAITING:
            done.cancel()
        else:
            self._put(Announcement(text, language, voice, context, done))
        return done

    def stop(self) -> None:
        """Stop listening and speaking."""
        for job in [job for job in self._jobs if isinstance(job, Announcement)]:
            job.done.cancel()
            self._jobs.remove(job)
        self.end_current("stop")

    def end_current(self, reason: str) -> None:
        """End what is under way, at once: speech is cut off, anything else is cancelled."""
        if self.speaker is not None and self.speaker.interrupt(reason):
            return
        if self._task is not None and not self._task.done():
            if self._turn is not None:
                self._turn.stop(reason)
            self._task.cancel()

    async def run(self) -> None:
        """Run what comes until cancelled; whatever is under way then ends first."""
        async with Owner(f"site {self.site.id}") as owner:
            self._hub.bus.subscribe(self._hub.topics.intent("+"), self._note_intent, owner)
            self.board.show("idle")
            try:
                while True:
                    await self._next(owner)
            finally:
                await self._leave()

    async def _next(self, owner: Owner) -> None:
        while not self._jobs:
            self._news.clear()
            await self._news.wait()
        job = self._jobs.popleft()
        turn: Turn | None = None
        if isinstance(job, Announcement):
            self._task = owner.spawn(self._announce(job), "announcement")
        else:
            turn, session = self._begin(job)
            self._turn = turn
            self._task = owner.spawn(self._do(job, turn, session), "turn")
        # a callback, as a task that is cancelled before its first step runs nothing of its own
        self._task.add_done_callback(partial(self._ended, job, turn))
        await asyncio.wait({self._task})
        if not self._jobs:
            self.board.show("idle")

    def _ended(self, job: Job, turn: Turn | None, task: asyncio.Task[None]) -> None:
        """Clean up after a job, however it ended, and publish the one trace of its turn."""
        self._task = self._turn = None
        if isinstance(job, Announcement):
            job.done.cancel()
        elif isinstance(job, VoiceJob):
            job.capture.close()
        if turn is None:
            return
        if task.cancelled():
            turn.stop("cancelled")
        turn.machine.take(TurnEvent.CLOSED)
        self._sessions.touch()
        self._hub.bus.publish(self._hub.topics.site(self.site.id, "turn"), turn.trace())
        seconds = self._follow_up(turn)
        if seconds and not self._jobs:
            self.on_follow_up(seconds)

    async def _leave(self) -> None:
        if self._task is not None and not self._task.done():
            self.end_current("the site is gone")
            await asyncio.wait({self._task})
        for job in self._jobs:
            if isinstance(job, Announcement):
                job.done.cancel()
            elif isinstance(job, VoiceJob):
                job.capture.close()
        self._jobs.clear()
        if self.site.kind == GUEST:
            self.board.clear()
        else:
            self.board.show("offline")

    def _put(self, job: Job) -> None:
        self._jobs.append(job)
        self._news.set()

    async def _do(self, job: TextJob | VoiceJob, turn: Turn, session: Session) -> None:
        try:
            if isinstance(job, VoiceJob):
                await self._voice(job, turn, session)
            else:
                await self._answering.answer(turn, Heard(session, job.input.user))
        except Exception:  # supervises a turn: one that breaks must not take the site down
            _LOGGER.exception("the turn %s at %s failed", turn.id, self.site.id)
            turn.reason = "an error in arvisd: see its log"

    def _begin(self, job: TextJob | VoiceJob) -> tuple[Turn, Session]:
        timeout = self.settings.session_seconds
        clock = self._hub.clock
        if isinstance(job, VoiceJob):
            session = self._sessions.current(timeout)
            language = self._default_language(self._hub, self.site)
            turn = Turn(self.site.id, session.id, language, clock, job.woken.context, state=TurnState.LISTENING)
        else:
            input_ = job.input
            session = self._sessions.current(timeout, input_.session)
            language = input_.language or language_of(input_.text, session.language)
            context = Context(user=input_.user)
            turn = Turn(self.site.id, session.id, language, clock, context, state=TurnState.THINKING)
            turn.text, turn.anchor = input_.text.strip(), job.time
        session.language = turn.language
        return turn, session

    async def _voice(self, job: VoiceJob, turn: Turn, session: Session) -> None:
        settings = self.settings
        if settings.wake_chime and job.woken.word and self.speaker is not None:
            await self.speaker.play(wake_chime(), SAMPLE_RATE)
        voice = VoiceTurn(
            self._hub, turn, job.capture, job.woken, self._stt, self._answers, self.site.area, self.board, settings
        )
        confidence = await voice.recognise()
        job.capture.close()
        if turn.machine.state is TurnState.CANCELLED:
            if settings.chime and not job.woken.quiet and self.speaker is not None:
                await self.speaker.play(error_beep(), SAMPLE_RATE)
        elif turn.machine.state is TurnState.APOLOGIZING:
            await self._answering.apologize(turn)
        elif confidence is not None:
            await self._answering.answer(turn, Heard(session, confidence=confidence))

    async def _announce(self, job: Announcement) -> None:
        try:
            spoken = await self._answering.speak(job.text, job.language, job.context, voice=job.voice)
        except Exception:  # supervises an announcement, as above
            _LOGGER.exception("announcing at %s failed", self.site.id)
            return
        if not job.done.done():
            job.done.set_result(spoken)

    def _follow_up(self, turn: Turn) -> float:
        """Return for how many seconds the microphone stays open after a turn."""
        if turn.machine.state is not TurnState.ANSWERED or self.site.audio_in is None:
            return 0.0
        if turn.answer is not None and turn.answer.expects_answer:
            return self.settings.answer_seconds
        return self.settings.follow_up_seconds

    def _note_intent(self, message: Message) -> None:
        turn, intent = self._turn, message.payload
        if turn is not None and isinstance(intent, Intent) and intent.site == self.site.id and not turn.intent_time:
            turn.intent_time = self._hub.clock.monotonic()

    def _warn_once(self, problem: str) -> None:
        if problem not in self._warned:
            self._warned.add(problem)
            _LOGGER.warning("%s: %s", self.site.id, problem)

    @staticmethod
    def _default_language(hub: Hub, site: Site) -> str:
        return site.language or hub.language
