"""What is remembered of an automation, over its edits: traces, the last run, how often it ran."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from arvisd.automation import trace as outcomes
from arvisd.automation.trace import Trace


class History:
    """The memory of one automation; a changed version goes on writing into it."""

    __slots__ = ("count", "last_triggered", "refusals", "runs", "skipped", "untold")

    def __init__(self, kept: int) -> None:
        """Keep so many traces of runs, and as many of triggers that led to none."""
        self.last_triggered: datetime | None = None
        self.count = 0
        """Runs since the daemon started."""
        self.runs: deque[Trace] = deque(maxlen=kept)
        """Of the last runs that have ended."""
        self.refusals: deque[Trace] = deque(maxlen=kept)
        """Of the last triggers that led to no run; apart, so that they don't push the runs out."""
        self.untold: Trace | None = None
        """The trace to publish next."""
        self.skipped = 0
        """Traces that gave way to a later one before they were published."""

    def resize(self, kept: int) -> None:
        """Keep another number of traces."""
        if self.runs.maxlen != kept:
            self.runs = deque(self.runs, kept)
            self.refusals = deque(self.refusals, kept)

    def ended(self, trace: Trace) -> None:
        """Keep the trace of a run; of several within a moment the failed one is published."""
        self.runs.append(trace)
        if self.untold is not None:
            self.skipped += 1
            if self.untold.outcome == outcomes.FAILED and trace.outcome != outcomes.FAILED:
                return
        self.untold = trace
