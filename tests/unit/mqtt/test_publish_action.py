"""The action `mqtt.publish`."""

from __future__ import annotations

from typing import Any

import pytest

from arvisd.core.bus import Message
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.mqtt.publish_action import register_publish


@pytest.fixture
def published(hub: Hub) -> list[Message]:
    messages: list[Message] = []
    register_publish(hub, Owner("test"))
    hub.bus.subscribe("#", messages.append, Owner("test"))
    return messages


@pytest.mark.parametrize(
    ("payload", "data"),
    [
        ("ВКЛ", "ВКЛ".encode()),
        ("", b""),
        (None, b""),
        (21.5, b"21.5"),
        (True, b"true"),
        ({"state": "ON", "brightness": 3}, b'{"state":"ON","brightness":3}'),
        ([1, "a"], b'[1,"a"]'),
        (b"\xff\0", b"\xff\0"),
    ],
)
async def test_payloads(hub: Hub, published: list[Message], payload: Any, data: bytes) -> None:
    await hub.actions.call("mqtt.publish", {"topic": "a/b", "payload": payload})
    assert [(m.topic, m.data, m.qos, m.retain) for m in published] == [("a/b", data, 1, False)]


async def test_qos_and_retain_also_as_templates_give_them(hub: Hub, published: list[Message]) -> None:
    await hub.actions.call("mqtt.publish", {"topic": "a", "payload": "1", "qos": "0", "retain": "true"})
    await hub.actions.call("mqtt.publish", {"topic": "b", "payload": "1", "qos": 2})
    assert [(m.qos, m.retain) for m in published] == [(0, True), (1, False)]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"topic": ""}, "mqtt.publish: an MQTT topic must not be empty"),
        (
            {"topic": "a/#"},
            "mqtt.publish: the topic 'a/#' holds '+', '#' or a null character: those are for subscribing only",
        ),
        ({"payload": "1"}, "mqtt.publish: Object missing required field `topic`"),
        ({"topic": "a", "qos": 3}, "mqtt.publish: Invalid enum value 3 - at `$.qos`"),
        ({"topic": "a", "retian": True}, "mqtt.publish: Object contains unknown field `retian`"),
    ],
)
async def test_wrong_data_is_refused(hub: Hub, published: list[Message], data: dict[str, Any], error: str) -> None:
    with pytest.raises(ActionDataError) as raised:
        await hub.actions.call("mqtt.publish", data)
    assert str(raised.value) == error
    assert not published


async def test_evaluate_payload_is_ignored_and_said_once(
    hub: Hub, published: list[Message], caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        await hub.actions.call("mqtt.publish", {"topic": "a", "payload": "b'\\x00'", "evaluate_payload": True})
    assert [m.data for m in published] == [b"b'\\x00'"] * 2
    assert caplog.messages == ["mqtt.publish: evaluate_payload is ignored, the payload is sent as it is"]
