"""What the device that hubs see is made of; every part of the daemon may offer a component of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from arvisd.core.owner import Owner

_ID = re.compile(r"[a-z0-9_]+")


class HubComponent(msgspec.Struct, frozen=True):
    """One entity of the device, in the keys of MQTT discovery with their full names.

    Its state topics are arvisd's own topics, its command topics `arvis/action/…` and `arvis/site/…`: templates
    translate, nothing is published twice.
    """

    id: str
    """Unique within the device, the same after every start: small letters, digits and `_`."""
    platform: str
    """`sensor`, `switch`, `select`, …"""
    config: dict[str, Any]
    """Without `platform` and `unique_id`."""
    lasting: bool = True
    """What offers it may be gone for a while (a microphone, an integration): the hub keeps it for some minutes."""


class HubComponents:
    """All that is offered to hubs now."""

    def __init__(self) -> None:
        self.on_change: Callable[[], object] = lambda: None
        """Called after every change; must not block."""
        self._components: dict[str, HubComponent] = {}

    def offer(self, component: HubComponent, owner: Owner) -> None:
        """Show a component until the owner stops, or in a new form if one of its id is there; raise ValueError for a wrong id."""
        if _ID.fullmatch(component.id) is None:
            raise ValueError(f"{component.id!r} is no id of a component: use small letters, digits and '_'")
        before = self._components.get(component.id)
        self._components[component.id] = component
        if before is None:
            owner.on_stop(lambda: self.withdraw(component.id))
        if before != component:
            self.on_change()

    def withdraw(self, id_: str) -> None:
        """Show a component no more; one that is not there is ignored."""
        if self._components.pop(id_, None) is not None:
            self.on_change()

    def all(self) -> dict[str, HubComponent]:
        """Return what is offered, by id."""
        return dict(self._components)
