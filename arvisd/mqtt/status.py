"""How the connection is doing, and what became of messages."""

from __future__ import annotations

import enum
from collections import Counter

import msgspec


class Status(enum.Enum):
    """How the connection is doing."""

    OFFLINE = "offline"
    CONNECTING = "connecting"
    ONLINE = "online"
    REFUSED = "refused"
    """The broker said no; somebody must change something."""


class Counts(msgspec.Struct):
    """What became of messages since the start."""

    sent: int = 0
    received: int = 0
    dropped: int = 0
    """Given up because the queue was full."""
    audio_dropped: int = 0
    """Audio that nobody could hear while the broker was away."""
    expired: int = 0
    invalid: int = 0
    """Not sendable at all: a wildcard in the topic, or too large for the broker."""
    denied: Counter[str] = msgspec.field(default_factory=Counter)
    """Refused by the broker's access rules, by the first two levels of the topic."""
    connections: int = 0
