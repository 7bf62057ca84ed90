"""A trace as a tree that a person reads: what was asked, what was done, how long it took, what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from arvisd.automation.outcomes import NOT_RUNS
from arvisd.automation.trace import TraceRecord, TraceStep
from arvisd.automation.traces.words import in_short, in_words
from arvisd.commands.moments import length, moment

WELL, ILL, GOING = "✓", "✗", "…"
WORDS = {
    "finished": "finished",
    "cancelled": "stopped",
    "aborted": "aborted",
    "error": "failed",
    "failed_conditions": "did not run: its conditions were not met",
    "failed_single": "did not run: another run was going on (mode single)",
    "failed_max_runs": "did not run: as many runs as 'max' allows were going on",
    "not_triggered": "was not set off",
    "disallowed_recursion": "did not run: it would have waited for itself",
    "missed": "did not go on: it was too late",
    "lost": "could not go on after a restart",
    "": "is going on",
}
"""What became of a run."""


class Node:
    """A node with those within it."""

    __slots__ = ("inner", "ms", "seen", "step", "within")

    def __init__(self, step: TraceStep, within: str) -> None:
        self.step = step
        self.within = within
        """Path of the node that it is in, empty for the outermost."""
        self.seen = ""
        """What a trigger saw."""
        self.inner: list[Node] = []
        self.ms = 0.0
        """How long it took, those within included."""


def tree(record: TraceRecord, now: datetime | None = None) -> list[str]:
    """Return the lines of a trace."""
    lines = [headline(record, now)]
    top = nodes_of(record)
    if top and top[0].step.path.startswith("trigger"):
        top[0].seen = seen(record.trigger)
    lines += _branches(top, "")
    if record.dropped:
        lines.append(f"  ({record.dropped} further nodes were left out)")
    return lines


def headline(record: TraceRecord, now: datetime | None = None) -> str:
    """Return what a trace is of and how it ended, in one line."""
    mark = GOING if not record.outcome else WELL if record.outcome == "finished" else ILL
    took = ""
    if record.finished is not None and record.outcome not in NOT_RUNS:
        took = f", {length((record.finished - record.started).total_seconds() * 1000)}"
    times = f", {record.times} times so far" if record.times > 1 else ""
    reason = f": {record.reason}" if record.reason else ""
    name = f" run {record.run}" if record.outcome != "not_triggered" else ""
    said = WORDS.get(record.outcome, record.outcome)
    return f"{mark} {moment(record.started, now)} {record.entity_id}{name} {said}{took}{times}{reason}"


def nodes_of(record: TraceRecord) -> list[Node]:
    """Return the outermost nodes, each with those within it and how long it took."""
    steps = record.steps
    end = steps[-1].ms if steps else 0.0
    if record.finished is not None:
        end = max(end, (record.finished - record.started).total_seconds() * 1000)
    top: list[Node] = []
    stack: list[Node] = []
    for index, step in enumerate(steps):
        after = (later.ms for later in steps[index + 1 :] if not later.path.startswith(step.path + "/"))
        while stack and not step.path.startswith(stack[-1].step.path + "/"):
            stack.pop()
        node = Node(step, stack[-1].step.path + "/" if stack else "")
        node.ms = max(0.0, next(after, end) - step.ms)
        (stack[-1].inner if stack else top).append(node)
        stack.append(node)
    return top


def _branches(nodes: list[Node], indent: str) -> Iterator[str]:
    for index, node in enumerate(nodes):
        last = index == len(nodes) - 1
        below = indent + ("   " if last else "│  ")
        yield f"{indent}{'└' if last else '├'} {_line(node)}"
        for fact in _facts(node):
            yield f"{below}{'│ ' if node.inner else '  '}  {fact}"
        yield from _branches(node.inner, below)


def _line(node: Node) -> str:
    step = node.step
    result = step.result if isinstance(step.result, dict) else {}
    ill = step.error is not None or result.get("result") is False
    action = str(result.get("action", ""))
    name = step.name if step.name not in ("action", "service", "") else ""
    told = f"{name} ({action})" if name and action and name != action else name or action
    level = "" if step.path.startswith("trigger") else f" {length(node.ms)}"
    place = f"  {step.place}" if step.place else ""
    return f"{ILL if ill else WELL} {step.path.removeprefix(node.within)} {told}{level}{place}"


def _facts(node: Node) -> Iterator[str]:
    step = node.step
    if node.seen:
        yield node.seen
    result = dict(step.result) if isinstance(step.result, dict) else {}
    if "choice" in result:
        choice = result.pop("choice")
        yield f"→ {f'branch {choice + 1}' if isinstance(choice, int) else choice}"
    if isinstance(wait := result.get("wait"), dict):
        del result["wait"]
        yield _waited(wait)
    compared = result.pop("conditions", None)
    for each in compared if isinstance(compared, list) else []:
        yield in_words(each)
    answer = result.pop("result", None)
    result.pop("action", None)
    error = result.pop("error", None)
    facts = {key: value for key, value in result.items() if value not in (None, {}, [])}
    if facts:
        yield in_words(facts)
    elif answer not in (None, True, False):
        yield in_words({"result": answer})
    for name, value in step.variables.items():
        yield f"{name} = {in_short(value)}"
    if error:
        yield str(error)
    if step.error and not any(step.error == inner.step.error for inner in node.inner):
        yield step.error


def seen(trigger: dict[str, Any]) -> str:
    """Return what a trigger saw, in short."""
    said = str(trigger.get("description") or "")
    states = [trigger.get(key) for key in ("from_state", "to_state")]
    values = [str(state["state"]) if isinstance(state, dict) and "state" in state else "nothing" for state in states]
    if any(isinstance(state, dict) for state in states):
        said += f": {' → '.join(values)}"
    for key in ("payload", "text"):
        if isinstance(trigger.get(key), str) and trigger[key]:
            return f"{said}: {in_short(trigger[key])}"
    return said


def _waited(wait: dict[str, Any]) -> str:
    """Return how a wait ended."""
    trigger = wait.get("trigger")
    came = seen(trigger) if isinstance(trigger, dict) else "it has come" if wait.get("completed") else "it has not come"
    left = wait.get("remaining")
    return f"{came}, {length(left * 1000)} left" if isinstance(left, int | float) and left else came
