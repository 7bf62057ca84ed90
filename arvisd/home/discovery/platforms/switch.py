"""Platform `switch` (https://www.home-assistant.io/integrations/switch.mqtt/)."""

from __future__ import annotations

from typing import Any, ClassVar

from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import NONE, MqttEntity


class SwitchConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of a switch."""

    command_topic: str
    command_template: str | None = None
    state_topic: str | None = None
    value_template: str | None = None
    payload_on: str = "ON"
    payload_off: str = "OFF"
    state_on: str | None = None
    """What the device says when it is on; by default `payload_on`."""
    state_off: str | None = None
    optimistic: bool = False


class Switch(MqttEntity):
    """On or off."""

    domain = "switch"
    schema = SwitchConfig
    actions: ClassVar[frozenset[str]] = frozenset({"turn_on", "turn_off"})

    def __init__(self, key: str, config: SwitchConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config
        self._value_template = self.template("value_template")
        self._command_template = self.template("command_template")
        self._states = {
            config.state_on or config.payload_on: "on",
            config.state_off or config.payload_off: "off",
            NONE: None,
        }

    @property
    def assumed(self) -> bool:
        """Tell whether no state comes back."""
        return self.config.optimistic or self.config.state_topic is None

    def listen(self) -> None:
        """Listen to the state."""
        self.on(self.config.state_topic, self._value_template, self._heard)

    def value(self) -> str | None:
        """Return `on` or `off`."""
        return self.known.get("state")

    def turn_on(self, _data: Any) -> None:
        """Turn on."""
        self._send(self.config.payload_on, "on")

    def turn_off(self, _data: Any) -> None:
        """Turn off."""
        self._send(self.config.payload_off, "off")

    def _send(self, payload: str, wanted: str) -> None:
        self.publish(self.config.command_topic, self.command(payload, self._command_template))
        if self.assumed:
            self.known["state"] = wanted
            self.write()

    def _heard(self, text: str) -> None:
        if text in self._states:
            self.known["state"] = self._states[text]
            self.write()
