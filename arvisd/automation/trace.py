"""What happened in a run: taken down cheaply while it runs, written out only when somebody wants to read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from arvisd.automation.templates.states import TemplateState
from arvisd.core.context import Context

MAX_ENTRIES = 256
"""Entries of a trace before those of one step are counted."""
MAX_PER_STEP = 20
"""Entries of one step from then on: a loop of 10,000 passes must not fill the memory."""
MAX_TEXT = 2048
"""Characters of any text in a written trace."""
MAX_DEPTH = 8

FINISHED = "finished"
CANCELLED = "cancelled"
ABORTED = "aborted"
FAILED = "error"
FAILED_CONDITIONS = "failed_conditions"
FAILED_SINGLE = "failed_single"
FAILED_MAX_RUNS = "failed_max_runs"
NOT_TRIGGERED = "not_triggered"
NOT_RUNS = frozenset({FAILED_CONDITIONS, FAILED_SINGLE, FAILED_MAX_RUNS, NOT_TRIGGERED})
"""Outcomes of what did not become a run: kept apart, so that they don't push the runs out."""


class TraceStep(msgspec.Struct, frozen=True, omit_defaults=True):
    """One node of a run."""

    path: str
    """`trigger/0`, `condition/1`, `action/2/choose/0/sequence/1`."""
    ms: float
    """Milliseconds from the start of the run."""
    result: Any = None
    """What came out: a condition's answer, an action's data, the branch taken."""
    variables: dict[str, Any] = msgspec.field(default_factory=dict)
    """Variables that it set."""
    error: str | None = None


class TraceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """`arvis/automation/<id>/trace`: the trace of a finished run."""

    run: str
    """Id of the run."""
    automation: str
    """Id of the automation."""
    entity_id: str
    trigger: dict[str, Any]
    """What set it off."""
    started: datetime
    finished: datetime | None
    outcome: str
    """`finished`, `cancelled`, `aborted`, `error`, `failed_conditions`, `failed_single`, `failed_max_runs`, `not_triggered`; empty while it runs."""
    reason: str
    """Why it ended so, where that is not plain; an error with its file and line."""
    steps: list[TraceStep]
    dropped: int = 0
    """Entries that were left out."""
    skipped: int = 0
    """Runs since the last published trace that have none: a storm of runs is not doubled."""
    context: Context


_PATH, _TIME, _RESULT, _VARIABLES, _ERROR = range(5)


class Trace:
    """The trace of one run while it runs."""

    __slots__ = (
        "_entries",
        "_latest",
        "_monotonic",
        "_seen",
        "context",
        "dropped",
        "ended",
        "outcome",
        "reason",
        "run",
        "started",
        "trigger",
    )

    def __init__(self, run: str, trigger: dict[str, Any], context: Context, started: datetime, monotonic: Any) -> None:
        self.run = run
        self.trigger = trigger
        self.context = context
        self.started = started
        self.ended: float | None = None
        self.outcome = ""
        self.reason = ""
        self.dropped = 0
        self._monotonic = monotonic
        self._entries: list[list[Any]] = [
            [f"trigger/{trigger.get('idx', '')}".rstrip("/"), monotonic(), None, None, None]
        ]
        self._latest = self._entries[0]
        self._seen: Counter[str] | None = None

    def enter(self, path: str) -> None:
        """Note that a node begins."""
        self._latest = entry = [path, self._monotonic(), None, None, None]
        entries = self._entries
        if len(entries) >= MAX_ENTRIES and self._full(path):
            self.dropped += 1
        else:
            entries.append(entry)

    def result(self, result: Any) -> None:
        """Note what came out of the latest node."""
        self._latest[_RESULT] = result

    def variables(self, variables: dict[str, Any]) -> None:
        """Note the variables that the latest node set."""
        self._latest[_VARIABLES] = variables

    def failed(self, path: str, error: str) -> None:
        """Note that a node failed; that is kept even where its entry was left out."""
        if self.dropped and self._latest[_PATH] == path and self._latest is not self._entries[-1]:
            self._entries.append(self._latest)
        for entry in reversed(self._entries):
            if entry[_PATH] == path:
                if entry[_ERROR] is None:
                    entry[_ERROR] = error
                return

    def end(self, outcome: str, reason: str = "") -> None:
        """Note how it ended."""
        self.ended = self._monotonic()
        self.outcome = outcome
        self.reason = reason

    def record(self, automation: str, entity_id: str, skipped: int = 0) -> TraceRecord:
        """Write it out."""
        begin = self._entries[0][_TIME]
        finished = None if self.ended is None else self.started + timedelta(seconds=self.ended - begin)
        return TraceRecord(
            run=self.run,
            automation=automation,
            entity_id=entity_id,
            trigger=readable(self.trigger),
            started=self.started,
            finished=finished,
            outcome=self.outcome,
            reason=self.reason,
            steps=[
                TraceStep(
                    path=path,
                    ms=round((moment - begin) * 1000, 3),
                    result=readable(result),
                    variables=readable(variables or {}),
                    error=error,
                )
                for path, moment, result, variables, error in self._entries
            ],
            dropped=self.dropped,
            skipped=skipped,
            context=self.context,
        )

    def _full(self, path: str) -> bool:
        if self._seen is None:
            self._seen = Counter(entry[_PATH] for entry in self._entries)
        self._seen[path] += 1
        return self._seen[path] > MAX_PER_STEP


def readable(value: Any, depth: int = 0) -> Any:
    """Return a value as bounded JSON data: states as mappings, bytes and odd objects as text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT else value[:MAX_TEXT] + "…"
    if depth >= MAX_DEPTH:
        return "…"
    if isinstance(value, TemplateState):
        return readable(value.as_dict(), depth + 1)
    if isinstance(value, Mapping):
        return {str(key): readable(item, depth + 1) for key, item in list(value.items())[:100]}
    if isinstance(value, list | tuple | set | frozenset):
        return [readable(item, depth + 1) for item in list(value)[:100]]
    if isinstance(value, msgspec.Struct):
        return readable(msgspec.to_builtins(value), depth + 1)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return readable(value[:MAX_TEXT].decode("utf-8", "replace"), depth + 1)
    return readable(str(value), depth + 1)
