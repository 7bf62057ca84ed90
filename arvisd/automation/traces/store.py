"""Keeps traces over a restart: in SQLite, written in batches a moment after they came, bounded for each automation and in all."""

from __future__ import annotations

import asyncio
import functools
import logging
import sqlite3
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from typing import Any

import msgspec

from arvisd.automation.coalescing import Coalescer
from arvisd.automation.history import History
from arvisd.automation.outcomes import NOT_TRIGGERED
from arvisd.automation.trace import Origin, Trace, TraceRecord
from arvisd.automation.traces.rows import DECODER, FAILURE, REFUSED, RUN, SAW, Named, Row, key_of, row_of
from arvisd.core.clock import Clock
from arvisd.storage.database import Database
from arvisd.storage.errors import StorageError

_LOGGER = logging.getLogger("arvisd.automation")

MIGRATIONS = (
    """
    CREATE TABLE traces (
        number INTEGER PRIMARY KEY,
        automation TEXT NOT NULL,
        run TEXT NOT NULL,
        kind INTEGER NOT NULL,
        size INTEGER NOT NULL,
        record BLOB NOT NULL,
        UNIQUE (automation, run)
    );
    CREATE INDEX traces_by_run ON traces (run);
    CREATE TABLE automations (
        automation TEXT PRIMARY KEY,
        switched_on INTEGER,
        last_triggered TEXT,
        runs INTEGER NOT NULL DEFAULT 0
    );
    """,
)

STORE_SECONDS = 1.0
"""Between two writings of the same automation: what a killed daemon may lose of it."""
STORE_RATE = 50
"""Automations whose traces are written in a second, of all: a storm is thinned as it is for those who read it live."""
MISMATCH_SECONDS = 60.0
"""Between two writings of what an automation's triggers saw and did not want: a busy topic must not wear out an SD card."""
MISMATCH_RATE = 10
MOST_ROWS = 20_000
MOST_BYTES = 64_000_000
"""What is kept of all automations; the oldest go first."""
PRUNE_EVERY = 20
"""Batches between two looks at the whole."""


class Remembered(msgspec.Struct, frozen=True):
    """What is known of an automation from before the start."""

    on: bool | None = None
    """How it was switched last; None: never."""
    last_triggered: datetime | None = None
    count: int = 0
    """How often it has run."""


