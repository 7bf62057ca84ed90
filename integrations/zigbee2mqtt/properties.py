"""What the properties of zigbee2mqtt's devices mean, as data (https://www.zigbee2mqtt.io/guide/usage/exposes.html)."""

from __future__ import annotations

BINARY_CLASSES: dict[str, tuple[str, ...]] = {
    "battery": ("battery_low",),
    "carbon_monoxide": ("carbon_monoxide",),
    "cold": ("frost", "cold"),
    "connectivity": ("online",),
    "door": ("contact", "door_state"),
    "garage_door": ("garage_door_contact",),
    "gas": ("gas",),
    "heat": ("overheat",),
    "light": ("light_detected",),
    "moisture": ("water_leak", "rain_status"),
    "motion": ("motion",),
    "moving": ("moving",),
    "occupancy": ("occupancy", "presence", "area1Occupancy", "area2Occupancy", "area3Occupancy", "area4Occupancy"),
    "plug": ("consumer_connected",),
    "problem": ("valve_alarm", "fault", "alarm_active"),
    "running": ("running", "setup"),
    "safety": ("sos", "emergency"),
    "smoke": ("smoke",),
    "sound": ("noise_detected",),
    "tamper": ("tamper",),
    "vibration": ("vibration",),
    "window": ("window", "window_open"),
}
"""Device class of a binary sensor: the properties that are one."""

NUMERIC_CLASSES: dict[str, tuple[str, ...]] = {
    "aqi": ("aqi",),
    "atmospheric_pressure": ("pressure",),
    "battery": ("battery", "battery2"),
    "carbon_dioxide": ("co2",),
    "conductivity": ("soil_fertility",),
    "current": ("current", "current_phase_b", "current_phase_c"),
    "distance": ("distance", "target_distance"),
    "duration": ("action_duration", "boost_heating_countdown"),
    "energy": ("energy", "produced_energy"),
    "frequency": ("ac_frequency",),
    "humidity": ("humidity", "external_humidity"),
    "illuminance": ("illuminance", "illuminance_lux"),
    "moisture": ("soil_moisture",),
    "pm1": ("pm1",),
    "pm10": ("pm10",),
    "pm25": ("pm25",),
    "power": ("power", "power_phase_b", "power_phase_c"),
    "power_factor": ("power_factor",),
    "precipitation": ("precipitation",),
    "precipitation_intensity": ("rain_rate",),
    "sound_pressure": ("noise",),
    "temperature": (
        "temperature", "local_temperature", "device_temperature", "cpu_temperature", "internalTemperature",
        "dew_point", "external_temperature", "temperature_probe", "apparent_temperature", "wind_chill", "humidex",
    ),
    "volatile_organic_compounds": ("voc",),
    "volatile_organic_compounds_parts": ("voc_parts", "eco2"),
    "voltage": ("voltage", "battery_voltage", "voltage_phase_b", "voltage_phase_c"),
    "volume_flow_rate": ("flow",),
    "water": ("water_consumed",),
    "wind_speed": ("wind_speed", "gust_speed"),
}  # fmt: skip
"""Device class of a number that is measured."""

UNIT_CLASSES = {
    "Wh": "energy", "kWh": "energy",
    "A": "current", "mA": "current",
    "mW": "power", "W": "power", "kW": "power",
    "V": "voltage", "mV": "voltage",
    "lx": "illuminance",
    "°C": "temperature",
}  # fmt: skip
"""What a unit says of a property whose name says nothing."""

COUNTING = frozenset({"energy", "water", "gas", "precipitation"})
"""Device classes of what only grows."""

DIAGNOSTIC = frozenset(
    {"linkquality", "battery_voltage", "battery2", "device_temperature", "cpu_temperature", "internalTemperature",
     "power_outage_count", "trigger_count", "update_available", "battery_low", "test", "last_seen"}
)  # fmt: skip
"""Measured properties that are about the device and not about the house."""

QUIET = frozenset({"linkquality", "power_outage_count", "trigger_count"})
"""Properties that nobody speaks of and that change all the time."""

SPOKEN = frozenset({"alarm", "state", "valve", "siren", "light", "backlight", "display", "pump", "heating", "boost"})
"""Settable properties that people speak of; all others are settings of the device."""

OPENING = frozenset({"opening", "open", "up", "forward", "rising"})
CLOSING = frozenset({"closing", "close", "down", "backward", "reverse", "falling"})
STANDING = frozenset({"stopped", "stop", "pause", "paused"})
"""Words of covers for their motors' motion."""

HVAC_MODES = frozenset({"off", "auto", "heat", "cool", "heat_cool", "dry", "fan_only"})
"""Values of `system_mode` that are modes of a thermostat."""

HVAC_ACTIONS = {"idle": "idle", "heat": "heating", "cool": "cooling", "fan_only": "fan"}
"""Values of `running_state`, and what the thermostat then does."""


def binary_class(name: str) -> str | None:
    """Return the device class of a binary property."""
    return next((class_ for class_, names in BINARY_CLASSES.items() if name in names), None)


def numeric_class(name: str, unit: str | None) -> str | None:
    """Return the device class of a measured property; one without a unit has none."""
    if unit is None and name != "aqi":
        return None
    if name == "voc" and unit in ("ppb", "ppm"):
        name = "voc_parts"
    found = next((class_ for class_, names in NUMERIC_CLASSES.items() if name in names), None)
    return found or UNIT_CLASSES.get(unit or "")
