"""The book of the runs that wait: written while they go on, read after a restart.

A run writes nothing until it waits (`delay`, `wait_…`) or has gone on for a moment (`MOMENT_SECONDS`); then its
record holds where it stands, with its variables. From then on it is written *before* each further step that is
seen outside of the run, so that such a step is done at most once: after a kill in its midst it is not done again.
What had been done before is handed to the broker's socket first. When the run ends its record goes.

Windows that remain, each of some 50 µs, for a kill or a power cut:

- between the write that says that a step is being done and the step: it is left out, never done twice;
- between the end of an awaited action and the next write: the run goes on behind it, without its answer;
- a run that has not waited yet, within its first moment: it is gone with the daemon, as any run without waits.

A broker takes some messages at a time (mosquitto twenty) until it has acknowledged them: while it takes no more, a run
that waits does not begin its next step (`Run.room`). A message that waits because the broker is away, or took nothing
for five seconds, is gone with the daemon. After a power cut
the last second may be missing (`Database`): what was done in it can be done again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from arvisd.automation.durable.record import (
    QUEUED,
    RUNNING,
    UNKEEPABLE,
    Record,
    bare_head_of,
    head_of,
    position_of,
    record_of,
)
from arvisd.automation.durable.values import UnkeepableError
from arvisd.storage.errors import StorageError

if TYPE_CHECKING:
    from arvisd.automation.run import Run
    from arvisd.core.actions import ActionCall
    from arvisd.core.hub import Hub
    from arvisd.storage.database import Database

_LOGGER = logging.getLogger("arvisd.automation")

MOMENT_SECONDS = 0.05
"""How long a run may go on before it is written down although it does not wait: an action that takes its time."""

MIGRATIONS = (
    """
    CREATE TABLE run (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        run TEXT NOT NULL UNIQUE,
        owner TEXT NOT NULL,
        owner_id TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        status TEXT NOT NULL,
        head BLOB NOT NULL,
        position BLOB,
        reason TEXT NOT NULL
    );
    CREATE TABLE run_trace (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        run TEXT NOT NULL REFERENCES run (run) ON DELETE CASCADE,
        entries BLOB NOT NULL
    );
    CREATE INDEX run_trace_by_run ON run_trace (run);
    """,
)
_ENCODER = msgspec.json.Encoder()
_COLUMNS = "run, owner, owner_id, fingerprint, status, head, position, reason"


class Caller(NamedTuple):
    """A step that waits for a run of its own: it called a script."""

    run: Run
    path: str


class Broken(NamedTuple):
    """A record that cannot be read."""

    run: str
    owner: str
    owner_id: str
    reason: str


class RunBook:
    """The records of the runs of one daemon."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._hub = hub
        database.prepare("runs", MIGRATIONS)
        self._callers: dict[int, Caller] = {}
        self.resumed: dict[tuple[str, str], Run] = {}
        """Runs that went on after a restart, by the run and the step that wait for them."""
        self.writes = 0
        """How often something was written; for the bench."""
        self._failing = False
        self.at_work_until: datetime | None = None
        """Until when the daemon was at work before this start; None: never."""

    def write(self, run: Run) -> bool:
        """Write down where a run stands; return whether it has a record now, also one that says why it cannot go on."""
        if self._database.path is None:
            return False  # in memory: there is nothing to go on from
        if not run.kept and run.called_by is not None and not run.called_by.run.kept:
            run.called_by.run.keep()  # who waits for it must be there, too
        self._hub.bus.flush()
        try:
            position, reason = position_of(run), ""
        except UnkeepableError as error:
            position, reason = None, str(error)
        try:
            if run.kept:
                self._update(run, position, reason)
            else:
                self._insert(run, position, reason)
        except StorageError as error:
            self._cannot_write(error)
            return run.kept
        self.writes += 1
        self._failing = False
        return True

    def write_trace(self, run: Run) -> None:
        """Add what came to a run's trace since this was called last."""
        if run.trace.length == run.traced:
            return
        try:
            entries = _ENCODER.encode(run.trace.entries(run.traced))
            self._database.write("INSERT INTO run_trace (run, entries) VALUES (?, ?)", (run.id, entries))
        except StorageError as error:
            self._cannot_write(error)
        except UnicodeEncodeError:
            pass  # halves of characters: the trace does without these entries
        run.traced = run.trace.length

    def remove(self, run: Run) -> None:
        """Forget a run that has ended."""
        self._hub.bus.flush()
        self.drop(run.id)

    def drop(self, run: str) -> None:
        """Forget the record of a run."""
        try:
            self._database.write("DELETE FROM run WHERE run = ?", (run,))
        except StorageError as error:
            self._cannot_write(error)

    def read(self) -> list[Record | Broken]:
        """Return all records, in the order in which the runs were written first."""
        found: list[Record | Broken] = []
        for row in self._database.read(f"SELECT {_COLUMNS} FROM run ORDER BY number"):  # noqa: S608  # a constant
            try:
                found.append(record_of(row))
            except ValueError as error:
                found.append(Broken(row[0], row[1], row[2], str(error)))
        return found

    def trace_of(self, run: str) -> list[Any]:
        """Return the entries of a run's trace."""
        rows = self._database.read("SELECT entries FROM run_trace WHERE run = ? ORDER BY number", (run,))
        return [entry for row in rows for entry in msgspec.json.decode(row[0])]

    @contextmanager
    def calling(self, call: ActionCall, run: Run, path: str) -> Iterator[None]:
        """Within, `caller` knows which step makes this call."""
        self._callers[id(call)] = Caller(run, path)
        try:
            yield
        finally:
            del self._callers[id(call)]

    def caller(self, call: ActionCall) -> Caller | None:
        """Return the step that makes a call and will wait for the run that it begins; None: it is not a step."""
        return self._callers.get(id(call))

    def called_from(self, run: str, path: str) -> Run | None:
        """Return the run that went on after a restart and that this step of a run waits for."""
        return self.resumed.pop((run, path), None)

    def _insert(self, run: Run, position: bytes | None, reason: str) -> None:
        owner = run.automation
        try:
            head = head_of(run)
        except UnkeepableError as error:
            head, position, reason = bare_head_of(run), None, str(error)
        self._database.write(
            f"INSERT INTO run ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # a constant
            (
                run.id,
                owner.entity_id,
                owner.id,
                owner.fingerprint,
                _status(run, position),
                head,
                position,
                reason,
            ),
        )
        if position is None:
            _LOGGER.info("%s: this run will not outlive a restart: %s", owner.label, reason)

    def _update(self, run: Run, position: bytes | None, reason: str) -> None:
        values: tuple[Any, ...] = (_status(run, position), position, reason, run.id)
        self._database.write("UPDATE run SET status = ?, position = ?, reason = ? WHERE run = ?", values)

    def _cannot_write(self, error: StorageError) -> None:
        if not self._failing:
            self._failing = True
            _LOGGER.error("runs of automations will not outlive a restart as they are now: %s", error)


def _status(run: Run, position: bytes | None) -> str:
    if position is None:
        return UNKEEPABLE
    return QUEUED if run.queued else RUNNING
