"""Since when each announced component is known, and when its device was last heard: what tells a ghost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from arvisd.core.clock import Clock
from arvisd.storage.database import Database

if TYPE_CHECKING:
    from arvisd.home.discovery.house import Discovered

TABLES = ("CREATE TABLE life_sign (unique_id TEXT PRIMARY KEY, since REAL NOT NULL, heard REAL);",)
"""Both times in seconds since 1970."""

SYNC_SECONDS = 600.0
"""How often what was heard is written; a kill makes a device look silent for so much longer."""


class LifeSign(msgspec.Struct):
    """Of one component."""

    since: float
    """When it was first announced."""
    heard: float | None
    """When it last spoke by itself, as opposed to what the broker had kept; None: never."""
    written: bool = True


class LifeSigns:
    """Keeps them over restarts; nothing is written for a message, only now and then."""

    def __init__(self, database: Database, clock: Clock) -> None:
        database.prepare("life_signs", TABLES)
        self._database = database
        self._clock = clock
        self._signs = {
            unique: LifeSign(since, heard)
            for unique, since, heard in database.read("SELECT unique_id, since, heard FROM life_sign")
        }

    def get(self, item: Discovered) -> LifeSign:
        """Return the signs of a component, what it said a moment ago too."""
        now = self._clock.now().timestamp()
        sign = self._signs.get(item.unique_id)
        if sign is None:
            sign = self._signs[item.unique_id] = LifeSign(now, None, written=False)
        said = item.working.heard_at
        if said is not None:
            heard = now - (self._clock.monotonic() - said)
            if sign.heard is None or heard > sign.heard + 1:
                sign.heard, sign.written = heard, False
        return sign

    def forget(self, unique_id: str) -> None:
        """Forget a component for good."""
        if self._signs.pop(unique_id, None) is not None:
            self._database.write("DELETE FROM life_sign WHERE unique_id = ?", (unique_id,))

    def write(self, items: Iterable[Discovered]) -> None:
        """Write what is new of these components."""
        for item in items:
            self.get(item)
        rows = [(unique, sign.since, sign.heard) for unique, sign in self._signs.items() if not sign.written]
        if not rows:
            return
        with self._database.transaction():
            for row in rows:
                self._database.write("INSERT OR REPLACE INTO life_sign VALUES (?, ?, ?)", row)
        for unique, _, _ in rows:
            self._signs[unique].written = True
