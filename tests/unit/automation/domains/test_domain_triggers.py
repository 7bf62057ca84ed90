"""Triggers of a domain: what fires, what does not, and what the log says of what cannot be read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulators.automation_rig import AutomationRig


def document(trigger: str, target: str = "", options: str = "") -> str:
    lines = ["- id: a", "  triggers:", f"    - trigger: {trigger}"]
    if target:
        lines.append(f"      target: {target}")
    if options:
        lines.append(f"      options: {options}")
    lines.append("  actions: {action: test.note, data: {message: '{{ trigger.entity_id }}'}}")
    return "\n".join(lines)


# what the trigger is, its options, the states one after the other (state, attributes), how often it fires
FIRES: list[tuple[str, str, str, list[tuple[str, dict[str, Any]]], int]] = [
    ("light.turned_on", "", "light.a", [("off", {}), ("on", {})], 1),
    ("light.turned_on", "", "light.a", [("on", {}), ("on", {"brightness": 5})], 0),
    ("light.turned_on", "", "light.a", [("unavailable", {}), ("on", {})], 0),
    ("light.turned_on", "", "light.a", [("unknown", {}), ("on", {})], 0),
    ("light.turned_off", "", "light.a", [("on", {}), ("unavailable", {}), ("off", {})], 0),
    ("light.brightness_changed", "{threshold: {type: any}}", "light.a", [("on", {"brightness": 5}), ("on", {"brightness": 6})], 1),
    ("light.brightness_changed", "{threshold: {type: above, value: {number: 50}}}", "light.a",
     [("on", {"brightness": 5}), ("on", {"brightness": 6}), ("on", {"brightness": 200}), ("on", {"brightness": 250})], 2),
    ("light.brightness_crossed_threshold", "{threshold: {type: above, value: {number: 50}}}", "light.a",
     [("on", {"brightness": 5}), ("on", {"brightness": 200}), ("on", {"brightness": 250}), ("off", {}), ("on", {"brightness": 255})], 2),
    ("switch.turned_on", "", "input_boolean.a", [("off", {}), ("on", {})], 1),
    ("switch.turned_on", "", "light.a", [("off", {}), ("on", {})], 0),
    ("motion.detected", "", "binary_sensor.a", [("off", {"device_class": "motion"}), ("on", {"device_class": "motion"})], 1),
    ("motion.detected", "", "binary_sensor.a", [("off", {"device_class": "door"}), ("on", {"device_class": "door"})], 0),
    ("motion.cleared", "", "binary_sensor.a", [("on", {"device_class": "motion"}), ("off", {"device_class": "motion"})], 1),
    ("door.opened", "", "binary_sensor.a", [("off", {"device_class": "door"}), ("on", {"device_class": "door"})], 1),
    ("door.opened", "", "cover.a", [("closed", {"device_class": "door"}), ("opening", {"device_class": "door"}), ("open", {"device_class": "door"})], 1),
    ("garage_door.closed", "", "cover.a", [("open", {"device_class": "garage", "is_closed": False}), ("closing", {"device_class": "garage", "is_closed": False}), ("closed", {"device_class": "garage", "is_closed": True})], 1),
    ("cover.blind_closed", "", "cover.a", [("open", {"device_class": "blind"}), ("closed", {"device_class": "blind"})], 1),
    ("cover.blind_closed", "", "cover.a", [("open", {"device_class": "awning"}), ("closed", {"device_class": "awning"})], 0),
    ("valve.opened", "", "valve.a", [("closed", {}), ("open", {})], 1),
    ("lock.jammed", "", "lock.a", [("locked", {}), ("jammed", {})], 1),
    ("battery.became_low", "", "binary_sensor.a", [("off", {"device_class": "battery"}), ("on", {"device_class": "battery"})], 1),
    ("battery.level_crossed_threshold", "{threshold: {type: below, value: {number: 20}}}", "sensor.a",
     [(str(n), {"device_class": "battery", "unit_of_measurement": "%"}) for n in (30, 19, 18, 25, 5)], 2),
    ("battery.level_crossed_threshold", "{threshold: {type: below, value: {number: 20}}}", "sensor.a",
     [(str(n), {"device_class": "battery", "unit_of_measurement": "V"}) for n in (30, 3)], 0),
    ("temperature.crossed_threshold", "{threshold: {type: above, value: {number: 68, unit_of_measurement: °F}}}", "sensor.a",
     [(str(n), {"device_class": "temperature", "unit_of_measurement": "°C"}) for n in (19, 21)], 1),
    ("temperature.crossed_threshold", "{threshold: {type: above, value: 20}}", "climate.a",
     [("heat", {"current_temperature": 19}), ("heat", {"current_temperature": 20.5})], 1),
    ("temperature.changed", "{threshold: {type: between, value_min: 18, value_max: 22}}", "sensor.a",
     [(str(n), {"device_class": "temperature"}) for n in (19, 20, 20, 30, 18)], 2),
    ("temperature.changed", "{threshold: {type: outside, value_min: 18, value_max: 22}}", "sensor.a",
     [(str(n), {"device_class": "temperature"}) for n in (19, 20, 30, 18, 17)], 2),
    ("temperature.crossed_threshold", "{threshold: {type: above, value: sensor.limit}}", "sensor.a",
     [(str(n), {"device_class": "temperature"}) for n in (19, 24, 26)], 1),
    ("power.crossed_threshold", "{threshold: {type: above, value: {number: 1, unit_of_measurement: kW}}}", "sensor.a",
     [(str(n), {"device_class": "power", "unit_of_measurement": "W"}) for n in (900, 1100)], 1),
    ("air_quality.co_crossed_threshold", "{threshold: {type: above, value: {number: 9, unit_of_measurement: ppm}}}", "sensor.a",
     [(str(n), {"device_class": "carbon_monoxide", "unit_of_measurement": "mg/m³"}) for n in (10, 11)], 1),
    ("climate.turned_on", "", "climate.a", [("off", {}), ("heat", {}), ("cool", {})], 1),
    ("climate.hvac_mode_changed", "{hvac_mode: [heat, cool]}", "climate.a", [("off", {}), ("heat", {}), ("cool", {}), ("off", {}), ("cool", {})], 2),
    ("climate.started_heating", "", "climate.a", [("heat", {"hvac_action": "idle"}), ("heat", {"hvac_action": "heating"})], 1),
    ("climate.target_temperature_changed", "{threshold: {type: any}}", "climate.a", [("heat", {"temperature": 20}), ("heat", {"temperature": 21})], 1),
    ("humidifier.mode_changed", "{mode: eco}", "humidifier.a", [("on", {"mode": "boost"}), ("on", {"mode": "eco"})], 1),
    ("water_heater.turned_on", "", "water_heater.a", [("off", {}), ("eco", {}), ("gas", {})], 1),
    ("media_player.started_playing", "", "media_player.a", [("idle", {}), ("playing", {}), ("buffering", {}), ("playing", {})], 1),
    ("media_player.stopped_playing", "", "media_player.a", [("playing", {}), ("idle", {}), ("off", {})], 1),
    ("media_player.muted", "", "media_player.a", [("playing", {"volume_level": 0.4}), ("playing", {"volume_level": 0})], 1),
    ("media_player.unmuted", "", "media_player.a", [("on", {"is_volume_muted": True}), ("on", {"is_volume_muted": False})], 1),
    ("media_player.volume_crossed_threshold", "{threshold: {type: above, value: 50}}", "media_player.a",
     [("playing", {"volume_level": 0.4}), ("playing", {"volume_level": 0.6})], 1),
    ("alarm_control_panel.armed", "", "alarm_control_panel.a", [("disarmed", {}), ("arming", {}), ("armed_home", {}), ("armed_away", {})], 1),
    ("alarm_control_panel.armed_away", "", "alarm_control_panel.a", [("armed_home", {}), ("armed_away", {})], 1),
    ("vacuum.returned_to_dock", "", "vacuum.a", [("returning", {}), ("docked", {})], 1),
    ("lawn_mower.became_idle", "", "lawn_mower.a", [("mowing", {}), ("idle", {})], 1),
    ("assist_satellite.responding", "", "assist_satellite.a", [("processing", {}), ("responding", {})], 1),
    ("update.became_available", "", "update.a", [("off", {}), ("on", {})], 1),
    ("button.pressed", "", "button.a", [("unknown", {}), ("2026-01-05T12:00:00+00:00", {})], 1),
    ("button.pressed", "", "input_button.a", [("unavailable", {}), ("2026-01-05T12:00:00+00:00", {})], 0),
    ("scene.activated", "", "scene.a", [("2026-01-05T11:00:00+00:00", {}), ("2026-01-05T12:00:00+00:00", {})], 1),
    ("doorbell.rang", "", "event.a", [("1", {"device_class": "doorbell", "event_type": "ring"}), ("2", {"device_class": "doorbell", "event_type": "ring"})], 1),
    ("doorbell.rang", "", "event.a", [("1", {"device_class": "doorbell"}), ("2", {"device_class": "doorbell", "event_type": "motion"})], 0),
    ("event.received", "{event_type: [single, double]}", "event.a", [("unknown", {}), ("1", {"event_type": "single"}), ("2", {"event_type": "single"}), ("3", {"event_type": "long"})], 2),
    ("select.selection_changed", "", "input_select.a", [("x", {}), ("y", {}), ("y", {"options": []})], 1),
    ("text.changed", "", "text.a", [("x", {}), ("y", {})], 1),
    ("counter.incremented", "", "counter.a", [("1", {}), ("2", {}), ("1", {})], 1),
    ("counter.decremented", "", "counter.a", [("1", {}), ("2", {}), ("1", {})], 1),
    ("counter.maximum_reached", "", "counter.a", [("1", {"maximum": 3}), ("3", {"maximum": 3})], 1),
    ("counter.reset", "", "counter.a", [("4", {"initial": 0}), ("0", {"initial": 0})], 1),
    ("timer.finished", "", "timer.a", [("active", {"last_transition": "started"}), ("idle", {"last_transition": "finished"})], 1),
    ("timer.cancelled", "", "timer.a", [("active", {"last_transition": "started"}), ("idle", {"last_transition": "finished"})], 0),
    ("schedule.block_started", "", "schedule.a", [("on", {"next_event": "1"}), ("on", {"next_event": "2"})], 1),
    ("schedule.block_ended", "", "schedule.a", [("on", {}), ("off", {})], 1),
    ("zone.entered", "{zone: zone.home}", "person.a", [("not_home", {"in_zones": []}), ("home", {"in_zones": ["zone.home"]})], 1),
    ("zone.left", "{zone: zone.home}", "person.a", [("home", {"in_zones": ["zone.home"]}), ("work", {"in_zones": ["zone.work"]})], 1),
]  # fmt: skip


@pytest.mark.parametrize(("trigger", "options", "entity_id", "states", "times"), FIRES)
async def test_what_fires(
    rig: AutomationRig, trigger: str, options: str, entity_id: str, states: list[tuple[str, dict[str, Any]]], times: int
) -> None:
    rig.hub.states.set("sensor.limit", "25")
    rig.hub.states.set("sun.sun", "above_horizon", {"elevation": 5.0})
    rig.hub.states.set("zone.home", "0", {"latitude": 52.0, "longitude": 13.0, "radius": 100})
    assert await rig.load(document(trigger, f"{{entity_id: {entity_id}}}", options)) == []
    for state, attributes in states:
        rig.hub.states.set(entity_id, state, attributes)
    assert rig.notes == [entity_id] * times
