"""Platform `valve` (https://www.home-assistant.io/integrations/valve.mqtt/)."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from arvisd.home.actions.cover import POSITION, STOP
from arvisd.home.actions.valve import SetValvePosition
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import NONE, MqttEntity


class ValveConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of a valve."""

    command_topic: str | None = None
    command_template: str | None = None
    state_topic: str | None = None
    value_template: str | None = None
    reports_position: bool = False
    """State and commands are positions, not words."""
    payload_open: str | None = "OPEN"
    payload_close: str | None = "CLOSE"
    payload_stop: str | None = None
    state_open: str = "open"
    state_opening: str = "opening"
    state_closed: str = "closed"
    state_closing: str = "closing"
    position_open: int = 100
    position_closed: int = 0
    optimistic: bool = False


class Valve(MqttEntity):
    """A valve; positions are kept as 0 (closed) to 100 (open)."""

    domain = "valve"
    schema = ValveConfig
    actions: ClassVar[frozenset[str]] = frozenset({"open_valve", "close_valve", "stop_valve", "set_valve_position"})

    def __init__(self, key: str, config: ValveConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    @property
    def assumed(self) -> bool:
        """Tell whether nothing comes back."""
        return self.config.optimistic or self.config.state_topic is None

    def features(self) -> frozenset[str]:
        """Return what it can do beyond open and close."""
        stop = {STOP} if self.config.payload_stop is not None else set()
        return frozenset(stop | ({POSITION} if self.config.reports_position else set()))

    def listen(self) -> None:
        """Listen to the state."""
        self.on(self.config.state_topic, self.template("value_template"), self._heard)

    def value(self) -> str | None:
        """Return `open`, `closed`, `opening` or `closing`."""
        return self.known.get("state")

    def attributes(self) -> dict[str, Any]:
        """Return the position."""
        position = self.known.get("position")
        return {} if position is None else {"current_position": position}

    def open_valve(self, _data: Any) -> None:
        """Open."""
        self._move(self.config.payload_open, 100, "open")

    def close_valve(self, _data: Any) -> None:
        """Close."""
        self._move(self.config.payload_close, 0, "closed")

    def stop_valve(self, _data: Any) -> None:
        """Stop."""
        self.tell(self.config.command_topic, self.config.payload_stop, "command_template")

    def set_valve_position(self, data: SetValvePosition) -> None:
        """Go to a position."""
        config = self.config
        span = config.position_open - config.position_closed
        self.tell(config.command_topic, round(config.position_closed + data.position * span / 100), "command_template")
        if self.assumed:
            self.suppose(position=data.position, state="closed" if data.position == 0 else "open")

    def _move(self, payload: str | None, position: int, state: str) -> None:
        if self.config.reports_position:
            self.set_valve_position(SetValvePosition(position))
            return
        self.tell(self.config.command_topic, payload, "command_template")
        if self.assumed:
            self.suppose(state=state)

    def _heard(self, text: str) -> None:
        state: Any = text
        position: Any = text if self.config.reports_position else None
        if text.startswith("{"):
            try:
                given = msgspec.json.decode(text)
            except (msgspec.DecodeError, RecursionError):
                given = None
            if not isinstance(given, dict):
                self.problem(f"the state {text[:80]!r} is no JSON object")
                return
            state, position = given.get("state"), given.get("position")
        config = self.config
        states = {
            config.state_opening: "opening",
            config.state_closing: "closing",
            config.state_open: "open",
            config.state_closed: "closed",
            NONE: None,
        }
        known = isinstance(state, str) and state in states
        if known:
            self.known["state"] = states[state]
        if position is not None and config.reports_position and not (known and position == text):
            span = config.position_open - config.position_closed
            try:
                percent = min(100, max(0, round((float(position) - config.position_closed) * 100 / (span or 1))))
            except (TypeError, ValueError, OverflowError):
                self.problem(f"the position {text[:80]!r} is no number")
                return
            self.known["position"] = percent
            if not known or self.known["state"] not in ("opening", "closing"):
                self.known["state"] = "closed" if percent == 0 else "open"
        elif not known:
            self.problem(f"the state {text[:80]!r} is none of open, opening, closed, closing")
            return
        self.write()
