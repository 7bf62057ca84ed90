"""Device triggers of Home Assistant, by domain and type."""

from __future__ import annotations

from arvisd.automation.device.form import KNOWN, Form, Table

CHANGED = Form("state", {"to": None})
NUMBER = Form("numeric_state")


def becomes(*states: str) -> Form:
    """Return a trigger for a state."""
    return Form("state", {"to": states[0] if len(states) == 1 else list(states)})


def measures(attribute: str) -> Form:
    """Return a trigger for a number in an attribute."""
    return Form("numeric_state", {"attribute": attribute})


TOGGLES = {"changed_states": CHANGED, "turned_on": becomes("on"), "turned_off": becomes("off")}

BINARY = {
    "bat_low": "not_bat_low", "charging": "not_charging", "co": "no_co", "cold": "not_cold", "connected": "not_connected",
    "gas": "no_gas", "hot": "not_hot", "light": "no_light", "not_locked": "locked", "moist": "not_moist",
    "motion": "no_motion", "moving": "not_moving", "occupied": "not_occupied", "opened": "not_opened",
    "plugged_in": "not_plugged_in", "powered": "not_powered", "present": "not_present", "problem": "no_problem",
    "running": "not_running", "unsafe": "not_unsafe", "smoke": "no_smoke", "sound": "no_sound",
    "tampered": "not_tampered", "update": "no_update", "vibration": "no_vibration", "turned_on": "turned_off",
}  # fmt: skip
"""What a binary sensor that is on is called by its class, and what one that is off."""

TRIGGERS: Table = {
    "alarm_control_panel": {
        "triggered": becomes("triggered"),
        "disarmed": becomes("disarmed"),
        "arming": becomes("arming"),
        "armed_home": becomes("armed_home"),
        "armed_away": becomes("armed_away"),
        "armed_night": becomes("armed_night"),
        "armed_vacation": becomes("armed_vacation"),
    },
    "binary_sensor": {
        **{name: becomes("on") for name in BINARY},
        **{name: becomes("off") for name in BINARY.values()},
        "changed_states": CHANGED,
    },
    "button": {"pressed": CHANGED},
    "climate": {
        "hvac_mode_changed": Form("state"),
        "current_temperature_changed": measures("current_temperature"),
        "current_humidity_changed": measures("current_humidity"),
    },
    "cover": {
        "opened": becomes("open"),
        "closed": becomes("closed"),
        "opening": becomes("opening"),
        "closing": becomes("closing"),
        "position": measures("current_position"),
        "tilt_position": measures("current_tilt_position"),
    },
    "device_tracker": {"enters": Form("zone", {"event": "enter"}), "leaves": Form("zone", {"event": "leave"})},
    "fan": TOGGLES,
    "humidifier": {
        **TOGGLES,
        "target_humidity_changed": measures("humidity"),
        "current_humidity_changed": measures("current_humidity"),
    },
    "input_boolean": TOGGLES,
    "lawn_mower": {"mowing": becomes("mowing"), "docked": becomes("docked")},
    "light": TOGGLES,
    "lock": {
        "locked": becomes("locked"),
        "unlocked": becomes("unlocked"),
        "locking": becomes("locking"),
        "unlocking": becomes("unlocking"),
        "jammed": becomes("jammed"),
        "open": becomes("open"),
        "opening": becomes("opening"),
    },
    "media_player": {
        **TOGGLES,
        "buffering": becomes("buffering"),
        "idle": becomes("idle"),
        "paused": becomes("paused"),
        "playing": becomes("playing"),
    },
    "person": {"enters": Form("zone", {"event": "enter"}), "leaves": Form("zone", {"event": "leave"})},
    "remote": TOGGLES,
    "select": {"current_option_changed": Form("state")},
    "sensor": {"*": NUMBER},
    "siren": TOGGLES,
    "switch": TOGGLES,
    "update": TOGGLES,
    "vacuum": {"cleaning": becomes("cleaning"), "docked": becomes("docked")},
    "water_heater": TOGGLES,
}
"""`*`: any type; of a sensor it is its class."""

KNOWN.update(TRIGGERS)
