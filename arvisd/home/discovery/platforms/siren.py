"""Platform `siren` (https://www.home-assistant.io/integrations/siren.mqtt/)."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from arvisd.home.actions.siren import DURATION, TONES, VOLUME, SirenTurnOn
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import NONE, MqttEntity

SAID = ("tone", "duration", "volume_level")


class SirenConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of a siren."""

    command_topic: str
    command_template: str | None = None
    command_off_template: str | None = None
    state_topic: str | None = None
    state_value_template: str | None = None
    payload_on: str = "ON"
    payload_off: str = "OFF"
    state_on: str | None = None
    state_off: str | None = None
    available_tones: list[str] = msgspec.field(default_factory=list)
    support_duration: bool = True
    support_volume_set: bool = True
    optimistic: bool = False


class Siren(MqttEntity):
    """A siren."""

    domain = "siren"
    schema = SirenConfig
    actions: ClassVar[frozenset[str]] = frozenset({"turn_on", "turn_off"})

    def __init__(self, key: str, config: SirenConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    @property
    def assumed(self) -> bool:
        """Tell whether nothing comes back."""
        return self.config.optimistic or self.config.state_topic is None

    def features(self) -> frozenset[str]:
        """Return what it can do beyond on and off."""
        config = self.config
        able = {
            TONES: bool(config.available_tones),
            DURATION: config.support_duration,
            VOLUME: config.support_volume_set,
        }
        return frozenset(feature for feature, has in able.items() if has)

    def listen(self) -> None:
        """Listen to the state."""
        self.on(self.config.state_topic, self.template("state_value_template"), self._heard)

    def value(self) -> str | None:
        """Return `on` or `off`."""
        return self.known.get("state")

    def attributes(self) -> dict[str, Any]:
        """Return its tones, and how it sounds."""
        found = {key: self.known[key] for key in SAID if key in self.known}
        return found | ({"available_tones": self.config.available_tones} if self.config.available_tones else {})

    def turn_on(self, data: SirenTurnOn) -> None:
        """Sound."""
        more = {key: value for key in SAID if (value := getattr(data, key)) is not None}
        self._send(self.config.payload_on, "command_template", more)
        if self.assumed:
            self.suppose(state="on", **more)

    def turn_off(self, _data: Any) -> None:
        """Be silent."""
        off = "command_off_template" if self.config.command_off_template is not None else "command_template"
        self._send(self.config.payload_off, off, {})
        if self.assumed:
            self.suppose(state="off")

    def _send(self, payload: str, template: str, more: dict[str, Any]) -> None:
        if getattr(self.config, template) is not None:
            self.tell(self.config.command_topic, payload, template, state=payload, **more)
        else:
            self.publish(self.config.command_topic, msgspec.json.encode({"state": payload, **more}))

    def _heard(self, text: str) -> None:
        config = self.config
        states = {config.state_on or config.payload_on: "on", config.state_off or config.payload_off: "off", NONE: None}
        if text in states:
            self.suppose(state=states[text])
            return
        try:
            said = msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError):
            said = None
        if not isinstance(said, dict):
            self.problem(f"the state {text[:80]!r} is neither {' nor '.join(states)}")
            return
        if isinstance(said.get("state"), str) and said["state"] in states:
            self.known["state"] = states[said["state"]]
        self.known |= {key: said[key] for key in SAID if key in said}
        self.write()
