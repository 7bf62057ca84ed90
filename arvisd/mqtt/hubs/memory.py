"""Remembers over restarts what hubs were told, so that they can be told what is gone."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from arvisd.mqtt.hubs.component import HubComponent
from arvisd.storage.database import Database

PART = "hubs"
MIGRATIONS = (
    """
    CREATE TABLE hub_components (id TEXT PRIMARY KEY, component TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE hub_topics (topic TEXT PRIMARY KEY) WITHOUT ROWID;
    """,
)


class Told:
    """The components and topics that hubs know."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.prepare(PART, MIGRATIONS)

    def components(self) -> dict[str, HubComponent]:
        """Return the components that were announced last, by id."""
        rows = self._database.read("SELECT component FROM hub_components")
        found = [msgspec.json.decode(text, type=HubComponent) for (text,) in rows]
        return {component.id: component for component in found}

    def topics(self) -> list[str]:
        """Return the topics on which a device stands at the broker."""
        return [topic for (topic,) in self._database.read("SELECT topic FROM hub_topics")]

    def remember(self, topic: str, changed: Iterable[HubComponent], gone: Iterable[str]) -> None:
        """Note what is announced from now on."""
        with self._database.transaction():
            self._database.write("INSERT OR IGNORE INTO hub_topics VALUES (?)", (topic,))
            for component in changed:
                text = msgspec.json.encode(component).decode()
                self._database.write("INSERT OR REPLACE INTO hub_components VALUES (?, ?)", (component.id, text))
            for id_ in gone:
                self._database.write("DELETE FROM hub_components WHERE id = ?", (id_,))

    def forget(self, topic: str, *, components: bool) -> None:
        """Note that nothing stands on a topic any more, and on `components` that nothing at all is announced."""
        with self._database.transaction():
            self._database.write("DELETE FROM hub_topics WHERE topic = ?", (topic,))
            if components:
                self._database.write("DELETE FROM hub_components")
