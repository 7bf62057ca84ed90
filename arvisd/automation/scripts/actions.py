"""Actions on scripts: `script.turn_on`, `turn_off`, `toggle`, `reload`; each script is an action of its own besides."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation.entry import Entry
from arvisd.automation.scripts.scripts import Scripts
from arvisd.core.actions import Action, ActionCall, NoData, Pending
from arvisd.core.errors import ActionDataError, ActionFailedError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.targets import as_list

if TYPE_CHECKING:
    from arvisd.automation.engine import AutomationEngine


class TurnOnData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `script.turn_on`."""

    variables: dict[str, Any] = msgspec.field(default_factory=dict)
    """What the scripts are told."""


def register_script_actions(scripts: Scripts, engine: AutomationEngine, hub: Hub, owner: Owner) -> None:
    """Offer the actions until the owner stops."""

    def turn_on(call: ActionCall) -> Any:
        begun = [scripts.call(entry, call.data.variables, call, wait=False) for entry in _targets(scripts, call)]
        later = [answer.work for answer in begun if type(answer) is Pending]
        return Pending(_all(later)) if later else None

    def turn_off(call: ActionCall) -> None:
        for entry in _targets(scripts, call):
            if entry.automation is not None:
                entry.automation.stop_runs()

    def toggle(call: ActionCall) -> Any:
        later = []
        for entry in _targets(scripts, call):
            if entry.automation is not None and entry.automation.runner.current:
                entry.automation.stop_runs()
            elif type(answer := scripts.call(entry, {}, call, wait=False)) is Pending:
                later.append(answer.work)
        return Pending(_all(later)) if later else None

    async def reload(_: ActionCall) -> None:
        if engine.reload_configuration is None:
            raise ActionFailedError("script.reload: nothing here reads the configuration")
        # shielded: the run that asked may be stopped by the very reload, which must go on to its end
        await asyncio.shield(engine.reload_soon())

    for action in (
        Action("script.turn_on", TurnOnData, "Runs scripts without waiting for them.", sync_handler=turn_on),
        Action("script.turn_off", NoData, "Stops scripts that run.", sync_handler=turn_off),
        Action("script.toggle", NoData, "Stops scripts that run, runs the others.", sync_handler=toggle),
        Action("script.reload", NoData, "Reads the configuration anew.", handler=reload),
    ):
        hub.actions.register(action, owner)


async def _all(works: list[Any]) -> None:
    for work in works:
        await work


def _targets(scripts: Scripts, call: ActionCall) -> list[Entry]:
    named = as_list(call.target.entity_id)
    if not named:
        raise ActionDataError(f"{call.name} needs a target: entity_id names the script")
    return [scripts.find(name) for name in named]
