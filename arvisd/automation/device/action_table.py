"""Device actions of Home Assistant, by domain and type."""

from __future__ import annotations

from arvisd.automation.device.form import KNOWN, Form, Table


def toggles(domain: str) -> dict[str, Form]:
    """Return the actions of what is on or off."""
    return {name: Form(f"{domain}.{name}") for name in ("turn_on", "turn_off", "toggle")}


ACTIONS: Table = {
    "alarm_control_panel": {
        "arm_away": Form("alarm_control_panel.alarm_arm_away"),
        "arm_home": Form("alarm_control_panel.alarm_arm_home"),
        "arm_night": Form("alarm_control_panel.alarm_arm_night"),
        "arm_vacation": Form("alarm_control_panel.alarm_arm_vacation"),
        "disarm": Form("alarm_control_panel.alarm_disarm"),
        "trigger": Form("alarm_control_panel.alarm_trigger"),
    },
    "button": {"press": Form("button.press")},
    "climate": {
        "set_hvac_mode": Form("climate.set_hvac_mode"),
        "set_preset_mode": Form("climate.set_preset_mode"),
    },
    "cover": {
        "open": Form("cover.open_cover"),
        "close": Form("cover.close_cover"),
        "stop": Form("cover.stop_cover"),
        "open_tilt": Form("cover.open_cover_tilt"),
        "close_tilt": Form("cover.close_cover_tilt"),
        "set_position": Form("cover.set_cover_position"),
        "set_tilt_position": Form("cover.set_cover_tilt_position", {}, {"position": "tilt_position"}),
    },
    "fan": toggles("fan"),
    "humidifier": {
        **toggles("humidifier"),
        "set_humidity": Form("humidifier.set_humidity"),
        "set_mode": Form("humidifier.set_mode"),
    },
    "input_boolean": toggles("input_boolean"),
    "light": {
        **toggles("light"),
        "brightness_increase": Form("light.turn_on", {"brightness_step_pct": 10}),
        "brightness_decrease": Form("light.turn_on", {"brightness_step_pct": -10}),
        "flash": Form("light.turn_on", {"flash": "short"}),
    },
    "lock": {"lock": Form("lock.lock"), "unlock": Form("lock.unlock"), "open": Form("lock.open")},
    "number": {"set_value": Form("number.set_value")},
    "remote": toggles("remote"),
    "select": {
        "select_option": Form("select.select_option"),
        "select_first": Form("select.select_first"),
        "select_last": Form("select.select_last"),
        "select_next": Form("select.select_next"),
        "select_previous": Form("select.select_previous"),
    },
    "siren": toggles("siren"),
    "switch": toggles("switch"),
    "text": {"set_value": Form("text.set_value")},
    "vacuum": {"clean": Form("vacuum.start"), "dock": Form("vacuum.return_to_base")},
    "water_heater": {"turn_on": Form("water_heater.turn_on"), "turn_off": Form("water_heater.turn_off")},
}

KNOWN.update(ACTIONS)
