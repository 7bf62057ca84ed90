"""The hub: the one object that every part is handed, with the bus, the states, the actions and the clock."""

from __future__ import annotations

from typing import Any

from arvisd.core.actions import ActionRegistry
from arvisd.core.bus import Bus
from arvisd.core.causes import Causes
from arvisd.core.clock import Clock, SystemClock
from arvisd.core.context import Context
from arvisd.core.events import Event, LogEntry
from arvisd.core.states import StateStore
from arvisd.core.topics import Topics


class Hub:
    """Bus, states, actions, topics and clock of one daemon."""

    def __init__(self, clock: Clock | None = None, root: str = "arvis", language: str = "en") -> None:
        self.clock: Clock = clock or SystemClock()
        self.topics = Topics(root)
        self.bus = Bus()
        self.states = StateStore(self.bus, self.topics, self.clock)
        self.causes = Causes()
        """What the last contexts stand for."""
        self.actions = ActionRegistry(self.causes)
        self.language = language
        """Language spoken where nothing else says so: `en` or `ru`."""

    def fire(self, type_: str, data: dict[str, Any] | None = None, context: Context | None = None) -> None:
        """Publish an event."""
        self.bus.publish(self.topics.event(type_), Event(data or {}, self.clock.now(), context or Context()))

    def report(self, level: str, source: str, message: str, context: Context | None = None) -> None:
        """Publish a warning or an error that a person should see; the caller logs it too."""
        entry = LogEntry(message, source, self.clock.now(), context or Context())
        self.bus.publish(self.topics.log(level), entry)
