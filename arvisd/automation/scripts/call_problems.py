"""What can be seen to be wrong with a call of a script without running it: a field that is missing or unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from arvisd.automation.definition import Definition
from arvisd.automation.scripts.definition import ScriptDefinition
from arvisd.automation.scripts.fields import Fields
from arvisd.config.nodes import key_mark_of, mark_of
from arvisd.config.problems import Problem, did_you_mean, warning

if TYPE_CHECKING:
    from arvisd.automation.entry import Entry

TARGET_KEYS = frozenset({"entity_id", "device_id", "area_id", "floor_id", "label_id"})
"""Scripts get a call's target as variables, and may want it without saying so."""


def call_problems(entries: Iterable[Entry]) -> list[Problem]:
    """Return a warning for each call in these automations and scripts that does not fit the script's fields."""
    definitions = [entry.automation.definition for entry in entries if entry.automation is not None]
    return problems_of(definitions, fields_of(definitions))


def fields_of(definitions: Iterable[Definition]) -> dict[str, Fields]:
    """Return the fields of the scripts among the definitions that have any, by the script's entity id."""
    return {
        f"script.{definition.source.id}": definition.fields
        for definition in definitions
        if isinstance(definition, ScriptDefinition) and definition.fields.known
    }


def problems_of(definitions: Iterable[Definition], fields: Mapping[str, Fields]) -> list[Problem]:
    """Return the warnings of these definitions; `fields` is by the script's entity id, of those that have any."""
    if not fields:
        return []
    return [
        problem
        for definition in definitions
        for reference, node in definition.references
        if reference.kind == "action" and reference.name in fields
        for problem in _of_call(reference.name, reference.key, node, fields[reference.name], definition)
    ]


def _of_call(name: str, key: str, node: Any, fields: Fields, definition: Definition) -> list[Problem]:
    label = definition.source.id or definition.source.label
    holders = [node[part] for part in ("data", "data_template") if node.get(part) is not None]
    if any(not isinstance(holder, dict) for holder in holders):
        return []  # a template that gives them
    found = []
    for holder in holders:
        for given in holder:
            if given not in fields.known and given not in TARGET_KEYS:
                near = did_you_mean(str(given), list(fields.known))
                found.append(warning(key_mark_of(holder, given), f"{name} has no field {given!r}{near}", label))
    given_all = {str(given) for holder in holders for given in holder}
    if node.get("target") is not None or node.get("entity_id") is not None:
        given_all |= TARGET_KEYS
    missing = [field for field in fields.required if field not in given_all]
    if missing:
        names = " and ".join(repr(field) for field in missing)
        found.append(warning(mark_of(node, key), f"{name} needs {names} in 'data'", label))
    return found
