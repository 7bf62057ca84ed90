"""Platform `vacuum` (https://www.home-assistant.io/integrations/vacuum.mqtt/)."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from arvisd.home.actions.robots import SendCommand, SetFanSpeed
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import MqttEntity

STATES = frozenset({"cleaning", "docked", "paused", "idle", "returning", "error"})


class VacuumConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of a vacuum cleaner."""

    command_topic: str | None = None
    state_topic: str | None = None
    supported_features: list[str] = msgspec.field(
        default_factory=lambda: ["start", "stop", "return_home", "clean_spot"]
    )
    payload_start: str = "start"
    payload_pause: str = "pause"
    payload_stop: str = "stop"
    payload_return_to_base: str = "return_to_base"
    payload_locate: str = "locate"
    payload_clean_spot: str = "clean_spot"
    set_fan_speed_topic: str | None = None
    fan_speed_list: list[str] = msgspec.field(default_factory=list)
    send_command_topic: str | None = None


class Vacuum(MqttEntity):
    """A vacuum cleaner."""

    domain = "vacuum"
    schema = VacuumConfig
    actions: ClassVar[frozenset[str]] = frozenset(
        {"start", "pause", "stop", "return_to_base", "locate", "clean_spot", "set_fan_speed", "send_command"}
    )

    def __init__(self, key: str, config: VacuumConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    @property
    def assumed(self) -> bool:
        """Tell whether nothing comes back."""
        return self.config.state_topic is None

    def features(self) -> frozenset[str]:
        """Return what it can do."""
        return frozenset(self.config.supported_features)

    def listen(self) -> None:
        """Listen to the state."""
        self.on(self.config.state_topic, None, self._heard)

    def value(self) -> str | None:
        """Return what it is doing."""
        return self.known.get("state")

    def attributes(self) -> dict[str, Any]:
        """Return how hard it sucks, and what else it says."""
        found = dict(self.known.get("more", {}))
        if self.config.fan_speed_list:
            found |= {"fan_speed_list": self.config.fan_speed_list, "fan_speed": self.known.get("fan_speed")}
        return found

    def start(self, _data: Any) -> None:
        """Start cleaning."""
        self._do("start", "cleaning")

    def pause(self, _data: Any) -> None:
        """Halt."""
        self._do("pause", "paused")

    def stop(self, _data: Any) -> None:
        """Stop."""
        self._do("stop", "idle")

    def return_to_base(self, _data: Any) -> None:
        """Go home."""
        self._do("return_to_base", "returning")

    def locate(self, _data: Any) -> None:
        """Say where it is."""
        self.tell(self.config.command_topic, self.config.payload_locate)

    def clean_spot(self, _data: Any) -> None:
        """Clean around where it is."""
        self._do("clean_spot", "cleaning")

    def set_fan_speed(self, data: SetFanSpeed) -> None:
        """Set how hard it sucks."""
        self.tell(self.config.set_fan_speed_topic, data.fan_speed)

    def send_command(self, data: SendCommand) -> None:
        """Send a command of the maker's own."""
        payload: str | bytes = data.command
        if data.params:
            message = {
                "command": data.command,
                **(data.params if isinstance(data.params, dict) else {"params": data.params}),
            }
            payload = msgspec.json.encode(message)
        if self.config.send_command_topic is not None:
            self.publish(self.config.send_command_topic, payload)

    def _do(self, name: str, state: str) -> None:
        self.tell(self.config.command_topic, getattr(self.config, f"payload_{name}"))
        if self.assumed:
            self.suppose(state=state)

    def _heard(self, text: str) -> None:
        try:
            said = msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError):
            said = None
        if not isinstance(said, dict):
            self.problem(f"the state {text[:80]!r} is no JSON object")
            return
        state = said.pop("state", self.known.get("state"))
        if state is not None and (not isinstance(state, str) or state not in STATES):
            self.problem(f"the state {str(state)[:80]!r} is none of {', '.join(sorted(STATES))}")
            return
        self.known["state"] = state
        if "fan_speed" in said:
            self.known["fan_speed"] = said.pop("fan_speed")
        self.known["more"] = {key: value for key, value in said.items() if isinstance(key, str)}
        self.write()
