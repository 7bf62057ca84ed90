"""Device conditions of Home Assistant, by domain and type."""

from __future__ import annotations

from arvisd.automation.device.form import KNOWN, Form, Table
from arvisd.automation.device.trigger_table import BINARY


def has(*states: str) -> Form:
    """Return a condition of a state."""
    return Form("state", {"state": states[0] if len(states) == 1 else list(states)})


def measures(attribute: str) -> Form:
    """Return a condition of a number in an attribute."""
    return Form("numeric_state", {"attribute": attribute})


TOGGLES = {"is_on": has("on"), "is_off": has("off")}
HERE = {"is_home": has("home"), "is_not_home": Form("state", {"state": "home"}, negated=True)}

_NAMED_OTHERWISE = {"opened": "open", "not_opened": "not_open", "turned_on": "on", "turned_off": "off"}


def _is(name: str) -> str:
    return f"is_{_NAMED_OTHERWISE.get(name, name)}"


CONDITIONS: Table = {
    "alarm_control_panel": {
        "is_triggered": has("triggered"),
        "is_disarmed": has("disarmed"),
        "is_armed_home": has("armed_home"),
        "is_armed_away": has("armed_away"),
        "is_armed_night": has("armed_night"),
        "is_armed_vacation": has("armed_vacation"),
        "is_armed_custom_bypass": has("armed_custom_bypass"),
    },
    "binary_sensor": {
        **{_is(name): has("on") for name in BINARY},
        **{_is(name): has("off") for name in BINARY.values()},
    },
    "climate": {
        "is_hvac_mode": Form("state", {}, {"hvac_mode": "state"}),
        "is_preset_mode": Form("state", {"attribute": "preset_mode"}, {"preset_mode": "state"}),
    },
    "cover": {
        "is_open": has("open"),
        "is_closed": has("closed"),
        "is_opening": has("opening"),
        "is_closing": has("closing"),
        "is_position": measures("current_position"),
        "is_tilt_position": measures("current_tilt_position"),
    },
    "device_tracker": HERE,
    "fan": TOGGLES,
    "humidifier": {**TOGGLES, "is_mode": Form("state", {"attribute": "mode"}, {"mode": "state"})},
    "input_boolean": TOGGLES,
    "light": TOGGLES,
    "lock": {
        "is_locked": has("locked"),
        "is_unlocked": has("unlocked"),
        "is_locking": has("locking"),
        "is_unlocking": has("unlocking"),
        "is_jammed": has("jammed"),
        "is_open": has("open"),
        "is_opening": has("opening"),
    },
    "media_player": {
        **TOGGLES,
        "is_buffering": has("buffering"),
        "is_idle": has("idle"),
        "is_paused": has("paused"),
        "is_playing": has("playing"),
    },
    "person": HERE,
    "remote": TOGGLES,
    "select": {"selected_option": Form("state", {}, {"option": "state"})},
    "sensor": {"*": Form("numeric_state")},
    "siren": TOGGLES,
    "switch": TOGGLES,
    "vacuum": {"is_cleaning": has("cleaning", "returning"), "is_docked": has("docked", "idle")},
}
"""`*`: any type; of a sensor it is its class."""

KNOWN.update(CONDITIONS)
