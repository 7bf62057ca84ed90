"""Triggers and conditions of Home Assistant 2026.11 that there are none of here, and why."""

from __future__ import annotations

_TODO = "arvisd keeps no to-do lists"
_ZWAVE = "Z-Wave is reached over MQTT, where such a message has a topic"
_MOON = "arvisd does not follow the moon"
_HOST = "arvisd does not watch over the machine that it runs on"

TRIGGERS = {
    "fumis.fuel_became_low": "arvisd does not talk to that stove",
    "homeassistant.host_reboot_required": _HOST,
    "homeassistant.restart_required": _HOST,
    "homeassistant.updated": _HOST,
    "knx.telegram": "KNX is reached over MQTT, where a telegram has a topic",
    "moon.phase_changed": _MOON,
    "samsungtv.turn_on": "arvisd does not talk to that television",
    "todo.item_added": _TODO,
    "todo.item_completed": _TODO,
    "todo.item_removed": _TODO,
    "webostv.turn_on": "arvisd does not talk to that television",
    "zwave_js.event": _ZWAVE,
    "zwave_js.value_updated": _ZWAVE,
}
"""By the name of a trigger: the reason."""

CONDITIONS = {
    "homeassistant.host_reboot_required": _HOST,
    "homeassistant.restart_required": _HOST,
    "moon.is_phase": _MOON,
    "moon.is_waxing": _MOON,
    "moon.is_waning": _MOON,
    "todo.all_completed": _TODO,
    "todo.incomplete": _TODO,
    "zwave_js.config_parameter": _ZWAVE,
    "zwave_js.node_status": _ZWAVE,
    "zwave_js.value": _ZWAVE,
}
"""By the name of a condition: the reason."""
