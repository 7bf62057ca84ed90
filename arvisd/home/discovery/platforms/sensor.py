"""Platform `sensor` (https://www.home-assistant.io/integrations/sensor.mqtt/)."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from arvisd.core.clock import TimerHandle
from arvisd.core.states import UNAVAILABLE
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import NONE, MqttEntity

MAX_STATE = 255
"""Characters of a state, as in Home Assistant."""


class SensorConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of a sensor."""

    state_topic: str
    value_template: str | None = None
    unit_of_measurement: str | None = None
    state_class: str | None = None
    options: list[str] | None = None
    """The states that there are."""
    expire_after: Annotated[float, msgspec.Meta(ge=0)] | None = None
    """Seconds after which a value that was not said again is no longer known."""
    last_reset_value_template: str | None = None
    """Gives when a meter last began at zero."""
    suggested_display_precision: int | None = None


class Sensor(MqttEntity):
    """A value that the device measures or says."""

    domain = "sensor"
    schema = SensorConfig

    def __init__(self, key: str, config: SensorConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config
        self._template = self.template("value_template")
        self._expiry: TimerHandle | None = None

    def listen(self) -> None:
        """Listen to the value."""
        if self.config.last_reset_value_template is not None:
            self.on(self.config.state_topic, self.template("last_reset_value_template"), self._reset_heard)
        self.on(self.config.state_topic, self._template, self._heard)
        self.owner.on_stop(self._forget)

    def value(self) -> str | None:
        """Return the value as it was said."""
        return self.known.get("state")

    def attributes(self) -> dict[str, Any]:
        """Return what is known of the values."""
        found: dict[str, Any] = {}
        if self.config.state_class:
            found["state_class"] = self.config.state_class
        if self.known.get("last_reset"):
            found["last_reset"] = self.known["last_reset"]
        if self.config.options:
            found["options"] = self.config.options
        return found

    def _reset_heard(self, text: str) -> None:
        """Note when the meter began at zero; it is written with the value that comes with it."""
        self.known["last_reset"] = text

    def _heard(self, text: str) -> None:
        if self.config.options and text not in (*self.config.options, NONE):
            self.problem(f"{text[:80]!r} is none of its options: {', '.join(self.config.options)}")
            return
        if len(text) > MAX_STATE:
            self.problem(f"a state of {len(text):,} characters is not read ({MAX_STATE} are the most)")
            return
        self._forget()
        self.known["state"] = None if text == NONE else text
        if self.config.expire_after:
            self._expiry = self.hub.clock.call_later(self.config.expire_after, self._expired)
        self.write()

    def _expired(self) -> None:
        self.known["state"] = UNAVAILABLE
        self.write()

    def _forget(self) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None
