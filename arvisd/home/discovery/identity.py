"""Which entity id a component has: made from the names of its device and itself, and the same after a restart."""

from __future__ import annotations

from collections.abc import Callable

from arvisd.storage.database import Database

TABLES = (
    "CREATE TABLE entity_id (unique_id TEXT PRIMARY KEY, entity_id TEXT NOT NULL UNIQUE, made_from TEXT NOT NULL);",
)
"""`made_from`: the id that the names gave, before a number was added because another has it."""


class EntityIds:
    """Gives ids; two devices of one name keep theirs, whoever comes first after a restart.

    A component whose name changes gets the id of its new name: a lamp that was `light.0x00158d0001` while it had
    no name is `light.kitchen_ceiling` when it has one.
    """

    def __init__(self, database: Database, taken: Callable[[str], bool]) -> None:
        database.prepare("entity_ids", TABLES)
        self._database = database
        self._taken = taken
        self._known: dict[str, tuple[str, str]] = {
            unique: (entity_id, made_from)
            for unique, entity_id, made_from in database.read("SELECT unique_id, entity_id, made_from FROM entity_id")
        }
        self._used = {entity_id for entity_id, _ in self._known.values()}

    def give(self, unique_id: str, wanted: str) -> str:
        """Return the entity id of a component.

        Args:
            unique_id: what tells it from every other: `light.mqtt.<unique_id>`.
            wanted: what its names make: `light.kitchen_ceiling`.
        """
        known = self._known.get(unique_id)
        if known is not None and known[1] == wanted:
            return known[0]
        if known is not None:
            self._used.discard(known[0])
        entity_id, number = wanted, 1
        while entity_id in self._used or self._taken(entity_id):
            number += 1
            entity_id = f"{wanted}_{number}"
        self._known[unique_id] = (entity_id, wanted)
        self._used.add(entity_id)
        self._database.write("INSERT OR REPLACE INTO entity_id VALUES (?, ?, ?)", (unique_id, entity_id, wanted))
        return entity_id

    def forget(self, unique_id: str) -> None:
        """Free an id for good: its device is gone and will not come back."""
        known = self._known.pop(unique_id, None)
        if known is not None:
            self._used.discard(known[0])
            self._database.write("DELETE FROM entity_id WHERE unique_id = ?", (unique_id,))
