"""Platforms `camera` and `image`: the topic or address of a picture, which arvisd names and does not store.

https://www.home-assistant.io/integrations/camera.mqtt/, https://www.home-assistant.io/integrations/image.mqtt/.
"""

from __future__ import annotations

from typing import Any, ClassVar

from arvisd.core.bus import Message
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import MqttEntity


class CameraConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of a camera."""

    topic: str
    image_encoding: str | None = None


class ImageConfig(ComponentConfig, frozen=True, kw_only=True):
    """Keys of an image."""

    image_topic: str | None = None
    image_encoding: str | None = None
    content_type: str = "image/jpeg"
    url_topic: str | None = None
    url_template: str | None = None


class Camera(MqttEntity):
    """A camera: who wants its pictures subscribes to its `topic`."""

    domain = "camera"
    schema: ClassVar[type[ComponentConfig]] = CameraConfig

    def value(self) -> str | None:
        """Return `idle`: nothing is recorded here."""
        return "idle"

    def attributes(self) -> dict[str, Any]:
        """Return where the pictures are."""
        return {"topic": self.common.topic, "image_encoding": self.common.image_encoding}  # type: ignore[attr-defined]


class Image(MqttEntity):
    """A picture; its state is when it last changed."""

    domain = "image"
    schema: ClassVar[type[ComponentConfig]] = ImageConfig

    def __init__(self, key: str, config: ImageConfig, *place: Any) -> None:
        super().__init__(key, config, *place)
        self.config = config

    def listen(self) -> None:
        """Listen to new pictures, or addresses of them."""
        if self.config.image_topic is not None:
            self.hub.bus.subscribe(self.config.image_topic, self._pictured, self.owner, remote=True)
        self.on(self.config.url_topic, self.template("url_template"), self._addressed)

    def value(self) -> str | None:
        """Return when the picture last changed."""
        return self.known.get("changed")

    def attributes(self) -> dict[str, Any]:
        """Return where it is."""
        found = {"content_type": self.config.content_type, "topic": self.config.image_topic}
        return found | ({"url": self.known["url"]} if "url" in self.known else {})

    def _pictured(self, _message: Message) -> None:
        self.suppose(changed=self.hub.clock.now().isoformat())

    def _addressed(self, text: str) -> None:
        if not text.startswith(("http://", "https://")):
            self.problem(f"{text[:80]!r} is no address of a picture")
            return
        self.suppose(url=text, changed=self.hub.clock.now().isoformat())
