"""What an input of a blueprint takes: Home Assistant's selectors by name, each with its options and its check."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from arvisd.automation.blueprints import selector_options as options
from arvisd.automation.blueprints import selector_structures as structures
from arvisd.automation.blueprints import selector_values as values
from arvisd.automation.blueprints.lenient import known_keys, read_leniently
from arvisd.config.checks import At
from arvisd.config.document import Broken
from arvisd.config.nodes import key_mark_of, kind_of, mark_of
from arvisd.config.problems import Problem, did_you_mean, error, warning
from arvisd.config.wording import plain_number


class SelectorKind(NamedTuple):
    """One selector: what stands under it and what it takes."""

    options: type[options.SelectorOptions]
    check: values.Check


_PLAIN = options.SelectorOptions
_TEXT = SelectorKind(_PLAIN, values.text)

KINDS: dict[str, SelectorKind] = {
    "action": SelectorKind(_PLAIN, structures.steps),
    "addon": SelectorKind(options.AppOptions, values.text),
    "app": SelectorKind(options.AppOptions, values.text),
    "area": SelectorKind(options.PlaceOptions, values.each(values.named("the id of an area"))),
    "assist_pipeline": _TEXT,
    "attribute": SelectorKind(options.AttributeOptions, values.named("the name of an attribute")),
    "automation_behavior": SelectorKind(options.BehaviorOptions, values.behavior),
    "backup_location": _TEXT,
    "boolean": SelectorKind(_PLAIN, values.boolean),
    "choose": SelectorKind(options.ChooseOptions, structures.choose),
    "color_rgb": SelectorKind(_PLAIN, structures.color_rgb),
    "color_temp": SelectorKind(options.ColorTempOptions, values.color_temp),
    "condition": SelectorKind(_PLAIN, structures.conditions),
    "config_entry": SelectorKind(options.ConfigEntryOptions, values.text),
    "constant": SelectorKind(options.ConstantOptions, values.constant),
    "conversation_agent": SelectorKind(options.AgentOptions, values.text),
    "country": SelectorKind(options.CountryOptions, values.listed_among("countries", "a country, as in DE")),
    "date": SelectorKind(_PLAIN, values.date_),
    "datetime": SelectorKind(_PLAIN, values.datetime_),
    "device": SelectorKind(options.DeviceOptions, values.each(values.named("the id of a device"))),
    "device_class": SelectorKind(options.DeviceClassOptions, values.each(values.text)),
    "duration": SelectorKind(options.DurationOptions, values.duration),
    "entity": SelectorKind(options.EntityOptions, values.each(values.entity)),
    "file": SelectorKind(options.FileOptions, values.text),
    "floor": SelectorKind(options.PlaceOptions, values.each(values.named("the id of a floor"))),
    "icon": SelectorKind(options.IconOptions, values.icon),
    "label": SelectorKind(options.Multiple, values.each(values.named("the id of a label"))),
    "language": SelectorKind(options.LanguageOptions, values.listed_among("languages", "a language, as in en")),
    "location": SelectorKind(options.LocationOptions, structures.location),
    "media": SelectorKind(options.MediaOptions, values.each(structures.media)),
    "number": SelectorKind(options.NumberOptions, values.number),
    "numeric_threshold": SelectorKind(options.ThresholdOptions, structures.threshold),
    "object": SelectorKind(options.ObjectOptions, structures.object_),
    "qr_code": SelectorKind(options.QrCodeOptions, values.anything),
    "select": SelectorKind(options.SelectOptions, values.each(values.select)),
    "serial_port": SelectorKind(options.SerialPortOptions, values.text),
    "state": SelectorKind(options.StateOptions, values.each(values.text)),
    "state_class": SelectorKind(options.StateClassOptions, values.each(values.listed_among("state_classes", "text"))),
    "statistic": SelectorKind(options.Multiple, values.each(values.text)),
    "target": SelectorKind(options.TargetOptions, structures.target),
    "template": SelectorKind(_PLAIN, values.template),
    "text": SelectorKind(options.TextOptions, values.each(values.text)),
    "theme": SelectorKind(options.ThemeOptions, values.text),
    "time": SelectorKind(_PLAIN, values.time),
    "trigger": SelectorKind(_PLAIN, structures.triggers),
    "unit_of_measurement": SelectorKind(options.UnitOptions, values.each(values.text)),
}
"""The selectors of Home Assistant 2026.11."""

NESTED: dict[str, type[msgspec.Struct]] = {
    "filter": options.EntityFilter,
    "entity": options.EntityFilter,
    "device": options.DeviceFilter,
}
"""Options that hold filters."""


class Selector:
    """One input's selector, ready to check values."""

    __slots__ = ("kind", "name", "options")

    def __init__(self, name: str, kind: SelectorKind, options_: Any) -> None:
        self.name = name
        self.kind = kind
        self.options = options_

    def check(self, value: Any, at: At) -> None:
        """Add a problem to the place's where a value is not what is asked for."""
        if values.given(value):
            self.kind.check(self.options, value, at)


