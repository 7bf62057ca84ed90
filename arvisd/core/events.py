"""Events: something that happened; published on `arvis/event/<type>`, never kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from arvisd.core.context import Context


class Event(msgspec.Struct, frozen=True):
    """Something that happened; its type is the last part of its topic."""

    data: dict[str, Any]
    """What happened, JSON values only."""
    time: datetime
    """When."""
    context: Context
    """What caused it."""


class LogEntry(msgspec.Struct, frozen=True):
    """A warning or an error that a person should see, on `arvis/log/<level>`."""

    message: str
    """What is wrong and what to do."""
    source: str
    """The part of the daemon that says it."""
    time: datetime
    context: Context


class ProblemEntry(msgspec.Struct, frozen=True):
    """One thing that is wrong now, as `arvisd check --json` says it."""

    file: str
    """Relative to the configuration folder; empty: it stands in no file of it."""
    line: int
    """From 1; 0: the file as a whole."""
    column: int
    severity: str
    """`error` or `warning`."""
    message: str
    """What is wrong and what to do."""
    automation: str | None = None
    """Id or alias of the automation that it is in."""


class Problems(msgspec.Struct, frozen=True):
    """All that is wrong now, kept on `arvis/problems`: with the configuration, and what was found at work."""

    problems: list[ProblemEntry]


class ProviderHealth(msgspec.Struct, frozen=True):
    """What is known of one provider."""

    capability: str
    """`stt`, `tts`, `wake`, `vad`, …"""
    name: str
    local: bool
    """False: it sends what it is given to another machine."""
    languages: list[str]
    """Language codes it serves; empty: any."""
    ok: bool
    detail: str = ""
    """Why it is not ok."""


class IntegrationHealth(msgspec.Struct, frozen=True):
    """How an integration is doing."""

    name: str
    state: str
    """`running`, `failed`, `disabled` or `stopped`."""
    detail: str = ""


class Info(msgspec.Struct, frozen=True):
    """What the daemon is, kept on `arvis/info`."""

    version: str
    mode: str
    """`standalone`, `hybrid` or `cloud`."""
    language: str
    sites: list[str]
    integrations: list[IntegrationHealth]
    providers: list[ProviderHealth]
    context: Context = msgspec.field(default_factory=Context)
