"""`homeassistant.turn_on`, `turn_off` and `toggle`: the same for entities of several domains."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import msgspec

from arvisd.core.actions import Action, ActionCall, Handler, Target
from arvisd.core.errors import ActionDataError, ActionError, ActionFailedError
from arvisd.core.hub import Hub
from arvisd.home.registry import HomeRegistry
from arvisd.home.targets import as_list, resolve

TARGET_KEYS = tuple(field.encode_name for field in msgspec.structs.fields(Target))
LEFT_TO_THEIR_OWN = frozenset({"cover", "homeassistant", "lock", "valve"})
"""What is open or locked is no matter of on and off, as in Home Assistant."""


def any_domain_actions(hub: Hub, home: HomeRegistry) -> list[Action]:
    """Return the three actions; they reach every domain that has an action of that name."""

    def handler(verb: str) -> Handler:
        async def handle(asked: ActionCall) -> dict[str, Any]:
            call, more = _apart(asked)
            groups: defaultdict[str, list[str]] = defaultdict(list)
            domains = switchable(hub, verb)
            others = [id_ for id_ in home.ungrouped(as_list(call.target.entity_id)) if _other(id_, domains, hub, home)]
            for entity_id in others:
                groups[entity_id.partition(".")[0]].append(entity_id)
            _refuse_unfit(call, domains, home)
            target = _without(call.target, others, home)
            if target is not None:
                for entity in resolve(home, target, domains, call.name):
                    groups[entity.domain].append(entity.id)
            outcomes = await asyncio.gather(
                *(
                    hub.actions.call(
                        f"{domain}.{verb}", _known(hub, f"{domain}.{verb}", more), Target(entity_id=ids), call.context
                    )
                    for domain, ids in groups.items()
                ),
                return_exceptions=True,  # a lamp that fails must not leave nobody waiting for the switches
            )
            _raise_all(outcomes)
            return {"entities": sorted(id_ for ids in groups.values() for id_ in ids)}

        return handle

    return [
        Action(f"homeassistant.{verb}", SwitchData, text, handler=handler(verb), takes_more=True)
        for verb, text in (
            ("turn_on", "Turns entities on."),
            ("turn_off", "Turns entities off."),
            ("toggle", "Turns on what is off and off what is on."),
        )
    ]


def _raise_all(outcomes: list[Any]) -> None:
    """Raise what went wrong with any domain, in one error where it is several."""
    failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    for failure in failed:
        if len(failed) == 1 or not isinstance(failure, ActionError):
            raise failure
    if failed:
        raise ActionFailedError("; ".join(map(str, failed)))


class SwitchData(msgspec.Struct, frozen=True):
    """Data of the three: what each domain's own action knows of it, `transition` for lights, is told to it."""


def _apart(call: ActionCall) -> tuple[ActionCall, dict[str, Any]]:
    """Return a call with the target that stands in its data, as in Home Assistant, and the rest of the data."""
    data = dict(call.data) if isinstance(call.data, Mapping) else {}
    moved = {key: data.pop(key) for key in TARGET_KEYS if key in data}
    if not moved:
        return call, data
    try:
        given = msgspec.convert(moved, Target)
    except msgspec.ValidationError as error:
        raise ActionDataError(f"{call.name}: {error}") from error
    joined = {key: [*as_list(getattr(call.target, key)), *as_list(getattr(given, key))] for key in TARGET_KEYS}
    return msgspec.structs.replace(call, target=Target(**joined)), data


def _known(hub: Hub, name: str, data: dict[str, Any]) -> dict[str, Any] | None:
    """Return what an action knows of the data."""
    if not data:
        return None
    fields = {field.encode_name for field in msgspec.structs.fields(hub.actions.get(name).schema)}
    return {key: value for key, value in data.items() if key in fields}


def switchable(hub: Hub, verb: str) -> frozenset[str]:
    """Return the domains that offer an action of that name now."""
    found = (name.partition(".") for name in hub.actions.names())
    return frozenset(domain for domain, _, action in found if action == verb) - LEFT_TO_THEIR_OWN


def _refuse_unfit(call: ActionCall, domains: frozenset[str], home: HomeRegistry) -> None:
    """Raise ActionDataError for an entity that is named and cannot be switched."""
    for entity_id in as_list(call.target.entity_id):
        domain = entity_id.partition(".")[0]
        if domain not in domains and domain != "group" and home.entity(entity_id) is not None:
            raise ActionDataError(f"{call.name} is not for {entity_id}: call an action of {domain} instead")


def _other(entity_id: str, domains: frozenset[str], hub: Hub, home: HomeRegistry) -> bool:
    """Tell whether somebody has a state and a domain to switch it without being an entity of the house: an automation."""
    known = home.entity(entity_id) is None and hub.states.get(entity_id) is not None
    return known and entity_id.partition(".")[0] in domains


def _without(target: Target, entity_ids: list[str], home: HomeRegistry) -> Target | None:
    """Return the rest of a target; None where nothing is left of it."""
    if not entity_ids:
        return target
    rest = [id_ for id_ in home.ungrouped(as_list(target.entity_id)) if id_ not in entity_ids]
    left = Target(rest, target.device_id, target.area_id, target.floor_id, target.label_id)
    return left if rest or left.device_id or left.area_id or left.floor_id or left.label_id else None
