"""How a run can end, and why a trigger can become none."""

from __future__ import annotations

FINISHED = "finished"
CANCELLED = "cancelled"
ABORTED = "aborted"
FAILED = "error"
FAILED_CONDITIONS = "failed_conditions"
FAILED_SINGLE = "failed_single"
FAILED_MAX_RUNS = "failed_max_runs"
NOT_TRIGGERED = "not_triggered"
MISSED = "missed"
"""What the run waited for fell due while the daemon was off, and is too late now."""
LOST = "lost"
"""The daemon stopped in its midst, and it cannot go on."""
RECURSION = "disallowed_recursion"
"""A script that waits for itself."""
BAD = frozenset({FAILED, ABORTED, MISSED, LOST})
"""Outcomes of runs that did not do what they should."""
NOT_RUNS = frozenset({FAILED_CONDITIONS, FAILED_SINGLE, FAILED_MAX_RUNS, NOT_TRIGGERED, RECURSION})
"""Outcomes of what did not become a run: kept apart, so that they don't push the runs out."""
