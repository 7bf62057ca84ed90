"""Trigger `tag`: an NFC tag or a QR code was scanned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from arvisd.automation.registry import Reference, TriggerOptions, TriggerType
from arvisd.automation.tags import TAG_SCANNED
from arvisd.automation.triggers.intent import listed
from arvisd.core.bus import Message
from arvisd.core.events import Event

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part


class TagOptions(TriggerOptions, frozen=True, kw_only=True):
    """An NFC tag or a QR code was scanned."""

    tag_id: str | list[str]
    """Id of the tag, or of several."""
    device_id: str | list[str] | None = None
    """Fires only when this device scanned it, or one of these."""


class TagTrigger:
    """Listens to the event of scanned tags."""

    __slots__ = ("_devices", "_tags")

    def __init__(self, tags: list[str], devices: list[str]) -> None:
        self._tags = frozenset(tags)
        self._devices = frozenset(devices)

    def attach(self, to: Attachment) -> None:
        """Subscribe, at the broker too: readers may publish the event by themselves."""
        to.hub.bus.subscribe(
            to.hub.topics.event(TAG_SCANNED), lambda message: self._scanned(message, to), to.owner, remote=True
        )

    def _scanned(self, message: Message, to: Attachment) -> None:
        try:
            event = message.decode(Event)
        except msgspec.DecodeError as error:
            to.skip({}, f"the message is not an event: {error}")
            return
        tag, device = event.data.get("tag_id"), event.data.get("device_id")
        if str(tag) not in self._tags:
            return
        data = {
            "tag_id": tag,
            "device_id": device,
            "event": {
                "event_type": TAG_SCANNED,
                "data": event.data,
                "context": event.context,
                "time_fired": event.time,
            },
            "description": f"tag {tag}",
        }
        if self._devices and str(device) not in self._devices:
            to.skip(data, f"the device {device} scanned it")
            return
        to.fire(data, event.context)


def build(options: TagOptions, part: Part) -> TagTrigger:
    """Check the ids."""
    tags = [tag.strip() for tag in listed(options.tag_id)]
    if not all(tags) or not tags:
        raise part.invalid("tag_id", "'tag_id' names none")
    return TagTrigger(tags, listed(options.device_id))


TYPE = TriggerType("tag", TagOptions, build, lambda options: (Reference("event", TAG_SCANNED, "tag_id"),))
