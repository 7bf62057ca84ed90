"""One link of a chain of causes, as it is stored and told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class Link(msgspec.Struct, frozen=True, omit_defaults=True):
    """One cause; the next in a chain is what caused it."""

    kind: str
    """`action`, `run`, `turn`, `request`, `outside`."""
    context: str
    """Id of the context."""
    parent: str | None = None
    """Id of the context that caused it, where there is one."""
    time: datetime | None = None
    text: str = ""
    """What it was, for people: `light.turn_on`, `Light in the hall`, `turn on the light`."""
    place: str = ""
    """Where it is written, `FILE:LINE:COL`; of a run that of its trigger."""
    data: dict[str, Any] = msgspec.field(default_factory=dict)
    """Further facts. An action: `action`, `path`, `step`. A run: `automation`, `id`, `run`, `trigger`, `file`, `line`.
    A turn: `site`, `session`, `language`, `intent`, `speaker`, `by`, `heard`. A request: `action`, `target`."""


class Change(msgspec.Struct, frozen=True):
    """A state that somebody caused."""

    state: str
    time: datetime
    chain: list[Link]
    """From the nearest cause to the farthest that is known."""
