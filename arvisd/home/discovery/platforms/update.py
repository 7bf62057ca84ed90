"""Platform `update` (https://www.home-assistant.io/integrations/update.mqtt/)."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from arvisd.home.actions.inputs import INSTALL
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import MqttEntity

SAID = (
    "installed_version",
    "latest_version",
    "title",
    "release_summary",
    "release_url",
    "in_progress",
    "update_percentage",
)


class UpdateConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of an update."""

    state_topic: str | None = None
    value_template: str | None = None
    latest_version_topic: str | None = None
    latest_version_template: str | None = None
    command_topic: str | None = None
    payload_install: str | None = None
    title: str | None = None
    release_summary: str | None = None
    release_url: str | None = None


class Update(MqttEntity):
    """The firmware of a device: `on` where there is a newer one."""

    domain = "update"
    schema = UpdateConfig
    actions: ClassVar[frozenset[str]] = frozenset({"install"})

    def __init__(self, key: str, config: UpdateConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    def features(self) -> frozenset[str]:
        """Return whether it can be installed from here."""
        able = self.config.command_topic is not None and self.config.payload_install is not None
        return frozenset({INSTALL} if able else ())

    def listen(self) -> None:
        """Listen to the versions."""
        self.on(self.config.state_topic, self.template("value_template"), self._heard)
        self.follow("latest_version", self.config.latest_version_topic, "latest_version_template")

    def value(self) -> str | None:
        """Return `on` where a newer version is there."""
        installed, latest = self.known.get("installed_version"), self.known.get("latest_version")
        if installed is None or latest is None:
            return None
        return "off" if installed == latest else "on"

    def attributes(self) -> dict[str, Any]:
        """Return versions and progress."""
        given = {name: getattr(self.config, name, None) for name in ("title", "release_summary", "release_url")}
        return {"in_progress": False, **given, **{key: self.known[key] for key in SAID if key in self.known}}

    def install(self, _data: Any) -> None:
        """Install."""
        self.tell(self.config.command_topic, self.config.payload_install)

    def _heard(self, text: str) -> None:
        if text == "{}":
            return
        try:
            said = msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError):
            said = None
        if not isinstance(said, dict):
            said = {"installed_version": text}
        self.known |= {key: said[key] for key in SAID if key in said}
        if "update_percentage" in said and "in_progress" not in said:
            self.known["in_progress"] = said["update_percentage"] is not None
        self.write()
