"""Platform `light` in its three schemas (https://www.home-assistant.io/integrations/light.mqtt/)."""

from __future__ import annotations

from typing import Any

from arvisd.home.discovery.component import Surroundings
from arvisd.home.discovery.config import ComponentConfig
from arvisd.home.discovery.entity import MqttEntity, Presence
from arvisd.home.discovery.errors import DiscoveryError
from arvisd.home.discovery.platforms.light.base import Light
from arvisd.home.discovery.platforms.light.basic import BasicLight
from arvisd.home.discovery.platforms.light.json import JsonLight
from arvisd.home.discovery.platforms.light.template import TemplateLight

SCHEMAS: dict[str, type[Light]] = {
    "basic": BasicLight,
    "default": BasicLight,
    "json": JsonLight,
    "template": TemplateLight,
}


class AnyLight(Light):
    """Chooses by `schema`."""

    @classmethod
    def schema_for(cls, config: dict[str, Any]) -> type[ComponentConfig]:
        """Return the keys of the schema that is named."""
        name = config.get("schema", "basic")
        type_ = SCHEMAS.get(str(name).lower())
        if type_ is None:
            raise DiscoveryError(f"'schema' must be basic, json or template, not {name!r}")
        return type_.schema

    @classmethod
    def made(cls, key: str, config: Any, surroundings: Surroundings, presence: Presence) -> MqttEntity:
        """Return the light of the schema that the configuration is of."""
        type_ = next(type_ for type_ in SCHEMAS.values() if isinstance(config, type_.schema))
        return type_(key, config, surroundings, presence)
