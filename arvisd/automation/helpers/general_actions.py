"""Actions that are about helpers of every kind: reading their sections anew, looking again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol, runtime_checkable

from arvisd.automation.engine import AutomationEngine
from arvisd.automation.helpers.kind import Helper
from arvisd.config.problems import did_you_mean
from arvisd.core.actions import Action, ActionCall, NoData
from arvisd.core.errors import ActionDataError, ActionFailedError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.registry import HomeRegistry
from arvisd.home.targets import as_list


@runtime_checkable
class Updated(Protocol):
    """A helper that can look again at what it shows."""

    def update(self) -> None:
        """Look again."""


def register_general_actions(
    sections: Iterable[str],
    hub: Hub,
    home: HomeRegistry,
    engine: AutomationEngine,
    find: Callable[[str], Helper | None],
    owner: Owner,
) -> None:
    """Offer the actions until the owner stops; what is offered already is left alone."""

    async def reload(call: ActionCall) -> None:
        if engine.reload_configuration is None:
            raise ActionFailedError(f"{call.name}: nothing here reads the configuration")
        # shielded: the run that asked may be stopped by the very reload, which must go on to its end
        await asyncio.shield(engine.reload_soon())

    def update(call: ActionCall) -> None:
        named = home.ungrouped(as_list(call.target.entity_id))
        for entity_id in named:
            if home.entity(entity_id) is None and hub.states.get(entity_id) is None:
                near = did_you_mean(entity_id, [known for known, _ in hub.states])
                raise ActionDataError(f"there is no entity {entity_id!r}{near}")
        for entity_id in named:
            helper = find(entity_id)
            if isinstance(helper, Updated):
                helper.update()

    names = [*(f"{section}.reload" for section in sections), "homeassistant.reload_all"]
    actions = [Action(name, NoData, "Reads the configuration anew.", handler=reload) for name in names]
    actions.append(
        Action(
            "homeassistant.update_entity",
            NoData,
            "Lets entities look again; those that tell of themselves need no asking.",
            sync_handler=update,
        )
    )
    taken = frozenset(hub.actions.names())
    for action in actions:
        if action.name not in taken:
            hub.actions.register(action, owner)
