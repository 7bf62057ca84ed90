"""What thermostats and water heaters have in common: the keys of their modes, their power and one temperature."""

from __future__ import annotations

from arvisd.home.discovery.config import ComponentConfig


class HeatedConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of what holds a temperature in some modes."""

    mode_command_topic: str | None = None
    mode_command_template: str | None = None
    mode_state_topic: str | None = None
    mode_state_template: str | None = None
    power_command_topic: str | None = None
    power_command_template: str | None = None
    payload_on: str = "ON"
    payload_off: str = "OFF"
    current_temperature_topic: str | None = None
    current_temperature_template: str | None = None
    temperature_command_topic: str | None = None
    temperature_command_template: str | None = None
    temperature_state_topic: str | None = None
    temperature_state_template: str | None = None
    initial: float | None = None
    """The target at the beginning, where no topic says it."""
    value_template: str | None = None
    """For every state without a template of its own."""
    optimistic: bool = False
