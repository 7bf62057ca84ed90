"""Template entities: what they show, in either spelling, and what is said of wrong ones."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulators.helper_rig import HelperRig

SHOWN: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    # the entity as YAML, its id, its state, its attributes
    "a sum": ("sensor: {name: Sum, state: '{{ 1 + 1 }}'}", "sensor.sum", "2", {"friendly_name": "Sum"}),
    "a constant": ("sensor: {name: C, state: 5}", "sensor.c", "5", {"friendly_name": "C"}),
    "a text": ("sensor: {name: T, state: 'a {{ 0 }}'}", "sensor.t", "a 0", {"friendly_name": "T"}),
    "leading zeros": ("sensor: {name: T, state: \"{{ '007' }}\"}", "sensor.t", "007", {"friendly_name": "T"}),
    "nothing": ("sensor: {name: N, state: '{{ none }}'}", "sensor.n", "unknown", {"friendly_name": "N"}),
    "all that a sensor has": (
        (
            "sensor: {name: Power, unique_id: p1, state: '{{ 3.5 }}', unit_of_measurement: W, device_class: power, "
            "state_class: measurement, icon: 'mdi:{{ 1 }}', picture: /p.png, attributes: {a: '{{ [1, 2] }}', b: x}}"
        ),
        "sensor.power",
        "3.5",
        {
            "a": [1, 2],
            "b": "x",
            "friendly_name": "Power",
            "icon": "mdi:1",
            "entity_picture": "/p.png",
            "unit_of_measurement": "W",
            "device_class": "power",
            "state_class": "measurement",
        },
    ),
    "a unit wants a number": (
        "sensor: {name: P, state: warm, unit_of_measurement: °C}",
        "sensor.p",
        "unknown",
        {"friendly_name": "P", "unit_of_measurement": "°C"},
    ),
    "a unit and unavailable": (
        "sensor: {name: P, state: unavailable, unit_of_measurement: °C}",
        "sensor.p",
        "unavailable",
        {"friendly_name": "P", "unit_of_measurement": "°C"},
    ),
    "not available": (
        "sensor: {name: P, state: 5, availability: '{{ 1 > 2 }}', attributes: {a: 1}}",
        "sensor.p",
        "unavailable",
        {"friendly_name": "P"},
    ),
    "a name that is rendered": (
        "sensor: {name: 'Room {{ 1 + 1 }}', unique_id: room, state: 5}",
        "sensor.room",
        "5",
        {"friendly_name": "Room 2"},
    ),
    "an id of its own": (
        "sensor: {name: Long name, default_entity_id: sensor.short, state: 5}",
        "sensor.short",
        "5",
        {"friendly_name": "Long name"},
    ),
    "variables": (
        "variables: {a: 2, b: '{{ a * 3 }}'}\n    sensor: {name: V, state: '{{ b + c }}', variables: {c: '{{ b + 1 }}'}}",
        "sensor.v",
        "13",
        {"friendly_name": "V"},
    ),
    "on": ("binary_sensor: {name: B, state: '{{ 1 < 2 }}'}", "binary_sensor.b", "on", {"friendly_name": "B"}),
    "on by a word": ("binary_sensor: {name: B, state: 'yes'}", "binary_sensor.b", "on", {"friendly_name": "B"}),
    "off": (
        "binary_sensor: {name: B, state: '{{ 0 }}', device_class: door}",
        "binary_sensor.b",
        "off",
        {"friendly_name": "B", "device_class": "door"},
    ),
    "neither": ("binary_sensor: {name: B, state: maybe}", "binary_sensor.b", "unknown", {"friendly_name": "B"}),
    "a select": (
        "select: {name: S, state: b, options: \"{{ ['a', 'b'] }}\", select_option: []}",
        "select.s",
        "b",
        {"friendly_name": "S", "options": ["a", "b"]},
    ),
    "a select of something else": (
        "select: {name: S, state: c, options: [a, b], select_option: []}",
        "select.s",
        "unknown",
        {"friendly_name": "S", "options": ["a", "b"]},
    ),
    "a number": (
        "number: {name: N, state: 4, min: 1, max: '{{ 8 }}', step: 0.5, set_value: [], unit_of_measurement: s}",
        "number.n",
        "4",
        {"friendly_name": "N", "min": 1.0, "max": 8.0, "step": 0.5, "unit_of_measurement": "s"},
    ),
    "a cover by its position": (
        "cover: {name: C, position: 40, open_cover: [], close_cover: []}",
        "cover.c",
        "open",
        {"friendly_name": "C", "current_position": 40},
    ),
    "a cover by its word": (
        "cover: {name: C, state: opening, open_cover: [], close_cover: [], device_class: blind}",
        "cover.c",
        "opening",
        {"friendly_name": "C", "device_class": "blind"},
    ),
    "a cover by truth": (
        "cover: {name: C, state: '{{ false }}', open_cover: [], close_cover: []}",
        "cover.c",
        "closed",
        {"friendly_name": "C"},
    ),
    "a lock": (
        "lock: {name: L, state: '{{ true }}', lock: [], unlock: []}",
        "lock.l",
        "locked",
        {"friendly_name": "L"},
    ),
    "a fan": (
        "fan: {name: F, state: 'on', percentage: 50, turn_on: [], turn_off: [], set_percentage: []}",
        "fan.f",
        "on",
        {"friendly_name": "F", "percentage": 50.0},
    ),
    "a light": (
        (
            "light: {name: L, state: 'on', level: 128, temperature: 250, hs: '{{ [120, 100] }}', turn_on: [], turn_off: [],"
            " set_level: [], set_temperature: [], set_hs: []}"
        ),
        "light.l",
        "on",
        {
            "friendly_name": "L",
            "supported_color_modes": ["color_temp", "hs"],
            "min_color_temp_kelvin": 2000,
            "max_color_temp_kelvin": 6535,
            "brightness": 128,
            "color_temp_kelvin": 4000,
            "hs_color": [120.0, 100.0],
            "rgb_color": [0, 255, 0],
        },
    ),
    "a light that is off": (
        "light: {name: L, state: 'off', level: 128, turn_on: [], turn_off: [], set_level: []}",
        "light.l",
        "off",
        {"friendly_name": "L", "supported_color_modes": ["brightness"]},
    ),
}


@pytest.mark.parametrize("name", SHOWN)
async def test_shown(rig: HelperRig, name: str) -> None:
    """State and attributes of one entity."""
    text, entity_id, state, attributes = SHOWN[name]
    assert rig.load(f"template:\n  - {text}\n") == []
    assert {id_: (s.state, s.attributes) for id_, s in rig.hub.states} == {entity_id: (state, attributes)}


OLD = {
    "sensor:\n  - platform: template\n    sensors:\n      a: {friendly_name: A, value_template: '{{ 2 }}', "
    "unit_of_measurement: W, icon_template: mdi:x, attribute_templates: {b: '{{ 3 }}'}, entity_id: sensor.y}\n": (
        "sensor.a",
        "2",
        {"b": 3, "friendly_name": "A", "icon": "mdi:x", "unit_of_measurement": "W"},
    ),
    "binary_sensor:\n  - platform: template\n    sensors:\n      a: {value_template: '{{ true }}', delay_off: 5, "
    "device_class: motion}\n": ("binary_sensor.a", "on", {"device_class": "motion"}),
    "switch:\n  - platform: template\n    switches:\n      a: {value_template: '{{ false }}', turn_on: [], turn_off: []}\n": (
        "switch.a",
        "off",
        {},
    ),
    "light:\n  - platform: template\n    lights:\n      a: {value_template: 'on', level_template: 9, turn_on: [], "
    "turn_off: [], set_level: []}\n": ("light.a", "on", {"supported_color_modes": ["brightness"], "brightness": 9}),
    "cover:\n  - platform: template\n    covers:\n      a: {position_template: '{{ 0 }}', open_cover: [], close_cover: []}\n": (
        "cover.a",
        "closed",
        {"current_position": 0},
    ),
    "lock:\n  - platform: template\n    name: Door\n    value_template: '{{ true }}'\n    lock: []\n    unlock: []\n": (
        "lock.door",
        "locked",
        {"friendly_name": "Door"},
    ),
}


@pytest.mark.parametrize("text", OLD)
async def test_shown_in_the_old_spelling(rig: HelperRig, text: str) -> None:
    """`platform: template`, as years of houses have it."""
    assert rig.load(text) == []
    entity_id, state, attributes = OLD[text]
    assert {id_: (s.state, s.attributes) for id_, s in rig.hub.states} == {entity_id: (state, attributes)}


PROBLEMS = {
    "template: 5\n": "configuration.yaml:1:11: template: expected a mapping, got a number",
    "template:\n  - sensors: []\n": "configuration.yaml:2:5: template: unknown key 'sensors' (did you mean 'sensor'?)",
    "template:\n  - weather: []\n": "configuration.yaml:2:5: template: 'weather' is not supported yet",
    "template:\n  - use_blueprint: {}\n": (
        "configuration.yaml:2:5: template: blueprints of template entities are not supported yet"
    ),
    "template:\n  - sensor: 5\n": "configuration.yaml:2:13: template: sensor: expected a mapping, got a number",
    "template:\n  - sensor: {name: A}\n": (
        "configuration.yaml:2:5: sensor.a: it needs 'state': a template of its value"
    ),
    "template:\n  - sensor: {name: A, state: '{{ x'}\n": (
        "configuration.yaml:2:30: template: unexpected end of template, expected 'end of print statement'."
    ),
    "template:\n  - sensor: {name: A, state: '{{ 1 | roundd }}'}\n": (
        "configuration.yaml:2:30: template: there is no filter 'roundd' (did you mean 'round'?)"
    ),
    "template:\n  - sensor: {name: A, state: 1, unit: W}\n": (
        "configuration.yaml:2:33: unknown key 'unit' in sensor.a"
    ),
    "template:\n  - switch: {name: A, turn_on: []}\n": (
        "configuration.yaml:2:13: the key 'turn_off' is missing in switch.a"
    ),
    "template:\n  - switch: {name: A, turn_on: {actoin: x}, turn_off: []}\n": (
        "configuration.yaml:2:32: there is no step 'actoin' (did you mean 'action'?)"
    ),
    "template:\n  - cover: {name: A}\n": (
        "configuration.yaml:2:5: cover.a: it needs 'open_cover' and 'close_cover', or 'set_cover_position'"
    ),
    "template:\n  - binary_sensor: {name: A, state: 1, delay_on: soon}\n": (
        "configuration.yaml:2:50: binary_sensor.a: delay_on: 'soon' is not a length of time: "
        "give seconds, 'HH:MM:SS' or {minutes: 5}"
    ),
    "template:\n  - triggers: {trigger: evnt}\n    sensor: [{name: A, state: 1}, {name: B, state: 1}]\n": (
        "configuration.yaml:2:25: there is no trigger 'evnt' (did you mean 'event'?)"
    ),
    "sensor:\n  - platform: mqtt\n": (
        "configuration.yaml:2:15: warning: sensor: the platform 'mqtt' is of former times: "
        "write it under 'mqtt:', as 'sensor:'"
    ),
    "sensor:\n  - name: x\n": "configuration.yaml:2:5: sensor: an item needs 'platform', as in 'platform: template'",
    "switch:\n  - platform: template\n": (
        "configuration.yaml:2:5: switch: the platform 'template' needs 'switches': its entities by id"
    ),
}


@pytest.mark.parametrize("text", PROBLEMS)
async def test_problem(rig: HelperRig, text: str) -> None:
    """What is wrong is said once, with its place; the helper beside it works."""
    said = rig.load(f"{text}counter:\n  well:\n")
    assert [problem.replace(" (valid: ", " (did you mean ") for problem in said] == [PROBLEMS[text]]
    assert [entity_id for entity_id, _ in rig.hub.states] == ["counter.well"]
