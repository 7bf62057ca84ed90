"""Platform `binary_sensor` (https://www.home-assistant.io/integrations/binary_sensor.mqtt/)."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from arvisd.core.clock import TimerHandle
from arvisd.core.states import UNAVAILABLE
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import NONE, MqttEntity


class BinarySensorConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of a binary sensor."""

    state_topic: str
    value_template: str | None = None
    payload_on: str = "ON"
    payload_off: str = "OFF"
    expire_after: Annotated[float, msgspec.Meta(ge=0)] | None = None
    """Seconds after which a state that was not said again is no longer known."""
    off_delay: Annotated[float, msgspec.Meta(ge=0)] | None = None
    """Seconds after which it is off again by itself: the device only says `on`."""


class BinarySensor(MqttEntity):
    """On or off, as the device sees it."""

    domain = "binary_sensor"
    schema = BinarySensorConfig

    def __init__(self, key: str, config: BinarySensorConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config
        self._template = self.template("value_template")
        self._states = {config.payload_on: "on", config.payload_off: "off", NONE: None}
        self._expiry: TimerHandle | None = None
        self._off: TimerHandle | None = None

    def listen(self) -> None:
        """Listen to the state."""
        self.on(self.config.state_topic, self._template, self._heard)
        self.owner.on_stop(self._forget)

    def value(self) -> str | None:
        """Return `on`, `off` or `unavailable` where it has expired."""
        return self.known.get("state")

    def _heard(self, text: str) -> None:
        if text not in self._states:
            return
        self._forget()
        self.known["state"] = self._states[text]
        clock = self.hub.clock
        if self.config.expire_after:
            self._expiry = clock.call_later(self.config.expire_after, self._expired)
        if self.known["state"] == "on" and self.config.off_delay is not None:
            self._off = clock.call_later(self.config.off_delay, self._off_again)
        self.write()

    def _off_again(self) -> None:
        self.known["state"] = "off"
        self.write()

    def _expired(self) -> None:
        self.known["state"] = UNAVAILABLE
        self.write()

    def _forget(self) -> None:
        for timer in (self._expiry, self._off):
            if timer is not None:
                timer.cancel()
        self._expiry = self._off = None
