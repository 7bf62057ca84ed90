"""What happened in a run: taken down cheaply while it runs, written out only when somebody wants to read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation.outcomes import FAILED_CONDITIONS
from arvisd.automation.templates.states import TemplateState
from arvisd.automation.traces.nodes import Nodes
from arvisd.automation.traces.words import in_words
from arvisd.core.context import Context

if TYPE_CHECKING:
    from arvisd.automation.schema import Document

MAX_ENTRIES = 256
"""Entries of a trace before those of one step are counted."""
MAX_PER_STEP = 20
"""Entries of one step from then on: a loop of 10,000 passes must not fill the memory."""
MAX_TEXT = 2048
"""Characters of any text in a written trace."""
MAX_DEPTH = 8
MAX_COMPARED = 20
"""Comparisons of one node that are kept: those of nested conditions."""


class TraceStep(msgspec.Struct, frozen=True, omit_defaults=True):
    """One node of a run."""

    path: str
    """`trigger/0`, `condition/1`, `action/2/choose/0/sequence/1`."""
    name: str = ""
    """Its alias, else which kind it is: `delay`, `choose`."""
    place: str = ""
    """Where it is written, `FILE:LINE:COL`."""
    ms: float = 0.0
    """Milliseconds from the start of the run."""
    result: Any = None
    """What came out: a condition's answer with what it compared, an action's data, the branch taken."""
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
    """`finished`, `cancelled`, `aborted`, `error`, `missed`, `lost`, `failed_conditions`, `failed_single`, `failed_max_runs`, `not_triggered`, `disallowed_recursion`; empty while it runs."""
    reason: str
    """Why it ended so, where that is not plain; an error with its file and line."""
    steps: list[TraceStep]
    dropped: int = 0
    """Entries that were left out."""
    skipped: int = 0
    """Runs since the last published trace that have none: a storm of runs is not doubled."""
    times: int = 1
    """For `not_triggered`: how often that trigger has seen what it does not wait for."""
    context: Context


class Origin:
    """Whose run it is: an automation, a script. Kept by traces, which outlive what ran."""

    __slots__ = ("entity_id", "id", "source")

    def __init__(self, id_: str, entity_id: str, source: Document) -> None:
        self.id = id_
        self.entity_id = entity_id
        self.source = source
        """Its document, as it was written then."""


Explain = Callable[..., dict[str, Any]]
"""Given what was compared, says it: `{"entity_id": "sensor.hall", "state": 19.5, "wanted_above": 20}`."""

_PATH, _TIME, _RESULT, _VARIABLES, _ERROR, _COMPARED = range(6)


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
        "origin",
        "outcome",
        "reason",
        "run",
        "started",
        "times",
        "trigger",
    )

    def __init__(
        self,
        run: str,
        trigger: dict[str, Any],
        context: Context,
        started: datetime,
        monotonic: Callable[[], float],
        origin: Origin | None = None,
    ) -> None:
        self.run = run
        self.trigger = trigger
        self.context = context
        self.started = started
        self.origin = origin
        """Whose run it is; None: not known, and no node has a name."""
        self.ended: float | None = None
        self.outcome = ""
        self.reason = ""
        self.dropped = 0
        self.times = 1
        """How often it happened, where several are told as one."""
        self._monotonic = monotonic
        self._entries: list[list[Any]] = [
            [f"trigger/{trigger.get('idx', '')}".rstrip("/"), monotonic(), None, None, None, None]
        ]
        self._latest = self._entries[0]
        self._seen: Counter[str] | None = None

    def enter(self, path: str) -> None:
        """Note that a node begins."""
        self._latest = entry = [path, self._monotonic(), None, None, None, None]
        entries = self._entries
        if len(entries) >= MAX_ENTRIES and self._full(path):
            self.dropped += 1
        else:
            entries.append(entry)

    def result(self, result: Any) -> None:
        """Note what came out of the latest node."""
        self._latest[_RESULT] = result

    def refused(self) -> None:
        """Note that the latest node, a condition, is not met, unless it has said why itself."""
        if self._latest[_RESULT] is None:
            self._latest[_RESULT] = {"result": False}

    def compared(self, explain: Explain, *values: Any) -> None:
        """Note what a condition of the latest node compared; `explain` is called with it when the trace is written."""
        seen = self._latest[_COMPARED]
        if seen is None:
            self._latest[_COMPARED] = [(explain, values)]
        elif len(seen) < MAX_COMPARED:
            seen.append((explain, values))

    def variables(self, variables: dict[str, Any], path: str | None = None) -> None:
        """Note the variables that the latest node set, or that of a path where others may have begun since."""
        entry = self._latest
        if path is not None and entry[_PATH] != path:
            entry = next((each for each in reversed(self._entries) if each[_PATH] == path), entry)
        before = entry[_VARIABLES]
        entry[_VARIABLES] = variables if before is None else {**before, **variables}

    def acting(self, entity_id: str) -> tuple[str, str]:
        """Return path and name of the action that the run calls on an entity: the last one that names it, else the last."""
        last: list[Any] | None = None
        for entry in reversed(self._entries):
            result = entry[_RESULT]
            if not isinstance(result, dict) or "action" not in result:
                continue
            ids = getattr(result.get("target"), "entity_id", ())
            if entity_id == ids or (isinstance(ids, list) and entity_id in ids):
                return entry[_PATH], str(result["action"])
            last = last or entry
        if last is None:
            return self._latest[_PATH], ""
        return last[_PATH], str(last[_RESULT]["action"])

    def failed(self, path: str, error: str) -> None:
        """Note that a node failed; that is kept even where its entry was left out."""
        if self.dropped and self._latest[_PATH] == path and self._latest is not self._entries[-1]:
            self._entries.append(self._latest)
        for entry in reversed(self._entries):
            if entry[_PATH] == path:
                if entry[_ERROR] is None:
                    entry[_ERROR] = error
                return

    @property
    def length(self) -> int:
        """How many entries there are."""
        return len(self._entries)

    def entries(self, begin: int) -> list[list[Any]]:
        """Return the entries from `begin` on as JSON data, for `resumed`."""
        start = self._entries[0][_TIME]
        return [
            [path, round(moment - start, 6), readable(_whole(result, compared)), readable(variables), error]
            for path, moment, result, variables, error, compared in self._entries[begin:]
        ]

    def resumed(self, ago: float, entries: list[list[Any]]) -> None:
        """Note that the run began so many seconds ago, in an earlier life of the daemon, and what it did there."""
        first = self._entries[0]
        first[_TIME] -= ago
        for path, moment, result, variables, error in entries:
            if path == first[_PATH]:
                first[_VARIABLES] = variables
            else:
                self._entries.append([path, first[_TIME] + moment, result, variables, error, None])
        self._latest = self._entries[-1]

    def end(self, outcome: str, reason: str = "") -> None:
        """Note how it ended."""
        self.ended = self._monotonic()
        self.outcome = outcome
        self.reason = reason

    def record(self, automation: str, entity_id: str, skipped: int = 0) -> TraceRecord:
        """Write it out."""
        begin = self._entries[0][_TIME]
        finished = None if self.ended is None else self.started + timedelta(seconds=self.ended - begin)
        nodes = Nodes(None if self.origin is None else self.origin.source)
        shown = nodes.hidden
        steps = [
            TraceStep(
                path=path,
                name=nodes.name(path),
                place=nodes.place(path),
                ms=round((moment - begin) * 1000, 3),
                result=shown(readable(_whole(result, compared))),
                variables=shown(readable(variables or {})),
                error=shown(error),
            )
            for path, moment, result, variables, error, compared in self._entries
        ]
        reason = self.reason or (_unmet(steps[-1]) if self.outcome == FAILED_CONDITIONS else "")
        return TraceRecord(
            run=self.run,
            automation=automation,
            entity_id=entity_id,
            trigger=shown(readable(self.trigger)),
            started=self.started,
            finished=finished,
            outcome=self.outcome,
            reason=shown(reason),
            steps=steps,
            dropped=self.dropped,
            skipped=skipped,
            times=self.times,
            context=self.context,
        )

    def _full(self, path: str) -> bool:
        if self._seen is None:
            self._seen = Counter(entry[_PATH] for entry in self._entries)
        self._seen[path] += 1
        return self._seen[path] > MAX_PER_STEP


def _unmet(step: TraceStep) -> str:
    """Say which condition was not met, and what it compared."""
    result = step.result if isinstance(step.result, dict) else {}
    facts = {key: value for key, value in result.items() if key != "result"}
    said = in_words(facts) if facts else ""
    place = f"{step.place}: " if step.place else ""
    name = step.name or step.path
    return f"{place}{name}: {said}" if said else f"{place}{name}"


def _whole(result: Any, compared: list[tuple[Explain, tuple[Any, ...]]] | None) -> Any:
    """Return a node's result with what its conditions compared."""
    if compared is None:
        return result
    said = [explain(*values) for explain, values in compared]
    known = dict(result) if isinstance(result, Mapping) else {"result": result}
    return {**known, **said[0]} if len(said) == 1 and "choice" not in known else {**known, "conditions": said}


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
