"""A small house to talk to before the first real device is there.

It runs by itself, and steps aside as soon as another integration or MQTT brings something that can be
controlled; `virtual_house: {enabled: true}` keeps it beside real devices, `enabled: false` turns it off.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from arvisd.api import Host, SetupError

from .device import VirtualDevice
from .kinds import KINDS, make
from .plan import AREAS, DEVICES, Device

TICK_SECONDS = 60.0
"""How often what changes by itself (temperatures) is written."""

WRITTEN = frozenset({"helpers", "scripts"})
"""Who brings what the user has written himself: a switch or a scene in YAML is no device, and may want this house's lights."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of the virtual house."""

    enabled: bool | None = None
    """Not given: until another integration brings something that can be controlled."""
    devices: Annotated[list[Device], msgspec.Meta(max_length=1000)] | None = None
    """The devices of the house, instead of the ones that come with it."""


async def setup(host: Host, settings: Settings) -> None:
    """Move in, unless the user has turned it off or has a house of his own."""
    if settings.enabled is False:
        return
    devices = DEVICES if settings.devices is None else settings.devices
    for device in devices:
        if device.domain not in KINDS:
            raise SetupError(
                f"virtual_house: there is no virtual {device.domain} ({device.id}), only {', '.join(KINDS)}"
            )
    house = VirtualHouse(host, [make(device, host.hub) for device in devices])
    if settings.enabled is None:
        if house.others_live_here():
            host.log.info("not moving in: there are real devices")
            return
        host.watch_home(house.step_aside)
    house.move_in()
    host.spawn(house.run(), "time")


class VirtualHouse:
    """Its devices together: they move in and out as one."""

    def __init__(self, host: Host, devices: list[VirtualDevice]) -> None:
        self._host = host
        self._devices = devices
        self._ids = {device.entity.id for device in devices}
        self._leaving = False

    def others_live_here(self) -> bool:
        """Tell whether anybody else brings something that can be controlled."""
        home = self._host.home
        return any(
            entity.controller is not None and entity.id not in self._ids and home.owner_of(entity.id) not in WRITTEN
            for entity in home.entities()
        )

    def move_in(self) -> None:
        """Add the areas, the devices and their states."""
        for area in AREAS:
            self._host.propose_area(area)
        taken = {entity.id for entity in self._host.home.entities()}  # the user wrote a helper of that name
        self._devices = [device for device in self._devices if device.entity.id not in taken]
        for device in self._devices:
            self._host.add_entity(device.entity)
            device.start()
            self._host.on_stop(device.stop)

    def step_aside(self) -> None:
        """Move out when real devices have come."""
        if self._leaving or not self.others_live_here():
            return
        self._leaving = True
        self._host.log.info(
            "real devices have come: the virtual house steps aside (virtual_house: {enabled: true} keeps it)"
        )
        for device in self._devices:
            device.stop()
            self._host.remove_entity(device.entity.id)

    async def run(self) -> None:
        """Let time pass in the house."""
        while not self._leaving:
            await self._host.clock.sleep(TICK_SECONDS)
            if not self._leaving:
                for device in self._devices:
                    device.minute()
