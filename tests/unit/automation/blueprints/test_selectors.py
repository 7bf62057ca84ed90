"""The 46 selectors: what each takes, and what is said of what it does not take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from arvisd.automation.blueprints.selectors import KINDS, read_selector
from arvisd.config import load
from arvisd.config.checks import At
from arvisd.config.problems import Problem


def said(folder: Path, selector: str, value: str) -> list[str]:
    """Return what is said of a value, both written as YAML."""
    (folder / "configuration.yaml").write_text(f"selector: {selector}\nvalue: {value}\n")
    tree = load(folder).require()
    problems: list[Problem] = []
    made = read_selector(tree, "x", problems)
    assert problems == []
    assert made is not None
    made.check(tree["value"], At(problems, tree, "value", ("value",)))
    return [str(problem).removeprefix("configuration.yaml:2:") for problem in problems]


TAKES: list[tuple[str, list[str]]] = [
    ("{action: }", ["[]", "[{action: light.turn_on}]", "{delay: 5}", "[['{{ x }}']]"]),
    ("{addon: }", ["core_ssh"]),
    ("{app: {slug: x}}", ["core_ssh"]),
    ("{area: }", ["kitchen"]),
    ("{area: {multiple: true}}", ["[kitchen, hall]", "kitchen"]),
    ("{assist_pipeline: }", ["preferred"]),
    ("{attribute: {entity_id: light.a}}", ["brightness"]),
    ("{automation_behavior: {mode: trigger}}", ["each", "first", "all"]),
    ("{backup_location: }", ["/backup"]),
    ("{boolean: }", ["true", "false", "'on'", "'False'", "'{{ x }}'"]),
    (
        "{choose: {choices: {a: {selector: {number: }}, b: {selector: {entity: }}}}}",
        ["5", "sensor.x", "{active_choice: a, a: 5}"],
    ),
    ("{color_rgb: }", ["[255, 0, 10]"]),
    ("{color_temp: {unit: kelvin, min: 2000, max: 6500}}", ["2700"]),
    ("{condition: }", ["[]", "'{{ true }}'", "[{condition: state}, '{{ x }}']", "{or: []}"]),
    ("{config_entry: {integration: x}}", ["0123"]),
    ("{constant: {value: true, label: Agreed}}", ["true"]),
    ("{conversation_agent: }", ["home"]),
    ("{country: }", ["DE"]),
    ("{date: }", ["2026-12-24"]),
    ("{datetime: }", ["2026-12-24 18:00:00", "2026-12-24T18:00:00+01:00"]),
    ("{device: }", ["0123456789abcdef0123456789abcdef"]),
    ("{device_class: {domain: sensor}}", ["battery"]),
    ("{duration: }", ["{minutes: 5}", "'00:05:00'", "300", "{minutes: '{{ x }}'}", "'{{ x }}'"]),
    ("{duration: {mode: signed}}", ["{minutes: -5}", "'-00:05:00'"]),
    ("{entity: }", ["light.kitchen", "0123456789abcdef0123456789abcdef"]),
    ("{entity: {domain: light}}", ["light.kitchen", "group.lamps"]),
    (
        "{entity: {multiple: true, filter: [{domain: light}, {domain: [switch, fan], device_class: x}]}}",
        ["[light.a, switch.b]", "fan.c", "[]"],
    ),
    ("{entity: {filter: [{domain: light}, {integration: hue}]}}", ["sensor.any"]),
    ("{file: {accept: .yaml}}", ["x"]),
    ("{floor: }", ["ground"]),
    ("{icon: }", ["mdi:lamp", "''"]),
    ("{label: {multiple: true}}", ["[evening]"]),
    ("{language: {languages: [en, ru]}}", ["ru"]),
    ("{location: {radius: true}}", ["{latitude: 52.5, longitude: 13.4, radius: 100}"]),
    ("{media: }", ["{entity_id: media_player.a, media_content_id: x, media_content_type: music, metadata: {}}"]),
    ("{number: {min: 0, max: 10, step: any, mode: box, unit_of_measurement: s}}", ["0", "10", "2.5", "'7'"]),
    ("{number: }", ["-1000000"]),
    ("{numeric_threshold: {mode: crossed}}", ["{type: above, value: {number: 20}}"]),
    ("{object: }", ["{a: 1}", "[1]", "text"]),
    ("{object: {multiple: true, fields: {x: {selector: {number: }, required: true}}}}", ["[{x: 1}]", "{x: 2}"]),
    ("{qr_code: {data: x}}", ["anything"]),
    ("{select: {options: [a, b, 5]}}", ["a", "5", "'5'"]),
    ("{select: {options: [on, off]}}", ["on", "'off'"]),
    ("{select: {options: [{value: a, label: A}], multiple: true}}", ["[a]", "a"]),
    ("{select: {options: [a], custom_value: true}}", ["other"]),
    ("{serial_port: }", ["/dev/ttyUSB0"]),
    ("{state: {entity_id: light.a}}", ["'on'"]),
    ("{state_class: }", ["measurement"]),
    ("{statistic: }", ["sensor.x"]),
    (
        "{target: }",
        [
            "{entity_id: light.a}",
            "{area_id: [a, b], label_id: x}",
            "{entity_id: '{{ x }}'}",
            "{entity_id: all}",
            "'{{ x }}'",
        ],
    ),
    ("{template: }", ["'{{ x }}'", "plain"]),
    ("{text: {type: password, multiline: true}}", ["words", "5"]),
    ("{text: {multiple: true}}", ["[a, b]"]),
    ("{theme: }", ["dark"]),
    ("{time: }", ["07:30:00", "'7:30'", "'23:59:59'", "input_datetime.alarm"]),
    ("{trigger: }", ["[{trigger: state}]", "{trigger: state}"]),
    ("{unit_of_measurement: }", ["kWh"]),
]

REFUSES: list[tuple[str, str, list[str]]] = [
    (
        "{action: }",
        "light.turn_on",
        ["8: value: expected steps, each a mapping such as 'action: light.turn_on', got the text 'light.turn_on'"],
    ),
    ("{area: }", "5", ["8: value: expected the id of an area, got the number 5: put it in quotes"]),
    ("{area: }", "[a, b]", ["8: warning: value: expected one value, got a list: its selector lacks 'multiple: true'"]),
    (
        "{automation_behavior: {mode: condition}}",
        "each",
        ["8: value: expected one of 'all' or 'any', got the text 'each'"],
    ),
    ("{boolean: }", "maybe", ["8: value: expected true or false, got the text 'maybe'"]),
    ("{boolean: }", "1", ["8: value: expected true or false, got the number 1"]),
    (
        "{choose: {choices: {a: {selector: {number: }}, b: {selector: {entity: }}}}}",
        "x",
        ["8: value: expected what one of 'a' or 'b' takes, got the text 'x'"],
    ),
    (
        "{choose: {choices: {a: {selector: {number: }}}}}",
        "{active_choice: b, b: 5}",
        ["24: value.active_choice: expected 'a', got the text 'b'"],
    ),
    (
        "{color_rgb: }",
        "[255, 0]",
        ["8: value: expected red, green and blue from 0 to 255, as in [255, 120, 0], got a list"],
    ),
    (
        "{color_rgb: }",
        "[255, 0, 256]",
        ["8: value: expected red, green and blue from 0 to 255, as in [255, 120, 0], got a list"],
    ),
    (
        "{color_temp: {min: 153, max: 500}}",
        "2700",
        ["8: warning: value: expected a number from 153 to 500 mireds, got the number 2700"],
    ),
    (
        "{condition: }",
        "5",
        ["8: value: expected conditions, each a mapping such as 'condition: state' or a template, got the number 5"],
    ),
    ("{constant: {value: x}}", "y", ["8: value: expected 'x', got the text 'y'"]),
    ("{country: {countries: [DE, FR]}}", "IT", ["8: value: expected one of 'DE' or 'FR', got the text 'IT'"]),
    (
        "{country: {countries: [DE, 'NO']}}",
        "no",
        ["8: value: expected a country, as in DE, got false: put it in quotes"],
    ),
    ("{date: }", "24.12.2026", ["8: value: expected a date, as in '2026-12-24', got the text '24.12.2026'"]),
    (
        "{datetime: }",
        "today",
        ["8: value: expected a date and a time, as in '2026-12-24 18:00:00', got the text 'today'"],
    ),
    (
        "{duration: }",
        "{minuts: 5}",
        ["8: value: 'minuts' is not a unit of time: days, hours, minutes, seconds, milliseconds are"],
    ),
    ("{duration: }", "soon", ["8: value: 'soon' is not a length of time: give seconds, 'HH:MM:SS' or {minutes: 5}"]),
    (
        "{entity: }",
        "kitchen",
        ["8: value: expected the id of an entity, such as light.kitchen, got the text 'kitchen'"],
    ),
    (
        "{entity: {domain: [light, switch]}}",
        "fan.a",
        ["8: warning: value: expected an entity of the domain 'light' or 'switch', got the text 'fan.a'"],
    ),
    (
        "{entity: {multiple: true, domain: light}}",
        "[light.a, fan.b]",
        ["18: warning: value[1]: expected an entity of the domain 'light', got the text 'fan.b'"],
    ),
    (
        "{entity: {filter: {domain: light}}}",
        "fan.a",
        ["8: warning: value: expected an entity of the domain 'light', got the text 'fan.a'"],
    ),
    (
        "{entity: {include_entities: [light.a]}}",
        "light.b",
        ["8: value: expected 'light.a', got the text 'light.b' (did you mean 'light.a'?)"],
    ),
    ("{entity: {exclude_entities: [light.a]}}", "light.a", ["8: value: the blueprint does not take light.a"]),
    ("{icon: }", "lamp", ["8: value: expected the name of an icon, such as mdi:lamp, got the text 'lamp'"]),
    ("{language: {languages: [en, ru]}}", "de", ["8: value: expected one of 'en' or 'ru', got the text 'de'"]),
    (
        "{location: }",
        "{latitude: 52.5}",
        ["8: value: expected a place, as in {latitude: 52.5, longitude: 13.4}, got a mapping"],
    ),
    (
        "{location: }",
        "{latitude: 92.5, longitude: 0}",
        ["19: warning: value.latitude: expected a number from -90 to 90, got the number 92.5"],
    ),
    ("{media: }", "{media_content_id: x}", ["8: value: the key 'media_content_type' is missing"]),
    ("{number: {min: 0, max: 10}}", "11", ["8: warning: value: expected a number from 0 to 10, got the number 11"]),
    ("{number: {min: 0.5}}", "0", ["8: warning: value: expected a number of at least 0.5, got the number 0"]),
    ("{number: {max: 10}}", "true", ["8: value: expected a number of at most 10, got true"]),
    ("{number: }", "sensor.x", ["8: value: expected a number, got the text 'sensor.x'"]),
    ("{number: }", ".nan", ["8: value: expected a number, got the number nan"]),
    (
        "{numeric_threshold: {mode: crossed}}",
        "5",
        [
            "8: value: expected a threshold, as in {type: above, value: {number: 20}}, of the type 'above', 'below', 'between', 'outside' or 'any', got the number 5"
        ],
    ),
    (
        "{object: {fields: {x: {selector: {number: }, required: true}}}}",
        "{y: 1}",
        ["9: value: unknown key 'y' (valid: x)", "8: value: the key 'x' is missing"],
    ),
    (
        "{object: {fields: {x: {selector: {number: }}}}}",
        "{x: low}",
        ["12: value.x: expected a number, got the text 'low'"],
    ),
    (
        "{select: {options: [red, green]}}",
        "gren",
        ["8: value: expected one of 'red' or 'green', got the text 'gren' (did you mean 'green'?)"],
    ),
    (
        "{select: {options: [{value: a, label: A}]}}",
        "A",
        ["8: value: expected 'a', got the text 'A' (did you mean 'a'?)"],
    ),
    (
        "{select: {options: [a, b, c, d, e, f, g, h, i, j, k, l, m]}}",
        "'no'",
        ["8: value: expected one of 13 options (a, b, c, …), got the text 'no'"],
    ),
    (
        "{target: }",
        "light.a",
        ["8: value: expected a target, as in {entity_id: light.kitchen} or {area_id: kitchen}, got the text 'light.a'"],
    ),
    ("{target: }", "{entity: light.a}", ["9: value: unknown key 'entity' (did you mean 'entity_id'?)"]),
    (
        "{target: }",
        "{entity_id: [kitchen]}",
        ["21: value.entity_id: expected the id of an entity, such as light.kitchen, got the text 'kitchen'"],
    ),
    ("{template: }", "5", ["8: value: expected a template, got the number 5: put it in quotes"]),
    ("{text: }", "on", ["8: value: expected text, got true: put it in quotes"]),
    ("{text: }", "[a]", ["8: warning: value: expected one value, got a list: its selector lacks 'multiple: true'"]),
    ("{time: }", "'25:00'", ["8: value: expected a time of day, as in '07:30:00', got the text '25:00'"]),
    ("{time: }", "730", ["8: value: expected a time of day, as in '07:30:00', got the number 730: put it in quotes"]),
    (
        "{trigger: }",
        "state",
        ["8: value: expected triggers, each a mapping such as 'trigger: state', got the text 'state'"],
    ),
]


@pytest.mark.parametrize(("selector", "value"), [(s, value) for s, values in TAKES for value in values])
def test_takes(tmp_path: Path, selector: str, value: str) -> None:
    assert said(tmp_path, selector, value) == []


@pytest.mark.parametrize(("selector", "value", "expected"), REFUSES)
def test_refuses(tmp_path: Path, selector: str, value: str, expected: list[str]) -> None:
    found = said(tmp_path, selector, value)
    assert [text.replace("got nan", "got the number nan") for text in found] == expected


def test_every_selector_is_here() -> None:
    assert len(KINDS) == 46
    assert {selector[1:].partition(":")[0] for selector, _ in TAKES} == set(KINDS)


def test_a_secret_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "secrets.yaml").write_text("pin: hush\n")
    (tmp_path / "configuration.yaml").write_text("selector: {number: }\nvalue: !secret pin\n")
    tree = load(tmp_path).require()
    problems: list[Any] = []
    made = read_selector(tree, "x", problems)
    assert made is not None
    made.check(tree["value"], At(problems, tree, "value", ("value",)))
    assert [str(problem) for problem in problems] == [
        "configuration.yaml:2:8: value: expected a number, got the secret 'pin', which is text"
    ]
