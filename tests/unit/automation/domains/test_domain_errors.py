"""What is said of a trigger or condition of a domain that cannot be used, word for word."""

from __future__ import annotations

import textwrap

import pytest

from tests.simulators.automation_rig import AutomationRig

REFUSED: list[tuple[str, str]] = [
    ("trigger: light.turned_onn\ntarget: {entity_id: light.a}",
     "automations.yaml:3:16: there is no trigger 'light.turned_onn' (did you mean 'light.turned_on'?)"),
    ("trigger: light.turned_on",
     "automations.yaml:3:7: the key 'target' is missing in the trigger 'light.turned_on'"),
    ("trigger: light.turned_on\ntarget: {}",
     "automations.yaml:4:15: the trigger 'light.turned_on': target: it names nothing: give entity_id, device_id, area_id, floor_id or label_id"),
    ("trigger: light.turned_on\ntarget: {entity_id: kitchen}",
     "automations.yaml:4:15: the trigger 'light.turned_on': target: 'kitchen' is not the id of an entity, such as light.kitchen"),
    ("trigger: light.turned_on\ntarget: {area: kitchen}",
     "automations.yaml:4:16: unknown key 'area' in the trigger 'light.turned_on'.target (did you mean 'area_id'?)"),
    ("trigger: light.turned_on\nentity_id: light.a",
     "automations.yaml:4:7: unknown key 'entity_id' in the trigger 'light.turned_on' (valid: alias, enabled, note, trigger, platform, id, variables, target, options)"),
    ("trigger: light.turned_on\ntarget: {entity_id: light.a}\noptions: {behavior: every}",
     "automations.yaml:5:27: the trigger 'light.turned_on': options.behavior: expected one of 'all', 'any', 'each', 'first' or 'last', got the text 'every'"),
    ("trigger: light.turned_on\ntarget: {entity_id: light.a}\noptions: {for: soon}",
     "automations.yaml:5:22: the trigger 'light.turned_on': for: 'soon' is not a length of time: give seconds, 'HH:MM:SS' or {minutes: 5}"),
    ("trigger: light.brightness_changed\ntarget: {entity_id: light.a}",
     "automations.yaml:3:7: the key 'options' is missing in the trigger 'light.brightness_changed'"),
    ("trigger: light.brightness_crossed_threshold\ntarget: {entity_id: light.a}\noptions: {threshold: {type: any}}",
     "automations.yaml:5:28: the trigger 'light.brightness_crossed_threshold': threshold: 'any' is only for changes: give above, below, between or outside"),
    ("trigger: light.brightness_changed\ntarget: {entity_id: light.a}\noptions: {threshold: {type: above}}",
     "automations.yaml:5:28: the trigger 'light.brightness_changed': threshold: 'above' needs 'value'"),
    ("trigger: light.brightness_changed\ntarget: {entity_id: light.a}\noptions: {threshold: {type: between, value: 5}}",
     "automations.yaml:5:28: the trigger 'light.brightness_changed': threshold: 'value' does not belong to 'between'"),
    ("trigger: light.brightness_changed\ntarget: {entity_id: light.a}\noptions: {threshold: {type: between, value_min: 5, value_max: 3}}",
     "automations.yaml:5:28: the trigger 'light.brightness_changed': threshold: value_min must not be greater than value_max"),
    ("trigger: light.brightness_changed\ntarget: {entity_id: light.a}\noptions: {threshold: {type: above, value: {}}}",
     "automations.yaml:5:28: the trigger 'light.brightness_changed': threshold: value needs a 'number' or an 'entity'"),
    ("trigger: light.brightness_changed\ntarget: {entity_id: light.a}\noptions: {threshold: {type: above, value: {number: 5, entity: sensor.a}}}",
     "automations.yaml:5:28: the trigger 'light.brightness_changed': threshold: value has both 'number' and 'entity': leave one out"),
    ("trigger: temperature.changed\ntarget: {entity_id: sensor.a}\noptions: {threshold: {type: above, value: {number: 5, unit_of_measurement: lx}}}",
     "automations.yaml:5:28: the trigger 'temperature.changed': threshold: 'lx' is none of the units °C, °F, K"),
    ("trigger: climate.hvac_mode_changed\ntarget: {entity_id: climate.a}\noptions: {}",
     "automations.yaml:5:16: the key 'hvac_mode' is missing in the trigger 'climate.hvac_mode_changed'.options"),
    ("trigger: todo.item_added\ntarget: {entity_id: todo.a}",
     "automations.yaml:3:16: the trigger 'todo.item_added' is not supported: arvisd keeps no to-do lists"),
    ("trigger: zwave_js.event",
     "automations.yaml:3:16: the trigger 'zwave_js.event' is not supported: Z-Wave is reached over MQTT, where such a message has a topic"),
    ("trigger: zone.occupancy_detected\noptions: {zone: home}",
     "automations.yaml:4:16: the trigger 'zone.occupancy_detected': zone: 'home' is not the id of an entity, such as light.kitchen"),
]  # fmt: skip


@pytest.mark.parametrize(("trigger", "message"), REFUSED)
async def test_what_is_said(rig: AutomationRig, trigger: str, message: str) -> None:
    body = textwrap.indent(trigger, "      ").removeprefix("      ")
    problems = await rig.load(f"- id: a\n  triggers:\n    - {body}\n  actions: []\n")
    assert problems[0] == message
