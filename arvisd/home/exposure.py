"""What can be spoken of where the user says nothing: what people ask for, not what a device is set up with.

After Home Assistant's lists (https://www.home-assistant.io/voice_control/voice_remote_expose_devices/), and wider where
the sentences have an answer: locks and alarms too, as arvisd asks before it opens or disarms anything.
"""

from __future__ import annotations

DOMAINS = frozenset(
    [
        "alarm_control_panel", "assist_satellite", "climate", "cover", "fan", "humidifier", "input_boolean", "lawn_mower",
        "light", "lock", "media_player", "person", "scene", "script", "siren", "switch", "todo", "vacuum", "valve",
        "water_heater", "weather",
    ]
)  # fmt: skip
"""Domains whose entities can all be spoken of."""

CLASSES: dict[str, frozenset[str | None]] = {
    "binary_sensor": frozenset(
        [
            "battery", "carbon_monoxide", "cold", "door", "garage_door", "gas", "heat", "light", "lock", "moisture",
            "motion", "moving", "occupancy", "opening", "plug", "power", "presence", "running", "safety", "smoke",
            "sound", "vibration", "window",
        ]
    ),
    "sensor": frozenset(
        [
            "apparent_power", "aqi", "atmospheric_pressure", "battery", "carbon_dioxide", "carbon_monoxide", "energy",
            "gas", "humidity", "illuminance", "moisture", "pm1", "pm10", "pm25", "power", "precipitation",
            "precipitation_intensity", "pressure", "temperature", "volatile_organic_compounds", "water", "weight",
            "wind_speed",
        ]
    ),
    "button": frozenset([None]),
}  # fmt: skip
"""Of other domains those of a device class; None: of none (a button `identify` or `restart` is for who sets it up)."""


def spoken_of(domain: str, device_class: str | None, category: str | None, enabled: bool) -> bool:
    """Tell whether an entity can be spoken of by default.

    Args:
        domain: of the entity.
        device_class: Home Assistant's.
        category: `config` or `diagnostic`: never spoken of.
        enabled: its device counts it among what people use.
    """
    if category is not None or not enabled:
        return False
    return domain in DOMAINS or device_class in CLASSES.get(domain, frozenset())
