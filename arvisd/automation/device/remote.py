"""Trigger `device` of the domain `mqtt`: a button of a device that announced itself over MQTT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arvisd.automation.device.form import REGISTRY_ID
from arvisd.core.bus import Message
from arvisd.core.events import Event
from arvisd.home.registry import HomeRegistry

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part

DOMAIN = "mqtt"
DEVICE_TRIGGERED = "device_triggered"
"""Type of the event of such a button; its data has `device_id`, `type`, `subtype` and `payload`."""


class RemoteTrigger:
    """Waits for a button of a device."""

    __slots__ = ("_device", "_home", "_wanted")

    def __init__(self, device: str, wanted: dict[str, str], home: HomeRegistry) -> None:
        self._device = device
        self._wanted = wanted
        self._home = home

    def attach(self, to: Attachment) -> None:
        """Subscribe to the event."""
        to.hub.bus.subscribe(
            to.hub.topics.event(DEVICE_TRIGGERED), lambda message: self._happened(message, to), to.owner
        )

    def _happened(self, message: Message, to: Attachment) -> None:
        event = message.decode(Event)
        if not self._is_it(str(event.data.get("device_id"))):
            return
        data = {key: event.data.get(key) for key in ("device_id", "type", "subtype", "payload")} | {
            "description": f"{event.data.get('type')} {event.data.get('subtype')} of {self._device}"
        }
        for key, wanted in self._wanted.items():
            if data[key] != wanted:
                to.skip(data, f"the {key} was {data[key]}")
                return
        to.fire(data, event.context)

    def _is_it(self, device_id: str) -> bool:
        """Tell whether an id is that of the device, which may be named by anything that it is known by."""
        if device_id == self._device:
            return True
        device = self._home.device(device_id)
        if device is None:
            return False
        names = (device.name, *device.names.values(), *device.aliases)
        return self._device in device.identifiers or self._device.casefold() in (name.casefold() for name in names)


def is_remote(part: Part) -> bool:
    """Tell whether a device trigger is of this kind."""
    return part.node.get("domain") == DOMAIN and "entity_id" not in part.node


def build_remote(part: Part) -> RemoteTrigger:
    """Check the device; which button it is may be left out."""
    device = part.node.get("device_id")
    if not isinstance(device, str) or not device.strip() or REGISTRY_ID.fullmatch(device):
        shown = "no device is named" if not device else f"{device!r} is an id that only one Home Assistant knows"
        raise part.invalid(
            "device_id" if device else None,
            f"{shown}: write the device's name, as in 'device_id: Hall remote', or 'trigger: mqtt' with its topic",
        )
    wanted = {key: str(part.node[key]) for key in ("type", "subtype") if part.node.get(key) is not None}
    return RemoteTrigger(device, wanted, part.builder.library.targets.home)
