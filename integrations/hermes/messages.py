"""The messages of the Hermes protocol that are spoken here, after its reference: https://rhasspy.readthedocs.io/en/latest/reference/#mqtt-api.

What comes in may leave out everything: other programs send less than the reference asks for.
"""

from __future__ import annotations

from typing import Any

import msgspec

DEFAULT_SITE = "default"
"""What Hermes calls the place of a house that has only one."""

INTENT = "hermes/intent/{}"
HOTWORD = "hermes/hotword/{}/detected"
TEXT_CAPTURED = "hermes/asr/textCaptured"
NOT_RECOGNIZED = "hermes/nlu/intentNotRecognized"
SAY = "hermes/tts/say"
SAY_FINISHED = "hermes/tts/sayFinished"
START = "hermes/dialogueManager/startSession"
CONTINUE = "hermes/dialogueManager/continueSession"
END = "hermes/dialogueManager/endSession"
QUEUED = "hermes/dialogueManager/sessionQueued"
STARTED = "hermes/dialogueManager/sessionStarted"
ENDED = "hermes/dialogueManager/sessionEnded"
DIALOGUE_NOT_RECOGNIZED = "hermes/dialogueManager/intentNotRecognized"

NOTIFICATION = "notification"


class _In(msgspec.Struct, frozen=True, rename="camel"):
    """What others send; keys that are not known are passed over."""


class Say(_In, frozen=True):
    """`tts/say`."""

    text: str = ""
    lang: str | None = None
    id: str | None = None
    site_id: str | None = None
    session_id: str | None = None


class Init(_In, frozen=True):
    """How a session begins."""

    type: str = "action"
    """`action`: say the text, then listen; `notification`: only say it."""
    text: str | None = None
    can_be_enqueued: bool = True
    send_intent_not_recognized: bool = False


class StartSession(_In, frozen=True):
    """`dialogueManager/startSession`."""

    init: Init = Init()
    site_id: str | None = None
    custom_data: str | None = None
    lang: str | None = None


class ContinueSession(_In, frozen=True):
    """`dialogueManager/continueSession`."""

    session_id: str = ""
    text: str | None = None
    custom_data: str | None = None
    lang: str | None = None
    send_intent_not_recognized: bool = False


class EndSession(_In, frozen=True):
    """`dialogueManager/endSession`."""

    session_id: str = ""
    text: str | None = None
    custom_data: str | None = None


class Range(msgspec.Struct, frozen=True):
    """Where in the text a slot was said."""

    start: int
    end: int


class SlotValue(msgspec.Struct, frozen=True):
    """What a slot means."""

    kind: str
    """`Custom`, or `Number`."""
    value: Any


class Slot(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """One slot of an intent."""

    slot_name: str
    entity: str
    raw_value: str
    """What was said."""
    value: SlotValue
    confidence: float
    range: Range | None = None


class IntentName(msgspec.Struct, frozen=True, rename="camel"):
    """Which intent, and how sure."""

    intent_name: str
    confidence_score: float


class IntentMessage(msgspec.Struct, frozen=True, rename="camel"):
    """`intent/<name>`."""

    input: str
    intent: IntentName
    slots: list[Slot]
    id: str
    site_id: str
    session_id: str
    custom_data: str | None
    lang: str
    asr_confidence: float
    asr_tokens: list[Any] = msgspec.field(default_factory=list)


class NotRecognized(msgspec.Struct, frozen=True, rename="camel"):
    """`nlu/intentNotRecognized` and `dialogueManager/intentNotRecognized`."""

    input: str
    site_id: str
    session_id: str
    custom_data: str | None = None


class Hotword(msgspec.Struct, frozen=True, rename="camel"):
    """`hotword/<id>/detected`."""

    model_id: str
    site_id: str
    current_sensitivity: float
    model_version: str = ""
    model_type: str = "universal"


class TextCaptured(msgspec.Struct, frozen=True, rename="camel"):
    """`asr/textCaptured`."""

    text: str
    likelihood: float
    site_id: str
    session_id: str | None
    seconds: float = 0.0


class SayFinished(msgspec.Struct, frozen=True, rename="camel"):
    """`tts/sayFinished`."""

    id: str | None
    site_id: str
    session_id: str | None


class SessionNews(msgspec.Struct, frozen=True, rename="camel"):
    """`dialogueManager/sessionStarted` and `sessionQueued`."""

    session_id: str
    site_id: str
    custom_data: str | None


class Termination(msgspec.Struct, frozen=True):
    """Why a session is over."""

    reason: str
    """`nominal`, `abortedByUser`, `intentNotRecognized`, `timeout` or `error`."""


class SessionEnded(msgspec.Struct, frozen=True, rename="camel"):
    """`dialogueManager/sessionEnded`."""

    session_id: str
    site_id: str
    custom_data: str | None
    termination: Termination
