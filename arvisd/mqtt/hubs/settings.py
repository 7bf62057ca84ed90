"""The `hubs:` section of the configuration."""

from __future__ import annotations

from typing import Annotated

import msgspec

NAME = "Arvis"


class HubsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What hubs are shown over MQTT discovery; `hubs: {enabled: false}` takes the device away again."""

    enabled: bool = True
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] = NAME
    """Name of the device; its entities are called after it (`sensor.arvis_mode`)."""
    automations: bool = True
    """Show each automation as a switch."""
    birth: bool = False
    """Send the birth message of a hub (`homeassistant/status` `online`) as long as no hub does: devices announce themselves anew."""
