"""All calendars of the house: what the entities have read and the triggers wait for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from arvisd.automation.calendars.events import CalendarEvent
from arvisd.core.owner import Owner


class Calendars:
    """The events of each calendar, by entity id, as they were last laid out."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        """The configuration's, in which files are looked for."""
        self.data_folder: Path | None = None
        """Where copies of what came from elsewhere are kept; None: nowhere."""
        self.outside = False
        """Whether calendars outside of the house's network may be read."""
        self._events: dict[str, tuple[CalendarEvent, ...]] = {}
        self._watchers: dict[str, list[Callable[[], object]]] = {}

    def events(self, entity_id: str) -> tuple[CalendarEvent, ...] | None:
        """Return the events of a calendar, sorted by start; None: it has not been read, or is not there."""
        return self._events.get(entity_id)

    def lay_out(self, entity_id: str, events: tuple[CalendarEvent, ...]) -> None:
        """A calendar was read, or time has gone on."""
        if self._events.get(entity_id) != events:
            self._events[entity_id] = events
            self._tell(entity_id)

    def withdraw(self, entity_id: str) -> None:
        """A calendar is gone."""
        if self._events.pop(entity_id, None) is not None:
            self._tell(entity_id)

    def watch(self, entity_id: str, told: Callable[[], object], owner: Owner) -> None:
        """Call `told` whenever the events of a calendar are others, until the owner stops."""
        watchers = self._watchers.setdefault(entity_id, [])
        watchers.append(told)
        owner.on_stop(lambda: watchers.remove(told))

    def _tell(self, entity_id: str) -> None:
        for told in list(self._watchers.get(entity_id, ())):
            told()
