"""Offers the actions of a kind: each is done on every helper that the target names."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from arvisd.automation.helpers.kind import Helper, HelperAction, HelperKind
from arvisd.core.actions import Action, ActionCall
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.registry import HomeRegistry
from arvisd.home.targets import resolve

Find = Callable[[str], "Helper | None"]


def register_actions(kind: HelperKind[Any], hub: Hub, home: HomeRegistry, find: Find, owner: Owner) -> None:
    """Offer the actions of a kind until the owner stops."""
    taken = frozenset(hub.actions.names())
    for action in kind.actions:
        name = f"{kind.domain}.{action.name}"
        targets = _Targets(kind.domain, name, home, find)
        if action.instant:
            handlers: dict[str, Any] = {"sync_handler": _instant(action, targets)}
        else:
            handlers = {"handler": _waiting(action, targets)}
        if name in taken:
            continue  # an integration does the same for its own entities, and asks the controllers of these
        hub.actions.register(Action(name, action.data, action.description, **handlers), owner)


class _Targets:
    """From a call to the helpers that it is about."""

    def __init__(self, domain: str, name: str, home: HomeRegistry, find: Find) -> None:
        self._domains = (domain,)
        self._prefix = f"{domain}."
        self._name = name
        self._home = home
        self._find = find

    def of(self, call: ActionCall) -> Iterator[tuple[str, Helper]]:
        """Give each helper once, after all of the target was found to be right."""
        named = call.target.entity_id
        if isinstance(named, list) and len(named) == 1:
            named = named[0]
        if isinstance(named, str) and named.startswith(self._prefix) and _only_entities(call):
            alone = self._find(named)
            if alone is not None:
                yield named, alone  # what automations do most, without a look at the whole house
                return
        found = []
        for entity in resolve(self._home, call.target, self._domains, self._name):
            helper = self._find(entity.id)
            if helper is None:
                raise ActionDataError(f"{self._name} is not for {entity.id}: it is no helper")
            found.append((entity.id, helper))
        yield from found


def _only_entities(call: ActionCall) -> bool:
    target = call.target
    return not (target.area_id or target.floor_id or target.label_id or target.device_id)


def _instant(action: HelperAction, targets: _Targets) -> Callable[[ActionCall], Any]:
    perform = action.perform

    def handle(call: ActionCall) -> Any:
        return _answer({id_: perform(helper, call.data, call.context) for id_, helper in targets.of(call)})

    return handle


def _waiting(action: HelperAction, targets: _Targets) -> Callable[[ActionCall], Any]:
    async def handle(call: ActionCall) -> Any:
        results = {}
        for entity_id, helper in targets.of(call):
            result = action.perform(helper, call.data, call.context)
            results[entity_id] = await result if inspect.isawaitable(result) else result
        return _answer(results)

    return handle


def _answer(results: dict[str, Any]) -> dict[str, Any]:
    """Return what each gave; where none gave anything, which they were, as other actions on entities do."""
    if all(result is None for result in results.values()):
        return {"entities": list(results)}
    return results
