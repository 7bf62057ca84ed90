"""The discovery message of the device: https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from arvisd import __version__
from arvisd.core.bus import raw
from arvisd.core.slug import slug
from arvisd.core.topics import Topics
from arvisd.mqtt.hubs.component import HubComponent
from arvisd.mqtt.hubs.settings import HubsSettings

ORIGIN = "arvisd"
"""By this name another arvisd knows that it need not learn the device."""

QOS = 1


def device_id(topics: Topics) -> str:
    """Return the id of the device: the root, so that two daemons at one broker are two devices."""
    return slug(topics.root) or ORIGIN


def announcement_topic(prefix: str, topics: Topics) -> str:
    """Return where the device is announced: `homeassistant/device/arvis/config`."""
    return f"{prefix}/device/{device_id(topics)}/config"


def announcement(
    topics: Topics, settings: HubsSettings, components: Mapping[str, HubComponent], gone: Mapping[str, str]
) -> bytes:
    """Return the whole message.

    Args:
        topics: of this daemon.
        settings: of the user.
        components: what there is, by id.
        gone: id and platform of what is there no more: named so, a hub takes it away.
    """
    id_ = device_id(topics)
    shown: dict[str, Any] = {name: {"platform": platform} for name, platform in sorted(gone.items())}
    for name, component in sorted(components.items()):
        shown[name] = {"platform": component.platform, "unique_id": f"{id_}_{name}", **component.config}
    return raw(
        {
            "device": {
                "identifiers": [f"arvisd_{id_}"],
                "name": settings.name,
                "manufacturer": "arvisd",
                "model": "Voice daemon",
                "sw_version": __version__,
            },
            "origin": {"name": ORIGIN, "sw_version": __version__},
            "availability": status(topics),
            "qos": QOS,
            "components": shown,
        }
    )


def status(topics: Topics) -> list[dict[str, str]]:
    """Return the availability of the whole device: the daemon's own status, `offline` as its last will."""
    return [{"topic": topics.status}]
