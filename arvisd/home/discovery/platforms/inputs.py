"""Platforms of what is pressed or set: button, scene, notify, number, select, text, date, time, datetime.

https://www.home-assistant.io/integrations/button.mqtt/ and its likes.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, ClassVar

from arvisd.core.errors import ActionFailedError
from arvisd.home.actions import inputs as orders
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import MqttEntity


class ButtonConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of a button."""

    command_topic: str
    command_template: str | None = None
    payload_press: str = "PRESS"


class SceneConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of a scene."""

    command_topic: str
    payload_on: str = "ON"


class NotifyConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of something that shows messages."""

    command_topic: str
    command_template: str | None = None


class SetConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of what is set to a value."""

    command_topic: str
    command_template: str | None = None
    state_topic: str | None = None
    value_template: str | None = None
    optimistic: bool = False


class NumberConfig(SetConfig, frozen=True, kw_only=True):
    """Keys of a number."""

    min: float = 1
    max: float = 100
    step: float = 1
    mode: str = "auto"
    unit_of_measurement: str | None = None
    payload_reset: str = "None"


class SelectConfig(SetConfig, frozen=True, kw_only=True):
    """Keys of a select."""

    options: list[str]


class TextConfig(SetConfig, frozen=True, kw_only=True):
    """Keys of a text."""

    min: int = 0
    max: int = 255
    mode: str = "text"
    pattern: str | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a pattern that is none."""
        ComponentConfig.__post_init__(self)
        if self.pattern is not None:
            try:
                re.compile(self.pattern)
            except re.error as error:
                raise ValueError(f"pattern is none: {error}") from None


class _Pressed(MqttEntity):
    """Something without a state of its own: it shows when it was last used."""

    @property
    def assumed(self) -> bool:
        """Nothing ever comes back."""
        return True

    def value(self) -> str | None:
        """Return when it was last used."""
        return self.known.get("used")

    def press_now(self, payload: Any, template: str | None = None) -> None:
        """Send, and note the time."""
        self.tell(self.common.command_topic, payload, template)  # type: ignore[attr-defined]
        self.suppose(used=self.hub.clock.now().isoformat())


class Button(_Pressed):
    """A button."""

    domain = "button"
    schema = ButtonConfig
    actions: ClassVar[frozenset[str]] = frozenset({"press"})

    def __init__(self, key: str, config: ButtonConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    def press(self, _data: Any) -> None:
        """Press."""
        self.press_now(self.config.payload_press, "command_template")


class Scene(_Pressed):
    """A scene that the device keeps."""

    domain = "scene"
    schema = SceneConfig
    actions: ClassVar[frozenset[str]] = frozenset({"turn_on"})

    def __init__(self, key: str, config: SceneConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    def turn_on(self, _data: Any) -> None:
        """Set the scene."""
        self.press_now(self.config.payload_on)


class Notify(_Pressed):
    """Something that shows messages."""

    domain = "notify"
    schema = NotifyConfig
    actions: ClassVar[frozenset[str]] = frozenset({"send_message"})

    def __init__(self, key: str, config: NotifyConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    def send_message(self, data: Any) -> None:
        """Show a message."""
        self.press_now(data.message, "command_template")


class _Set(MqttEntity):
    """What is set to a value and says it back."""

    schema: ClassVar[type[ComponentConfig]] = SetConfig

    def __init__(self, key: str, config: Any, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    @property
    def assumed(self) -> bool:
        """Tell whether nothing comes back."""
        return bool(self.config.optimistic or self.config.state_topic is None)

    def listen(self) -> None:
        """Listen to the value."""
        self.follow("value", self.config.state_topic, "value_template", self.read)

    def value(self) -> str | None:
        """Return the value as text."""
        value = self.known.get("value")
        return None if value is None else str(value)

    def read(self, text: str) -> Any:
        """Return what the device says as a value; raise ValueError for what is none."""
        return text

    def put(self, value: Any) -> None:
        """Send a value."""
        self.tell(self.config.command_topic, value, "command_template")
        if self.assumed:
            self.suppose(value=value)


class Number(_Set):
    """A number within bounds."""

    domain = "number"
    schema = NumberConfig
    actions: ClassVar[frozenset[str]] = frozenset({"set_value"})

    def attributes(self) -> dict[str, Any]:
        """Return the bounds."""
        return {name: getattr(self.config, name) for name in ("min", "max", "step", "mode")}

    def read(self, text: str) -> float | None:
        """Return the number."""
        if text == self.config.payload_reset:
            return None
        value = float(text)
        if not self.config.min <= value <= self.config.max:
            raise ValueError
        return int(value) if value == int(value) else value

    def set_value(self, data: orders.SetNumber) -> None:
        """Set."""
        self.put(int(data.value) if data.value == int(data.value) else data.value)


class Select(_Set):
    """One of some options."""

    domain = "select"
    schema = SelectConfig
    actions: ClassVar[frozenset[str]] = frozenset({"select_option"})

    def attributes(self) -> dict[str, Any]:
        """Return the options."""
        return {"options": self.config.options}

    def read(self, text: str) -> str | None:
        """Return the option."""
        if text.lower() == "none" and text not in self.config.options:
            return None
        if text not in self.config.options:
            raise ValueError
        return text

    def select_option(self, data: orders.SelectOption) -> None:
        """Choose."""
        self.put(data.option)


class Text(_Set):
    """A text."""

    domain = "text"
    schema = TextConfig
    actions: ClassVar[frozenset[str]] = frozenset({"set_value"})

    def attributes(self) -> dict[str, Any]:
        """Return the bounds."""
        return {name: getattr(self.config, name) for name in ("min", "max", "mode", "pattern")}

    def read(self, text: str) -> str:
        """Return the text."""
        if not self.config.min <= len(text) <= self.config.max:
            raise ValueError
        return text

    def set_value(self, data: orders.SetText) -> None:
        """Set."""
        pattern = self.config.pattern
        if pattern is not None and re.fullmatch(pattern, data.value) is None:
            raise ActionFailedError(f"{self.entity_id} takes only what fits {pattern!r}")
        self.put(data.value)


class Date(_Set):
    """A date."""

    domain = "date"
    actions: ClassVar[frozenset[str]] = frozenset({"set_value"})

    def read(self, text: str) -> str:
        """Return the date."""
        return dt.date.fromisoformat(text).isoformat()

    def set_value(self, data: orders.SetDate) -> None:
        """Set."""
        self.put(data.date.isoformat())


class Time(_Set):
    """A time of day."""

    domain = "time"
    actions: ClassVar[frozenset[str]] = frozenset({"set_value"})

    def read(self, text: str) -> str:
        """Return the time."""
        return dt.time.fromisoformat(text).isoformat()

    def set_value(self, data: orders.SetTime) -> None:
        """Set."""
        self.put(data.time.isoformat())


class Datetime(_Set):
    """A point in time."""

    domain = "datetime"
    actions: ClassVar[frozenset[str]] = frozenset({"set_value"})

    def read(self, text: str) -> str:
        """Return the point in time, in the house's zone where it names none."""
        moment = dt.datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.hub.clock.timezone)).isoformat()

    def set_value(self, data: orders.SetDatetime) -> None:
        """Set."""
        moment = data.datetime
        self.put((moment if moment.tzinfo else moment.replace(tzinfo=self.hub.clock.timezone)).isoformat())