def read_selector(container: dict[Any, Any], what: str, problems: list[Problem]) -> Selector | None:
    """Return the selector under the key `selector`, None where there is none that can be used.

    Args:
        container: what holds the key.
        what: whose it is, for messages.
        problems: joined by what is wrong; a selector that nobody knows is a warning: its values go unchecked.
    """
    node = container.get("selector")
    if node is None or isinstance(node, Broken):
        return None
    place = mark_of(container, "selector")
    if isinstance(node, str) and node in KINDS:
        problems.append(error(place, f"{what}: selector: expected a mapping: write '{node}:' with a colon"))
        return None
    if not isinstance(node, dict) or not node:
        problems.append(
            error(place, f"{what}: selector: expected the name of a selector, as in 'entity:'; got {kind_of(node)}")
        )
        return None
    if len(node) > 1:
        names = ", ".join(map(str, node))
        problems.append(error(place, f"{what}: an input has one selector, not {len(node)} ({names})"))
        return None
    name = next(iter(node))
    kind = KINDS.get(name)
    if kind is None:
        near = did_you_mean(name, KINDS)
        said = f"{what}: there is no selector {name!r}{near}; its values are not checked"
        problems.append(warning(key_mark_of(node, name), said))
        return None
    return _selector(node, str(name), kind, what, problems)


def _selector(
    node: dict[Any, Any], name: str, kind: SelectorKind, what: str, problems: list[Problem]
) -> Selector | None:
    what = f"{what}: selector {name!r}"
    raw = node[name]
    asked = {} if raw is None else _with_known_filters(name, raw, what, problems)
    found = read_leniently(asked, kind.options, what, node, name, problems)
    if found is None:
        return None
    before = len(problems)
    match found:
        case options.SelectOptions():
            _check_options(found, raw, what, problems)
        case options.NumberOptions() if found.min is not None and found.max is not None and found.min > found.max:
            problems.append(
                error(
                    mark_of(raw, "min"),
                    f"{what}: nothing is from {plain_number(found.min)} to {plain_number(found.max)}",
                )
            )
        case options.ObjectOptions() if found.fields:
            fields = {field: _field(raw["fields"], field, what, problems) for field in found.fields}
            found = msgspec.structs.replace(found, fields={k: v for k, v in fields.items() if v is not None})
        case options.ChooseOptions():
            chosen = {choice: _choice(raw["choices"], choice, what, problems) for choice in found.choices}
            found = msgspec.structs.replace(found, choices={k: v for k, v in chosen.items() if v is not None})
        case _:
            pass
    wrong = any(problem.severity == "error" for problem in problems[before:])
    return None if wrong else Selector(name, kind, found)


def _with_known_filters(name: str, raw: Any, what: str, problems: list[Problem]) -> Any:
    """Return the options with their filters freed of keys that nobody knows."""
    if not isinstance(raw, dict):
        return raw
    kept = known_keys(raw, KINDS[name].options, what, problems)
    for key, schema in NESTED.items():
        inner = kept.get(key)
        if inner is None or name in ("object", "choose"):
            continue
        schema = options.DeviceFilter if name == "device" and key == "filter" else schema
        items = inner if isinstance(inner, list) else [inner]
        clean = [known_keys(item, schema, f"{what}: {key}", problems) for item in items]
        if any(new is not old for new, old in zip(clean, items, strict=True)):
            kept = type(kept)(kept)
            kept[key] = clean
    return kept


def _check_options(found: options.SelectOptions, raw: Any, what: str, problems: list[Problem]) -> None:
    for index, option in enumerate(found.options):
        if isinstance(option, dict):
            read_leniently(option, options.Labelled, what, raw["options"], index, problems)
        elif not isinstance(option, str | int | float) and not isinstance(option, Broken):
            place = mark_of(raw["options"], index)
            problems.append(error(place, f"{what}: an option is text, or a mapping of value and label"))


def _field(container: Any, name: Any, what: str, problems: list[Problem]) -> Any:
    what = f"{what}: {name}"
    field = read_leniently(container[name], options.ObjectField, what, container, name, problems)
    if field is None:
        return None
    return msgspec.structs.replace(field, selector=read_selector(container[name], what, problems))


def _choice(container: Any, name: Any, what: str, problems: list[Problem]) -> Selector | None:
    node = container[name]
    if not isinstance(node, dict) or "selector" not in node:
        problems.append(error(mark_of(container, name), f"{what}: a choice needs 'selector'"))
        return None
    return read_selector(node, f"{what}: {name}", problems)
