"""Intents: what a turn asked for, published on `arvis/intent/<Name>`."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.core.context import Context

UNRECOGNIZED = "unrecognized"
"""Name of the topic used when nothing fitted."""


class Slot(msgspec.Struct, frozen=True):
    """One named part of an intent."""

    value: Any
    """What is meant: an entity id, a number, a normalised word."""
    text: str
    """What was said."""


class Intent(msgspec.Struct, frozen=True):
    """What a turn asked for."""

    id: str
    text: str
    """The whole utterance."""
    slots: dict[str, Slot]
    confidence: float
    """0 to 1."""
    language: str
    site: str
    session: str
    speaker: str | None
    """Who spoke, where that is known."""
    by: str
    """What recognised it: `sentences`, `automation`, a provider's name; empty when unrecognized."""
    context: Context
    name: str = ""
    """The last part of the topic again, for those who listen to all of them."""
