"""What is read of arvisd's own messages."""

from __future__ import annotations

from typing import Any

import msgspec


class HeardSlot(msgspec.Struct, frozen=True):
    """One slot."""

    value: Any
    text: str


class HeardIntent(msgspec.Struct, frozen=True):
    """`arvis/intent/<name>`."""

    id: str
    text: str
    slots: dict[str, HeardSlot]
    confidence: float
    language: str
    site: str
    session: str


class HeardWake(msgspec.Struct, frozen=True):
    """`arvis/site/<site>/wake`."""

    word: str
    score: float


class HeardTranscript(msgspec.Struct, frozen=True):
    """`arvis/site/<site>/transcript`."""

    text: str
    final: bool
    confidence: float


class HeardTurn(msgspec.Struct, frozen=True):
    """`arvis/site/<site>/turn`."""

    session: str
    site: str
    outcome: str
    intent: str | None = None
    reason: str = ""


class HeardInfo(msgspec.Struct, frozen=True):
    """`arvis/info`."""

    sites: list[str]
