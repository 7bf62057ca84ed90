"""Whether what came is what was expected: mappings may hold more than was asked for, texts may be a pattern."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from arvisd.automation.rehearsal.recording import Called
from arvisd.automation.steps.action import TARGET_KEYS
from arvisd.home.targets import as_list

PATTERN = "matches"
"""Key of a mapping that stands for any text that a pattern finds something in: `{matches: "^Good .*"}`."""
NAMES = ("action", "service")


def fits(wanted: Any, came: Any) -> bool:
    """Tell whether a value is what is wanted; keys that nobody asks for are let be."""
    if isinstance(wanted, Mapping):
        if set(wanted) == {PATTERN}:
            return came is not None and re.search(str(wanted[PATTERN]), _text(came)) is not None
        return isinstance(came, Mapping) and all(key in came and fits(each, came[key]) for key, each in wanted.items())
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        if not isinstance(came, Sequence) or isinstance(came, str):
            return len(wanted) == 1 and fits(wanted[0], came)
        return len(wanted) == len(came) and all(map(fits, wanted, came))
    if isinstance(wanted, bool) or isinstance(came, bool):
        return wanted is came or _text(wanted) == came
    if isinstance(came, list | tuple) and len(came) == 1:
        return fits(wanted, came[0])
    return bool(wanted == came) or (_plain(wanted) and _plain(came) and _text(wanted) == _text(came))


def fits_call(wanted: Any, call: Called) -> bool:
    """Tell whether a call is the one that is wanted: its name, and of target and data what is written."""
    name, target, data = parts_of(wanted)
    if not fits(name.lower() if isinstance(name, str) else name, call.action):
        return False
    for key, ids in target.items():
        if not _targets(key, ids, call):
            return False
    return fits(data, call.data)


def parts_of(wanted: Any) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    """Return name, target and data of an action as it is written; a bare text is a name."""
    if not isinstance(wanted, Mapping):
        return wanted, {}, {}
    name = next((wanted[key] for key in NAMES if key in wanted), None)
    data = dict(wanted.get("data") or {})
    target = dict(wanted.get("target") or {})
    for key in TARGET_KEYS:
        if key in wanted:
            target[key] = wanted[key]
        elif key in data:
            target[key] = data.pop(key)
    return name, target, data


def _targets(key: str, ids: Any, call: Called) -> bool:
    """Tell whether a call is about these and, of this kind, no others."""
    if isinstance(ids, Mapping):
        return any(fits(ids, each) for each in (*call.target.get(key, ()), *call.entities))
    wanted = {str(each) for each in (as_list(ids) if isinstance(ids, str) else ids or ())}
    if wanted == set(call.target.get(key, ())) or (key in call.data and fits(ids, call.data[key])):
        return True
    return key == "entity_id" and wanted == set(call.entities)


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)
