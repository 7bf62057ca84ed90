"""What is written down of a run."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation.durable.values import Keeper, Restorer, UnkeepableError
from arvisd.core.context import Context

if TYPE_CHECKING:
    from arvisd.automation.run import Run

FORMAT = 1
"""Of the records; one of another format is not read."""
MOST_BYTES = 2_000_000
"""Of one record: a run with a camera's picture among its variables is not written down at every step."""

RUNNING = "running"
QUEUED = "queued"
"""It waits for its turn, in `mode: queued`."""
UNKEEPABLE = "unkeepable"
"""It goes on now, and cannot go on after a restart."""


class Head(msgspec.Struct, frozen=True, omit_defaults=True):
    """What does not change while a run goes on."""

    trigger: Any
    """What set it off, kept by `Keeper`."""
    context: Context
    started: datetime
    called_from: tuple[str, str] | None = None
    """Run and path of the step that waits for this run."""
    format: int = FORMAT


class Record(msgspec.Struct, frozen=True):
    """One run as it is read back."""

    run: str
    owner: str
    """Entity of its automation or script."""
    owner_id: str
    fingerprint: str
    """Of the document that it was begun in."""
    status: str
    head: Head
    position: dict[str, Any]
    """The frame of the outermost block; empty where there is none."""
    reason: str
    """Why it cannot be resumed, for `unkeepable`."""


_ENCODER = msgspec.json.Encoder()


def head_of(run: Run) -> bytes:
    """Return the head as JSON; raise UnkeepableError."""
    keeper = Keeper(None)
    called = run.called_by
    head = Head(
        trigger=keeper.variables({"trigger": run.trace.trigger})["trigger"],
        context=run.context,
        started=run.trace.started,
        called_from=None if called is None else (called.run.id, called.path),
    )
    return _bounded(_ENCODER.encode(head))


def bare_head_of(run: Run) -> bytes:
    """Return the head without what set it off, which cannot be kept."""
    return _ENCODER.encode(Head(trigger={}, context=run.context, started=run.trace.started))


def position_of(run: Run) -> bytes:
    """Return where a run stands, as JSON; raise UnkeepableError."""
    keeper = Keeper(run.trace.trigger)
    known = run.scope.frame(keeper)
    if run.response is not None:
        known["response"] = run.response
    return _bounded(_ENCODER.encode(known))


def record_of(row: tuple[Any, ...]) -> Record:
    """Return a row of the table as a record; raise ValueError where it is of another format or broken."""
    run, owner, owner_id, fingerprint, status, head, position, reason = row
    try:
        read = msgspec.json.decode(head, type=Head)
        stands = msgspec.json.decode(position) if position else {}
    except msgspec.DecodeError as error:
        raise ValueError(f"its record cannot be read: {error}") from error
    if read.format != FORMAT:
        raise ValueError("another version of arvisd has written its record")
    return Record(run, owner, owner_id, fingerprint, status, read, stands, reason)


def restorer_of(record: Record, this: Any) -> Restorer:
    """Return what gives a run its variables back; raise ValueError for values that nobody here has written."""
    return Restorer(Restorer(None, this).value(record.head.trigger), this)


def _bounded(encoded: bytes) -> bytes:
    if len(encoded) > MOST_BYTES:
        raise UnkeepableError(f"its variables take {len(encoded) / 1e6:.1f} MB, more than {MOST_BYTES / 1e6:.0f} MB")
    return encoded
