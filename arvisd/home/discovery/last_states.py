"""What devices last said, kept over a restart: until they have spoken again nothing has changed, and nothing is triggered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from arvisd.core.states import UNAVAILABLE, UNKNOWN, State, StateStore
from arvisd.storage.database import Database

TABLES = ("CREATE TABLE last_state (entity_id TEXT PRIMARY KEY, state TEXT NOT NULL, attributes TEXT NOT NULL);",)

WRITE_SECONDS = 60.0
"""How often they are written: a kill loses the changes of so long, which then look like changes after the start."""

ABSENT_SECONDS = 120.0
"""How long after a start a device may take to announce itself; a flood of 40,000 announcements is read in 30 s."""

PATIENCE_SECONDS = 30.0
"""How long after a start what was known before counts, where the device does not speak; then it is unknown."""


class LastStates:
    """The states of discovered entities in the database."""

    def __init__(self, database: Database) -> None:
        database.prepare("last_states", TABLES)
        self._database = database
        self._written: dict[str, tuple[str, Any]] = {}
        """By entity: what stands in the database since this start."""

    def restore(self, states: StateStore) -> list[str]:
        """Set every state as it was, before anybody listens; return the ids of the entities."""
        restored = []
        for entity_id, state, attributes in self._database.read("SELECT entity_id, state, attributes FROM last_state"):
            if states.get(entity_id) is None:
                states.set(entity_id, state, msgspec.json.decode(attributes))
                restored.append(entity_id)
        return restored

    def forget_absent(self, states: StateStore, restored: Iterable[str], is_there: Callable[[str], bool]) -> None:
        """Remove what was restored and is no entity any more: its device has not announced itself again."""
        gone = [entity_id for entity_id in restored if not is_there(entity_id)]
        with self._database.transaction():
            for entity_id in gone:
                states.remove(entity_id)
                self._database.write("DELETE FROM last_state WHERE entity_id = ?", (entity_id,))

    def write(self, states: StateStore, entity_ids: Iterable[str]) -> None:
        """Write what is other than it was written; entities that are not among them are forgotten."""
        now = {
            id_: state
            for id_ in entity_ids
            if (state := states.get(id_)) is not None and state.state not in (UNKNOWN, UNAVAILABLE)
        }
        changed = [
            (id_, state) for id_, state in now.items() if self._written.get(id_) != (state.state, state.attributes)
        ]
        with self._database.transaction():
            for id_, state in changed:
                row = (id_, state.state, msgspec.json.encode(state.attributes).decode())
                self._database.write("INSERT OR REPLACE INTO last_state VALUES (?, ?, ?)", row)
                self._written[id_] = (state.state, state.attributes)
            for id_ in self._written.keys() - now.keys():
                self._database.write("DELETE FROM last_state WHERE entity_id = ?", (id_,))
                del self._written[id_]


def worth_keeping(state: State | None) -> bool:
    """Tell whether a state says something."""
    return state is not None and state.state not in (UNKNOWN, UNAVAILABLE)
