"""Between arvisd's messages and those of Hermes: what is heard goes out, what is asked for is done."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import msgspec

from arvisd.api import ActionError, Host, Message, new_id

from .heard import HeardInfo, HeardIntent, HeardTranscript, HeardTurn, HeardWake
from .messages import (
    CONTINUE,
    DEFAULT_SITE,
    DIALOGUE_NOT_RECOGNIZED,
    END,
    HOTWORD,
    INTENT,
    NOT_RECOGNIZED,
    NOTIFICATION,
    SAY,
    SAY_FINISHED,
    START,
    TEXT_CAPTURED,
    ContinueSession,
    EndSession,
    Hotword,
    IntentMessage,
    IntentName,
    NotRecognized,
    Range,
    Say,
    SayFinished,
    Slot,
    SlotValue,
    StartSession,
    TextCaptured,
)
from .sessions import Session, Sessions

T = TypeVar("T", bound=msgspec.Struct)

UNRECOGNIZED = "unrecognized"
REASONS = {"answered": "nominal", "failed": "error"}
"""Why a session is over, by the outcome of its turn; any other: somebody ended it."""


class Bridge:
    """Listens on both sides until the integration stops."""

    def __init__(self, host: Host, site: str) -> None:
        """Prepare; `site` is what Hermes calls `default`, empty: the first one there is."""
        self._host = host
        self._site = site
        self._sessions = Sessions(host.clock, self._publish, self._named)

    def start(self) -> None:
        """Begin to listen."""
        topics = self._host.hub.topics
        for filter_, heard in (
            (topics.intent("+"), self._intent),
            (topics.site("+", "wake"), self._wake),
            (topics.site("+", "transcript"), self._transcript),
            (topics.site("+", "turn"), self._turn),
        ):
            self._host.subscribe(filter_, heard, remote=False)
        self._hear(SAY, Say, self._say)
        self._hear(START, StartSession, self._start)
        self._hear(CONTINUE, ContinueSession, self._continue)
        self._hear(END, EndSession, self._end)

    # ---- out

    def _intent(self, message: Message) -> None:
        heard = message.decode(HeardIntent)
        session = self._sessions.at(heard.site)
        if session is None:
            session = Session(heard.session or heard.id, heard.site)
        self._sessions.open(session)
        name = message.topic.rpartition("/")[2]
        site = self._named(heard.site)
        if name == UNRECOGNIZED:
            unheard = NotRecognized(heard.text, site, session.id, session.custom_data)
            self._publish(NOT_RECOGNIZED, unheard)
            if session.tells_unrecognized:
                self._publish(DIALOGUE_NOT_RECOGNIZED, unheard)
            return
        self._publish(
            INTENT.format(name),
            IntentMessage(
                input=heard.text,
                intent=IntentName(name, heard.confidence),
                slots=[_slot(key, slot.value, slot.text, heard) for key, slot in heard.slots.items()],
                id=heard.id,
                site_id=site,
                session_id=session.id,
                custom_data=session.custom_data,
                lang=heard.language,
                asr_confidence=heard.confidence,
            ),
        )

    def _wake(self, message: Message) -> None:
        heard = message.decode(HeardWake)
        self._publish(HOTWORD.format(heard.word), Hotword(heard.word, self._named(_site(message)), heard.score))

    def _transcript(self, message: Message) -> None:
        heard = message.decode(HeardTranscript)
        if heard.final:
            site = _site(message)
            session = self._sessions.at(site)
            id_ = session.id if session is not None else None
            self._publish(TEXT_CAPTURED, TextCaptured(heard.text, heard.confidence, self._named(site), id_))

    def _turn(self, message: Message) -> None:
        heard = message.decode(HeardTurn)
        session = self._sessions.at(heard.site)
        if session is None:
            return
        if heard.reason == "nobody spoke":
            self._sessions.end(session, "timeout")
        elif heard.outcome == "answered" and heard.intent is None:
            self._sessions.end_later(session, "intentNotRecognized")
        else:
            self._sessions.end_later(session, REASONS.get(heard.outcome, "abortedByUser"))

    # ---- in

    async def _say(self, say: Say) -> None:
        site = self._ours(say.site_id)
        await self._speak(site, say.text, say.lang)
        self._publish(SAY_FINISHED, SayFinished(say.id, self._named(site), say.session_id))

    async def _start(self, start: StartSession) -> None:
        init = start.init
        session = Session(
            new_id(), self._ours(start.site_id), start.custom_data, tells_unrecognized=init.send_intent_not_recognized
        )
        self._sessions.open(session)
        await self._speak(session.site, init.text, start.lang)
        if init.type == NOTIFICATION:
            self._sessions.end(session, "nominal")
        else:
            await self._listen(session)

    async def _continue(self, go_on: ContinueSession) -> None:
        session = self._sessions.get(go_on.session_id)
        if session is None:
            self._host.log.warning("%s: there is no session %r", CONTINUE, go_on.session_id)
            return
        if go_on.custom_data is not None:
            session.custom_data = go_on.custom_data
        session.tells_unrecognized = go_on.send_intent_not_recognized
        self._sessions.open(session)
        await self._speak(session.site, go_on.text, go_on.lang)
        await self._listen(session)

    async def _end(self, end: EndSession) -> None:
        session = self._sessions.get(end.session_id)
        if session is None:
            self._host.log.warning("%s: there is no session %r", END, end.session_id)
            return
        session.generation += 1  # it does not end while this is said
        if end.custom_data is not None:
            session.custom_data = end.custom_data
        await self._speak(session.site, end.text, None)
        self._sessions.end(session, "nominal")

    async def _speak(self, site: str, text: str | None, language: str | None) -> None:
        """Say something and return when it was heard; where there is no such site, that is logged."""
        if text and text.strip():
            data = {"message": text, "site": site, "language": (language or "")[:2].lower(), "wait": True}
            await self._do("tts.speak", data)

    async def _listen(self, session: Session) -> None:
        if session.open and not await self._do("assist.listen", {"site": session.site}):
            self._sessions.end(session, "error")

    async def _do(self, action: str, data: dict[str, Any]) -> bool:
        try:
            await self._host.hub.actions.call(action, data)
        except ActionError as error:
            self._host.log.warning("asked for over Hermes: %s", error)
            return False
        return True

    # ---- both

    def _hear(self, topic: str, type_: type[T], do: Callable[[T], Coroutine[Any, Any, None]]) -> None:
        def heard(message: Message) -> None:
            if message.retain:
                return  # a kept request is an old one
            try:
                request = msgspec.json.decode(message.data or b"{}", type=type_)
            except msgspec.MsgspecError as error:
                self._host.log.warning("%s cannot be read: %s", topic, error)
                return
            self._host.spawn(do(request), topic)

        self._host.subscribe(topic, heard)

    def _publish(self, topic: str, payload: object) -> None:
        self._host.hub.bus.publish(topic, msgspec.json.encode(payload), qos=0)

    def _named(self, site: str) -> str:
        """Return what Hermes calls a site."""
        return DEFAULT_SITE if site == self._default() else site

    def _ours(self, site_id: str | None) -> str:
        """Return the site that Hermes means."""
        return self._default() if site_id in (None, "", DEFAULT_SITE) else str(site_id)

    def _default(self) -> str:
        if self._site:
            return self._site
        info = self._host.hub.bus.retained(self._host.hub.topics.info)
        sites = info[0].decode(HeardInfo).sites if info else []
        return sites[0] if sites else DEFAULT_SITE


def _site(message: Message) -> str:
    return message.topic.split("/")[-2]


def _slot(name: str, value: Any, text: str, heard: HeardIntent) -> Slot:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    start = heard.text.lower().find(text.lower()) if text else -1
    return Slot(
        slot_name=name,
        entity=name,
        raw_value=text,
        value=SlotValue("Number" if number else "Custom", value),
        confidence=heard.confidence,
        range=Range(start, start + len(text)) if start >= 0 else None,
    )
