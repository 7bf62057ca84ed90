"""Platform `fan` (https://www.home-assistant.io/integrations/fan.mqtt/)."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import msgspec

from arvisd.home.actions.fan import DIRECTION, OSCILLATE, PRESET, SPEED, Direction, FanPreset, FanTurnOn, Oscillate
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import MqttEntity


class FanConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of a fan."""

    command_topic: str
    command_template: str | None = None
    state_topic: str | None = None
    state_value_template: str | None = None
    payload_on: str = "ON"
    payload_off: str = "OFF"
    percentage_command_topic: str | None = None
    percentage_command_template: str | None = None
    percentage_state_topic: str | None = None
    percentage_value_template: str | None = None
    payload_reset_percentage: str = "None"
    speed_range_min: int = 1
    speed_range_max: int = 100
    preset_modes: list[str] = msgspec.field(default_factory=list)
    preset_mode_command_topic: str | None = None
    preset_mode_command_template: str | None = None
    preset_mode_state_topic: str | None = None
    preset_mode_value_template: str | None = None
    payload_reset_preset_mode: str = "None"
    oscillation_command_topic: str | None = None
    oscillation_command_template: str | None = None
    oscillation_state_topic: str | None = None
    oscillation_value_template: str | None = None
    payload_oscillation_on: str = "oscillate_on"
    payload_oscillation_off: str = "oscillate_off"
    direction_command_topic: str | None = None
    direction_command_template: str | None = None
    direction_state_topic: str | None = None
    direction_value_template: str | None = None
    optimistic: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for a range of speeds that is none."""
        ComponentConfig.__post_init__(self)
        if self.speed_range_min >= self.speed_range_max:
            raise ValueError("speed_range_min must be less than speed_range_max")


class Fan(MqttEntity):
    """A fan; its speed is kept in percent."""

    domain = "fan"
    schema = FanConfig
    actions: ClassVar[frozenset[str]] = frozenset(
        {"turn_on", "turn_off", "set_preset_mode", "oscillate", "set_direction"}
    )

    def __init__(self, key: str, config: FanConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    @property
    def assumed(self) -> bool:
        """Tell whether nothing comes back."""
        return self.config.optimistic or self.config.state_topic is None

    def features(self) -> frozenset[str]:
        """Return what it can do beyond on and off."""
        config = self.config
        topics = {
            SPEED: config.percentage_command_topic,
            PRESET: config.preset_mode_command_topic,
            OSCILLATE: config.oscillation_command_topic,
            DIRECTION: config.direction_command_topic,
        }
        return frozenset(feature for feature, topic in topics.items() if topic is not None)

    def listen(self) -> None:
        """Listen to every side."""
        config = self.config
        states = {config.payload_on: "on", config.payload_off: "off"}
        self.follow("state", config.state_topic, "state_value_template", states.__getitem__)
        self.follow("percentage", config.percentage_state_topic, "percentage_value_template", self._percent)
        self.follow("preset_mode", config.preset_mode_state_topic, "preset_mode_value_template", self._preset)
        swings = {config.payload_oscillation_on: True, config.payload_oscillation_off: False}
        self.follow("oscillating", config.oscillation_state_topic, "oscillation_value_template", swings.__getitem__)
        self.follow("direction", config.direction_state_topic, "direction_value_template")

    def value(self) -> str | None:
        """Return `on` or `off`."""
        return self.known.get("state")

    def attributes(self) -> dict[str, Any]:
        """Return speed and modes."""
        config = self.config
        features = self.features()
        found: dict[str, Any] = {}
        if SPEED in features:
            off = self.known.get("state") == "off"
            found["percentage"] = 0 if off else self.known.get("percentage")
            found["percentage_step"] = 100 / (config.speed_range_max - config.speed_range_min + 1)
        if PRESET in features:
            found |= {"preset_modes": config.preset_modes, "preset_mode": self.known.get("preset_mode")}
        if OSCILLATE in features:
            found["oscillating"] = self.known.get("oscillating")
        if DIRECTION in features:
            found["direction"] = self.known.get("direction")
        return found

    def turn_on(self, data: FanTurnOn) -> None:
        """Turn on, at a speed or in a mode where one is given."""
        config = self.config
        self.tell(config.command_topic, config.payload_on, "command_template")
        if self.assumed:
            self.suppose(state="on")
        if data.percentage is not None:
            span = config.speed_range_max - config.speed_range_min + 1
            speed = math.ceil(data.percentage * span / 100) + config.speed_range_min - 1
            self.tell(config.percentage_command_topic, speed, "percentage_command_template")
            if config.optimistic or config.percentage_state_topic is None:
                self.suppose(percentage=data.percentage)
        if data.preset_mode is not None:
            self.set_preset_mode(FanPreset(data.preset_mode))

    def turn_off(self, _data: Any) -> None:
        """Turn off."""
        self.tell(self.config.command_topic, self.config.payload_off, "command_template")
        if self.assumed:
            self.suppose(state="off")

    def set_preset_mode(self, data: FanPreset) -> None:
        """Set the mode."""
        config = self.config
        self.tell(config.preset_mode_command_topic, data.preset_mode, "preset_mode_command_template")
        if config.optimistic or config.preset_mode_state_topic is None:
            self.suppose(preset_mode=data.preset_mode)

    def oscillate(self, data: Oscillate) -> None:
        """Swing, or not."""
        config = self.config
        payload = config.payload_oscillation_on if data.oscillating else config.payload_oscillation_off
        self.tell(config.oscillation_command_topic, payload, "oscillation_command_template")
        if config.optimistic or config.oscillation_state_topic is None:
            self.suppose(oscillating=data.oscillating)

    def set_direction(self, data: Direction) -> None:
        """Set which way it turns."""
        config = self.config
        self.tell(config.direction_command_topic, data.direction, "direction_command_template")
        if config.optimistic or config.direction_state_topic is None:
            self.suppose(direction=data.direction)

    def _percent(self, text: str) -> int | None:
        config = self.config
        if text == config.payload_reset_percentage:
            return None
        span = config.speed_range_max - config.speed_range_min + 1
        percent = math.floor((float(text) - config.speed_range_min + 1) * 100 / span)
        if not 0 <= percent <= 100:
            raise ValueError
        return percent

    def _preset(self, text: str) -> str | None:
        if text == self.config.payload_reset_preset_mode:
            return None
        if text not in self.config.preset_modes:
            raise ValueError
        return text
