"""The bus and a real mosquitto, connected by the mirror, over every wire."""

from __future__ import annotations

import asyncio

import pytest

from arvisd.core.bus import Origin, Subscription
from tests.simulators.broker import Mosquitto, StartMosquitto
from tests.simulators.mqtt import Clients, until

pytestmark = pytest.mark.integration


async def test_what_is_published_here_goes_out(mosquitto: Mosquitto, clients: Clients, wire: dict) -> None:
    watcher = await clients.watch(mosquitto.url, "#")
    daemon = await clients.daemon(mosquitto.url, **wire)
    daemon.hub.states.set("light.kitchen", "on")
    daemon.hub.fire("bell", {"door": "front"})
    daemon.hub.bus.publish("$inside/secret", b"no")
    await until(lambda: watcher.last("arvis/event/bell"))
    assert b'"state":"on"' in watcher.last("arvis/state/light/kitchen")
    assert b'"door":"front"' in watcher.last("arvis/event/bell")
    assert watcher.payloads("arvis/status") == [b"online"]
    assert not [message for message in watcher.messages if "secret" in message.topic]


async def test_what_others_publish_comes_in_and_does_not_go_out_again(
    mosquitto: Mosquitto, clients: Clients, wire: dict
) -> None:
    watcher = await clients.watch(mosquitto.url, "zigbee2mqtt/#")
    daemon = await clients.daemon(mosquitto.url, **wire)
    heard = daemon.listen("zigbee2mqtt/+")
    other = daemon.listen("elsewhere/#")
    await asyncio.sleep(0.1)
    watcher.client.publish("zigbee2mqtt/lamp", "свет".encode(), response_topic="here", correlation=b"\0\1")
    await until(lambda: heard)
    await daemon.settled()
    assert [(m.topic, m.data, m.origin, m.retain) for m in heard] == [
        ("zigbee2mqtt/lamp", "свет".encode(), Origin.REMOTE, False)
    ]
    if wire["protocol"] == "auto":
        assert (heard[0].response_topic, heard[0].correlation) == ("here", b"\0\1")
    assert other == []
    assert watcher.messages == []


async def test_own_messages_are_not_heard_twice(mosquitto: Mosquitto, clients: Clients, wire: dict) -> None:
    watcher = await clients.watch(mosquitto.url, "room/#")
    daemon = await clients.daemon(mosquitto.url, **wire)
    heard = daemon.listen("room/#")
    await asyncio.sleep(0.1)
    daemon.hub.bus.publish("room/light", b"ON")
    daemon.hub.bus.publish("room/light", b"ON")
    daemon.hub.bus.publish("room/kept", b"1", retain=True)
    await until(lambda: watcher.payloads("room/kept"))
    watcher.client.publish("room/light", b"ON")
    watcher.client.publish("room/end", b"")
    await until(lambda: heard and heard[-1].topic == "room/end")
    assert [(m.topic, m.origin.value) for m in heard] == [
        ("room/light", "local"),
        ("room/light", "local"),
        ("room/kept", "local"),
        ("room/light", "remote"),
        ("room/end", "remote"),
    ]


@pytest.mark.parametrize("conf", [[], ["allow_duplicate_messages true"]], ids=["default", "duplicates"])
async def test_overlapping_filters_bring_each_message_once(
    start_mosquitto: StartMosquitto, clients: Clients, wire: dict, conf: list[str]
) -> None:
    broker = start_mosquitto(conf=conf)
    watcher = await clients.watch(broker.url)
    daemon = await clients.daemon(broker.url, **wire)
    filters = ["a/+/c", "a/b/+", "a/b/c", "x/#", "x/y/+", "x/y/z", "+/y/z"]
    heard = {filter_: daemon.listen(filter_) for filter_ in filters}
    await asyncio.sleep(0.2)
    for topic in ("a/b/c", "a/b/d", "a/d/c", "x/y/z", "x/y", "x", "q/y/z", "end/y/z"):
        watcher.client.publish(topic, b"1")
        watcher.client.publish(topic, b"1")
    await until(lambda: len(heard["+/y/z"]) >= 6)
    assert {filter_: [m.topic for m in messages] for filter_, messages in heard.items()} == {
        "a/+/c": ["a/b/c"] * 2 + ["a/d/c"] * 2,
        "a/b/+": ["a/b/c"] * 2 + ["a/b/d"] * 2,
        "a/b/c": ["a/b/c"] * 2,
        "x/#": ["x/y/z"] * 2 + ["x/y"] * 2 + ["x"] * 2,
        "x/y/+": ["x/y/z"] * 2,
        "x/y/z": ["x/y/z"] * 2,
        "+/y/z": ["x/y/z"] * 2 + ["q/y/z"] * 2 + ["end/y/z"] * 2,
    }