class TraceStore:
    """Traces, switches and counts of all automations; without a file nothing is kept, and nothing costs anything."""

    def __init__(
        self, database: Database, clock: Clock, spawn: Callable[[Coroutine[Any, Any, None], str], asyncio.Task[Any]]
    ) -> None:
        """Prepare the tables.

        Args:
            database: the open database.
            clock: times the batches.
            spawn: runs a coroutine in the background.
        """
        self._database = database
        self._clock = clock
        self._spawn = spawn
        self._rows: list[Row] = []
        self._counts: dict[str, tuple[str, str | None, int]] = {}
        self._writing: asyncio.Task[Any] | None = None
        self._batches = 0
        self._soon: Coalescer[History] = Coalescer(clock, self._take, interval=STORE_SECONDS, rate=STORE_RATE)
        self._later: Coalescer[History] = Coalescer(
            clock, self._take_mismatches, interval=MISMATCH_SECONDS, rate=MISMATCH_RATE
        )
        self._known: dict[str, Remembered] | None = None
        self.lasting = database.path is not None
        """Whether anything is kept over a restart."""
        if self.lasting:
            try:
                database.prepare("traces", MIGRATIONS)
            except StorageError as error:
                self.lasting = False
                _LOGGER.warning("traces are not kept: %s", error)

    def touch(self, history: History) -> None:
        """A run ended, or conditions or the mode were against one: write it soon."""
        if self.lasting:
            self._soon.touch(history)

    def touch_mismatch(self, history: History) -> None:
        """A trigger saw what it does not want: write that at some time."""
        if self.lasting:
            self._later.touch(history)

    def remembered(self, origin: Named) -> Remembered:
        """Return what is known of an automation from before."""
        if not self.lasting:
            return Remembered()
        if self._known is None:
            rows = self._database.read("SELECT automation, switched_on, last_triggered, runs FROM automations")
            self._known = {
                key: Remembered(None if on is None else bool(on), None if at is None else datetime.fromisoformat(at), n)
                for key, on, at, n in rows
            }
        return self._known.get(key_of(origin), Remembered())

    def recall(self, history: History, origin: Named) -> None:
        """Give a new history what is known from before."""
        known = self.remembered(origin)
        history.last_triggered = known.last_triggered
        history.count = known.count

    def rename(self, before: str, after: str) -> None:
        """An automation without an id is remembered by its alias: what is stored follows the new one."""
        if not self.lasting or before == after:
            return
        try:
            with self._database.transaction():
                for table in ("traces", "automations"):
                    self._database.write(f"DELETE FROM {table} WHERE automation = ?", (after,))  # noqa: S608  # our own names
                    self._database.write(f"UPDATE {table} SET automation = ? WHERE automation = ?", (after, before))  # noqa: S608
        except StorageError as error:
            _LOGGER.warning("the traces of %s are lost: %s", before, error)
        self._known = None

    def switched(self, origin: Named, *, on: bool) -> None:
        """Remember, before this returns, that an automation was switched on or off."""
        if not self.lasting:
            return
        known = self.remembered(origin)
        assert self._known is not None
        self._known[key_of(origin)] = msgspec.structs.replace(known, on=on)
        sql = (
            "INSERT INTO automations (automation, switched_on) VALUES (?, ?) "
            "ON CONFLICT (automation) DO UPDATE SET switched_on = excluded.switched_on"
        )
        try:
            self._database.write(sql, (key_of(origin), on))
        except StorageError as error:
            _LOGGER.warning("%s: being switched is not remembered over a restart: %s", origin.entity_id, error)

    def records(self, origin: Named) -> list[TraceRecord]:
        """Return what is stored of an automation, oldest first."""
        if not self.lasting:
            return []
        sql = "SELECT record FROM traces WHERE automation = ? ORDER BY number"
        return [DECODER.decode(record) for (record,) in self._database.read(sql, (key_of(origin),))]

    def find(self, run: str) -> TraceRecord | None:
        """Return the stored trace of a run, None where there is none."""
        rows = self._database.read("SELECT record FROM traces WHERE run = ?", (run,)) if self.lasting else []
        return DECODER.decode(rows[0][0]) if rows else None

    async def stop(self) -> None:
        """Write all that waits."""
        self._soon.stop()
        self._later.stop()
        while self._writing is not None and not self._writing.done():
            await self._writing
        await self._write()

    def _take(self, history: History) -> None:
        """Put what is new in a history among the rows to be written."""
        origin = history.origin
        assert origin is not None
        kept = history.runs.maxlen or 0
        self._put(origin, RUN, _last(history.runs, history.fresh_runs), kept)
        self._put(origin, FAILURE, _last(history.failures, history.fresh_failures), kept)
        self._put(origin, REFUSED, _last(history.refusals, history.fresh_refusals), kept)
        history.fresh_runs = history.fresh_failures = history.fresh_refusals = 0
        last = history.last_triggered
        key = key_of(origin)
        self._counts[key] = (key, None if last is None else last.isoformat(), history.count)
        self._write_soon()

    def _take_mismatches(self, history: History) -> None:
        origin = history.origin
        assert origin is not None
        now, monotonic = self._clock.now(), self._clock.monotonic()
        traces = [
            mismatch.trace(f"{NOT_TRIGGERED}/{trigger}", origin, now, monotonic)
            for trigger, mismatch in history.mismatches.items()
            if trigger in history.unstored
        ]
        history.unstored.clear()
        if history.runs.maxlen and traces:
            self._put(origin, SAW, traces, 64)
            self._write_soon()

    def _put(self, origin: Origin, kind: int, traces: Iterable[Trace], kept: int) -> None:
        if kept:
            self._rows += [row_of(trace, origin, kind, kept) for trace in traces]

    def _write_soon(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = self._spawn(self._write(), "store traces")

    async def _write(self) -> None:
        """Write what waits, and what comes while that is written."""
        while self._rows or self._counts:
            rows, self._rows = self._rows, []
            counts, self._counts = list(self._counts.values()), {}
            prune = self._batches % PRUNE_EVERY == 0
            self._batches += 1
            try:
                await self._database.background(functools.partial(_write, rows=rows, counts=counts, prune=prune))
            except (sqlite3.Error, StorageError) as error:
                _LOGGER.warning("%d traces could not be stored: %s", len(rows), error)


def _last(traces: Any, count: int) -> list[Trace]:
    """Return the last ones of a deque."""
    return list(traces)[-count:] if count else []


def _write(
    connection: sqlite3.Connection, rows: list[Row], counts: list[tuple[str, str | None, int]], *, prune: bool
) -> None:
    """In the worker thread: write a batch and let go of what is too much."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.executemany(
            "INSERT OR REPLACE INTO traces (automation, run, kind, size, record) VALUES (?, ?, ?, ?, ?)",
            [(row.automation, row.run, row.kind, len(row.record), row.record) for row in rows],
        )
        connection.executemany(
            "INSERT INTO automations (automation, last_triggered, runs) VALUES (?, ?, ?) ON CONFLICT (automation) "
            "DO UPDATE SET last_triggered = excluded.last_triggered, runs = excluded.runs",
            counts,
        )
        connection.executemany(
            "DELETE FROM traces WHERE automation = ? AND kind = ? AND number <= ("
            "SELECT number FROM traces WHERE automation = ? AND kind = ? ORDER BY number DESC LIMIT 1 OFFSET ?)",
            [(a, k, a, k, kept) for a, k, kept in {(row.automation, row.kind, row.kept) for row in rows}],
        )
        if prune:
            _prune(connection)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _prune(connection: sqlite3.Connection) -> None:
    """Let the oldest go where all together are too many or too much."""
    connection.execute(
        "DELETE FROM traces WHERE number <= (SELECT number FROM traces ORDER BY number DESC LIMIT 1 OFFSET ?)",
        (MOST_ROWS,),
    )
    total = connection.execute("SELECT COALESCE(SUM(size), 0) FROM traces").fetchone()[0]
    if total > MOST_BYTES:
        connection.execute(
            "DELETE FROM traces WHERE number <= (SELECT number FROM ("
            "SELECT number, SUM(size) OVER (ORDER BY number DESC) AS newer FROM traces) "
            "WHERE newer > ? ORDER BY number DESC LIMIT 1)",
            (MOST_BYTES,),
        )
