"""What an automation or script gives to its blueprint: every input that is needed, each as asked."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.automation.blueprints.document import Blueprint, BlueprintInput
from arvisd.automation.blueprints.nodes import Filling
from arvisd.automation.blueprints.visibility import hidden
from arvisd.config.checks import At
from arvisd.config.document import Broken
from arvisd.config.nodes import Input, key_mark_of, kind_of, mark_of
from arvisd.config.problems import Problem, did_you_mean, error, warning


def fillings(blueprint: Blueprint, path: str, use: dict[str, Any], problems: list[Problem]) -> dict[str, Filling]:
    """Return what fills each hole of a blueprint; what is wrong joins the problems.

    Args:
        blueprint: a valid one.
        path: how it is called, for messages.
        use: the node under `use_blueprint`.
        problems: joined by an error for each input that is missing or not what its selector asks for, a warning for
            each that is unknown: Home Assistant takes no notice of those, and editors leave them behind.
    """
    given = use.get("input")
    if given is None:
        given = {}
    if not isinstance(given, dict):
        if not isinstance(given, Broken):
            said = f"use_blueprint.input: expected a mapping of inputs, got {kind_of(given)}"
            problems.append(error(mark_of(use, "input"), said))
        return {}
    by_name = {str(key): key for key in given}
    for name, key in by_name.items():
        if name not in blueprint.inputs:
            near = did_you_mean(name, blueprint.inputs) or _named(blueprint)
            said = f"the blueprint {path!r} has no input {name!r}{near}: it is ignored"
            problems.append(warning(key_mark_of(given, key), said))
    values = {
        name: given[by_name[name]] if name in by_name else asked.document.default
        for name, asked in blueprint.inputs.items()
    }
    unseen = hidden({name: asked.visible for name, asked in blueprint.inputs.items()}, values)
    filled: dict[str, Filling] = {}
    place = mark_of(use, "input") if use.get("input") is not None else mark_of(use)
    for name, asked in blueprint.inputs.items():
        if name in by_name and name not in unseen:
            key = by_name[name]
            filled[name] = Filling(given[key], given, key)
            _check(asked, given, key, problems)
        elif not asked.required:
            filled[name] = Filling(asked.document.default, asked.container[_key(asked)], "default")
        elif name in unseen:
            filled[name] = Filling(None, asked.container, _key(asked))
        else:
            title = f" ({asked.title})" if asked.title != name else ""
            problems.append(error(place, f"the blueprint {path!r} needs the input {name!r}{title}"))
    return filled


def _check(asked: BlueprintInput, given: dict[Any, Any], key: Any, problems: list[Problem]) -> None:
    value = given[key]
    what = f"the input {asked.name!r}"
    if isinstance(value, Input):
        said = f"{what}: !input {value.name}: only a blueprint may hold this"
        problems.append(error(mark_of(given, key), said))
        return
    if asked.selector is None or _left_open(asked, value):
        return
    asked.selector.check(value, At(problems, given, key, (what,)))


def _left_open(asked: BlueprintInput, value: Any) -> bool:
    """Tell whether an input that need not be given is empty, as editors write it, or what it is anyway."""
    default = asked.document.default
    if default is msgspec.UNSET:
        return False
    return value is None or (isinstance(value, str | list | dict) and not value) or bool(value == default)


def _key(asked: BlueprintInput) -> Any:
    return next(key for key in asked.container if str(key) == asked.name)


def _named(blueprint: Blueprint) -> str:
    names = list(blueprint.inputs)
    return f" (inputs: {', '.join(names)})" if names else ": it has none"
