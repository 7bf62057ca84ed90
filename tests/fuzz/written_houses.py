"""Whole configurations made of the keys that there are, each with whatever value."""

from __future__ import annotations

import json
from typing import Any

from tests.fuzz.choices import NUMBERS, Choices, a_text

SECTIONS = (
    "automation", "script", "scene", "template", "input_boolean", "input_number", "input_text", "input_select",
    "input_datetime", "input_button", "counter", "timer", "schedule", "group", "zone", "person", "calendar", "notify",
    "shell_command", "rest_command", "mqtt", "arvisd", "homeassistant", "sensor", "light", "automation kitchen", "blueprint",
    "home", "web", "conversation", "nothing",
)  # fmt: skip
KEYS = (
    "id", "alias", "name", "trigger", "triggers", "platform", "condition", "conditions", "action", "actions", "sequence",
    "mode", "max", "variables", "fields", "topic", "payload", "value_template", "entity_id", "to", "from", "for", "at", "event",
    "event_type", "above", "below", "minutes", "data", "target", "delay", "choose", "default", "if", "then", "else", "repeat",
    "count", "for_each", "while", "until", "parallel", "stop", "wait_template", "wait_for_trigger", "timeout", "and", "enabled",
    "state", "attribute", "after", "before", "weekday", "use_blueprint", "path", "input", "selector", "domain", "initial",
    "min", "max", "step", "options", "duration", "restore", "icon", "entities", "all", "latitude", "longitude", "radius",
    "unique_id", "unit_of_measurement", "device_class", "packages", "customize", "snapshot_entities", "response_variable",
    "threshold", "type", "value", "monday", "from", "url", "method", "headers", "has_date", "has_time", "tag_id", "zone",
    "select", "number", "button", "binary_sensor", "sensor", "switch", "light", "picture", "availability", "attributes",
)  # fmt: skip
TEXTS = (
    "mqtt", "state", "template", "time", "time_pattern", "numeric_state", "event", "homeassistant", "zone", "sun", "calendar",
    "webhook", "tag", "light.turned_on", "light.a", "a.b, a.c", "on", "{{ 1 }}", "{{ x", "{{ states('light.a') }}", "07:00",
    "00:00:05", "/5", "single", "queued", "mqtt.publish", "script.a", "a/+", "a/#/b", "", "mon", "script", "automation", "x.yaml",
    "none", "!input x", "!secret y",
)  # fmt: skip
PIECES = (
    "a: ", "- ", "\n", "  ", "    ", "\t", "{", "}", "[", "]", ", ", ": ", "&a ", "*a", "<<: ", "!secret x", "!include b.yaml",
    "!include configuration.yaml", "!include_dir_list .", "!include_dir_named p", "!env_var A", "!input x", "!!binary a", "!foo",
    "|\n  text\n", ">-\n", "'", '"', "\\", "#", "---\n", "...\n", "? ", "%YAML 1.3\n", "0x1F", "1_000", "on", "~", "1e400",
    "2026-01-01", "12:30:45", "automation:\n", "packages:\n", "homeassistant:\n", "\0", "\ufeff", "\x85", "\u2028", "я", "\U0001f600",
)  # fmt: skip
DEPTH = 6


def a_text_of_yaml(choices: Choices) -> str:
    """Return text that looks somewhat like YAML."""
    return "".join(choices.of(PIECES) for _ in range(choices.left))


def a_house(choices: Choices) -> str:
    """Return a configuration that can be read, as JSON is YAML."""
    tree = {choices.of(SECTIONS): a_value(choices, DEPTH) for _ in range(1 + choices.number(3))}
    return json.dumps(tree)


def a_value(choices: Choices, depth: int) -> Any:
    """Return a mapping, a list or a scalar."""
    kind = choices.number(8 if depth > 0 else 4)
    if kind == 0:
        return choices.of((None, True, False, *(n for n in NUMBERS if n == n and abs(n) < 1e300)))
    if kind in (1, 2):
        return choices.of(TEXTS)
    if kind == 3:
        return a_text(choices)
    if kind in (4, 5):
        return [a_value(choices, depth - 1) for _ in choices.several(3)]
    return {choices.of(KEYS): a_value(choices, depth - 1) for _ in range(1 + choices.number(5))}


def a_blueprint(choices: Choices) -> dict[str, Any]:
    """Return the document of a blueprint, and what is given to it."""
    inputs = {
        choices.of(("x", "y", "z")): choices.of(
            (
                None,
                {"default": a_value(choices, 2)},
                {
                    "selector": {
                        choices.of(("number", "text", "entity", "select", "target", "nothing")): a_value(choices, 2)
                    }
                },
                {"input": {"y": None}, "collapsed": True},
                a_value(choices, 2),
            )
        )
        for _ in choices.several(3)
    }
    head = {"name": "B", "domain": choices.of(("automation", "script", "x")), "input": inputs}
    return {
        "blueprint": head,
        "triggers": a_value(choices, 3),
        "actions": a_value(choices, 4),
        "variables": a_value(choices, 2),
    }
