"""Renders templates whenever something that they read has changed, as often as is good for the house."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Generic, TypeVar

from arvisd.automation.entities import ENTITY_ID
from arvisd.automation.templates.states import Reads
from arvisd.automation.templates.undefined import RENDERING
from arvisd.core.bus import Message
from arvisd.core.clock import TimerHandle
from arvisd.core.context import Context
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner

_LOGGER = logging.getLogger("arvisd.automation.templates")

MINUTE = 60.0
"""Seconds after which what asks for the time is rendered again, at the turn of the minute."""
EVERYTHING_SECONDS = 60.0
"""What reads all states is rendered no more often than this, as in Home Assistant."""
DOMAIN_SECONDS = 1.0
"""The same for what reads all entities of a domain."""
MOST = 100
"""Renderings within a second after which one waits: two entities that read each other must not turn for ever."""

T = TypeVar("T")


class Watch(Generic[T]):
    """One rendering that is kept up to date."""

    def __init__(
        self, hub: Hub, entity_id: str, render: Callable[[], T], show: Callable[[T, Context | None], object]
    ) -> None:
        """Prepare; `begin` begins.

        Args:
            hub: bus, clock.
            entity_id: what is rendered; its own changes are not looked at.
            render: gives the values; what it reads is watched.
            show: is handed them, and what caused the change.
        """
        self._hub = hub
        self._entity_id = entity_id
        self._render = render
        self._show = show
        self._listening = Owner(f"{entity_id}: template")
        self._topics: frozenset[str] = frozenset()
        self._reads = Reads()
        self._minute: TimerHandle | None = None
        self._later: TimerHandle | None = None
        self._rendered = float("-inf")
        self._second = float("-inf")
        self._count = 0

    def look(self, cause: Context | None = None) -> None:
        """Render now."""
        self._cancel_later()
        now = self._hub.clock.monotonic()
        self._rendered = now
        outer, RENDERING.tracker = RENDERING.tracker, Reads()
        try:
            result = self._render()
            self._reads = RENDERING.tracker
        finally:
            RENDERING.tracker = outer
        self._listen()
        self._show(result, cause)

    def stop(self) -> None:
        """Look no more."""
        self._listening.release()
        self._topics = frozenset()
        self._cancel_later()
        if self._minute is not None:
            self._minute.cancel()
            self._minute = None

    def _listen(self) -> None:
        reads, topics = self._reads, self._hub.topics
        if reads.everything:
            wanted = {topics.state("+.+")}
        else:
            wanted = {topics.state(f"{domain}.+") for domain in reads.domains if domain.isidentifier()}
            wanted |= {topics.state(id_) for id_ in reads.entities if isinstance(id_, str) and ENTITY_ID.match(id_)}
        wanted.discard(topics.state(self._entity_id))
        if wanted != self._topics:
            self._listening.release()
            self._topics = frozenset(wanted)
            for topic in sorted(wanted):
                self._hub.bus.subscribe(topic, self._changed, self._listening)
        if reads.time and self._minute is None:
            now = self._hub.clock.now()
            rest = MINUTE - now.second - now.microsecond / 1e6
            self._minute = self._hub.clock.call_later(rest, self._minute_passed)

    def _minute_passed(self) -> None:
        self._minute = None
        self.look()

    def _changed(self, message: Message) -> None:
        entity_id, _, state = self._hub.states.changes(message)
        if entity_id == self._entity_id or self._later is not None:
            return
        wait = self._wait(entity_id)
        cause = state.context if state is not None else None
        if wait <= 0:
            self.look(cause)
        else:
            self._later = self._hub.clock.call_later(wait, self._due)

    def _wait(self, entity_id: str) -> float:
        """Return the seconds until it may be rendered again."""
        now = self._hub.clock.monotonic()
        if now - self._second >= 1.0:
            self._second, self._count = now, 0
        self._count += 1
        if self._count > MOST:
            if self._count == MOST + 1:
                _LOGGER.warning(
                    "%s is rendered more than %d times a second: does it read what depends on it?",
                    self._entity_id,
                    MOST,
                )
            return 1.0
        if entity_id in self._reads.entities:
            return 0.0
        rest = EVERYTHING_SECONDS if self._reads.everything else DOMAIN_SECONDS
        return self._rendered + rest - now

    def _due(self) -> None:
        self._later = None
        self.look()

    def _cancel_later(self) -> None:
        if self._later is not None:
            self._later.cancel()
            self._later = None
