"""What all virtual devices share: an entity, a state that they write, and no memory."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from arvisd.api import ActionFailedError, Context, Controller, Entity, Hub

from .plan import Device


class VirtualDevice(Controller):
    """One device; its subclasses know its domain."""

    features: ClassVar[frozenset[str]] = frozenset()
    controllable: ClassVar[bool] = True

    def __init__(self, device: Device, hub: Hub) -> None:
        self.hub = hub
        self.device = device
        self.entity = Entity(
            id=device.id,
            name=device.name,
            names=device.names,
            aliases=device.aliases,
            area=device.area,
            device="virtual_house",
            device_class=device.device_class,
            unit=device.unit,
            features=self.features,
            controller=self if self.controllable else None,
        )

    def start(self) -> None:
        """Write the first state."""
        self.write()

    def stop(self) -> None:
        """Stand still."""

    def minute(self) -> None:
        """A minute has passed."""

    def value(self) -> str:
        """Return the state."""
        raise NotImplementedError

    def attributes(self) -> dict[str, Any]:
        """Return the attributes beside names and class."""
        return {}

    def write(self, context: Context | None = None) -> None:
        """Publish the state."""
        described: dict[str, Any] = {"friendly_name": self.entity.name_in(self.hub.language)}
        if self.entity.device_class:
            described["device_class"] = self.entity.device_class
        if self.entity.unit:
            described["unit_of_measurement"] = self.entity.unit
        self.hub.states.set(self.entity.id, self.value(), described | self.attributes(), context)

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Do a basic action: the method of its name."""
        method = getattr(self, action.partition(".")[2], None)
        if method is None or not self.controllable:
            raise ActionFailedError(f"{self.entity.id} cannot do {action}")
        method(data, context)
