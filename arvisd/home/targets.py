"""From an action's target to entities: exactly what was named, never more."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from arvisd.core.actions import Target
from arvisd.core.errors import ActionDataError
from arvisd.home.entity import Entity
from arvisd.home.membership import PLACE_KINDS, PlaceKind
from arvisd.home.registry import HomeRegistry

ALL = "all"
"""As `entity_id`: every entity of the action's domain; the only way to mean the whole house."""
NONE = "none"
"""As `entity_id`: no entity at all, which is no error: a template's way to say that there is nothing to do."""


def resolve(home: HomeRegistry, target: Target, domains: Iterable[str], action: str) -> list[Entity]:
    """Return the entities that a target names, each once, sorted by id.

    Areas, floors, labels, devices and groups stand for their entities of the right domains.

    Raises:
        ActionDataError: nothing is named, something named is not there, an entity is of another domain,
            or a place holds nothing of the right domain.
    """
    wanted = frozenset(domains)
    named = as_list(target.entity_id)
    found = {entity.id: entity for entity in _by_id(home, named, wanted, action)}
    for kind in PLACE_KINDS:
        for id_ in as_list(getattr(target, f"{kind}_id")):
            inside = _inside(home, kind, id_)
            fitting = [entity for entity in inside if entity.domain in wanted and entity.controller is not None]
            if not fitting:
                raise ActionDataError(f"{action}: there is no {' or '.join(sorted(wanted))} in the {kind} {id_!r}")
            found.update((entity.id, entity) for entity in fitting)
    if not found and named != [NONE]:
        raise ActionDataError(f"{action} needs a target: entity_id, area_id, floor_id, label_id or device_id")
    return [found[id_] for id_ in sorted(found)]


def as_list(ids: str | list[str]) -> list[str]:
    """Return one id, several separated by commas, or a list of them as a list."""
    return [part.strip() for part in ids.split(",") if part.strip()] if isinstance(ids, str) else ids


def _by_id(home: HomeRegistry, ids: list[str], wanted: frozenset[str], action: str) -> list[Entity]:
    if ALL in ids:
        everything = [entity for entity in home.entities(wanted) if entity.controller is not None]
        if not everything:
            raise ActionDataError(f"{action}: there is no {' or '.join(sorted(wanted))} in the house")
        return everything
    found = []
    for id_ in ids:
        members = home.ungrouped([id_])
        if members == [id_]:
            if id_ != NONE:
                found.append(_one(home, id_, wanted, action))
            continue
        fitting = [_one(home, member, wanted, action) for member in members if member.partition(".")[0] in wanted]
        if not fitting:
            raise ActionDataError(f"{action}: there is no {' or '.join(sorted(wanted))} in the group {id_!r}")
        found += fitting
    return found


def _one(home: HomeRegistry, id_: str, wanted: frozenset[str], action: str) -> Entity:
    entity = home.entity(id_)
    if entity is None:
        raise ActionDataError(f"there is no entity {id_!r}{_hint(id_, [e.id for e in home.entities()])}")
    if entity.domain not in wanted:
        raise ActionDataError(f"{action} is not for {id_}: it takes a {' or a '.join(sorted(wanted))}")
    return entity


def _inside(home: HomeRegistry, kind: PlaceKind, id_: str) -> list[Entity]:
    membership = home.membership
    _check(kind, id_, sorted(membership.known(kind)))
    found = (home.entity(entity_id) for entity_id in membership.inside(kind, id_))
    return [entity for entity in found if entity is not None]


def _check(kind: str, id_: str, known: list[str]) -> None:
    if id_ not in known:
        raise ActionDataError(f"there is no {kind} {id_!r}{_hint(id_, known)}")


def _hint(id_: str, known: list[str]) -> str:
    near = difflib.get_close_matches(id_, known, 1)
    return f" (did you mean {near[0]}?)" if near else ""
