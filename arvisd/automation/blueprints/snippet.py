"""What to write next: the YAML that uses a blueprint, with an example for each input that must be given."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from arvisd.automation.blueprints.document import Blueprint, BlueprintInput
from arvisd.automation.blueprints.selectors import Selector
from arvisd.automation.templates.texts import slugify
from arvisd.config.nodes import plain

EXAMPLES = {
    "action": "[]",
    "area": "kitchen",
    "boolean": "true",
    "color_rgb": "[255, 120, 0]",
    "color_temp": "300",
    "condition": "[]",
    "date": '"2026-12-24"',
    "datetime": '"2026-12-24 18:00:00"',
    "device": "id_of_the_device",
    "duration": "{minutes: 5}",
    "floor": "ground",
    "icon": "mdi:lamp",
    "label": "evening",
    "location": "{latitude: 52.5, longitude: 13.4}",
    "object": "{}",
    "target": "{entity_id: light.example}",
    "text": '"text"',
    "template": '"{{ true }}"',
    "time": '"07:30:00"',
    "trigger": "[]",
}
LONGEST_DEFAULT = 60


def snippet(blueprint: Blueprint, path: str) -> str:
    """Return an automation or script that uses a blueprint; inputs that may be left out are comments."""
    header = blueprint.header
    assert header is not None
    if header.domain == "script":
        lines = [f"{slugify(header.name) or 'my_script'}:", f"  alias: {json.dumps(header.name, ensure_ascii=False)}"]
        indent = "  "
    else:
        lines = [f"- alias: {json.dumps(header.name, ensure_ascii=False)}"]
        indent = "  "
    lines += [f"{indent}use_blueprint:", f"{indent}  path: {path}"]
    if blueprint.inputs:
        needed = any(asked.required for asked in blueprint.inputs.values())
        lines.append(f"{indent}  input:" if needed else f"{indent}  # input:")
        lines += [f"{indent}    {_line(asked)}" for asked in blueprint.inputs.values()]
    return "\n".join(lines) + "\n"


def _line(asked: BlueprintInput) -> str:
    words = f"  # {_first_line(asked.title)}" if asked.document.name else ""
    if asked.required:
        return f"{asked.name}: {example(asked.selector)}{words}"
    default = json.dumps(plain(asked.document.default), ensure_ascii=False, default=str)
    shown = default if len(default) <= LONGEST_DEFAULT else "…"
    return f"# {asked.name}: {shown}{words}"


def example(selector: Selector | None) -> str:
    """Return a value that a selector takes, as YAML writes it."""
    if selector is None:
        return '""'
    options: Any = selector.options
    match selector.name:
        case "entity":
            domains = options.domain or tuple(d for one in options.filter for d in one.domain)
            value = f"{domains[0] if domains else 'light'}.example"
        case "number":
            value = f"{options.min if options.min is not None else 1:g}"
        case "select":
            first = options.options[0] if options.options else ""
            value = json.dumps(first["value"] if isinstance(first, dict) else first, ensure_ascii=False)
        case "constant":
            value = json.dumps(options.value)
        case "language" | "country":
            known = options.languages if selector.name == "language" else options.countries
            value = known[0] if known else "en"
        case name:
            value = EXAMPLES.get(name, '""')
    several = getattr(options, "multiple", False) and value not in ("[]", '""')
    return f"[{value}]" if several else value


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0] if text.strip() else ""


class InputSummary(msgspec.Struct, frozen=True):
    """One input, as `--json` prints it."""

    name: str
    title: str
    required: bool
    selector: str | None
    """Name of its selector; None: it has none."""


def summary(blueprint: Blueprint) -> list[InputSummary]:
    """Return the inputs of a blueprint."""
    return [
        InputSummary(asked.name, asked.title, asked.required, None if asked.selector is None else asked.selector.name)
        for asked in blueprint.inputs.values()
    ]
