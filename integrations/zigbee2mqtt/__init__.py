"""Zigbee devices behind zigbee2mqtt, learnt from its own retained messages: nothing is to be set on its side.

Where its discovery for Home Assistant is on, that is what counts and this stands aside, device by device.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from arvisd.api import Host, Message

if TYPE_CHECKING:
    from .bridge import Bridge

Base = Annotated[str, msgspec.Meta(pattern=r"^[^/+#\s][^+#]{0,120}$")]

SIGNS = ("info", "devices")
"""What a zigbee2mqtt keeps below `<base>/bridge/`: by either it is known to be there."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of zigbee2mqtt."""

    base_topic: Base | list[Base] | None = None
    """Its `mqtt.base_topic`, or several; not given: every one that is found, as long as its topic has one level."""


async def setup(host: Host, settings: Settings) -> None:
    """Listen to the bridges that are named, or to all that say that they are there."""
    bridges: dict[str, Bridge] = {}

    def found(base: str) -> None:
        if base not in bridges:
            from .bridge import Bridge  # 1 MB that a house without Zigbee does not need

            bridges[base] = Bridge(host, base)
            bridges[base].start()

    def heard(message: Message) -> None:
        base = message.topic.partition("/")[0]
        if message.data and not base.startswith("$"):
            found(base)

    def house_changed() -> None:
        for bridge in bridges.values():
            bridge.look_around()

    host.watch_home(house_changed)
    if settings.base_topic is None:
        for sign in SIGNS:
            host.subscribe(f"+/bridge/{sign}", heard)
        return
    for base in [settings.base_topic] if isinstance(settings.base_topic, str) else settings.base_topic:
        found(base.rstrip("/"))
