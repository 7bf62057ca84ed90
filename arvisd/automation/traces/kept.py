"""All traces that are kept of one automation: of runs that go on, in memory, and from before the start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from arvisd.automation.outcomes import BAD, NOT_RUNS, NOT_TRIGGERED
from arvisd.automation.trace import TraceRecord

if TYPE_CHECKING:
    from arvisd.automation.entry import Entry
    from arvisd.automation.traces.store import TraceStore
    from arvisd.core.clock import Clock


def traces_of(entry: Entry, store: TraceStore, clock: Clock) -> list[TraceRecord]:
    """Return them oldest first, each bucket no longer than `stored_traces`."""
    automation = entry.automation
    stored = store.records(entry)
    if automation is None:
        return _sorted(stored)
    history = automation.history
    now, monotonic = clock.now(), clock.monotonic()
    traces = [*history.runs, *history.failures, *history.refusals, *(run.trace for run in automation.runner.runs)]
    traces += [
        mismatch.trace(f"{NOT_TRIGGERED}/{trigger}", automation.origin, now, monotonic)
        for trigger, mismatch in history.mismatches.items()
    ]
    present = {trace.run: trace.record(entry.id, entry.entity_id) for trace in traces}
    older = [record for record in stored if record.run not in present]
    going = [record for record in present.values() if not record.outcome]
    ended = [*older, *(record for record in present.values() if record.outcome)]
    kept = history.runs.maxlen or 0
    runs = [record for record in ended if record.outcome not in NOT_RUNS]
    buckets = (
        going,
        _sorted(r for r in runs if r.outcome not in BAD)[-kept:] if kept else [],
        _sorted(r for r in runs if r.outcome in BAD)[-kept:] if kept else [],
        _sorted(r for r in ended if r.outcome in NOT_RUNS and r.outcome != NOT_TRIGGERED)[-kept:] if kept else [],
        [record for record in ended if record.outcome == NOT_TRIGGERED],
    )
    return _sorted(record for bucket in buckets for record in bucket)


def _sorted(records: Iterable[TraceRecord]) -> list[TraceRecord]:
    return sorted(records, key=lambda record: record.started)
