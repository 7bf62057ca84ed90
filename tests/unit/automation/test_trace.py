"""Traces: what is kept of a run, and that it stays small."""

from __future__ import annotations

from datetime import UTC, datetime

from arvisd.automation.templates.states import TemplateState
from arvisd.automation.trace import MAX_ENTRIES, MAX_PER_STEP, Trace, readable
from arvisd.core.context import Context
from arvisd.core.states import State

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_a_long_loop_stays_small() -> None:
    trace = Trace("r", {"idx": "0"}, Context(), NOON, lambda: 0.0)
    for _ in range(10_000):
        trace.enter("action/0/repeat/sequence/0")
        trace.enter("action/0/repeat/sequence/1")
    trace.enter("action/1")
    record = trace.record("a", "automation.a")
    assert len(record.steps) == MAX_ENTRIES + 1
    assert record.steps[-1].path == "action/1"
    assert record.dropped == 20_000 - (MAX_ENTRIES - 1)


def test_a_result_of_a_dropped_entry_does_not_land_elsewhere() -> None:
    trace = Trace("r", {"idx": "0"}, Context(), NOON, lambda: 0.0)
    for _ in range(MAX_ENTRIES + MAX_PER_STEP):
        trace.enter("action/0")
        trace.result({"kept": True})
    trace.enter("action/1")
    trace.result({"last": True})
    for number in range(50):
        trace.enter("action/0")
        trace.result({"late": number})
    assert trace.record("a", "automation.a").steps[-1].result == {"last": True}


def test_milliseconds() -> None:
    times = iter([1.0, 1.25, 1.5])
    trace = Trace("r", {"idx": "0"}, Context(), NOON, lambda: next(times))
    trace.enter("action/0")
    trace.end("finished")
    record = trace.record("a", "automation.a")
    assert [step.ms for step in record.steps] == [0.0, 250.0]
    assert record.finished is not None
    assert (record.finished - record.started).total_seconds() == 0.5


def test_readable() -> None:
    state = TemplateState("a.b", State("on", {"x": (1, 2)}, NOON, Context()))
    deep: list[object] = []
    for _ in range(20):
        deep = [deep]
    assert readable(state)["attributes"] == {"x": [1, 2]}
    assert readable(b"abc") == "abc"
    assert readable(NOON) == "2026-01-05T12:00:00+00:00"
    assert len(readable("x" * 5000)) == 2049
    assert len(readable(list(range(1000)))) == 100
    assert str(readable(deep)).count("[") == 8
    assert readable(object()).startswith("<object")
