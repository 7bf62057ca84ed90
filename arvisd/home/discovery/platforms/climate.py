"""Platform `climate` (https://www.home-assistant.io/integrations/climate.mqtt/)."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import msgspec

from arvisd.home.actions import climate as orders
from arvisd.home.discovery.entity import MqttEntity
from arvisd.home.discovery.platforms.heated import HeatedConfig

MODES = ["auto", "off", "cool", "heat", "dry", "fan_only"]
"""Where a device does not say which it has."""

NAMED = {
    "fan": orders.FAN_MODE,
    "preset": orders.PRESET,
    "swing": orders.SWING,
    "swing_horizontal": orders.SWING_HORIZONTAL,
}
"""Kinds of named modes: the word in the keys, and the feature and attribute."""

NUMBERS = {"temperature": "temperature", "temperature_low": "target_temp_low", "temperature_high": "target_temp_high"}
"""Targets: the word in the keys, and the attribute."""


class ClimateConfig(HeatedConfig, frozen=True, kw_only=True):
    """Keys of a thermostat or air conditioner."""

    modes: list[str] = msgspec.field(default_factory=lambda: list(MODES))
    action_topic: str | None = None
    action_template: str | None = None
    current_humidity_topic: str | None = None
    current_humidity_template: str | None = None
    temperature_low_command_topic: str | None = None
    temperature_low_command_template: str | None = None
    temperature_low_state_topic: str | None = None
    temperature_low_state_template: str | None = None
    temperature_high_command_topic: str | None = None
    temperature_high_command_template: str | None = None
    temperature_high_state_topic: str | None = None
    temperature_high_state_template: str | None = None
    target_humidity_command_topic: str | None = None
    target_humidity_command_template: str | None = None
    target_humidity_state_topic: str | None = None
    target_humidity_state_template: str | None = None
    min_humidity: float = 30
    max_humidity: float = 99
    fan_modes: list[str] = msgspec.field(default_factory=lambda: ["auto", "low", "medium", "high"])
    fan_mode_command_topic: str | None = None
    fan_mode_command_template: str | None = None
    fan_mode_state_topic: str | None = None
    fan_mode_state_template: str | None = None
    preset_modes: list[str] = msgspec.field(default_factory=list)
    preset_mode_command_topic: str | None = None
    preset_mode_command_template: str | None = None
    preset_mode_state_topic: str | None = None
    preset_mode_value_template: str | None = None
    swing_modes: list[str] = msgspec.field(default_factory=lambda: ["on", "off"])
    swing_mode_command_topic: str | None = None
    swing_mode_command_template: str | None = None
    swing_mode_state_topic: str | None = None
    swing_mode_state_template: str | None = None
    swing_horizontal_modes: list[str] = msgspec.field(default_factory=lambda: ["on", "off"])
    swing_horizontal_mode_command_topic: str | None = None
    swing_horizontal_mode_command_template: str | None = None
    swing_horizontal_mode_state_topic: str | None = None
    swing_horizontal_mode_state_template: str | None = None
    min_temp: float = 7
    max_temp: float = 35
    temp_step: float = 1.0
    precision: float | None = None
    temperature_unit: str | None = None


class Climate(MqttEntity):
    """A thermostat; `known` holds `mode`, `action`, the targets and named modes under their attributes' names."""

    domain = "climate"
    schema = ClimateConfig
    actions: ClassVar[frozenset[str]] = frozenset(
        {
            "set_temperature",
            "set_hvac_mode",
            "set_fan_mode",
            "set_preset_mode",
            "set_swing_mode",
            "set_swing_horizontal_mode",
            "set_humidity",
        }
    )

    def __init__(self, key: str, config: ClimateConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config
        if config.temperature_state_topic is None and config.initial is not None:
            self.known["temperature"] = config.initial

    @property
    def assumed(self) -> bool:
        """Tell whether nothing comes back."""
        config = self.config
        return config.optimistic or all(
            getattr(config, name) is None for name in config.__struct_fields__ if name.endswith("_state_topic")
        )

    def features(self) -> frozenset[str]:
        """Return what it can do beyond modes."""
        config = self.config
        found = set()
        if config.temperature_command_topic is not None:
            found.add(orders.TEMPERATURE)
        if config.temperature_low_command_topic is not None and config.temperature_high_command_topic is not None:
            found.add(orders.RANGE)
        if config.target_humidity_command_topic is not None:
            found.add(orders.HUMIDITY)
        found |= {
            attribute for word, attribute in NAMED.items() if getattr(config, f"{word}_mode_command_topic") is not None
        }
        return frozenset(found)

    def listen(self) -> None:
        """Listen to every side."""
        config = self.config
        self._follow("mode", config.mode_state_topic, "mode_state_template")
        self._follow("action", config.action_topic, "action_template")
        self._follow("current_temperature", config.current_temperature_topic, "current_temperature_template", _number)
        self._follow("current_humidity", config.current_humidity_topic, "current_humidity_template", _number)
        self._follow("humidity", config.target_humidity_state_topic, "target_humidity_state_template", _number)
        for word, attribute in NUMBERS.items():
            self._follow(attribute, getattr(config, f"{word}_state_topic"), f"{word}_state_template", _number)
        for word, attribute in NAMED.items():
            template = "preset_mode_value_template" if word == "preset" else f"{word}_mode_state_template"
            self._follow(attribute, getattr(config, f"{word}_mode_state_topic"), template)

    def value(self) -> str | None:
        """Return the mode."""
        return self.known.get("mode")

    def attributes(self) -> dict[str, Any]:
        """Return targets, measurements, and the modes that there are."""
        config = self.config
        found: dict[str, Any] = {
            "hvac_modes": config.modes,
            "min_temp": config.min_temp,
            "max_temp": config.max_temp,
            "target_temp_step": config.temp_step,
        }
        features = self.features()
        for word, attribute in NAMED.items():
            if attribute in features:
                found[f"{attribute}s"] = getattr(config, f"{word}_modes")
                found[attribute] = self.known.get(attribute)
        if orders.HUMIDITY in features:
            found |= {"min_humidity": config.min_humidity, "max_humidity": config.max_humidity}
        for key in (*NUMBERS.values(), "humidity", "current_temperature", "current_humidity"):
            if key in self.known:
                found[key] = self.known[key]
        if self.known.get("action") is not None:
            found["hvac_action"] = self.known["action"]
        return found

    def set_temperature(self, data: orders.SetTemperature) -> None:
        """Set the targets, and the mode where one is given."""
        if data.hvac_mode is not None:
            self.set_hvac_mode(orders.SetHvacMode(data.hvac_mode))
        for word, attribute in NUMBERS.items():
            wanted = getattr(data, attribute)
            if wanted is not None:
                topic = getattr(self.config, f"{word}_command_topic")
                self.tell(topic, _plain(wanted), f"{word}_command_template")
                self._suppose_unheard(f"{word}_state_topic", attribute, wanted)

    def set_hvac_mode(self, data: orders.SetHvacMode) -> None:
        """Set the mode; switch the power too where the device has a topic for it."""
        config = self.config
        if config.power_command_topic is not None:
            power = config.payload_off if data.hvac_mode == "off" else config.payload_on
            self.tell(config.power_command_topic, power, "power_command_template")
        self.tell(config.mode_command_topic, data.hvac_mode, "mode_command_template")
        self._suppose_unheard("mode_state_topic", "mode", data.hvac_mode)

    def set_fan_mode(self, data: orders.SetFanMode) -> None:
        """Set the mode of its fan."""
        self._set_named("fan", data.fan_mode)

    def set_preset_mode(self, data: orders.SetPresetMode) -> None:
        """Set the preset."""
        self._set_named("preset", data.preset_mode)

    def set_swing_mode(self, data: orders.SetSwingMode) -> None:
        """Set how it swings."""
        self._set_named("swing", data.swing_mode)

    def set_swing_horizontal_mode(self, data: orders.SetSwingHorizontalMode) -> None:
        """Set how it swings sideways."""
        self._set_named("swing_horizontal", data.swing_horizontal_mode)

    def set_humidity(self, data: orders.SetHumidity) -> None:
        """Set the target humidity."""
        self.tell(self.config.target_humidity_command_topic, data.humidity, "target_humidity_command_template")
        self._suppose_unheard("target_humidity_state_topic", "humidity", data.humidity)

    def _set_named(self, word: str, mode: str) -> None:
        topic = getattr(self.config, f"{word}_mode_command_topic")
        self.tell(topic, mode, f"{word}_mode_command_template")
        self._suppose_unheard(f"{word}_mode_state_topic", NAMED[word], mode)

    def _suppose_unheard(self, topic: str, key: str, value: Any) -> None:
        """Count as done what has no topic to come back on."""
        if self.config.optimistic or getattr(self.config, topic) is None:
            self.suppose(**{key: value})

    def _follow(self, key: str, topic: str | None, template: str, read: Any = str) -> None:
        """Follow a topic with its own template, else the common one."""
        own = template if getattr(self.config, template) is not None else "value_template"
        self.follow(key, topic, own, read)


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError
    return int(value) if value == int(value) else value


def _plain(number: float) -> float | int:
    """Return a number as devices expect it: 21, not 21.0."""
    return int(number) if number == int(number) else number
