"""Platform `cover` (https://www.home-assistant.io/integrations/cover.mqtt/)."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from arvisd.home.actions.cover import POSITION, STOP, TILT, SetCoverPosition, SetCoverTiltPosition
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import NONE, MqttEntity


class CoverConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of a cover."""

    command_topic: str | None = None
    state_topic: str | None = None
    value_template: str | None = None
    payload_open: str | None = "OPEN"
    payload_close: str | None = "CLOSE"
    payload_stop: str | None = "STOP"
    payload_stop_tilt: str = "STOP"
    state_open: str = "open"
    state_opening: str = "opening"
    state_closed: str = "closed"
    state_closing: str = "closing"
    state_stopped: str = "stopped"
    position_topic: str | None = None
    position_template: str | None = None
    set_position_topic: str | None = None
    set_position_template: str | None = None
    position_open: int = 100
    position_closed: int = 0
    tilt_command_topic: str | None = None
    tilt_command_template: str | None = None
    tilt_status_topic: str | None = None
    tilt_status_template: str | None = None
    tilt_min: int = 0
    tilt_max: int = 100
    tilt_closed_value: int = 0
    tilt_opened_value: int = 100
    tilt_optimistic: bool = False
    optimistic: bool = False


class Cover(MqttEntity):
    """A blind, a curtain, a gate; positions are kept as 0 (closed) to 100 (open)."""

    domain = "cover"
    schema = CoverConfig
    actions: ClassVar[frozenset[str]] = frozenset(
        {"open_cover", "close_cover", "stop_cover", "set_cover_position", "set_cover_tilt_position"}
    )

    def __init__(self, key: str, config: CoverConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    @property
    def assumed(self) -> bool:
        """Tell whether nothing comes back."""
        config = self.config
        return config.optimistic or (config.state_topic is None and config.position_topic is None)

    def features(self) -> frozenset[str]:
        """Return what it can do beyond open and close."""
        config = self.config
        found = set()
        if config.command_topic is not None and config.payload_stop is not None:
            found.add(STOP)
        if config.set_position_topic is not None:
            found.add(POSITION)
        if config.tilt_command_topic is not None:
            found.add(TILT)
        return frozenset(found)

    def listen(self) -> None:
        """Listen to state, position and tilt."""
        config = self.config
        self.on(config.state_topic, self.template("value_template"), self._state_heard)
        self.on(config.position_topic, self.template("position_template"), self._position_heard)
        self.on(config.tilt_status_topic, self.template("tilt_status_template"), self._tilt_heard)

    def value(self) -> str | None:
        """Return `open`, `closed`, `opening` or `closing`."""
        return self.known.get("state")

    def attributes(self) -> dict[str, Any]:
        """Return the positions."""
        names = {"position": "current_position", "tilt": "current_tilt_position"}
        return {name: self.known[key] for key, name in names.items() if self.known.get(key) is not None}

    def open_cover(self, _data: Any) -> None:
        """Open."""
        self._move(self.config.payload_open, 100, "open")

    def close_cover(self, _data: Any) -> None:
        """Close."""
        self._move(self.config.payload_close, 0, "closed")

    def stop_cover(self, _data: Any) -> None:
        """Stop."""
        self.tell(self.config.command_topic, self.config.payload_stop)

    def set_cover_position(self, data: SetCoverPosition) -> None:
        """Go to a position."""
        config = self.config
        scaled = _scaled(data.position, config.position_closed, config.position_open)
        self.tell(config.set_position_topic, scaled, "set_position_template", position=data.position, **self._limits())
        if self.assumed:
            self.suppose(position=data.position, state="closed" if data.position == 0 else "open")

    def set_cover_tilt_position(self, data: SetCoverTiltPosition) -> None:
        """Turn the slats."""
        config = self.config
        ends = {0: config.tilt_closed_value, 100: config.tilt_opened_value}
        scaled = ends.get(data.tilt_position, _scaled(data.tilt_position, config.tilt_min, config.tilt_max))
        self.tell(config.tilt_command_topic, scaled, "tilt_command_template", tilt_position=scaled, **self._limits())
        if config.tilt_optimistic or config.tilt_status_topic is None:
            self.suppose(tilt=data.tilt_position)

    def _move(self, payload: str | None, position: int, state: str) -> None:
        config = self.config
        if config.command_topic is not None and payload is not None:
            self.tell(config.command_topic, payload)
        else:
            self.set_cover_position(SetCoverPosition(position))
        if self.assumed:
            self.suppose(state=state, **({"position": position} if config.set_position_topic is not None else {}))

    def _limits(self) -> dict[str, Any]:
        config = self.config
        return {name: getattr(config, name) for name in ("position_open", "position_closed", "tilt_min", "tilt_max")}

    def _state_heard(self, text: str) -> None:
        config = self.config
        states = {
            config.state_opening: "opening",
            config.state_closing: "closing",
            config.state_open: "open",
            config.state_closed: "closed",
            NONE: None,
        }
        self.known["standing"] = text == config.state_stopped and text not in states
        if text in states:
            self.known["state"] = states[text]
        elif text == config.state_stopped:
            known = self.known
            if config.position_topic is not None and known.get("position") is not None:
                closed = known["position"] == 0
            else:
                closed = known.get("state") in ("closed", "closing")
            known["state"] = "closed" if closed else "open"
        else:
            self.problem(f"the state {text[:80]!r} is none of open, opening, closed, closing, stopped")
            return
        self.write()

    def _position_heard(self, text: str) -> None:
        value: Any = text
        if text.startswith("{"):
            try:
                given = msgspec.json.decode(text)
            except (msgspec.DecodeError, RecursionError):
                given = {}
            value = given.get("position") if isinstance(given, dict) else None
            if isinstance(given, dict) and "tilt_position" in given:
                self._tilt_heard(str(given["tilt_position"]))
        try:
            position = _percent(float(value), self.config.position_closed, self.config.position_open)
        except (TypeError, ValueError, OverflowError):
            self.problem(f"the position {text[:80]!r} is no number")
            return
        self.known["position"] = position
        if self.config.state_topic is None or self.known.get("standing"):
            self.known["state"] = "closed" if position == 0 else "open"
        self.write()

    def _tilt_heard(self, text: str) -> None:
        try:
            self.known["tilt"] = _percent(float(text), self.config.tilt_min, self.config.tilt_max)
        except (ValueError, OverflowError):
            self.problem(f"the tilt {text[:80]!r} is no number")
            return
        self.write()


def _percent(value: float, low: int, high: int) -> int:
    """Return where a value lies between two ends as percent; the ends may be the wrong way round."""
    if high == low:
        return 0
    return min(100, max(0, round((value - low) * 100 / (high - low))))


def _scaled(percent: int, low: int, high: int) -> int:
    return round(low + percent * (high - low) / 100)
