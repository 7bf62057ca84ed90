"""MQTT 5 properties and subscribe options as paho wants them, shared by both libraries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from arvisd.mqtt.wire import Extras, Subscribe


def _properties(packet: int) -> Any:
    return Properties(packet)  # type: ignore[no-untyped-call]


def connect_properties(session_expiry: int) -> Properties | None:
    """Return the properties of a CONNECT."""
    if not session_expiry:
        return None
    properties = _properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = session_expiry
    return properties  # type: ignore[no-any-return]


def subscribe_properties(identifier: int) -> Properties | None:
    """Return the properties of a SUBSCRIBE; 0: no identifier."""
    if not identifier:
        return None
    properties = _properties(PacketTypes.SUBSCRIBE)
    properties.SubscriptionIdentifier = identifier
    return properties  # type: ignore[no-any-return]


def subscribe_topics(wanted: Sequence[Subscribe], *, v5: bool) -> Any:
    """Return the filters as both libraries take them: with MQTT 5 our own messages are not wanted."""
    if not v5:
        return [(one.filter, one.qos) for one in wanted]
    return [
        (one.filter, SubscribeOptions(one.qos, noLocal=True, retainHandling=0 if one.replay else 1)) for one in wanted
    ]


def publish_properties(extras: Extras) -> Properties:
    """Return the properties of a PUBLISH."""
    properties = _properties(PacketTypes.PUBLISH)
    if extras.response_topic is not None:
        properties.ResponseTopic = extras.response_topic
    if extras.correlation is not None:
        properties.CorrelationData = extras.correlation
    if extras.expiry is not None:
        properties.MessageExpiryInterval = extras.expiry
    return properties  # type: ignore[no-any-return]


def received_extras(properties: Properties | None) -> Extras | None:
    """Return what of a received message's properties matters, None for most."""
    response = getattr(properties, "ResponseTopic", None)
    subscriptions = getattr(properties, "SubscriptionIdentifier", None)
    if response is None and subscriptions is None:
        return None
    return Extras(
        response,
        getattr(properties, "CorrelationData", None),
        getattr(properties, "MessageExpiryInterval", None),
        tuple(subscriptions or ()),
    )
