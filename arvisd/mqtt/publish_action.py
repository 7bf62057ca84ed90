"""The action `mqtt.publish`."""

from __future__ import annotations

import logging
from typing import Annotated, Any, Literal

import msgspec

from arvisd.core.actions import Action, ActionCall
from arvisd.core.bus import raw
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.topics import check_topic

_LOGGER = logging.getLogger(__name__)


class PublishData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `mqtt.publish`, the fields of Home Assistant's."""

    topic: str
    payload: Annotated[Any, msgspec.Meta(extra={"template": "text"})] = ""
    """Text is sent as it is, null as nothing, anything else as JSON; what a template gives is text."""
    qos: Literal[0, 1, 2] = 1
    """2 is sent as 1; unlike in Home Assistant 1 is the default, so that nothing is lost while the broker is away."""
    retain: bool = False
    evaluate_payload: bool = False
    """Taken and ignored, with a warning: a payload that is Python source is never evaluated here."""


def publish_action(hub: Hub) -> Action:
    """Return the action; its handler never waits."""
    warned = False

    def publish(call: ActionCall) -> None:
        nonlocal warned
        data: PublishData = call.data
        try:
            check_topic(data.topic)
        except ValueError as error:
            raise ActionDataError(f"mqtt.publish: {error}") from error
        if data.evaluate_payload and not warned:
            warned = True
            _LOGGER.warning("mqtt.publish: evaluate_payload is ignored, the payload is sent as it is")
        payload = data.payload
        if isinstance(payload, str):
            payload = payload.encode()
        elif payload is None:
            payload = b""
        elif not isinstance(payload, bytes):
            payload = raw(payload)
        hub.bus.publish(data.topic, payload, retain=data.retain, qos=1 if data.qos else 0)

    return Action("mqtt.publish", PublishData, "Publish a message to an MQTT topic.", sync_handler=publish)


def register_publish(hub: Hub, owner: Owner) -> None:
    """Offer `mqtt.publish` until the owner stops."""
    hub.actions.register(publish_action(hub), owner)
