"""Every topic of the public interface with its direction, its payload and what it is for; docs/asyncapi.yaml is made from it."""

from __future__ import annotations

import enum
from typing import Any

import msgspec

from arvisd.core.actions import ActionRequest, ActionResult
from arvisd.core.events import Event, Info, LogEntry, Problems
from arvisd.core.intents import Intent
from arvisd.core.sites import (
    Cues,
    ListenRequest,
    Phase,
    Reply,
    SpeechBegin,
    SpeechCancel,
    SpeechEnd,
    TextInput,
    Transcript,
    TurnTrace,
    Visemes,
    Wake,
)
from arvisd.core.states import State


class Direction(enum.Enum):
    """Who publishes."""

    OUT = "out"
    """The daemon."""
    IN = "in"
    """Others."""


class Form(enum.Enum):
    """Payloads that are no JSON object."""

    TEXT = "text"
    BINARY = "binary"
    JSON = "json"
    """Any JSON: the standard of somebody else."""


class Topic(msgspec.Struct, frozen=True):
    """One row of the table."""

    name: str
    """Key of the channel in the document."""
    pattern: str
    """Below the root; a level `{like_this}` varies."""
    direction: Direction
    payload: type[msgspec.Struct] | str | Form
    """The struct, or `module:name` of one that lies in a folder above this one."""
    description: str
    retained: bool = False
    qos: int = 1
    rooted: bool = True
    """The root comes before the pattern."""


OUT, IN = Direction.OUT, Direction.IN

TOPICS: tuple[Topic, ...] = (
    Topic("status", "status", OUT, Form.TEXT, "`online` or `offline`; the last will says `offline`.", retained=True),
    Topic("info", "info", OUT, Info, "Version, mode, language, sites, integrations, health of each provider.", retained=True),
    Topic("problems", "problems", OUT, Problems, "All that is wrong now, in the configuration and at work; an empty list when all is well.", retained=True),
    Topic("state", "state/{domain}/{object}", OUT, State, "The current value of an entity, with attributes.", retained=True),
    Topic("event", "event/{type}", OUT, Event, "Something that happened."),
    Topic("intent", "intent/{name}", OUT, Intent, "What a turn asked for; `unrecognized` when nothing fits."),
    Topic("action", "action/{domain}/{name}", IN, ActionRequest, "Have an action done."),
    Topic("result", "result/{id}", OUT, ActionResult, "The answer to an action that named no response topic."),
    Topic("text", "site/{site}/text", IN, TextInput, "A typed turn."),
    Topic("listen", "site/{site}/listen", IN, ListenRequest, "Start listening without a wake word; may be empty."),
    Topic("stop", "site/{site}/stop", IN, ListenRequest, "Stop listening and speaking; may be empty."),
    Topic(
        "audio_in", "site/{site}/audio/in", IN, Form.BINARY,
        "A 16-byte header (version, stream, sequence, sample time) and 16 kHz mono s16le, 20 to 100 ms a message.", qos=0,
    ),
    Topic("phase", "site/{site}/phase", OUT, Phase, "What the site is doing: who comes late looks right at once.", retained=True),
    Topic("wake", "site/{site}/wake", OUT, Wake, "A wake word was heard."),
    Topic("transcript", "site/{site}/transcript", OUT, Transcript, "What was heard, partials too."),
    Topic("reply", "site/{site}/reply", OUT, Reply, "The answer's text as it is made."),
    Topic("speech_begin", "site/{site}/speech/{utterance}/begin", OUT, SpeechBegin, "An utterance is about to be spoken."),
    Topic(
        "speech_visemes", "site/{site}/speech/{utterance}/visemes", OUT, Visemes,
        "Mouth shapes of one sentence, before its audio; times in ms from the utterance's first sample.",
    ),
    Topic("speech_cues", "site/{site}/speech/{utterance}/cues", OUT, Cues, "Words, gestures, emotions and looks in time."),
    Topic(
        "speech_audio", "site/{site}/speech/{utterance}/audio", OUT, Form.BINARY,
        "The header of `audio/in`, then s16le at the rate of `begin`; a whole packet is at most 4,000 bytes.", qos=0,
    ),
    Topic("speech_end", "site/{site}/speech/{utterance}/end", OUT, SpeechEnd, "All of the utterance has been sent."),
    Topic(
        "speech_cancel", "site/{site}/speech/{utterance}/cancel", OUT, SpeechCancel,
        "Somebody spoke in between: players fall silent and forget this utterance.",
    ),
    Topic("turn", "site/{site}/turn", OUT, TurnTrace, "The trace of a finished turn."),
    Topic(
        "automation_trace", "automation/{id}/trace", OUT, "arvisd.automation.trace:TraceRecord",
        "The trace of a finished run of an automation.",
    ),
    Topic("log", "log/{level}", OUT, LogEntry, "Warnings and errors that a person should see."),
    Topic(
        "discovery", "homeassistant/{component}/{object}/config", IN, Form.JSON,
        "Home Assistant's discovery of other devices.", retained=True, rooted=False,
    ),
    Topic(
        "hub_device", "homeassistant/device/{object}/config", OUT, Form.JSON,
        "This daemon as a device for hubs: see docs/hubs/home-assistant.md.", retained=True, rooted=False,
    ),
    Topic(
        "hub_status", "homeassistant/status", IN, Form.TEXT,
        "`online`: a hub was born; the device is announced again.", rooted=False,
    ),
)  # fmt: skip
"""The table of the design, in its order."""

PARAMETERS: dict[str, str] = {
    "domain": "First part of an id: `light` of `light.kitchen`.",
    "object": "Second part of an entity's id.",
    "type": "Type of the event.",
    "name": "Name of the intent or of the action.",
    "id": "Id that the request or the automation carries.",
    "site": "Id of the site.",
    "utterance": "Id of the utterance.",
    "level": "`warning` or `error`.",
    "component": "Kind of the entity, as `light`.",
}
"""What the varying levels are."""


def address(topic: Topic, root: str = "arvis") -> str:
    """Return a topic with its varying levels in braces."""
    return f"{root}/{topic.pattern}" if topic.rooted else topic.pattern


def parameters(topic: Topic) -> list[str]:
    """Return the names of the varying levels."""
    return [level[1:-1] for level in topic.pattern.split("/") if level.startswith("{")]


def topic_filter(topic: Topic, root: str = "arvis") -> str:
    """Return the MQTT filter that matches a row."""
    return "/".join("+" if level.startswith("{") else level for level in address(topic, root).split("/"))


def payload_type(topic: Topic) -> Any:
    """Return the struct of a row, None where the payload is no JSON of ours."""
    if isinstance(topic.payload, Form):
        return None
    if isinstance(topic.payload, str):
        module, _, name = topic.payload.partition(":")
        # named as text: a folder imports only from those above it, and this one is asked for when the document is made
        return getattr(__import__(module, fromlist=[name]), name)
    return topic.payload
