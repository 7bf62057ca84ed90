"""Payloads of a site's topics, `arvis/site/<site>/…`: what goes in, and what a listener sees of a turn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from arvisd.core.context import Context


class TextInput(msgspec.Struct, frozen=True):
    """`text`: a typed turn."""

    text: str
    language: str = ""
    """`en`, `ru`, …; empty: told from the letters, else the site's."""
    session: str = ""
    """Goes on with that conversation; empty: the site's current one."""
    user: str | None = None


class ListenRequest(msgspec.Struct, frozen=True):
    """`listen`: start listening without a wake word; `stop`: stop listening and speaking."""

    context: Context = msgspec.field(default_factory=Context)


class Phase(msgspec.Struct, frozen=True):
    """`phase`, kept: what the site is doing, so that who comes late looks right at once."""

    phase: str
    """`idle`, `listening`, `thinking`, `speaking` or `offline`."""
    emotion: str
    intensity: float
    """0 to 1."""
    utterance: str | None
    """The utterance being spoken."""
    language: str
    since: datetime


class Wake(msgspec.Struct, frozen=True):
    """`wake`: a wake word was heard."""

    word: str
    score: float
    """0 to 1."""
    time: datetime
    context: Context


class Transcript(msgspec.Struct, frozen=True):
    """`transcript`: what was heard, partials too."""

    text: str
    final: bool
    confidence: float
    turn: str
    context: Context


class Reply(msgspec.Struct, frozen=True):
    """`reply`: the answer's text as it is made; the last one has `final` and the whole text."""

    turn: str
    seq: int
    delta: str
    final: bool
    text: str
    emotion: str
    context: Context


class Stage(msgspec.Struct, frozen=True):
    """One stage of a turn."""

    name: str
    """`wake`, `listen`, `stt`, `intent`, `answer`, `tts`, `speak`."""
    ms: float
    provider: str = ""


class TurnTrace(msgspec.Struct, frozen=True):
    """`turn`: the trace of a finished turn."""

    turn: str
    session: str
    site: str
    text: str
    """What was heard or typed."""
    language: str
    intent: str | None
    slots: dict[str, Any]
    by: str
    """What recognised the intent."""
    actions: list[str]
    """Names of the actions that were done for it."""
    reply: str
    """What was said; cut to what was really heard when it was interrupted."""
    outcome: str
    """`answered`, `cancelled`, `interrupted` or `failed`: exactly one ending."""
    reason: str
    """Why it ended so, where that is not plain."""
    stages: list[Stage]
    stages_ms: dict[str, float]
    """The same by name, for those who only want the milliseconds; `total` from the end of speech to the first sound."""
    time: datetime
    context: Context


class SpeechBegin(msgspec.Struct, frozen=True):
    """`speech/<utterance>/begin`: an utterance is about to be spoken."""

    turn: str
    text: str
    language: str
    codec: str
    """`pcm_s16le`."""
    rate: int
    """Samples a second."""
    estimated_ms: int
    emotion: str
    context: Context


class Visemes(msgspec.Struct, frozen=True):
    """`speech/<utterance>/visemes`: mouth shapes of one sentence, sent before its audio."""

    seq: int
    v: list[tuple[int, int, str, float]]
    """`[t, ms, "PP", weight]`: start and length in ms from the utterance's first sample, Oculus-15 name, 0 to 1."""
    context: Context


class Cues(msgspec.Struct, frozen=True):
    """`speech/<utterance>/cues`: words, gestures, emotions and looks in time."""

    cues: list[tuple[int, str, Any, float]]
    """`[t, kind, value, weight]`, t in ms from the utterance's first sample."""
    context: Context


class SpeechEnd(msgspec.Struct, frozen=True):
    """`speech/<utterance>/end`: all of it has been sent."""

    samples: int
    context: Context


class SpeechCancel(msgspec.Struct, frozen=True):
    """`speech/<utterance>/cancel`: fall silent and forget this utterance."""

    reason: str
    at: int
    """How much of it was heard, in ms."""
    context: Context
