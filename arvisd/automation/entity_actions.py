"""Actions on automations: Home Assistant's `trigger`, `turn_on`, `turn_off`, `toggle`, `reload`; and `run`, `list`, `traces`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from arvisd.automation.errors import UnknownAutomationError
from arvisd.automation.trace import TraceRecord
from arvisd.core.actions import Action, ActionCall, NoData
from arvisd.core.errors import ActionDataError, ActionFailedError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner

if TYPE_CHECKING:
    from arvisd.automation.engine import AutomationEngine
    from arvisd.automation.entry import Entry


class TriggerData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `automation.trigger`."""

    skip_condition: bool = True
    """Run without asking the conditions."""
    variables: dict[str, Any] = msgspec.field(default_factory=dict)


class RunData(TriggerData, frozen=True, forbid_unknown_fields=True):
    """Data of `automation.run`."""

    wait: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 0.0
    """Seconds to wait for the end of the run."""


class TracesData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `automation.traces`."""

    run: str = ""
    """Only the trace of this run; the end of its id will do."""


class RunReport(msgspec.Struct, frozen=True):
    """What became of a run that was asked for."""

    entity_id: str
    run: str
    """Its id, under which its trace is found; empty: nothing was kept of it."""
    outcome: str
    """How it ended; empty: it goes on."""
    reason: str
    response: str | None = None
    """What `set_conversation_response` left."""


class TurnOffData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `automation.turn_off`."""

    stop_actions: bool = True
    """Stop the runs that go on, too."""


class ReloadData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `automation.reload`."""

    id: str | None = None
    """Taken for Home Assistant's sake: only what changed is reloaded anyway."""


def register_actions(engine: AutomationEngine, hub: Hub, owner: Owner) -> None:
    """Offer the actions until the owner stops."""

    def trigger(call: ActionCall) -> None:
        for entry in _targets(engine, call):
            try:
                engine.trigger(
                    entry.entity_id, call.data.variables, call.context, skip_condition=call.data.skip_condition
                )
            except UnknownAutomationError as error:
                raise ActionFailedError(str(error)) from error

    async def run(call: ActionCall) -> list[RunReport]:
        return await asyncio.gather(*(_run(engine, hub, entry, call) for entry in _targets(engine, call)))

    def traces(call: ActionCall) -> list[TraceRecord]:
        found = [trace for entry in _targets(engine, call) for trace in engine.traces(entry.entity_id)]
        if not call.data.run:
            return found
        chosen = [trace for trace in found if trace.run.endswith(call.data.run)]
        if not chosen:
            raise ActionFailedError(f"{call.name}: no trace of a run {call.data.run!r} is kept")
        return chosen

    def turn_on(call: ActionCall) -> None:
        for entry in _targets(engine, call):
            engine.switch(entry, on=True, context=call.context)

    def turn_off(call: ActionCall) -> None:
        for entry in _targets(engine, call):
            engine.switch(entry, on=False, stop_actions=call.data.stop_actions, context=call.context)

    def toggle(call: ActionCall) -> None:
        for entry in _targets(engine, call):
            engine.switch(entry, on=not entry.on, context=call.context)

    async def reload(_: ActionCall) -> None:
        if engine.reload_configuration is None:
            raise ActionFailedError("automation.reload: nothing here reads the configuration")
        # shielded: the run that asked may be stopped by the very reload, which must go on to its end
        await asyncio.shield(engine.reload_soon())

    for action in (
        Action("automation.trigger", TriggerData, "Run an automation now.", sync_handler=trigger),
        Action("automation.run", RunData, "Run an automation now and tell how it ended.", handler=run),
        Action(
            "automation.list",
            NoData,
            "List the automations: state, last and next run, where they are written.",
            sync_handler=lambda _: list(engine.list()),
        ),
        Action(
            "automation.traces",
            TracesData,
            "Tell what an automation's last runs did, node by node.",
            sync_handler=traces,
        ),
        Action("automation.turn_on", NoData, "Switch an automation on.", sync_handler=turn_on),
        Action("automation.turn_off", TurnOffData, "Switch an automation off.", sync_handler=turn_off),
        Action("automation.toggle", NoData, "Switch an automation on or off.", sync_handler=toggle),
        Action("automation.reload", ReloadData, "Read the configuration anew.", handler=reload),
    ):
        hub.actions.register(action, owner)


async def _run(engine: AutomationEngine, hub: Hub, entry: Entry, call: ActionCall) -> RunReport:
    """Begin a run, and wait for its end as long as is asked for."""
    data = call.data
    try:
        run = engine.trigger(entry.entity_id, data.variables, call.context, skip_condition=data.skip_condition)
    except UnknownAutomationError as error:
        raise ActionFailedError(str(error)) from error
    if run is None:
        last = next((trace for trace in reversed(engine.traces(entry.entity_id)) if trace.outcome), None)
        if last is None or last.context.parent_id != call.context.id:
            return RunReport(entry.entity_id, "", "failed", "its conditions or its mode are against it")
        return RunReport(entry.entity_id, last.run, last.outcome, last.reason)
    if run.running and data.wait:
        with contextlib.suppress(TimeoutError):
            await hub.clock.wait_for(run.wait(), data.wait)
    return RunReport(entry.entity_id, run.id, run.outcome, run.trace.reason, run.response)


def _targets(engine: AutomationEngine, call: ActionCall) -> Sequence[Entry]:
    ids = call.target.entity_id
    names = [ids] if isinstance(ids, str) else ids
    if not names:
        raise ActionDataError(f"{call.name} needs a target: entity_id names the automation")
    if names == ["all"]:
        return engine.entries()
    try:
        return [engine.find(name) for name in names]
    except UnknownAutomationError as error:
        raise ActionDataError(f"{call.name}: {error}") from error
