"""Follows contexts from a state to what began it, as long as they are known."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.automation.trace import Trace, readable
from arvisd.automation.traces.nodes import Nodes
from arvisd.core.causes import Cause, Causes, Request, Turn
from arvisd.core.context import Context
from arvisd.why.link import Link

LONGEST = 12
"""Links of a chain: automations may set each other off in circles."""


class Step(msgspec.Struct, frozen=True):
    """What was being done when a state came."""

    path: str
    """Path of the node in its run; empty outside of runs."""
    action: str


def chain_of(cause: Cause, step: Step | None, causes: Causes) -> list[Link]:
    """Return the links from the action that set a state to what is known to have begun it all."""
    chain = [] if step is None else [_action(cause, step)]
    seen: set[str] = set()
    current: Cause | None = cause
    while current is not None and len(chain) < LONGEST and current.context.id not in seen:
        seen.add(current.context.id)
        chain.append(link_of(current))
        current = causes.get(current.context.parent_id)
    return chain


def link_of(cause: Cause) -> Link:
    """Return a cause as a link."""
    if isinstance(cause, Trace):
        return _run(cause)
    context = cause.context
    if isinstance(cause, Turn):
        data = {
            "site": cause.site,
            "session": cause.session,
            "language": cause.language,
            "intent": cause.intent,
            "speaker": cause.speaker,
            "by": cause.by,
            "heard": cause.heard,
        }
        return Link("turn", context.id, context.parent_id, cause.time, cause.text, data=_given(data))
    if isinstance(cause, Request):
        target = {key: value for key, value in msgspec.to_builtins(cause.target).items() if value}
        about = {"action": cause.action, "target": target}
        return Link("request", context.id, context.parent_id, cause.time, cause.action, data=about)
    return outside(context)


def outside(context: Context) -> Link:
    """Return what stands for a cause that is not known."""
    return Link("outside", context.id, context.parent_id, text=context.source or "")


def step_of(cause: Cause, entity_id: str, causes: Causes) -> Step | None:
    """Return what was being done for a cause when the state of an entity came."""
    if isinstance(cause, Trace):
        return Step(*cause.acting(entity_id))
    calls = causes.calls(cause.context.id)
    for call in calls:
        ids = call.target.entity_id
        if entity_id == ids or (isinstance(ids, list) and entity_id in ids):
            return Step("", call.action)
    if calls:
        return Step("", calls[0].action)
    return Step("", cause.action) if isinstance(cause, Request) else None


def _action(cause: Cause, step: Step) -> Link:
    place = name = ""
    if isinstance(cause, Trace) and cause.origin is not None:
        nodes = Nodes(cause.origin.source)
        place, name = nodes.place(step.path), nodes.name(step.path)
    data = {"action": step.action, "path": step.path, "step": name}
    return Link("action", cause.context.id, cause.context.parent_id, None, step.action or name, place, _given(data))


def _run(trace: Trace) -> Link:
    context, origin, trigger = trace.context, trace.origin, trace.trigger
    data: dict[str, Any] = {
        "run": trace.run,
        "trigger": trigger.get("description") or "",
        "trigger_id": trigger.get("id"),
        "platform": trigger.get("platform"),
        **_seen(trigger),
    }
    place = text = ""
    if origin is not None:
        nodes = Nodes(origin.source)
        mark = origin.source.mark
        text = origin.source.label
        place = nodes.place(f"trigger/{trigger['idx']}") if trigger.get("idx") else ""
        data |= {"automation": origin.entity_id, "id": origin.id, "file": mark.file, "line": mark.line}
        data = nodes.hidden(data)
    return Link("run", context.id, context.parent_id, trace.started, text, place, _given(data))


def _seen(trigger: dict[str, Any]) -> dict[str, Any]:
    """Return what a trigger saw, in short."""
    seen: dict[str, Any] = {}
    for key in ("entity_id", "topic", "payload", "intent", "sentence", "site"):
        value = trigger.get(key)
        if isinstance(value, str):
            seen[key] = value[:200]
    for key, name in (("from_state", "from"), ("to_state", "to")):
        state = readable(trigger.get(key))
        if isinstance(state, dict):
            seen[name] = state.get("state")
    return seen


def _given(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value not in (None, "")}
