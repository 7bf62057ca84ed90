"""Action `tag.scan`: says that a tag was scanned, for readers that reach arvisd by an automation or over MQTT."""

from __future__ import annotations

from typing import Annotated

import msgspec

from arvisd.core.actions import Action, ActionCall
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner

TAG_SCANNED = "tag_scanned"
"""Type of the event; its data has `tag_id` and `device_id`."""


class ScanData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `tag.scan`."""

    tag_id: Annotated[str, msgspec.Meta(min_length=1)]
    """What is written on the tag."""
    device_id: str | None = None
    """What scanned it."""


def register_tag_scan(hub: Hub, owner: Owner) -> None:
    """Offer the action until the owner stops."""

    def scan(call: ActionCall) -> None:
        hub.fire(TAG_SCANNED, {"tag_id": call.data.tag_id, "device_id": call.data.device_id}, call.context)

    hub.actions.register(Action("tag.scan", ScanData, "Says that a tag was scanned.", sync_handler=scan), owner)