async def test_kept_messages_reach_each_listener_once(mosquitto: Mosquitto, clients: Clients, wire: dict) -> None:
    watcher = await clients.watch(mosquitto.url)
    watcher.client.publish("dev/1", b"a", retain=True)
    watcher.client.publish("dev/2", b"b", retain=True)
    await until(lambda: watcher.client.waiting == 0)
    daemon = await clients.daemon(mosquitto.url, **wire)
    early = daemon.listen("dev/#")
    early_too = daemon.listen("dev/1")
    await until(lambda: len(early) == 2 and early_too)
    late = daemon.listen("dev/+")
    same = daemon.listen("dev/#")
    exact = daemon.listen("dev/2")
    await until(lambda: len(late) == len(same) == 2 and exact)
    watcher.client.publish("dev/end", b"")
    await until(lambda: late[-1].topic == "dev/end")
    kept = [("dev/1", b"a", True), ("dev/2", b"b", True)]
    for messages in (early, late, same):
        assert sorted((m.topic, m.data, m.retain) for m in messages) == [*kept, ("dev/end", b"", False)]
    assert [(m.topic, m.retain) for m in early_too] == [("dev/1", True)]
    assert [(m.topic, m.retain) for m in exact] == [("dev/2", True)]


async def test_a_listener_that_goes_is_no_longer_asked_for(mosquitto: Mosquitto, clients: Clients, wire: dict) -> None:
    watcher = await clients.watch(mosquitto.url)
    daemon = await clients.daemon(mosquitto.url, **wire)
    messages: list = []
    wide: Subscription = daemon.hub.bus.subscribe("w/#", messages.append, daemon.owner, remote=True)
    narrow = daemon.listen("w/n")
    await asyncio.sleep(0.1)
    wide.cancel()
    await asyncio.sleep(0.1)
    before = daemon.client.counts.received
    watcher.client.publish("w/other", b"1")
    watcher.client.publish("w/n", b"2")
    await until(lambda: narrow)
    assert messages == []
    assert daemon.client.counts.received == before + 1


async def test_two_daemons_with_different_roots_share_a_broker(mosquitto: Mosquitto, clients: Clients) -> None:
    watcher = await clients.watch(mosquitto.url, "#")
    one = await clients.daemon(mosquitto.url, root="house/arvis")
    two = await clients.daemon(mosquitto.url, root="garage")
    one.hub.fire("bell")
    two.hub.fire("bell")
    await until(lambda: watcher.payloads("house/arvis/event/bell") and watcher.payloads("garage/event/bell"))
    assert watcher.payloads("house/arvis/status") == watcher.payloads("garage/status") == [b"online"]
    assert one.client.counts.connections == two.client.counts.connections == 1


async def test_big_payloads_and_unicode_topics_pass(mosquitto: Mosquitto, clients: Clients, wire: dict) -> None:
    watcher = await clients.watch(mosquitto.url, "дом/#")
    daemon = await clients.daemon(mosquitto.url, **wire)
    heard = daemon.listen("кухня/#")
    await asyncio.sleep(0.1)
    big = bytes(range(256)) * 16384  # 4 MiB
    daemon.hub.bus.publish("дом/камера 📷", big)
    watcher.client.publish("кухня/камера 📷", big)
    await until(lambda: watcher.messages and heard)
    assert watcher.messages[0].payload == big
    assert (heard[0].topic, heard[0].data) == ("кухня/камера 📷", big)


async def test_what_cannot_be_published_is_counted_and_the_rest_goes_on(
    mosquitto: Mosquitto, clients: Clients, wire: dict
) -> None:
    watcher = await clients.watch(mosquitto.url, "ok/#")
    daemon = await clients.daemon(mosquitto.url, **wire)
    for topic in ("a/+/b", "a/#", "x" * 70_000, "", "a\0b"):
        daemon.client.publish(topic, b"1")
    daemon.client.publish("ok/1", b"1")
    await until(lambda: watcher.messages)
    assert daemon.client.counts.invalid == 5
    assert daemon.client.counts.connections == 1
