"""Lights of zigbee2mqtt: one that is the device in one JSON, several of one device with a side each."""

from __future__ import annotations

from typing import Any

from .described import Described, named, order, ordered, said, suffixed
from .messages import Expose

SCALE = 254
"""Brightness of a zigbee light that is fully on."""


def add_light(light: Expose, described: Described, effects: list[str]) -> None:
    """Add a light."""
    state = light.feature("state")
    if state is None:
        described.left_out.append("light")
        return
    if light.endpoint:
        _add_side_by_side(light, described, effects)
        return
    temperature = light.feature("color_temp")
    described.add(
        "light", "light", None,
        schema="json",
        state_topic=described.state_topic,
        command_topic=described.set_topic,
        brightness=light.feature("brightness") is not None,
        brightness_scale=SCALE,
        supported_color_modes=color_modes(light) or None,
        effect=True if effects else None,
        effect_list=effects or None,
        **_mireds(temperature),
    )  # fmt: skip


def color_modes(light: Expose) -> list[str]:
    """Return the colour modes: of the two ways to say a colour the one that the device names first."""
    modes = [f.name.removeprefix("color_") for f in light.features if f.name in ("color_xy", "color_hs")][:1]
    if light.feature("color_temp") is not None:
        modes.append("color_temp")
    return modes


def _add_side_by_side(light: Expose, described: Described, effects: list[str]) -> None:
    """Add one light of several: its properties carry its endpoint, so each side has a template of its own."""
    state, brightness = light.feature("state"), light.feature("brightness")
    temperature, color = light.feature("color_temp"), light.feature("color_xy", "color_hs")
    assert state is not None
    config: dict[str, Any] = {
        "state_topic": described.state_topic,
        "command_topic": described.set_topic,
        "state_value_template": _switched(state),
        "payload_on": order(state.key, state.value_on),
        "payload_off": order(state.key, state.value_off),
        "on_command_type": "first",
    }
    sides: dict[str, tuple[str, str]] = {}
    if brightness is not None:
        config["brightness_scale"] = SCALE
        sides["brightness"] = (said(brightness.key), ordered(brightness.key, "{{ value }}"))
    if temperature is not None:
        sides["color_temp"] = (said(temperature.key), ordered(temperature.key, "{{ value }}"))
        config |= _mireds(temperature)
    if color is not None:
        where = f'value_json["{color.key}"]'
        if color.name == "color_hs":
            names, numbers = ("hue", "saturation"), '{"hue": {{ hue }}, "saturation": {{ sat }}}'
        else:
            names, numbers = ("x", "y"), '{"x": {{ x }}, "y": {{ y }}}'
        heard = f"{{% if {where} is mapping %}}{{{{ {where}.{names[0]} }}}},{{{{ {where}.{names[1]} }}}}{{% endif %}}"
        sides[color.name.removeprefix("color_")] = (heard, ordered(color.key, numbers))
    if sides.keys() & {"xy", "hs"} and temperature is not None and color is not None:
        config |= {
            "color_mode_state_topic": described.state_topic,
            "color_mode_value_template": said(f"color_mode_{light.endpoint}"),
        }
    if effects:
        config |= {
            "effect_command_topic": described.set_topic,
            "effect_command_template": ordered(suffixed("effect", light), "{{ value | tojson }}"),
            "effect_list": effects,
        }
    for side, (value, command) in sides.items():
        config |= {
            f"{side}_state_topic": described.state_topic,
            f"{side}_value_template": value,
            f"{side}_command_topic": described.set_topic,
            f"{side}_command_template": command,
        }
    described.add("light", suffixed("light", light), named(light, alone=True), **config)


def _switched(state: Expose) -> str:
    """Return the template that gives a state as the payload that would bring it about."""
    on, off = order(state.key, state.value_on), order(state.key, state.value_off)
    here = f'value_json["{state.key}"]'
    return f"{{% if {here} == {state.value_on!r} %}}{on}{{% elif {here} == {state.value_off!r} %}}{off}{{% endif %}}"


def _mireds(temperature: Expose | None) -> dict[str, Any]:
    if temperature is None or temperature.value_min is None or temperature.value_max is None:
        return {}
    return {"min_mireds": int(temperature.value_min), "max_mireds": int(temperature.value_max)}
