"""Template entities: what their actions do."""

from __future__ import annotations

from typing import Any

import pytest

from arvisd.core.errors import ActionError
from tests.simulators.helper_rig import HelperRig

SWITCH = """
    input_boolean:
      pump:
    template:
      - switch:
          name: Pump
          state: "{{ is_state('input_boolean.pump', 'on') }}"
          turn_on:
            - action: input_boolean.turn_on
              target: {entity_id: input_boolean.pump}
          turn_off:
            action: input_boolean.turn_off
            target: {entity_id: input_boolean.pump}
"""


async def test_switch_does_its_steps(rig: HelperRig) -> None:
    """By its own actions and by the general ones; the context goes all the way."""
    assert rig.load(SWITCH) == []
    assert await rig.do("switch.turn_on", "switch.pump") == {"entities": ["switch.pump"]}
    assert (rig.state("switch.pump"), rig.state("input_boolean.pump")) == ("on", "on")
    assert rig.whole("input_boolean.pump").context.parent_id is not None
    await rig.do("homeassistant.toggle", "switch.pump")
    assert (rig.state("switch.pump"), rig.state("input_boolean.pump")) == ("off", "off")


async def test_switch_without_a_template_is_what_was_asked_for(rig: HelperRig) -> None:
    """And that outlives a restart."""
    text = "template:\n  - switch: {name: S, turn_on: [], turn_off: []}\n"
    rig.load(text)
    assert rig.state("switch.s") == "off"
    await rig.do("switch.turn_on", "switch.s")
    assert rig.state("switch.s") == "on"
    await rig.clock.advance(1)
    rig.crash()
    assert rig.state("switch.s") == "on"


async def test_step_that_fails_is_the_failure_of_the_action(rig: HelperRig) -> None:
    rig.load("template:\n  - switch: {name: S, turn_on: {action: no.where}, turn_off: []}\n")
    with pytest.raises(ActionError) as raised:
        await rig.do("switch.turn_on", "switch.s")
    assert str(raised.value) == "switch.s.turn_on: configuration.yaml:2:32: there is no action 'no.where'"


NOTE = "{action: input_text.set_value, target: {entity_id: input_text.t}, data: {value: '%s'}}"
ORDERS: dict[str, tuple[str, str, dict[str, Any], str, str]] = {
    # the entity; the action and its data; what the steps wrote; the state
    "number": (
        "number: {name: A, set_value: " + NOTE % "{{ value }}" + "}",
        "number.set_value",
        {"value": 7},
        "7.0",
        "7.0",
    ),
    "select": (
        "select: {name: A, options: [x, y], select_option: " + NOTE % "{{ option }}" + "}",
        "select.select_option",
        {"option": "y"},
        "y",
        "y",
    ),
    "button": (
        "button: {name: A, press: " + NOTE % "pressed" + "}",
        "button.press",
        {},
        "pressed",
        "2026-01-05T12:00:00+00:00",
    ),
    "lock": ("lock: {name: A, lock: " + NOTE % "locked" + ", unlock: []}", "lock.lock", {}, "locked", "locked"),
    "cover": (
        "cover: {name: A, open_cover: " + NOTE % "up" + ", close_cover: []}",
        "cover.open_cover",
        {},
        "up",
        "open",
    ),
    "cover by position": (
        "cover: {name: A, set_cover_position: " + NOTE % "{{ position }}" + "}",
        "cover.set_cover_position",
        {"position": 30},
        "30",
        "open",
    ),
    "cover closed by position": (
        "cover: {name: A, set_cover_position: " + NOTE % "{{ position }}" + "}",
        "cover.close_cover",
        {},
        "0",
        "closed",
    ),
    "fan": (
        "fan: {name: A, turn_on: [], turn_off: [], set_percentage: " + NOTE % "{{ percentage }}" + "}",
        "fan.set_percentage",
        {"percentage": 40},
        "40",
        "on",
    ),
    "light": ("light: {name: A, turn_on: " + NOTE % "plain" + ", turn_off: []}", "light.turn_on", {}, "plain", "on"),
    "light with a level": (
        "light: {name: A, turn_on: [], turn_off: [], set_level: " + NOTE % "{{ brightness }}" + "}",
        "light.turn_on",
        {"brightness_pct": 50},
        "128",
        "on",
    ),
    "light with a temperature": (
        "light: {name: A, turn_on: [], turn_off: [], set_temperature: "
        + NOTE % "{{ color_temp }} {{ color_temp_kelvin }}"
        + "}",
        "light.turn_on",
        {"color_temp_kelvin": 4000},
        "250 4000",
        "on",
    ),
    "light with a colour": (
        "light: {name: A, turn_on: [], turn_off: [], set_rgb: " + NOTE % "{{ r }} {{ g }} {{ b }}" + "}",
        "light.turn_on",
        {"color_name": "red"},
        "255 0 0",
        "on",
    ),
    "light with a hue": (
        "light: {name: A, turn_on: [], turn_off: [], set_hs: " + NOTE % "{{ h | round }} {{ s | round }}" + "}",
        "light.turn_on",
        {"rgb_color": [0, 0, 255]},
        "240 100",
        "on",
    ),
}


@pytest.mark.parametrize("name", ORDERS)
async def test_order(rig: HelperRig, name: str) -> None:
    """An action comes to the steps with its variables; without a template the order counts as done."""
    text, action, data, written, state = ORDERS[name]
    assert rig.load(f"input_text:\n  t:\ntemplate:\n  - {text}\n") == []
    entity_id = f"{action.partition('.')[0]}.a"
    await rig.do(action, entity_id, **data)
    assert (rig.state("input_text.t"), rig.state(entity_id)) == (written, state)
