"""Actions on automations: `automation.trigger`, `turn_on`, `turn_off`, `toggle`, `reload`."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation.errors import UnknownAutomationError
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
        Action("automation.turn_on", NoData, "Switch an automation on.", sync_handler=turn_on),
        Action("automation.turn_off", TurnOffData, "Switch an automation off.", sync_handler=turn_off),
        Action("automation.toggle", NoData, "Switch an automation on or off.", sync_handler=toggle),
        Action("automation.reload", ReloadData, "Read the configuration anew.", handler=reload),
    ):
        hub.actions.register(action, owner)


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
