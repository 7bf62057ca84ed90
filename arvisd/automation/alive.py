"""When the daemon was last at work: what fell due after that was missed."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from arvisd.core.clock import Clock, TimerHandle
from arvisd.storage.database import Database
from arvisd.storage.errors import StorageError

_LOGGER = logging.getLogger(__name__)

MIGRATIONS = ("CREATE TABLE alive (one INTEGER PRIMARY KEY CHECK (one = 1), at TEXT NOT NULL)",)

BEAT_SECONDS = 60.0
"""How often it is written; whatever rings by the clock writes it too, so that nothing rings again after a kill."""
TRUSTED_AFTER = timedelta(hours=1)
"""A board without a battery starts in the past until the network gives it the time: by then it has it."""


class Alive:
    """Writes down every minute that the daemon is at work."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._timer: TimerHandle | None = None
        self._began = clock.monotonic()
        database.prepare("alive", MIGRATIONS)
        rows = database.read("SELECT at FROM alive")
        self.before: datetime | None = datetime.fromisoformat(rows[0][0]) if rows else None
        """Until when the daemon was at work before this start; None: never."""
        self._written = self.before

    def start(self) -> None:
        """Write it now and every minute from now on."""
        self.stop()
        self.beat()
        self._timer = self._clock.call_later(BEAT_SECONDS, self.start)

    def stop(self) -> None:
        """Write it no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def beat(self) -> None:
        """Write down that everything due by now was seen to."""
        now = self._clock.now()
        up = timedelta(seconds=self._clock.monotonic() - self._began)
        if self._written is not None and now < self._written and up < TRUSTED_AFTER:
            return
        self._written = now
        try:
            self._database.write("INSERT OR REPLACE INTO alive VALUES (1, ?)", (now.isoformat(),))
        except StorageError as error:
            _LOGGER.warning("that arvisd is at work cannot be written down: %s", error)
