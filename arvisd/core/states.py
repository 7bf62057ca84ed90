"""States: the current value of each entity, kept on the bus under `arvis/state/<domain>/<object>`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from arvisd.core.bus import Bus, Message, Origin
from arvisd.core.clock import Clock
from arvisd.core.context import Context
from arvisd.core.topics import Topics

UNAVAILABLE = "unavailable"
UNKNOWN = "unknown"


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """The value of an entity, with attributes."""

    state: str
    """The value as text: `on`, `21.5`, `unavailable`, `unknown`."""
    attributes: dict[str, Any]
    """Further facts, JSON values only."""
    last_changed: datetime
    """When `state` last took another value."""
    context: Context
    """What caused it."""
    attributes_changed: datetime | None = msgspec.field(default=None, name="last_updated")
    """When an attribute last changed after that; None: not since `last_changed`."""

    @property
    def last_updated(self) -> datetime:
        """When the value or an attribute last changed."""
        return self.attributes_changed or self.last_changed


class _Expected:
    """Something that was asked of an entity."""

    __slots__ = ("context", "shows")

    def __init__(self, shows: Callable[[State], bool], context: Context) -> None:
        self.shows = shows
        self.context = context


class StateStore:
    """Reads and writes states; what is written is published, retained, before the call returns."""

    def __init__(self, bus: Bus, topics: Topics, clock: Clock) -> None:
        self._bus = bus
        self._topics = topics
        self._clock = clock
        self._states: dict[str, State] = {}
        self._expected: dict[str, list[_Expected]] = {}
        """For each entity what was asked of it and has not shown yet."""

    def get(self, entity_id: str) -> State | None:
        """Return the state of an entity, None where there is none."""
        return self._states.get(entity_id)

    def set(
        self,
        entity_id: str,
        state: str,
        attributes: dict[str, Any] | None = None,
        context: Context | None = None,
    ) -> State:
        """Write a state; nothing is published when neither the value nor the attributes changed.

        `attributes=None` keeps the ones that are there.
        """
        before = self._states.get(entity_id)
        if attributes is None:
            attributes = before.attributes if before else {}
        if before is not None and before.state == state and before.attributes == attributes:
            return before
        now = self._clock.now()
        cause = context or Context(source=self._source())
        if before is None or before.state != state:
            after = State(state, attributes, now, cause)
        else:
            after = State(state, attributes, before.last_changed, cause, now)
        if context is None and entity_id in self._expected:
            after = self._confirming(entity_id, after)
        self._states[entity_id] = after
        self._bus.publish(self._topics.state(entity_id), after, retain=True)
        return after

    @contextlib.contextmanager
    def expecting(self, entity_id: str, shows: Callable[[State], bool], context: Context) -> Iterator[None]:
        """While the block lasts, a state that shows what was asked for is caused by who asked, not by the outside.

        Args:
            entity_id: whose state it is.
            shows: tells whether a state shows it.
            context: of who asked.
        """
        expected = _Expected(shows, context)
        self._expected.setdefault(entity_id, []).append(expected)
        try:
            yield
        finally:
            waiting = self._expected[entity_id]
            waiting.remove(expected)
            if not waiting:
                del self._expected[entity_id]

    def _confirming(self, entity_id: str, state: State) -> State:
        for expected in self._expected[entity_id]:
            if expected.shows(state):
                return msgspec.structs.replace(state, context=expected.context)
        return state

    def _source(self) -> str | None:
        """Return the topic of the message from outside that is being delivered, None outside of one."""
        message = self._bus.current
        return message.topic if message is not None and message.origin is Origin.REMOTE else None

    def remove(self, entity_id: str) -> None:
        """Forget an entity's state and clear it at the broker; unknown ids are ignored."""
        if self._states.pop(entity_id, None) is not None:
            self._bus.publish(self._topics.state(entity_id), b"", retain=True)

    def ids(self, domain: str | None = None) -> list[str]:
        """Return the ids of all entities, or of one domain, sorted."""
        return sorted(i for i in self._states if domain is None or i.partition(".")[0] == domain)

    def __iter__(self) -> Iterator[tuple[str, State]]:
        return iter(list(self._states.items()))

    def changes(self, message: Message) -> tuple[str, State | None, State | None]:
        """Return entity id, old and new state from a message on a state topic; a removal gives None as new."""
        domain, _, object_id = message.topic[len(self._topics.root) + len("/state/") :].partition("/")
        old = message.previous if isinstance(message.previous, State) else None
        new = message.payload if isinstance(message.payload, State) else None
        return f"{domain}.{object_id}", old, new
