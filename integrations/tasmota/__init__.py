"""Tasmota devices, learnt from what they keep on `tasmota/discovery/…`: nothing is to be set on their side.

A device that announces itself for Home Assistant (before version 12, `SetOption19 1`) is left to its announcements.
"""

from __future__ import annotations

import msgspec

from arvisd.api import Host, Message


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of Tasmota."""

    discovery_topic: str = "tasmota/discovery"
    """Where the devices say what they are."""


async def setup(host: Host, settings: Settings) -> None:
    """Listen for the first device, then to all of them."""
    topic = settings.discovery_topic.strip("/")
    begun = False

    def heard(message: Message) -> None:
        nonlocal begun
        if begun or not message.data:
            return
        begun = True
        first.cancel()
        from .house import Devices  # 1 MB that a house without Tasmota does not need

        devices = Devices(host, topic)
        devices.start()
        host.watch_home(devices.look_around)

    first = host.subscribe(f"{topic}/+/config", heard)
