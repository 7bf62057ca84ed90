"""What is remembered of an automation, over its edits: traces, the last run, how often it ran."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from arvisd.automation import outcomes
from arvisd.automation.trace import Origin, Trace
from arvisd.core.context import Context

Reason = str | Callable[[], str]
"""Why a trigger did not fire; a function where the text would cost more than asking."""
MAX_REASON = 400
"""Characters of a reason: a payload may be long."""
MAX_MISMATCHES = 64
"""Triggers of one automation whose last mismatch is kept."""


class Mismatch:
    """What one trigger saw last and did not fire on, and how often that has happened."""

    __slots__ = ("data", "reason", "times", "when")

    def __init__(self) -> None:
        self.times = 0

    def take(self, data: dict[str, Any], reason: Reason, when: float) -> None:
        """Note what it saw."""
        self.data = data
        self.reason = reason
        self.when = when
        self.times += 1

    def trace(self, run: str, origin: Origin, now: datetime, monotonic: float) -> Trace:
        """Return it as a trace."""
        reason = self.reason if isinstance(self.reason, str) else self.reason()
        when = self.when
        trace = Trace(run, self.data, Context(run), now - timedelta(seconds=monotonic - when), lambda: when, origin)
        trace.end(outcomes.NOT_TRIGGERED, reason if len(reason) <= MAX_REASON else reason[:MAX_REASON] + "…")
        trace.times = self.times
        return trace


class History:
    """The memory of one automation; a changed version goes on writing into it."""

    __slots__ = (
        "count",
        "failures",
        "fresh_failures",
        "fresh_refusals",
        "fresh_runs",
        "last_triggered",
        "mismatches",
        "origin",
        "refusals",
        "runs",
        "skipped",
        "unstored",
        "untold",
    )

    def __init__(self, kept: int) -> None:
        """Keep so many traces of runs, and as many of triggers that led to none."""
        self.origin: Origin | None = None
        """Whose memory it is: the version that runs."""
        self.last_triggered: datetime | None = None
        self.count = 0
        """Runs since the automation was first seen."""
        self.runs: deque[Trace] = deque(maxlen=kept)
        """Of the last runs that have ended as they should."""
        self.failures: deque[Trace] = deque(maxlen=kept)
        """Of the last runs that failed; apart, so that dull ones don't push them out."""
        self.refusals: deque[Trace] = deque(maxlen=kept)
        """Of the last triggers that conditions or the mode were against; apart, so that they don't push the runs out."""
        self.mismatches: dict[str, Mismatch] = {}
        """By the trigger's number what it saw last and did not want; one each, or a busy topic would push out the rest."""
        self.untold: Trace | None = None
        """The trace to publish next."""
        self.skipped = 0
        """Traces that gave way to a later one before they were published."""
        self.fresh_runs = 0
        self.fresh_failures = 0
        self.fresh_refusals = 0
        """How many of each came since they were last stored."""
        self.unstored: set[str] = set()
        """Triggers whose mismatch came since they were last stored."""

    def resize(self, kept: int) -> None:
        """Keep another number of traces."""
        if self.runs.maxlen != kept:
            self.runs = deque(self.runs, kept)
            self.failures = deque(self.failures, kept)
            self.refusals = deque(self.refusals, kept)

    def ended(self, trace: Trace) -> None:
        """Keep the trace of a run; of several within a moment the failed one is published."""
        if trace.outcome in outcomes.BAD:
            self.failures.append(trace)
            self.fresh_failures += 1
        else:
            self.runs.append(trace)
            self.fresh_runs += 1
        if self.untold is not None:
            self.skipped += 1
            if self.untold.outcome == outcomes.FAILED and trace.outcome != outcomes.FAILED:
                return
        self.untold = trace

    def refused(self, trace: Trace) -> None:
        """Keep the trace of a trigger that led to no run."""
        self.refusals.append(trace)
        self.fresh_refusals += 1

    def mismatched(self, data: dict[str, Any], reason: Reason, when: float) -> None:
        """Keep what a trigger saw and did not want.

        Args:
            data: what templates would have seen as `trigger`.
            reason: why it did not fire.
            when: the clock's monotonic time.
        """
        trigger = data.get("idx", "")
        known = self.mismatches.get(trigger)
        if known is None:
            if len(self.mismatches) >= MAX_MISMATCHES:
                return
            known = self.mismatches[trigger] = Mismatch()
        known.take(data, reason, when)
        self.unstored.add(trigger)
