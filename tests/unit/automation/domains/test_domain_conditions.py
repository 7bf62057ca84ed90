"""Conditions of a domain: when they are met, and what is said where that cannot be told."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from arvisd.home.settings import HomeSettings
from tests.simulators.automation_rig import AutomationRig


def document(condition: str, target: str = "", options: str = "") -> str:
    lines = ["- id: a", "  triggers: {trigger: mqtt, topic: go}", "  conditions:", f"    - condition: {condition}"]
    if target:
        lines.append(f"      target: {target}")
    if options:
        lines.append(f"      options: {options}")
    lines.append("  actions: {action: test.note}")
    return "\n".join(lines)


MET: list[tuple[str, str, str, dict[str, tuple[str, dict[str, Any]]], bool]] = [
    ("light.is_on", "", "light.a", {"light.a": ("on", {})}, True),
    ("light.is_on", "", "light.a", {"light.a": ("unavailable", {})}, False),
    ("light.is_on", "", "[light.a, light.b]", {"light.a": ("on", {}), "light.b": ("off", {})}, True),
    ("light.is_on", "{behavior: all}", "[light.a, light.b]", {"light.a": ("on", {}), "light.b": ("off", {})}, False),
    ("light.is_on", "{behavior: all}", "[light.a, light.b]", {"light.a": ("on", {}), "light.b": ("unknown", {})}, True),
    ("light.is_brightness", "{threshold: {type: above, value: 50}}", "light.a", {"light.a": ("on", {"brightness": 200})}, True),
    ("light.is_brightness", "{threshold: {type: above, value: 50}}", "light.a", {"light.a": ("on", {"brightness": 20})}, False),
    ("motion.is_detected", "", "binary_sensor.a", {"binary_sensor.a": ("on", {"device_class": "motion"})}, True),
    ("motion.is_detected", "", "binary_sensor.a", {"binary_sensor.a": ("on", {"device_class": "door"})}, False),
    ("window.is_open", "", "binary_sensor.a", {"binary_sensor.a": ("on", {"device_class": "window"})}, True),
    ("cover.shade_is_closed", "", "cover.a", {"cover.a": ("closed", {"device_class": "shade"})}, True),
    ("temperature.is_value", "{threshold: {type: between, value_min: 18, value_max: 22}}", "sensor.a",
     {"sensor.a": ("68", {"device_class": "temperature", "unit_of_measurement": "°F"})}, True),
    ("climate.is_hvac_mode", "{hvac_mode: [heat, cool]}", "climate.a", {"climate.a": ("heat", {})}, True),
    ("climate.is_on", "", "climate.a", {"climate.a": ("off", {})}, False),
    ("media_player.is_unmuted", "", "media_player.a", {"media_player.a": ("playing", {"volume_level": 0.2})}, True),
    ("media_player.is_current_source", "{source: Radio}", "media_player.a", {"media_player.a": ("on", {"source": "Radio"})}, True),
    ("water_heater.is_on", "", "water_heater.a", {"water_heater.a": ("eco", {})}, True),
    ("select.is_option_selected", "{option: [x, y]}", "select.a", {"select.a": ("y", {})}, True),
    ("text.is_equal_to", "{value: hello}", "input_text.a", {"input_text.a": ("hello", {})}, True),
    ("counter.is_value", "{threshold: {type: above, value: 3}}", "counter.a", {"counter.a": ("4", {})}, True),
    ("timer.is_active", "", "timer.a", {"timer.a": ("active", {})}, True),
    ("zone.in_zone", "{zone: zone.home}", "person.a", {"person.a": ("home", {"in_zones": ["zone.home"]})}, True),
    ("zone.not_in_zone", "{zone: zone.home}", "person.a", {"person.a": ("home", {"in_zones": ["zone.home"]})}, False),
    ("update.is_available", "", "update.a", {"update.a": ("on", {})}, True),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "options", "target", "states", "met"), MET)
async def test_when_it_is_met(
    rig: AutomationRig,
    condition: str,
    options: str,
    target: str,
    states: dict[str, tuple[str, dict[str, Any]]],
    met: bool,
) -> None:
    rig.hub.states.set("zone.home", "0", {"latitude": 52.0, "longitude": 13.0, "radius": 100})
    for entity_id, (state, attributes) in states.items():
        rig.hub.states.set(entity_id, state, attributes)
    assert await rig.load(document(condition, f"{{entity_id: {target}}}", options)) == []
    rig.publish("go")
    assert len(rig.calls) == int(met)


async def test_the_entities_of_a_place_now(rig: AutomationRig) -> None:
    await rig.load(document("light.is_on", "{area_id: kitchen}"))
    rig.hub.states.set("light.a", "on")
    rig.publish("go")
    assert rig.calls == []
    house = {"areas": [{"id": "kitchen"}], "entities": [{"id": "light.a", "area": "kitchen"}]}
    rig.home.configure(msgspec.convert(house, HomeSettings))
    rig.publish("go")
    assert len(rig.calls) == 1


async def test_an_entity_that_is_not_there_is_said(rig: AutomationRig) -> None:
    await rig.load(document("light.is_on", "{entity_id: light.none}"))
    rig.publish("go")
    (trace,) = rig.traces("a")
    assert trace.steps[-1].result == {"result": False, "error": "light.is_on: there is no entity light.none"}


async def test_of_one_value_it_is_known_since_when(rig: AutomationRig) -> None:
    rig.hub.states.set("light.a", "on")
    await rig.load(document("light.is_on", "{entity_id: light.a}", "{for: 60}"))
    await rig.clock.advance(59)
    rig.hub.states.set("light.a", "on", {"brightness": 5})
    rig.publish("go")
    assert rig.calls == []
    await rig.clock.advance(1)
    rig.publish("go")
    assert len(rig.calls) == 1


async def test_of_several_values_it_goes_on_from_one_to_the_next(rig: AutomationRig) -> None:
    rig.hub.states.set("climate.a", "heat")
    await rig.load(document("climate.is_on", "{entity_id: climate.a}", "{for: 60}"))
    await rig.clock.advance(40)
    rig.hub.states.set("climate.a", "cool")
    await rig.clock.advance(20)
    rig.publish("go")
    assert len(rig.calls) == 1
    rig.hub.states.set("climate.a", "off")
    rig.hub.states.set("climate.a", "heat")
    await rig.clock.advance(59)
    rig.publish("go")
    assert len(rig.calls) == 1


async def test_of_an_attribute(rig: AutomationRig) -> None:
    rig.hub.states.set("climate.a", "heat", {"hvac_action": "idle"})
    await rig.load(document("climate.is_heating", "{entity_id: climate.a}", "{for: 60}"))
    await rig.clock.advance(100)
    rig.hub.states.set("climate.a", "heat", {"hvac_action": "heating"})
    await rig.clock.advance(59)
    rig.publish("go")
    assert rig.calls == []
    await rig.clock.advance(1)
    rig.publish("go")
    assert len(rig.calls) == 1
