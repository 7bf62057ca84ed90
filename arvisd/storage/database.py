"""The SQLite file of one daemon: opened in WAL mode, written on the spot, synced to the disk behind."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

from arvisd.core.clock import Clock
from arvisd.storage.errors import StorageError

T = TypeVar("T")
_LOGGER = logging.getLogger(__name__)

FILE = "arvisd.db"
"""Its name in the data folder."""

SYNC_SECONDS = 1.0
"""A write is on the disk at most so long after it was made: a kill loses nothing of it, a power cut this much.

With `synchronous=NORMAL` a commit to the WAL is a write to the page cache (some 20 µs); only a checkpoint waits
for the disk (https://sqlite.org/wal.html#performance_considerations), and that is done in a thread.
"""

BUSY_SECONDS = 2.0
"""How long a write waits for another connection's; those of the worker thread take a few ms."""


class Database:
    """One connection for the event loop, where a write takes microseconds, and one for a worker thread.

    What the rest of the daemon relies on (where a run stands, the state of a timer) is written with `write`
    before the next thing is done. What is much or slow (traces, lists) goes through `background`.
    """

    def __init__(self, path: Path | None) -> None:
        """Prepare; `open` opens. Without a path everything is kept in memory, for a question and an answer."""
        self.path = path
        self.problem = ""
        """Why what is written now will not be there after a restart; empty: it will."""
        self._connection: sqlite3.Connection | None = None
        self._worker: ThreadPoolExecutor | None = None
        self._behind: sqlite3.Connection | None = None
        self._unsynced = asyncio.Event()
        self._file: tuple[int, int] | None = None
        """Which file is open: its device and number there."""
        self._depth = 0

    def open(self) -> Self:
        """Open or make the file; a broken one is moved aside, an unwritable place becomes memory, `problem` says so."""
        if self.path is not None:
            with contextlib.suppress(OSError):  # where it cannot be made, opening says why
                self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = self._connected()
        except sqlite3.DatabaseError as error:
            self._connection = self._rescued(error)
        self._file = self._present()
        return self

    def lost(self) -> str:
        """Tell what is wrong where the open file is not the one in its place any more: deleted, or another put there."""
        if self.path is None or self._present() == self._file:
            return ""
        return (
            f"{self.path} was deleted or replaced: restart arvisd, or nothing of now will be remembered after a restart"
        )

    def _present(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat() if self.path is not None else None
        except OSError:
            return None
        return None if found is None else (found.st_dev, found.st_ino)

    def prepare(self, part: str, migrations: Sequence[str]) -> None:
        """Bring one part's tables up to date.

        Args:
            part: its name: `runs`, `traces`.
            migrations: SQL scripts; the first makes the tables of version 1, each further one brings the next version.

        Raises:
            StorageError: a newer arvisd has written them.
        """
        row = self.read("SELECT version FROM schema_version WHERE part = ?", (part,))
        version = row[0][0] if row else 0
        if version > len(migrations):
            raise StorageError(
                f"{self.path}: the {part!r} in it are of version {version}, this arvisd knows {len(migrations)}: "
                "start the newer arvisd that wrote them, or move the file away"
            )
        if version == len(migrations):
            return
        with self.transaction():
            for script in migrations[version:]:
                for statement in _statements(script):
                    self.write(statement)
            self.write("INSERT OR REPLACE INTO schema_version VALUES (?, ?)", (part, len(migrations)))

    def read(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of a query: for a few rows by a key; long ones go through `background`."""
        return self._open().execute(sql, values).fetchall()

    def write(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Do one statement; when it returns, a kill of the process cannot undo it (outside a `transaction`).

        Raises:
            StorageError: the disk is full or the file cannot be written.
        """
        try:
            self._open().execute(sql, values)
        except sqlite3.OperationalError as error:
            raise StorageError(f"{self.path}: {error}: free some space or mend the folder's rights") from error
        self._unsynced.set()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make the writes within all or none; nothing may be awaited inside."""
        if self._depth:
            yield
            return
        self._depth += 1
        try:
            self.write("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._open().execute("ROLLBACK")
                raise
            self.write("COMMIT")
        finally:
            self._depth -= 1

    async def background(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` in the worker thread with a connection of its own, in the order of the calls; it commits by itself."""
        self._open()
        if self._worker is None:
            self._worker = ThreadPoolExecutor(1, "database")
        return await asyncio.get_running_loop().run_in_executor(self._worker, self._work, work)

    async def sync(self, clock: Clock) -> None:
        """Bring what was written to the disk, again and again; runs until it is cancelled."""
        while True:
            await self._unsynced.wait()
            await clock.sleep(SYNC_SECONDS)
            self._unsynced.clear()
            try:
                await self.background(
                    lambda connection: connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
                )
            except sqlite3.Error as error:
                _LOGGER.warning("%s: cannot be synced to the disk: %s", self.path, error)

    def close(self) -> None:
        """Write everything to the one file and let go of it; closing twice does nothing."""
        if self._worker is not None:
            self._worker.shutdown(wait=True)
            self._worker = None
        for connection in (self._behind, self._connection):
            if connection is not None:
                connection.close()  # the last one to close checkpoints and removes the WAL
        self._behind = self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StorageError(f"{self.path}: the database is not open")
        return self._connection

    def _work(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """In the worker thread."""
        if self.path is None:
            assert self._connection is not None
            return work(self._connection)
        if self._behind is None:
            self._behind = self._connected()
        return work(self._behind)

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path or ":memory:", isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False
        )
        try:
            for pragma in (
                "journal_mode=WAL",
                "synchronous=NORMAL",
                "wal_autocheckpoint=0",  # else a commit on the event loop would wait for the disk now and then
                "journal_size_limit=4194304",
                "foreign_keys=ON",
            ):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS schema_version (part TEXT PRIMARY KEY, version INTEGER NOT NULL)"
            )
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def _rescued(self, error: sqlite3.DatabaseError) -> sqlite3.Connection:
        """Return a connection to a new file where the old one is broken, to memory where none can be written."""
        assert self.path is not None
        if not isinstance(error, sqlite3.OperationalError):
            broken = self.path.with_name(f"{self.path.name}.broken-{datetime.now(UTC):%Y%m%dT%H%M%S}")
            try:
                self.path.rename(broken)
                for suffix in ("-wal", "-shm"):
                    self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
                connection = self._connected()
            except (OSError, sqlite3.DatabaseError) as second:
                error = sqlite3.DatabaseError(f"{error}; {second}")
            else:
                self.problem = f"{self.path} is broken ({error}): it was moved to {broken.name} and begun anew"
                _LOGGER.error("%s", self.problem)
                return connection
        self.problem = f"{self.path} cannot be used ({error}): nothing will be remembered over a restart"
        _LOGGER.error("%s", self.problem)
        self.path = None
        return self._connected()


def _statements(script: str) -> Iterator[str]:
    """Return the statements of a script one by one: `executescript` would end our transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
