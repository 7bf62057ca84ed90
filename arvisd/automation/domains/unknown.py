"""Warns of areas, floors, labels, devices and entities that an automation names and nobody knows."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, cast

from arvisd.config.nodes import mark_of
from arvisd.config.problems import Problem, did_you_mean, warning

if TYPE_CHECKING:
    from arvisd.automation.definition import Definition
    from arvisd.automation.domains.targeting import Targets
    from arvisd.home.membership import PlaceKind

ALIKE = 0.85
"""How alike two ids must be, so that one is taken for a slip of the pen."""
SETTLED = ("area", "floor", "label")
"""What the user writes down himself, and is known before any device was heard of."""


def unknown_places(definition: Definition, targets: Targets, *, running: bool) -> list[Problem]:
    """Return a warning for each.

    Areas, floors and labels are known from the settings; where there are none at all of a kind, the house is not
    described and nothing is said. Devices and entities are learnt from who offers them: before every part runs nothing
    is said of them, and of an entity only where another has nearly the same name, for it may come later.

    Args:
        definition: the automation.
        targets: where entities are found.
        running: every part of the daemon runs.
    """
    membership = targets.home.membership
    found: list[Problem] = []
    for reference, node in definition.references:
        if reference.kind in SETTLED or (running and reference.kind == "device"):
            known = membership.known(cast("PlaceKind", reference.kind))
            if not known or reference.name in known:
                continue
            said = f"there is no {reference.kind} {reference.name!r}{did_you_mean(reference.name, known)}"
        elif running and reference.kind == "entity":
            said = _unknown_entity(reference.name, targets)
        else:
            continue
        if said:
            label = definition.source.id or definition.source.label
            found.append(warning(mark_of(node, reference.key), f"{said}: nothing comes of it", label))
    return found


def _unknown_entity(entity_id: str, targets: Targets) -> str:
    if targets.hub.states.get(entity_id) is not None or targets.home.entity(entity_id) is not None:
        return ""
    domain = entity_id.partition(".")[0]
    near = difflib.get_close_matches(entity_id, targets.hub.states.ids(domain), 1, ALIKE)
    return f"there is no entity {entity_id!r} (did you mean {near[0]!r}?)" if near else ""
