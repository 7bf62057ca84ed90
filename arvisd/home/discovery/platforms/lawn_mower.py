"""Platform `lawn_mower` (https://www.home-assistant.io/integrations/lawn_mower.mqtt/)."""

from __future__ import annotations

from typing import Any, ClassVar

from arvisd.home.actions.robots import DOCK, PAUSE, START
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import MqttEntity

ACTIVITIES = frozenset({"mowing", "paused", "docked", "returning", "error"})


class LawnMowerConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of a lawn mower."""

    activity_state_topic: str | None = None
    activity_value_template: str | None = None
    start_mowing_command_topic: str | None = None
    start_mowing_command_template: str | None = None
    pause_command_topic: str | None = None
    pause_command_template: str | None = None
    dock_command_topic: str | None = None
    dock_command_template: str | None = None
    optimistic: bool = False


class LawnMower(MqttEntity):
    """A lawn mower."""

    domain = "lawn_mower"
    schema = LawnMowerConfig
    actions: ClassVar[frozenset[str]] = frozenset({"start_mowing", "pause", "dock"})

    def __init__(self, key: str, config: LawnMowerConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    @property
    def assumed(self) -> bool:
        """Tell whether nothing comes back."""
        return self.config.optimistic or self.config.activity_state_topic is None

    def features(self) -> frozenset[str]:
        """Return what it can do."""
        config = self.config
        topics = {
            START: config.start_mowing_command_topic,
            PAUSE: config.pause_command_topic,
            DOCK: config.dock_command_topic,
        }
        return frozenset(feature for feature, topic in topics.items() if topic is not None)

    def listen(self) -> None:
        """Listen to what it is doing."""
        self.follow("activity", self.config.activity_state_topic, "activity_value_template", _activity)

    def value(self) -> str | None:
        """Return what it is doing."""
        return self.known.get("activity")

    def start_mowing(self, _data: Any) -> None:
        """Start."""
        self._do("start_mowing", "mowing")

    def pause(self, _data: Any) -> None:
        """Halt."""
        self._do("pause", "paused")

    def dock(self, _data: Any) -> None:
        """Go home."""
        self._do("dock", "docked")

    def _do(self, name: str, activity: str) -> None:
        self.tell(getattr(self.config, f"{name}_command_topic"), name, f"{name}_command_template")
        if self.assumed:
            self.suppose(activity=activity)


def _activity(text: str) -> str | None:
    if text == "none":
        return None
    if text not in ACTIVITIES:
        raise ValueError
    return text
