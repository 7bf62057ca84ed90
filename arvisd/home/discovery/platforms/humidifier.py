"""Platform `humidifier` (https://www.home-assistant.io/integrations/humidifier.mqtt/)."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from arvisd.home.actions.humidifier import MODES, SetHumidity, SetMode
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import MqttEntity


class HumidifierConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of a humidifier or dehumidifier."""

    command_topic: str
    command_template: str | None = None
    state_topic: str | None = None
    state_value_template: str | None = None
    payload_on: str = "ON"
    payload_off: str = "OFF"
    target_humidity_command_topic: str
    target_humidity_command_template: str | None = None
    target_humidity_state_topic: str | None = None
    target_humidity_state_template: str | None = None
    payload_reset_humidity: str = "None"
    min_humidity: float = 0
    max_humidity: float = 100
    current_humidity_topic: str | None = None
    current_humidity_template: str | None = None
    action_topic: str | None = None
    action_template: str | None = None
    modes: list[str] = msgspec.field(default_factory=list)
    mode_command_topic: str | None = None
    mode_command_template: str | None = None
    mode_state_topic: str | None = None
    mode_state_template: str | None = None
    payload_reset_mode: str = "None"
    optimistic: bool = False


class Humidifier(MqttEntity):
    """A humidifier or dehumidifier."""

    domain = "humidifier"
    schema = HumidifierConfig
    actions: ClassVar[frozenset[str]] = frozenset({"turn_on", "turn_off", "set_humidity", "set_mode"})

    def __init__(self, key: str, config: HumidifierConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    @property
    def assumed(self) -> bool:
        """Tell whether nothing comes back."""
        return self.config.optimistic or self.config.state_topic is None

    def features(self) -> frozenset[str]:
        """Return whether it has modes."""
        return frozenset({MODES} if self.config.mode_command_topic is not None else ())

    def listen(self) -> None:
        """Listen to every side."""
        config = self.config
        states = {config.payload_on: "on", config.payload_off: "off"}
        self.follow("state", config.state_topic, "state_value_template", states.__getitem__)
        self.follow("humidity", config.target_humidity_state_topic, "target_humidity_state_template", self._humidity)
        self.follow("current_humidity", config.current_humidity_topic, "current_humidity_template", float)
        self.follow("action", config.action_topic, "action_template")
        self.follow("mode", config.mode_state_topic, "mode_state_template", self._mode)

    def value(self) -> str | None:
        """Return `on` or `off`."""
        return self.known.get("state")

    def attributes(self) -> dict[str, Any]:
        """Return target, measurement and modes."""
        config = self.config
        found: dict[str, Any] = {"min_humidity": config.min_humidity, "max_humidity": config.max_humidity}
        if MODES in self.features():
            found |= {"available_modes": config.modes, "mode": self.known.get("mode")}
        for key in ("humidity", "current_humidity", "action"):
            if self.known.get(key) is not None:
                found[key] = self.known[key]
        return found

    def turn_on(self, _data: Any) -> None:
        """Turn on."""
        self._switch(self.config.payload_on, "on")

    def turn_off(self, _data: Any) -> None:
        """Turn off."""
        self._switch(self.config.payload_off, "off")

    def set_humidity(self, data: SetHumidity) -> None:
        """Set the target."""
        config = self.config
        self.tell(config.target_humidity_command_topic, data.humidity, "target_humidity_command_template")
        if config.optimistic or config.target_humidity_state_topic is None:
            self.suppose(humidity=data.humidity)

    def set_mode(self, data: SetMode) -> None:
        """Set the mode."""
        config = self.config
        self.tell(config.mode_command_topic, data.mode, "mode_command_template")
        if config.optimistic or config.mode_state_topic is None:
            self.suppose(mode=data.mode)

    def _switch(self, payload: str, state: str) -> None:
        self.tell(self.config.command_topic, payload, "command_template")
        if self.assumed:
            self.suppose(state=state)

    def _humidity(self, text: str) -> float | None:
        if text == self.config.payload_reset_humidity:
            return None
        value = float(text)
        if not self.config.min_humidity <= value <= self.config.max_humidity:
            raise ValueError
        return int(value) if value == int(value) else value

    def _mode(self, text: str) -> str | None:
        if text == self.config.payload_reset_mode:
            return None
        if text not in self.config.modes:
            raise ValueError
        return text
