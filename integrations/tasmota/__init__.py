"""Tasmota devices, learnt from what they keep on `tasmota/discovery/…`: nothing is to be set on their side.

A device that announces itself for Home Assistant (before version 12, `SetOption19 1`) is left to its announcements.
"""

from __future__ import annotations

import msgspec

from arvisd.api import Host

from .house import Devices


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of Tasmota."""

    discovery_topic: str = "tasmota/discovery"
    """Where the devices say what they are."""


async def setup(host: Host, settings: Settings) -> None:
    """Listen to the devices."""
    devices = Devices(host, settings.discovery_topic.strip("/"))
    devices.start()
    host.watch_home(devices.look_around)
