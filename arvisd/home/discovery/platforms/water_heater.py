"""Platform `water_heater` (https://www.home-assistant.io/integrations/water_heater.mqtt/)."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from arvisd.home.actions.water_heater import MODES, TEMPERATURE, SetOperationMode, SetTemperature
from arvisd.home.discovery.entity import MqttEntity
from arvisd.home.discovery.platforms.heated import HeatedConfig


class WaterHeaterConfig(HeatedConfig, frozen=True, kw_only=True):
    """Keys of a water heater."""

    modes: list[str] = msgspec.field(
        default_factory=lambda: ["off", "eco", "electric", "gas", "heat_pump", "high_demand", "performance"]
    )
    min_temp: float = 43
    max_temp: float = 60


class WaterHeater(MqttEntity):
    """A boiler."""

    domain = "water_heater"
    schema = WaterHeaterConfig
    actions: ClassVar[frozenset[str]] = frozenset({"set_temperature", "set_operation_mode"})

    def __init__(self, key: str, config: WaterHeaterConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config
        if config.temperature_state_topic is None and config.initial is not None:
            self.known["temperature"] = config.initial

    @property
    def assumed(self) -> bool:
        """Tell whether nothing comes back."""
        config = self.config
        return config.optimistic or (config.mode_state_topic is None and config.temperature_state_topic is None)

    def features(self) -> frozenset[str]:
        """Return what it can do."""
        config = self.config
        found = {TEMPERATURE} if config.temperature_command_topic is not None else set()
        return frozenset(found | ({MODES} if config.mode_command_topic is not None else set()))

    def listen(self) -> None:
        """Listen to every side."""
        config = self.config
        for key, topic, template, read in (
            ("mode", config.mode_state_topic, "mode_state_template", str),
            ("temperature", config.temperature_state_topic, "temperature_state_template", float),
            ("current_temperature", config.current_temperature_topic, "current_temperature_template", float),
        ):
            own = template if getattr(config, template) is not None else "value_template"
            self.follow(key, topic, own, read)

    def value(self) -> str | None:
        """Return the mode."""
        return self.known.get("mode")

    def attributes(self) -> dict[str, Any]:
        """Return target and measurement."""
        config = self.config
        found: dict[str, Any] = {
            "operation_list": config.modes,
            "operation_mode": self.known.get("mode"),
            "min_temp": config.min_temp,
            "max_temp": config.max_temp,
        }
        for key in ("temperature", "current_temperature"):
            if key in self.known:
                found[key] = self.known[key]
        return found

    def set_temperature(self, data: SetTemperature) -> None:
        """Set the target, and the mode where one is given."""
        config = self.config
        if data.operation_mode is not None:
            self.set_operation_mode(SetOperationMode(data.operation_mode))
        value = int(data.temperature) if data.temperature == int(data.temperature) else data.temperature
        self.tell(config.temperature_command_topic, value, "temperature_command_template")
        if config.optimistic or config.temperature_state_topic is None:
            self.suppose(temperature=data.temperature)

    def set_operation_mode(self, data: SetOperationMode) -> None:
        """Set the mode."""
        config = self.config
        if config.power_command_topic is not None:
            power = config.payload_off if data.operation_mode == "off" else config.payload_on
            self.tell(config.power_command_topic, power, "power_command_template")
        self.tell(config.mode_command_topic, data.operation_mode, "mode_command_template")
        if config.optimistic or config.mode_state_topic is None:
            self.suppose(mode=data.operation_mode)
