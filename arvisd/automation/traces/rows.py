"""A trace as a row of the database: its key, its kind, its record as JSON of a bounded size."""

from __future__ import annotations

from typing import Protocol

import msgspec

from arvisd.automation.trace import Origin, Trace, TraceRecord

RUN, REFUSED, SAW, FAILURE = range(4)
"""Kinds of rows: a run; conditions or the mode were against one; a trigger saw what it does not want; a run that failed."""
MOST_RECORD = 64_000
"""Bytes of one stored trace; of a longer one the results are left out, then all but its first nodes."""
FIRST_NODES = 20
ENCODER = msgspec.json.Encoder()
DECODER = msgspec.json.Decoder(TraceRecord)


class Row(msgspec.Struct, frozen=True):
    """What is written."""

    automation: str
    run: str
    kind: int
    kept: int
    """How many of this kind stay of that automation."""
    record: bytes


class Named(Protocol):
    """What is remembered by its ids."""

    id: str
    entity_id: str


def key_of(origin: Named) -> str:
    """Return the name under which an automation is remembered: it outlives edits, and a script may have the same id."""
    return f"{origin.entity_id.partition('.')[0]}.{origin.id}"


def row_of(trace: Trace, origin: Origin, kind: int, kept: int) -> Row:
    """Write a trace out."""
    record = trace.record(origin.id, origin.entity_id)
    encoded = ENCODER.encode(record)
    if len(encoded) > MOST_RECORD:
        steps = [msgspec.structs.replace(step, result=None, variables={}) for step in record.steps]
        record = msgspec.structs.replace(record, steps=steps)
        encoded = ENCODER.encode(record)
    if len(encoded) > MOST_RECORD:
        left_out = max(0, len(record.steps) - FIRST_NODES)
        record = msgspec.structs.replace(
            record,
            steps=record.steps[:FIRST_NODES],
            dropped=record.dropped + left_out,
            trigger={key: record.trigger.get(key) for key in ("idx", "id", "platform", "description")},
        )
        encoded = ENCODER.encode(record)
    return Row(key_of(origin), trace.run, kind, kept, encoded)
