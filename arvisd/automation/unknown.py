"""Warns of actions, areas, floors, labels, devices and entities that an automation names and nobody knows."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, cast

from arvisd.config.nodes import mark_of
from arvisd.config.problems import Problem, did_you_mean, warning

if TYPE_CHECKING:
    from arvisd.automation.definition import Definition
    from arvisd.automation.domains.targeting import Targets
    from arvisd.automation.entry import Entry
    from arvisd.home.membership import PlaceKind

ALIKE = 0.85
"""How alike two ids must be, so that one is taken for a slip of the pen."""
SETTLED = ("area", "floor", "label")
"""What the user writes down himself, and is known before any device was heard of."""


class Unknown:
    """What the loaded automations name and nobody knows now."""

    def __init__(self, targets: Targets) -> None:
        self._targets = targets
        self._settled: dict[str, Definition] = {}
        """For each entity id the version whose places were all there: they are not looked for at each reload."""
        self._renames = 0

    def problems(self, entries: Iterable[Entry], *, running: bool) -> list[Problem]:
        """Return a warning for each.

        Args:
            entries: automations and scripts.
            running: every part of the daemon runs, so that an action that is not there will hardly come.
        """
        actions = dict.fromkeys(self._targets.hub.actions.names()) if running else None
        found: list[Problem] = []
        settled: dict[str, Definition] = {}
        if self._targets.home.renames != self._renames:
            self._renames = self._targets.home.renames
            self._settled = {}
        for entry in entries:
            if entry.automation is None or entry.error:
                continue
            definition = entry.automation.definition
            if actions is not None:
                found += unknown_actions(definition, actions)
            if self._settled.get(entry.entity_id) is not definition:
                places = unknown_places(definition, self._targets, running=running)
                if places:
                    found += places
                    continue
            if running:
                settled[entry.entity_id] = definition
        self._settled = settled
        return found


def unknown_actions(definition: Definition, actions: Collection[str]) -> list[Problem]:
    """Return a warning for each action that nobody offers now."""
    return [
        warning(
            mark_of(node, reference.key),
            f"there is no action {reference.name!r}{did_you_mean(reference.name, actions)}: "
            "the step fails unless an integration offers it",
            _label(definition),
        )
        for reference, node in definition.references
        if reference.kind == "action" and reference.name not in actions
    ]


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
            found.append(warning(mark_of(node, reference.key), f"{said}: nothing comes of it", _label(definition)))
    return found


def _unknown_entity(entity_id: str, targets: Targets) -> str:
    if targets.hub.states.get(entity_id) is not None or targets.home.entity(entity_id) is not None:
        return ""
    now = targets.home.successor(entity_id)
    if now is not None:
        return f"{entity_id!r} is {now!r} now, as its device was renamed"
    if targets.home.remembers(entity_id):
        return ""  # its device has not announced itself yet, or is away
    domain = entity_id.partition(".")[0]
    near = difflib.get_close_matches(entity_id, targets.hub.states.ids(domain), 1, ALIKE)
    return f"there is no entity {entity_id!r} (did you mean {near[0]!r}?)" if near else ""


def _label(definition: Definition) -> str:
    return definition.source.id or definition.source.label
