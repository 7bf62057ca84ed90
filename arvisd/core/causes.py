"""What is known of contexts: which run, turn or request each of the last ones stands for."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec

from arvisd.core.context import Context

REMEMBERED = 512
"""Turns and requests that are known at least."""
ENDED = 64
"""Runs that are known at least after they have ended; one that goes on is known as long as it does.

Few: in a storm of runs the memory of 512 fell out of the processor's cache and made each a fifth dearer.
"""
CALLS = 256
"""Calls of actions outside of runs that are known."""


class Cause(Protocol):
    """Something that has a context and causes others: a run, a turn, a request."""

    @property
    def context(self) -> Context:
        """Its context; the parent is what caused it."""


class Turn(msgspec.Struct):
    """What somebody said or typed. It grows: how it was heard is told when the turn has ended."""

    context: Context
    time: datetime
    site: str
    text: str
    language: str
    session: str
    intent: str | None = None
    speaker: str | None = None
    by: str = ""
    """What recognised the intent."""
    heard: bool | None = None
    """True: spoken; False: typed; None: not known yet."""


class Request(msgspec.Struct, frozen=True):
    """An action that was asked for over MQTT."""

    context: Context
    time: datetime
    action: str
    target: Any
    """What the action is about."""


class Call(msgspec.Struct, frozen=True):
    """An action that was called for a turn, or by a part of the daemon."""

    context_id: str
    action: str
    target: Any


class Causes:
    """Known causes by the id of their context; bounded, in memory.

    Runs, of which there are thousands a second, do not push turns and requests out.
    """

    __slots__ = ("_calls", "_ended", "_going", "_others", "changed")

    def __init__(self) -> None:
        self._going: dict[str, Cause] = {}
        self._ended = _Ring(ENDED)
        self._others = _Ring(REMEMBERED)
        self._calls: deque[Call] = deque(maxlen=CALLS)
        self.changed: list[Cause] = []
        """Turns and requests that came or grew since somebody looked; whoever stores them empties it."""

    def acts(self, cause: Cause) -> None:
        """Something acts now; where it goes on after that, `begins` says so."""
        self._ended.put(cause.context.id, cause)

    def begins(self, cause: Cause) -> None:
        """Something goes on until `ended`."""
        self._going[cause.context.id] = cause

    def ended(self, cause: Cause) -> None:
        """It ended; what it set in motion may still come."""
        if self._going and self._going.pop(cause.context.id, None) is not None:
            self._ended.put(cause.context.id, cause)

    def happened(self, cause: Cause) -> None:
        """Something happened that has no end: a turn, a request."""
        self._others.put(cause.context.id, cause)
        if len(self.changed) < REMEMBERED:
            self.changed.append(cause)

    def called(self, action: str, target: Any, context: Context) -> None:
        """An action is being called."""
        self._calls.append(Call(context.id, action, target))

    def get(self, context_id: str | None) -> Cause | None:
        """Return what a context stands for, None where it came from outside or is forgotten."""
        if context_id is None:
            return None
        return self._going.get(context_id) or self._others.get(context_id) or self._ended.get(context_id)

    def calls(self, context_id: str) -> Sequence[Call]:
        """Return the actions that were called under a context, the newest first."""
        return [call for call in reversed(self._calls) if call.context_id == context_id]


class _Ring:
    """The last causes of a kind, in two generations: when the younger is full it takes the place of the elder."""

    __slots__ = ("_elder", "_most", "_young")

    def __init__(self, most: int) -> None:
        self._most = most
        self._young: dict[str, Cause] = {}
        self._elder: dict[str, Cause] = {}

    def put(self, id_: str, cause: Cause) -> None:
        young = self._young
        if len(young) >= self._most:
            self._elder = young
            young = self._young = {}
        young[id_] = cause

    def get(self, id_: str) -> Cause | None:
        return self._young.get(id_) or self._elder.get(id_)
