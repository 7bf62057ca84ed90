"""The client over a scripted wire, with the test turning the clock."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence

import pytest

from arvisd.core.owner import Owner
from arvisd.mqtt.client import MqttClient, Status
from arvisd.mqtt.errors import (
    BrokerCredentialsError,
    BrokerUnreachableError,
    MqttError,
    NoAnswerError,
    ProtocolRefusedError,
)
from arvisd.mqtt.settings import MqttSettings, QueueSettings
from arvisd.mqtt.wire import Accepted, Extras, Received, Subscribe, WireEvents
from tests.simulators.clock import FakeClock

IN = Accepted(session_present=False, resent=False)


class FakeBroker:
    """Answers attempts to connect from a script, and keeps what every wire does."""

    def __init__(self) -> None:
        self.script: list[Accepted | MqttError] = []
        self.attempts: list[tuple[float, str, bool]] = []
        self.sent: list[str] = []
        self.asked: list[str] = []
        self.wire: FakeWire | None = None
        self.clock = FakeClock()
        self.acknowledge = True

    def make(
        self, library: str, link: object, received: Received, events: WireEvents, *, v5: bool, threaded: object
    ) -> FakeWire:
        return FakeWire(self, events, received, v5)


class FakeWire:
    def __init__(self, broker: FakeBroker, events: WireEvents, received: Received, v5: bool) -> None:
        self.broker = broker
        self.events = events
        self.received = received
        self.v5 = v5
        self.congested = False
        self.mid = 0

    async def connect(self, *, fresh: bool) -> Accepted:
        self.broker.attempts.append((self.broker.clock.monotonic(), "5" if self.v5 else "3.1.1", fresh))
        answer = self.broker.script.pop(0) if self.broker.script else IN
        if isinstance(answer, MqttError):
            raise answer
        self.broker.wire = self
        return answer

    def publish(self, topic: str, payload: bytes, qos: int, retain: bool, extras: Extras | None) -> int:
        self.mid += 1
        self.broker.sent.append(f"{topic}={payload.decode()}")
        if qos and self.broker.acknowledge:
            asyncio.get_running_loop().call_soon(self.events.acknowledged, self.mid, 0)
        return self.mid

    def push(self) -> None:
        self.broker.sent.append("pushed")

    def subscribe(self, wanted: Sequence[Subscribe]) -> None:
        self.broker.asked += [f"+{one.filter}{'' if one.replay else ' (no replay)'}" for one in wanted]

    def unsubscribe(self, filters: Sequence[str]) -> None:
        self.broker.asked += [f"-{filter_}" for filter_ in filters]

    async def disconnect(self) -> None:
        self.broker.asked.append("bye")

    def close(self) -> None:
        self.broker.wire = None


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> FakeBroker:
    broker = FakeBroker()
    monkeypatch.setattr("arvisd.mqtt.connector.make_wire", broker.make)
    return broker


@pytest.fixture
async def client(broker: FakeBroker) -> AsyncIterator[MqttClient]:
    settings = MqttSettings(broker="hub", in_flight=5, queue=QueueSettings(messages=10))
    return MqttClient(settings, broker.clock, randomness=lambda: 0.5)


async def run(client: MqttClient, broker: FakeBroker, seconds: float = 0.0) -> None:
    async with Owner("test") as owner:
        owner.spawn(client.run(), "connection")
        await broker.clock.advance(seconds)


async def test_attempts_come_at_once_and_then_ever_later(client: MqttClient, broker: FakeBroker) -> None:
    broker.script = [BrokerUnreachableError("nobody listens at mqtt://hub:1883: is the broker running?")] * 9
    await run(client, broker, 120.0)
    assert [when for when, _, _ in broker.attempts] == [0, 0, 1, 3, 7, 15, 31, 63]


async def test_a_failure_is_said_once_and_again_when_it_is_another(
    client: MqttClient, broker: FakeBroker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    broker.script = [BrokerUnreachableError("one")] * 3 + [BrokerUnreachableError("two")] * 9
    await run(client, broker, 30.0)
    assert caplog.messages == ["one", "two"]


async def test_a_refusal_is_retried_once_a_minute(client: MqttClient, broker: FakeBroker) -> None:
    broker.script = [BrokerCredentialsError("no")] * 3
    async with Owner("test") as owner:
        owner.spawn(client.run(), "connection")
        await broker.clock.advance(0)
        assert (client.status, client.detail) == (Status.REFUSED, "no")
        await broker.clock.advance(180.0)
        assert client.status is Status.ONLINE
    assert [when for when, _, _ in broker.attempts] == [0, 60, 120, 180]


async def test_after_a_good_connection_the_first_attempt_is_at_once(client: MqttClient, broker: FakeBroker) -> None:
    async with Owner("test") as owner:
        owner.spawn(client.run(), "connection")
        for lasted in (20.0, 20.0, 1.0, 1.0):
            await broker.clock.advance(lasted)
            assert broker.wire is not None
            client.lost("gone")
            await broker.clock.settle()
        await broker.clock.advance(10)
    # two good ones, then two that did not last: 0 s, 0 s, 1 s, 2 s
    assert [when for when, _, _ in broker.attempts] == [0, 20, 40, 42, 44]


async def test_3_1_1_is_tried_and_remembered_where_5_is_refused(client: MqttClient, broker: FakeBroker) -> None:
    broker.script = [ProtocolRefusedError("5?"), IN]
    async with Owner("test") as owner:
        owner.spawn(client.run(), "connection")
        await broker.clock.advance(20)
        client.lost("gone")
        await broker.clock.advance(20)
    assert [version for _, version, _ in broker.attempts] == ["5", "3.1.1", "3.1.1"]


async def test_a_broker_that_was_only_silent_is_asked_for_5_again(client: MqttClient, broker: FakeBroker) -> None:
    broker.script = [NoAnswerError("?"), IN]
    async with Owner("test") as owner:
        owner.spawn(client.run(), "connection")
        await broker.clock.advance(20)
        client.lost("gone")
        await broker.clock.advance(20)
    assert [version for _, version, _ in broker.attempts] == ["5", "3.1.1", "5"]


async def test_only_the_first_connection_begins_a_new_session(client: MqttClient, broker: FakeBroker) -> None:
    broker.script = [BrokerUnreachableError("x"), IN, IN]
    async with Owner("test") as owner:
        owner.spawn(client.run(), "connection")
        await broker.clock.advance(20)
        client.lost("gone")
        await broker.clock.advance(20)
    assert [fresh for _, _, fresh in broker.attempts] == [True, True, False]


async def test_what_happens_after_a_connect_happens_in_this_order(client: MqttClient, broker: FakeBroker) -> None:
    client.subscribe(Subscribe("a/#"), Subscribe("b"))
    client.retained = lambda: [("s/1", b"on"), ("s/2", b"off")]
    client.publish("e", b"1")
    client.publish("s/1", b"old", retain=True)
    client.publish("s/3", b"", retain=True)
    client.publish("e", b"2")
    client.on_connected = lambda accepted: broker.asked.append("connected")
    await run(client, broker)
    assert broker.asked == ["connected", "+a/#", "+b"]
    assert broker.sent == ["arvis/status=online", "s/1=on", "s/2=off", "s/3=", "e=1", "e=2"]


async def test_a_kept_session_is_told_what_changed(client: MqttClient, broker: FakeBroker) -> None:
    client.subscribe(Subscribe("a"), Subscribe("b"))
    broker.script = [IN, Accepted(session_present=True, resent=False)]
    async with Owner("test") as owner:
        owner.spawn(client.run(), "connection")
        await broker.clock.advance(20)
        client.lost("gone")
        client.unsubscribe("a")
        client.subscribe(Subscribe("b", replay=False))
        broker.asked.clear()
        await broker.clock.settle()
    assert broker.asked == ["-a", "+b (no replay)"]


async def test_the_window_of_the_broker_is_obeyed(client: MqttClient, broker: FakeBroker) -> None:
    broker.acknowledge = False
    broker.script = [Accepted(session_present=False, resent=False, receive_maximum=2)]
    async with Owner("test") as owner:
        owner.spawn(client.run(), "connection")
        await broker.clock.settle()
        for number in range(5):
            client.publish("e", b"%d" % number)
        assert broker.sent == ["arvis/status=online", "e=0"]
        client.acknowledged(1, 0)
        assert broker.sent[2:] == ["e=1"]
        client.acknowledged(2, 0)
        client.acknowledged(3, 0)
        assert broker.sent[3:] == ["e=2", "e=3"]


async def test_what_was_not_acknowledged_comes_first_again(client: MqttClient, broker: FakeBroker) -> None:
    broker.acknowledge = False
    async with Owner("test") as owner:
        owner.spawn(client.run(), "connection")
        await broker.clock.advance(20)
        for number in range(8):
            client.publish("e", b"%d" % number)
        client.acknowledged(1, 0)  # online
        client.acknowledged(2, 0)  # e=0
        broker.sent.clear()
        client.lost("gone")
        client.publish("e", b"8")
        broker.acknowledge = True
        await broker.clock.settle()
    assert broker.sent == ["arvis/status=online", *(f"e={number}" for number in range(1, 9))]


async def test_what_a_wire_sends_again_itself_is_not_sent_twice(client: MqttClient, broker: FakeBroker) -> None:
    broker.acknowledge = False
    broker.script = [IN, Accepted(session_present=True, resent=True)]
    async with Owner("test") as owner:
        owner.spawn(client.run(), "connection")
        await broker.clock.advance(20)
        client.acknowledged(1, 0)
        client.publish("e", b"1")
        broker.sent.clear()
        client.lost("gone")
        await broker.clock.settle()
        assert broker.sent == ["arvis/status=online"]
        assert client.waiting == 2
        client.acknowledged(2, 0)
        client.acknowledged(3, 0)
        assert client.waiting == 0


async def test_a_slow_socket_lets_messages_wait(client: MqttClient, broker: FakeBroker) -> None:
    async with Owner("test") as owner:
        owner.spawn(client.run(), "connection")
        await broker.clock.settle()
        assert broker.wire is not None
        broker.wire.congested = True
        client.publish("s", b"1", retain=True)
        client.publish("e", b"1")
        client.publish("s", b"2", retain=True)
        assert broker.sent == ["arvis/status=online"]
        broker.wire.congested = False
        client.writable()
        assert broker.sent[1:] == ["s=2", "e=1"]


async def test_what_expired_while_waiting_is_not_sent(client: MqttClient, broker: FakeBroker) -> None:
    client.publish("e", b"short", expiry=5)
    client.publish("e", b"long", expiry=50)
    await broker.clock.advance(10)
    await run(client, broker)
    assert broker.sent == ["arvis/status=online", "e=long"]
    assert client.counts.expired == 1


async def test_a_clean_stop_says_offline_last_and_bye(client: MqttClient, broker: FakeBroker) -> None:
    async with Owner("test") as owner:
        owner.spawn(client.run(), "connection")
        await broker.clock.settle()
        client.publish("e", b"1")
        await client.stop()
    assert broker.sent == ["arvis/status=online", "e=1", "arvis/status=offline"]
    assert broker.asked == ["bye"]


async def test_a_stop_that_nobody_acknowledges_leaves_it_to_the_last_will(
    client: MqttClient, broker: FakeBroker
) -> None:
    async with Owner("test") as owner:
        owner.spawn(client.run(), "connection")
        await broker.clock.settle()
        broker.acknowledge = False
        stopping = asyncio.ensure_future(client.stop())
        await broker.clock.advance(2.0)
        await stopping
    assert broker.asked == []


async def test_a_client_without_presence_says_nothing_of_itself(broker: FakeBroker) -> None:
    client = MqttClient(MqttSettings(broker="hub"), broker.clock, presence=False)
    async with Owner("test") as owner:
        owner.spawn(client.run(), "connection")
        await broker.clock.settle()
        client.publish("e", b"1")
        await client.stop()
    assert broker.sent == ["e=1"]


@pytest.mark.parametrize("broker_setting", ["http://x", "mqtt://:1"])
async def test_an_address_that_is_none_is_said_and_not_tried(broker: FakeBroker, broker_setting: str) -> None:
    client = MqttClient(MqttSettings(broker=broker_setting), broker.clock)
    await run(client, broker, 1.0)
    assert broker.attempts == []
    assert client.detail.startswith(f"mqtt.broker: {broker_setting!r}")
