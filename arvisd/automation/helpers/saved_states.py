"""What helpers were, in the database: a kill loses nothing older than a fifth of a second."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

import msgspec

from arvisd.automation.helpers.kind import Saved
from arvisd.core.clock import Clock, TimerHandle
from arvisd.core.states import StateStore
from arvisd.storage.database import Database
from arvisd.storage.errors import StorageError

_LOGGER = logging.getLogger(__name__)

MIGRATIONS = (
    """
    CREATE TABLE helper_states (
        entity_id TEXT PRIMARY KEY, state TEXT NOT NULL, attributes TEXT NOT NULL, saved_at TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
)

INTERVAL = 0.1
"""Seconds between two writes; the first change after a rest is written at once, those that follow together."""


class SavedStates:
    """The states of helpers in one database."""

    def __init__(self, database: Database, states: StateStore, clock: Clock) -> None:
        self._database = database
        self._states = states
        self._clock = clock
        self._changed: dict[str, None] = {}
        self._timer: TimerHandle | None = None
        self._failed = False
        database.prepare("helpers", MIGRATIONS)

    def load(self) -> dict[str, Saved]:
        """Return every saved state by entity id; one that cannot be read is left out."""
        return _read(self._database.read("SELECT * FROM helper_states"))

    def find(self, entity_id: str) -> Saved | None:
        """Return what is saved of one."""
        rows = self._database.read("SELECT * FROM helper_states WHERE entity_id = ?", (entity_id,))
        return _read(rows).get(entity_id)

    def touch(self, entity_id: str) -> None:
        """Save the state that an entity has now; the last one counts."""
        self._changed[entity_id] = None
        if self._timer is None:
            self.flush()
            self._timer = self._clock.call_later(INTERVAL, self._due)

    def forget(self, entity_ids: Iterable[str]) -> None:
        """Delete what is saved of entities."""
        gone = list(entity_ids)
        for entity_id in gone:
            self._changed.pop(entity_id, None)
        if not gone:
            return
        with self._database.transaction():
            for entity_id in gone:
                self._database.write("DELETE FROM helper_states WHERE entity_id = ?", (entity_id,))

    def flush(self) -> None:
        """Write all that waits, now; what cannot be written now is tried again with the next change."""
        if not self._changed:
            return
        now = self._clock.now().isoformat()
        try:
            with self._database.transaction():
                for entity_id in self._changed:
                    state = self._states.get(entity_id)
                    if state is not None:
                        self._database.write(
                            "INSERT OR REPLACE INTO helper_states VALUES (?, ?, ?, ?)",
                            (entity_id, state.state, msgspec.json.encode(state.attributes).decode(), now),
                        )
        except StorageError as error:
            if not self._failed:
                _LOGGER.warning("the states of helpers cannot be saved: %s", error)
            self._failed = True
            return
        self._failed = False
        self._changed.clear()

    def close(self) -> None:
        """Write all that waits and let the timer go."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.flush()

    def _due(self) -> None:
        self._timer = None
        if self._changed:
            self.flush()
            self._timer = self._clock.call_later(INTERVAL, self._due)


def _read(rows: Iterable[tuple[str, str, str, str]]) -> dict[str, Saved]:
    found: dict[str, Saved] = {}
    for entity_id, state, attributes, saved_at in rows:
        try:
            found[entity_id] = Saved(state, msgspec.json.decode(attributes), datetime.fromisoformat(saved_at))
        except ValueError as error:
            _LOGGER.warning("%s: its saved state cannot be read (%s): it begins anew", entity_id, error)
    return found
