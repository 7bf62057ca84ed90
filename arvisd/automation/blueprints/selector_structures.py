"""Values of inputs that are mappings and lists: targets, places, steps, objects, and the choice between selectors."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from arvisd.automation.blueprints import selector_options as options
from arvisd.automation.blueprints.selector_values import ENTITY, REGISTRY_ID, each, given, one_of, within
from arvisd.config.checks import At
from arvisd.config.nodes import key_mark_of
from arvisd.config.problems import did_you_mean, error
from arvisd.config.wording import choices

TARGETS = ("entity_id", "device_id", "area_id", "floor_id", "label_id", "exclude")


def color_rgb(asked: Any, value: Any, at: At) -> None:
    """Expect red, green and blue."""
    whole = isinstance(value, list) and len(value) == 3
    if not whole or not all(type(part) is int and 0 <= part <= 255 for part in value):
        at.wrong(value, "red, green and blue from 0 to 255, as in [255, 120, 0]")


def location(asked: Any, value: Any, at: At) -> None:
    """Expect a place on the earth."""
    expected = "a place, as in {latitude: 52.5, longitude: 13.4}"
    if not isinstance(value, dict) or not {"latitude", "longitude"} <= value.keys():
        at.wrong(value, expected)
        return
    _only(value, ("latitude", "longitude", "radius"), at)
    for key, bound in (("latitude", 90.0), ("longitude", 180.0), ("radius", math.inf)):
        if key in value and given(value[key]):
            within(-bound if bound < 1000 else 0, bound if bound < 1000 else None, value[key], at.within(value, key))


def target(asked: Any, value: Any, at: At) -> None:
    """Expect what an action may be aimed at."""
    if not isinstance(value, dict):
        at.wrong(value, "a target, as in {entity_id: light.kitchen} or {area_id: kitchen}")
        return
    _only(value, TARGETS, at)
    for key in TARGETS[:-1]:
        for container, index in _places(value, key):
            item = container[index]
            place = At(at.problems, container, index, (*at.path, key))
            if given(item) and not isinstance(item, str):
                place.wrong(item, "text or a list of texts")
            elif given(item) and key == "entity_id" and not _is_entity(item):
                place.wrong(item, "the id of an entity, such as light.kitchen")


def media(asked: Any, value: Any, at: At) -> None:
    """Expect something that can be played."""
    if not isinstance(value, dict):
        at.wrong(value, "media, as in {media_content_id: …, media_content_type: music}")
        return
    for key in ("media_content_id", "media_content_type"):
        if key not in value:
            at.fault(value, f"the key {key!r} is missing")


def steps(asked: Any, value: Any, at: At) -> None:
    """Expect steps; what is in them is checked where they are used."""
    _mappings(value, at, "steps, each a mapping such as 'action: light.turn_on'")


def triggers(asked: Any, value: Any, at: At) -> None:
    """Expect triggers."""
    _mappings(value, at, "triggers, each a mapping such as 'trigger: state'")


def conditions(asked: Any, value: Any, at: At) -> None:
    """Expect conditions."""
    _mappings(value, at, "conditions, each a mapping such as 'condition: state' or a template")


def threshold(asked: Any, value: Any, at: At) -> None:
    """Expect a bound: `{type: above, value: {number: 20}}`."""
    kinds = ("above", "below", "between", "outside", "any")
    if not isinstance(value, dict) or value.get("type") not in kinds:
        at.wrong(value, f"a threshold, as in {{type: above, value: {{number: 20}}}}, of the type {choices(kinds)}")


def object_(asked: options.ObjectOptions, value: Any, at: At) -> None:
    """Expect whatever it is, or the fields that are asked for."""
    if asked.fields:
        each(_fields)(asked, value, at)


def _fields(asked: options.ObjectOptions, value: Any, at: At) -> None:
    fields = asked.fields or {}
    if not isinstance(value, dict):
        at.wrong(value, f"a mapping of {', '.join(fields)}")
        return
    _only(value, fields, at)
    for name, field in fields.items():
        if field.required and name not in value:
            at.fault(value, f"the key {name!r} is missing")
        elif name in value and given(value[name]) and field.selector is not None:
            field.selector.check(value[name], at.within(value, name))


def choose(asked: options.ChooseOptions, value: Any, at: At) -> None:
    """Expect what one of several selectors takes."""
    attempts = []
    for choice in asked.choices.values():
        attempt = At([], at.container, at.key, at.path)
        choice.check(value, attempt)
        if not attempt.problems:
            return
        attempts.append(attempt)
    if isinstance(value, dict) and "active_choice" in value:
        chosen = value["active_choice"]
        if chosen not in asked.choices:
            at.within(value, "active_choice").wrong(chosen, one_of(asked.choices), did_you_mean(chosen, asked.choices))
        elif chosen in value and given(value[chosen]):
            asked.choices[chosen].check(value[chosen], at.within(value, chosen))
        return
    at.problems += attempts[0].problems if len(attempts) == 1 else []
    if len(attempts) > 1:
        at.wrong(value, f"what one of {choices(asked.choices)} takes")


def _mappings(value: Any, at: At, expected: str) -> None:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            _mappings(item, at, expected)
        elif given(item) and not isinstance(item, dict):
            at.wrong(item, expected)
            return


def _only(value: dict[Any, Any], known: Iterable[str], at: At) -> None:
    names = list(known)
    for key in value:
        if key not in names:
            near = did_you_mean(key, names) or f" (valid: {', '.join(names)})"
            at.problems.append(error(key_mark_of(value, key), f"{at.path[0]}: unknown key {key!r}{near}"))


def _places(value: dict[Any, Any], key: str) -> list[tuple[Any, Any]]:
    inner = value.get(key)
    if inner is None:
        return []
    return [(inner, index) for index in range(len(inner))] if isinstance(inner, list) else [(value, key)]


def _is_entity(text: str) -> bool:
    return bool(ENTITY.fullmatch(text) or REGISTRY_ID.fullmatch(text)) or text in ("all", "none") or "," in text
