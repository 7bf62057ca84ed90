"""The connection to a real mosquitto in bad times: killed, hanging, refusing, behind TLS."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys

import msgspec
import pytest

from arvisd.core.clock import SystemClock
from arvisd.mqtt.client import MqttClient, Status
from arvisd.mqtt.settings import MqttSettings, QueueSettings, TlsSettings
from tests.simulators.broker import Certificates, Mosquitto, StartMosquitto, free_port
from tests.simulators.mqtt import Clients, Daemon, until

pytestmark = pytest.mark.integration

PERSISTENT = ["persistence true", "autosave_interval 1", "autosave_on_changes true"]


def state(payload: bytes | None) -> str | None:
    return msgspec.json.decode(payload)["state"] if payload else None


async def test_killed_in_the_middle_of_a_stream_nothing_is_lost_or_out_of_order(
    mosquitto: Mosquitto, clients: Clients, wire: dict
) -> None:
    """Messages that the broker had not acknowledged come again: what arrives first of each is whole and in order."""
    daemon = await clients.daemon(mosquitto.url, **wire)
    for number in range(300):
        daemon.hub.fire("count", {"n": number})
        daemon.hub.states.set("sensor.count", str(number))
        if number % 50 == 0:
            await asyncio.sleep(0.01)
    go = daemon.hold()
    mosquitto.kill()
    for number in range(300, 600):
        daemon.hub.fire("count", {"n": number})
        daemon.hub.states.set("sensor.count", str(number))
    await until(lambda: not daemon.client._open)
    assert daemon.client.waiting > 300
    mosquitto.start()
    watcher = await clients.watch(mosquitto.url, "arvis/#")
    await asyncio.sleep(0.1)
    go.set()
    await daemon.settled()
    await until(lambda: state(watcher.last("arvis/state/sensor/count")) == "599")
    await until(lambda: b'"n":599' in (watcher.last("arvis/event/count") or b""))
    numbers = [msgspec.json.decode(payload)["data"]["n"] for payload in watcher.payloads("arvis/event/count")]
    assert numbers[-1] == 599
    assert list(dict.fromkeys(numbers)) == list(range(numbers[0], 600))
    assert daemon.client.counts.dropped == 0


async def test_what_was_published_while_the_broker_was_away_comes_whole_in_order_and_once(
    mosquitto: Mosquitto, clients: Clients, wire: dict
) -> None:
    daemon = await clients.daemon(mosquitto.url, **wire)
    daemon.hub.states.set("light.a", "on")
    daemon.hub.states.set("light.b", "on")
    await daemon.settled()
    go = daemon.hold()
    mosquitto.kill()
    await until(lambda: not daemon.client._open)
    for number in range(500):
        daemon.hub.fire("count", {"n": number})
        daemon.hub.states.set("light.a", f"value {number}")
    daemon.hub.states.remove("light.b")
    mosquitto.start()
    watcher = await clients.watch(mosquitto.url, "arvis/#")
    await asyncio.sleep(0.1)
    go.set()
    await until(lambda: len(watcher.payloads("arvis/event/count")) >= 500)
    await daemon.settled()
    numbers = [msgspec.json.decode(payload)["data"]["n"] for payload in watcher.payloads("arvis/event/count")]
    assert numbers == list(range(500))
    assert [state(payload) for payload in watcher.payloads("arvis/state/light/a")] == ["value 499"]
    assert watcher.payloads("arvis/state/light/b") == [b""]
    assert watcher.last("arvis/status") == b"online"
    topics = [m.topic for m in watcher.messages]
    assert topics.index("arvis/state/light/a") < topics.index("arvis/event/count")


async def test_what_comes_in_is_not_doubled_by_a_restart(
    start_mosquitto: StartMosquitto, clients: Clients, wire: dict
) -> None:
    broker = start_mosquitto(conf=PERSISTENT, running=False)
    broker._conf.write_text(broker._conf.read_text() + f"persistence_location {broker.folder}/\n")
    broker.start()
    watcher = await clients.watch(broker.url)
    daemon = await clients.daemon(broker.url, **wire)
    events = daemon.listen("in/event")
    kept = daemon.listen("in/kept")
    await asyncio.sleep(0.1)
    watcher.client.publish("in/kept", b"1", retain=True)
    for number in range(200):
        watcher.client.publish("in/event", b"%d" % number)
    await until(lambda: len(events) == 200 and kept)
    broker.kill()
    await until(lambda: not daemon.client._open and not watcher.client._open)
    broker.start()
    await until(lambda: daemon.client._open and watcher.client._open)
    await asyncio.sleep(0.2)
    for number in range(200, 300):
        watcher.client.publish("in/event", b"%d" % number)
    await until(lambda: len(events) >= 300)
    await asyncio.sleep(0.1)
    assert [int(m.data) for m in events] == list(range(300))
    assert [(m.data, m.retain) for m in kept] == [(b"1", False)]


async def test_a_state_that_changed_meanwhile_is_told_after_the_reconnect(
    start_mosquitto: StartMosquitto, clients: Clients
) -> None:
    broker = start_mosquitto()
    watcher = await clients.watch(broker.url)
    daemon = await clients.daemon(broker.url, session_expiry=0)
    heard = daemon.listen("dev/#")
    watcher.client.publish("dev/a", b"1", retain=True)
    watcher.client.publish("dev/b", b"1", retain=True)
    await until(lambda: len(heard) == 2)
    assert daemon.client._wire is not None
    sock = daemon.client._wire._client.socket()  # type: ignore[attr-defined]
    watcher.client.publish("dev/b", b"2", retain=True)
    sock.shutdown(2)
    await until(lambda: daemon.client.counts.connections == 2)
    await until(lambda: len(heard) >= 3)
    await asyncio.sleep(0.1)
    assert [(m.topic, m.data) for m in heard][2:] == [("dev/b", b"2")]


async def test_the_session_holds_what_came_while_the_connection_was_broken(
    mosquitto: Mosquitto, clients: Clients
) -> None:
    watcher = await clients.watch(mosquitto.url)
    daemon = await clients.daemon(mosquitto.url)
    heard = daemon.listen("in/#")
    await asyncio.sleep(0.1)
    daemon.client._backoff.next()  # the next attempt comes after a second
    daemon.client._wire._client.socket().shutdown(2)  # type: ignore[union-attr]
    await until(lambda: not daemon.client._open)
    for number in range(10):
        watcher.client.publish("in/x", b"%d" % number)
    await until(lambda: len(heard) == 10)
    assert [int(m.data) for m in heard] == list(range(10))
    assert daemon.client.accepted is not None
    assert daemon.client.accepted.session_present


async def test_the_queue_is_bounded_and_what_is_dropped_is_said(
    mosquitto: Mosquitto, clients: Clients, caplog: pytest.LogCaptureFixture
) -> None:
    daemon = await clients.daemon(mosquitto.url, queue=QueueSettings(messages=100))
    await daemon.settled()
    go = daemon.hold()
    mosquitto.kill()
    await until(lambda: not daemon.client._open)
    for number in range(150):
        daemon.hub.fire("count", {"n": number})
    daemon.hub.bus.publish("arvis/site/x/speech/1/audio", b"\0" * 100, qos=0)
    assert daemon.client.waiting == 100
    mosquitto.start()
    watcher = await clients.watch(mosquitto.url, "arvis/#")
    await asyncio.sleep(0.1)
    go.set()
    await until(lambda: watcher.payloads("arvis/log/warning"))
    said = "while the broker was away or slow 50 messages and 1 packets of audio were dropped"
    assert msgspec.json.decode(watcher.payloads("arvis/log/warning")[0])["message"] == said
    assert caplog.messages.count(said) == 1
    dropping = [m for m in caplog.messages if m.endswith("there is room for no more: the oldest events are dropped")]
    assert len(dropping) == 1
    assert daemon.client.counts.dropped == 50
    assert daemon.client.counts.audio_dropped == 1


async def test_a_hanging_broker_costs_no_memory_without_bound_and_states_collapse(
    mosquitto: Mosquitto, clients: Clients, wire: dict
) -> None:
    watcher = await clients.watch(mosquitto.url, "arvis/#", keepalive=120)
    daemon = await clients.daemon(mosquitto.url, keepalive=120, queue=QueueSettings(bytes=200_000), **wire)
    await daemon.settled()
    mosquitto.pause()
    payload = b"x" * 5_000
    for number in range(5_000):
        daemon.hub.bus.publish("arvis/event/big", payload)
        daemon.hub.states.set("sensor.count", str(number))
        if number % 500 == 0:
            await asyncio.sleep(0)
    in_flight = len(daemon.client._in_flight)
    assert daemon.client._outbox.bytes <= 200_000
    assert in_flight <= 200
    assert daemon.client.counts.dropped > 1_000
    mosquitto.resume()
    await until(lambda: state(watcher.last("arvis/state/sensor/count")) == "4999")
    await daemon.settled()
    assert daemon.client.counts.connections == 1


async def test_a_slow_reader_does_not_hold_up_the_others(mosquitto: Mosquitto, clients: Clients) -> None:
    reader, writer = await asyncio.open_connection(mosquitto.host, mosquitto.port, limit=1024)
    writer.write(b"\x10\x10\0\4MQTT\4\2\0\x3c\0\4slow" + b"\x82\x0c\0\1\0\7arvis/#\0")
    assert (await reader.readexactly(9))[4] == 0x90  # CONNACK, SUBACK: from now on it reads nothing
    watcher = await clients.watch(mosquitto.url, "arvis/#")
    daemon = await clients.daemon(mosquitto.url)
    audio = "arvis/site/x/speech/1/audio"
    for number in range(1, 41):
        for _ in range(50):
            daemon.hub.bus.publish(audio, b"\0" * 4_000, qos=0)
        await until(lambda number=number: len(watcher.payloads(audio)) >= number * 50)
    daemon.hub.fire("end")
    await until(lambda: watcher.payloads("arvis/event/end"))
    assert daemon.client.counts.dropped == 0
    writer.close()


async def test_a_clean_stop_says_offline_after_everything_else(
    mosquitto: Mosquitto, clients: Clients, wire: dict
) -> None:
    watcher = await clients.watch(mosquitto.url, "#")
    daemon = await clients.daemon(mosquitto.url, **wire)
    for number in range(300):
        daemon.hub.fire("count", {"n": number})
    await daemon.client.stop()
    await until(lambda: watcher.last("arvis/status") == b"offline")
    assert len(watcher.payloads("arvis/event/count")) == 300
    assert watcher.messages[-1].topic == "arvis/status"
    assert watcher.payloads("arvis/status") == [b"online", b"offline"]


CHILD = """
import asyncio, sys
from arvisd.core.clock import SystemClock
from arvisd.mqtt.client import MqttClient
from arvisd.mqtt.settings import MqttSettings
asyncio.run(MqttClient(MqttSettings(broker=sys.argv[1], library=sys.argv[2], protocol=sys.argv[3]), SystemClock()).run())
"""


@pytest.mark.parametrize(("library", "protocol"), [("paho", "5"), ("paho", "3.1.1"), ("aiomqtt", "5")])
async def test_the_last_will_says_offline_when_the_process_is_killed(
    mosquitto: Mosquitto, clients: Clients, library: str, protocol: str
) -> None:
    watcher = await clients.watch(mosquitto.url, "arvis/status")
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", CHILD, mosquitto.url, library, protocol)
    await until(lambda: watcher.payloads("arvis/status"))
    os.kill(child.pid, signal.SIGKILL)
    await child.wait()
    await until(lambda: len(watcher.messages) == 2)
    assert watcher.payloads("arvis/status") == [b"online", b"offline"]
    late = await clients.watch(mosquitto.url, "arvis/status")
    await until(lambda: late.messages)
    assert (late.messages[0].payload, late.messages[0].replay) == (b"offline", True)


async def test_user_and_password(start_mosquitto: StartMosquitto, clients: Clients, wire: dict) -> None:
    broker = start_mosquitto(users={"arvis": "тайна"})
    daemon = await clients.daemon(broker.url, username="arvis", password="тайна", **wire)
    assert daemon.client.status is Status.ONLINE
    in_url = await clients.daemon(f"mqtt://arvis:%D1%82%D0%B0%D0%B9%D0%BD%D0%B0@127.0.0.1:{broker.port}", root="two")
    assert in_url.client.status is Status.ONLINE


@pytest.mark.parametrize(
    ("username", "text"),
    [
        ("arvis", "refuses the user 'arvis' (not authorized): check mqtt.username and mqtt.password"),
        ("", "refuses a client without a user name (not authorized): check mqtt.username and mqtt.password"),
    ],
)
async def test_a_wrong_password_is_said_once_and_retried_slowly(
    start_mosquitto: StartMosquitto,
    clients: Clients,
    wire: dict,
    caplog: pytest.LogCaptureFixture,
    username: str,
    text: str,
) -> None:
    broker = start_mosquitto(users={"arvis": "secret"})
    daemon = await clients.daemon(
        broker.url, username=username, password="wrong" if username else "", online=False, **wire
    )
    await until(lambda: daemon.client.status is Status.REFUSED)
    assert daemon.client.detail == f"the broker at {broker.url} {text}"
    assert daemon.client._failed(_refusal(daemon)) == 60.0
    errors = [r.getMessage() for r in caplog.records if r.name.startswith("arvisd") and r.levelno >= logging.WARNING]
    assert errors == [f"the broker at {broker.url} {text}; trying again every 60 s"]


def _refusal(daemon: Daemon):
    from arvisd.mqtt.errors import BrokerCredentialsError

    return BrokerCredentialsError(daemon.client.detail)


async def test_what_the_access_rules_deny_is_counted_and_said_once(
    start_mosquitto: StartMosquitto, clients: Clients
) -> None:
    acl = "user arvis\ntopic readwrite arvis/log/#\ntopic readwrite arvis/status\ntopic read #\n"
    broker = start_mosquitto(users={"arvis": "secret"}, acl=acl)
    daemon = await clients.daemon(broker.url, username="arvis", password="secret")
    for number in range(5):
        daemon.hub.fire("count", {"n": number})
    daemon.hub.states.set("light.kitchen", "on")
    await daemon.settled()
    assert daemon.client.counts.denied == {"arvis/event": 5, "arvis/state": 1}
    assert daemon.reports == [
        f"the broker does not take what is published under {prefix}/ (code 135): check its access rules for the user 'arvis'"
        for prefix in ("arvis/event", "arvis/state")
    ]


async def test_tls_with_an_authority_of_our_own(
    start_mosquitto: StartMosquitto, clients: Clients, certificates: Certificates, wire: dict
) -> None:
    broker = start_mosquitto(certificates=certificates)
    watcher = await clients.watch(broker.url, "arvis/#", tls=TlsSettings(ca=str(certificates.ca)))
    daemon = await clients.daemon(broker.url, tls=TlsSettings(ca=str(certificates.ca)), **wire)
    heard = daemon.listen("in/#")
    await asyncio.sleep(0.1)
    big = os.urandom(3_000_000)
    daemon.hub.bus.publish("arvis/big", big)
    watcher.client.publish("in/big", big)
    for number in range(500):
        daemon.hub.fire("count", {"n": number})
        watcher.client.publish("in/x", b"%d" % number)
    await until(lambda: len(heard) == 501 and len(watcher.payloads("arvis/event/count")) == 500)
    assert heard[0].data == watcher.payloads("arvis/big")[0] == big


async def test_a_client_certificate(
    start_mosquitto: StartMosquitto, clients: Clients, certificates: Certificates, wire: dict
) -> None:
    broker = start_mosquitto(certificates=certificates, client_certificates=True)
    tls = TlsSettings(ca=str(certificates.ca), certificate=str(certificates.client), key=str(certificates.client_key))
    daemon = await clients.daemon(broker.url, tls=tls, **wire)
    assert daemon.client.status is Status.ONLINE
    bare = TlsSettings(ca=str(certificates.ca))
    without = await clients.daemon(broker.url, tls=bare, online=False, root="b", connect_timeout=0.5, **wire)
    await until(lambda: without.client.detail)
    assert without.client.status is Status.OFFLINE
    assert "mqtt.tls.certificate" in without.client.detail


@pytest.mark.parametrize(
    ("tls", "text"),
    [
        (
            TlsSettings(),
            (
                "the certificate of the broker at {url} is not trusted (self-signed certificate in certificate chain): "
                "set mqtt.tls.ca to the authority that signed it"
            ),
        ),
        (TlsSettings(ca="/no/such/ca"), "mqtt.tls.ca: cannot use /no/such/ca: there is no such file"),
        (
            TlsSettings(insecure=True, certificate="/no/c", key="/no/k"),
            "mqtt.tls.certificate: cannot use /no/c with /no/k: there is no such file",
        ),
    ],
)
async def test_what_is_wrong_with_tls_is_said(
    start_mosquitto: StartMosquitto, clients: Clients, certificates: Certificates, tls: TlsSettings, text: str
) -> None:
    broker = start_mosquitto(certificates=certificates)
    daemon = await clients.daemon(broker.url, tls=tls, online=False)
    await until(lambda: daemon.client.detail)
    assert daemon.client.detail == text.format(url=broker.url)


async def test_insecure_takes_any_certificate(
    start_mosquitto: StartMosquitto, clients: Clients, certificates: Certificates, wire: dict
) -> None:
    broker = start_mosquitto(certificates=certificates)
    daemon = await clients.daemon(broker.url, tls=TlsSettings(insecure=True), **wire)
    assert daemon.client.status is Status.ONLINE


async def test_tls_to_a_port_that_speaks_none_is_said(mosquitto: Mosquitto, clients: Clients) -> None:
    daemon = await clients.daemon(f"mqtts://127.0.0.1:{mosquitto.port}", online=False)
    await until(lambda: daemon.client.detail)
    assert daemon.client.status is Status.OFFLINE


async def test_two_with_one_client_id_is_said_and_does_not_end_in_a_storm(
    mosquitto: Mosquitto, clients: Clients
) -> None:
    one = await clients.daemon(mosquitto.url, client_id="same")
    two = await clients.daemon(mosquitto.url, client_id="same", root="two")
    await until(lambda: one.client.counts.connections + two.client.counts.connections >= 3)
    await asyncio.sleep(0.5)  # long enough for hundreds of connections, if it were a storm
    assert one.client.counts.connections + two.client.counts.connections <= 5
    said = f"the connections to {mosquitto.url} do not last: does another client use the client id 'same'?"
    await until(lambda: said in one.reports + two.reports)


async def test_publishing_never_waits_and_never_raises_when_there_is_no_broker(clients: Clients) -> None:
    client = MqttClient(MqttSettings(broker=f"127.0.0.1:{free_port()}"), SystemClock())
    client.publish("before/run", b"1")
    await clients.run(client, online=False)
    await until(lambda: client.detail)
    for number in range(20_000):
        client.publish("count", b"%d" % number)
    assert client.waiting == 10_000
    assert client.counts.dropped == 10_001
    await client.stop()


async def test_a_message_on_which_the_broker_hangs_up_does_not_keep_the_others(
    start_mosquitto: StartMosquitto, clients: Clients
) -> None:
    broker = start_mosquitto(conf=["max_packet_size 20000"])
    daemon = await clients.daemon(broker.url, protocol="3.1.1")
    daemon.hold().set()
    watcher = await clients.watch(broker.url, "arvis/event/#")
    for number in range(50):
        daemon.hub.fire("count", {"n": number})
        if number == 25:
            daemon.hub.bus.publish("arvis/event/big", b"x" * 50_000)
    await until(lambda: b'"n":49' in (watcher.last("arvis/event/count") or b""))
    await daemon.settled()
    numbers = [msgspec.json.decode(payload)["data"]["n"] for payload in watcher.payloads("arvis/event/count")]
    assert list(dict.fromkeys(numbers)) == list(range(50))
    said = "the broker hangs up whenever it gets 50000 bytes for arvis/event/big: they are given up"
    assert daemon.reports.count(said) == 1
    assert daemon.client.counts.invalid == 1
    assert daemon.client._window == 200


async def test_a_message_larger_than_the_broker_says_it_takes_is_not_sent(
    start_mosquitto: StartMosquitto, clients: Clients, caplog: pytest.LogCaptureFixture
) -> None:
    broker = start_mosquitto(conf=["max_packet_size 20000"])
    daemon = await clients.daemon(broker.url)
    daemon.hub.bus.publish("arvis/event/big", b"x" * 50_000)
    await daemon.settled()
    assert "cannot publish to arvis/event/big: 50000 bytes are more than the broker takes (20000)" in caplog.messages
    assert daemon.client.counts.connections == 1
