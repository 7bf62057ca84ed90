"""Which entity id a component has: made from the names of its device and itself, and the same after a restart."""

from __future__ import annotations

from collections.abc import Callable

from arvisd.storage.database import Database

TABLES = (
    "CREATE TABLE entity_id (unique_id TEXT PRIMARY KEY, entity_id TEXT NOT NULL UNIQUE, made_from TEXT NOT NULL);",
    "CREATE TABLE former_id (former TEXT PRIMARY KEY, unique_id TEXT NOT NULL);",
)
"""`made_from`: the id that the names gave, before a number was added because another has it; `former`: an id that it had."""


class EntityIds:
    """Gives ids; two devices of one name keep theirs, whoever comes first after a restart.

    A component whose name changes gets the id of its new name: a lamp that was `light.0x00158d0001` while it had
    no name is `light.kitchen_ceiling` when it has one.
    """

    def __init__(
        self,
        database: Database,
        taken: Callable[[str], bool],
        renamed: Callable[[str, str], object] = lambda _old, _new: None,
    ) -> None:
        """Read what is known.

        Args:
            database: where ids are kept.
            taken: tells whether somebody else offers an entity of that id.
            renamed: told of the old and the new id of a component whose name has changed.
        """
        database.prepare("entity_ids", TABLES)
        self._database = database
        self._taken = taken
        self._renamed = renamed
        self._known: dict[str, tuple[str, str]] = {
            unique: (entity_id, made_from)
            for unique, entity_id, made_from in database.read("SELECT unique_id, entity_id, made_from FROM entity_id")
        }
        self._numbers: dict[str, int] = {}
        """By wanted id, the last number that was added to it: a thousand sensors of one name need not count from 2 each."""
        self._former: dict[str, str] = dict(database.read("SELECT former, unique_id FROM former_id"))
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
            self._free(known)
        entity_id, number = wanted, 1
        if wanted in self._used:
            number = self._numbers.get(wanted, 1)
        while entity_id in self._used or self._taken(entity_id):
            number += 1
            entity_id = f"{wanted}_{number}"
        self._numbers[wanted] = number
        self._known[unique_id] = (entity_id, wanted)
        self._used.add(entity_id)
        if self._former.pop(entity_id, None) is not None:
            self._database.write("DELETE FROM former_id WHERE former = ?", (entity_id,))
        self._database.write("INSERT OR REPLACE INTO entity_id VALUES (?, ?, ?)", (unique_id, entity_id, wanted))
        if known is not None and known[0] != entity_id:
            self._former[known[0]] = unique_id
            self._database.write("INSERT OR REPLACE INTO former_id VALUES (?, ?)", (known[0], unique_id))
            self._renamed(known[0], entity_id)
        return entity_id

    def remembers(self, entity_id: str) -> bool:
        """Tell whether a component has or had this id: it may be away, or not have announced itself yet."""
        return entity_id in self._used

    def successor(self, former: str) -> str | None:
        """Return what something is called now that was called so before; None where nothing was, or something else is."""
        unique_id = self._former.get(former)
        return None if unique_id is None or unique_id not in self._known else self._known[unique_id][0]

    def forget(self, unique_id: str) -> None:
        """Free an id for good: its device is gone and will not come back."""
        known = self._known.pop(unique_id, None)
        if known is not None:
            self._free(known)
            self._database.write("DELETE FROM entity_id WHERE unique_id = ?", (unique_id,))

    def _free(self, known: tuple[str, str]) -> None:
        """Let an id be given again."""
        entity_id, wanted = known
        self._used.discard(entity_id)
        self._numbers.pop(wanted, None)
