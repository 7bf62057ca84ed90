"""What somebody has chosen while the daemon runs, kept over restarts: which microphone is muted, who speaks and with which voice."""

from __future__ import annotations

import logging

from arvisd.storage.database import Database
from arvisd.storage.errors import StorageError

_LOGGER = logging.getLogger(__name__)

PART = "assist"
MIGRATIONS = ("CREATE TABLE assist_wishes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;",)


class Wishes:
    """Names and values; nothing chosen is nothing stored."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.prepare(PART, MIGRATIONS)
        rows = database.read("SELECT name, value FROM assist_wishes")
        self._values: dict[str, str] = dict(rows)

    def get(self, name: str) -> str:
        """Return what was chosen, an empty text where nothing was."""
        return self._values.get(name, "")

    def put(self, name: str, value: str) -> None:
        """Choose; an empty text takes a choice back."""
        if value:
            self._values[name] = value
        else:
            self._values.pop(name, None)
        try:
            if value:
                self._database.write("INSERT OR REPLACE INTO assist_wishes VALUES (?, ?)", (name, value))
            else:
                self._database.write("DELETE FROM assist_wishes WHERE name = ?", (name,))
        except StorageError as error:
            _LOGGER.warning("what was chosen holds until the next restart only: %s", error)
