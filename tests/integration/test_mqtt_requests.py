"""Actions asked for over MQTT, and the client with which the command line asks."""

from __future__ import annotations

import asyncio
import itertools

import msgspec
import pytest

from arvisd.core.actions import Action, ActionCall
from arvisd.core.errors import ActionFailedError
from arvisd.mqtt.action_requests import ActionRequests
from arvisd.mqtt.errors import BrokerUnreachableError, NoDaemonError
from arvisd.mqtt.publish_action import register_publish
from arvisd.mqtt.request import Remote, RemoteActionError
from arvisd.mqtt.settings import MqttSettings
from tests.simulators.broker import Mosquitto, free_port
from tests.simulators.mqtt import Clients, Daemon, until

pytestmark = pytest.mark.integration


class LampData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    brightness: int
    wait: float = 0.0


@pytest.fixture(params=["auto", "3.1.1"])
def protocol(request: pytest.FixtureRequest) -> str:
    return request.param


class House(Daemon):
    """A daemon that offers two actions."""

    calls: list[ActionCall]


async def house(clients: Clients, url: str, **settings: object) -> House:
    daemon = await clients.daemon(url, **settings)
    calls: list[ActionCall] = []

    async def turn_on(call: ActionCall) -> object:
        calls.append(call)
        await asyncio.sleep(call.data.wait)
        if call.data.brightness > 100:
            raise ActionFailedError("the lamp is not that bright")
        return {"brightness": call.data.brightness}

    async def breaks(call: ActionCall) -> object:
        raise KeyError("oops")

    daemon.hub.actions.register(Action("light.turn_on", LampData, "Turn on.", handler=turn_on), daemon.owner)
    daemon.hub.actions.register(Action("light.breaks", LampData, "Break.", handler=breaks), daemon.owner)
    register_publish(daemon.hub, daemon.owner)
    ActionRequests(daemon.hub, daemon.owner).start()
    await asyncio.sleep(0.1)
    daemon.calls = calls  # type: ignore[attr-defined]
    return daemon  # type: ignore[return-value]


def remote(url: str, **settings: object) -> Remote:
    return Remote(MqttSettings(broker=url, **settings))  # type: ignore[arg-type]


async def test_an_action_is_done_and_its_result_comes_back(
    mosquitto: Mosquitto, clients: Clients, protocol: str
) -> None:
    daemon = await house(clients, mosquitto.url, protocol=protocol)
    async with remote(mosquitto.url, protocol=protocol) as asker:
        result = await asker.action("light.turn_on", {"brightness": 40}, {"entity_id": "light.kitchen"})
    assert result == {"brightness": 40}
    assert [(c.name, c.data, c.target.entity_id) for c in daemon.calls] == [
        ("light.turn_on", LampData(40), "light.kitchen")
    ]


@pytest.mark.parametrize(
    ("name", "data", "code", "message"),
    [
        ("light.turn_of", {}, "unknown_action", "there is no action 'light.turn_of' (did you mean light.turn_on?)"),
        ("light.turn_on", {}, "invalid_data", "light.turn_on: Object missing required field `brightness`"),
        ("light.turn_on", {"brightness": 101}, "failed", "the lamp is not that bright"),
        ("light.breaks", {"brightness": 1}, "failed", "light.breaks: KeyError: 'oops'"),
        (
            "mqtt.publish",
            {"topic": "a/+"},
            "invalid_data",
            "mqtt.publish: the topic 'a/+' holds '+', '#' or a null character: those are for subscribing only",
        ),
    ],
)
async def test_what_does_not_happen_is_answered_with_code_and_text(
    mosquitto: Mosquitto, clients: Clients, name: str, data: dict, code: str, message: str
) -> None:
    await house(clients, mosquitto.url)
    async with remote(mosquitto.url) as asker:
        with pytest.raises(RemoteActionError) as error:
            await asker.action(name, data)
    assert (error.value.code, str(error.value)) == (code, message)


@pytest.mark.parametrize(
    ("payload", "answer"),
    [
        (b"{", None),
        (b"[1]", None),
        (
            b'{"id": "r1", "data": 5}',
            "light.turn_on: the request is not what it should be: Expected `object`, got `int` - at `$.data`",
        ),
        (
            b'{"id": "r1", "target": {"entity": "x"}}',
            (
                "light.turn_on: the request is not what it should be: "
                "Object contains unknown field `entity` - at `$.target`"
            ),
        ),
    ],
)
async def test_a_request_that_is_not_one_is_answered_where_that_can_be(
    mosquitto: Mosquitto, clients: Clients, payload: bytes, answer: str | None
) -> None:
    daemon = await house(clients, mosquitto.url)
    watcher = await clients.watch(mosquitto.url, "arvis/result/+")
    watcher.client.publish("arvis/action/light/turn_on", payload)
    watcher.client.publish("arvis/action/light/turn_on", b'{"id": "end", "data": {"brightness": 1}}')
    await until(lambda: watcher.payloads("arvis/result/end"))
    answers = watcher.payloads("arvis/result/r1")
    if answer is None:
        assert answers == []
    else:
        assert msgspec.json.decode(answers[0]) == {"ok": False, "error": {"code": "invalid_data", "message": answer}}
    assert len(daemon.calls) == 1


async def test_the_answer_goes_to_the_response_topic_with_the_correlation(
    mosquitto: Mosquitto, clients: Clients
) -> None:
    await house(clients, mosquitto.url)
    watcher = await clients.watch(mosquitto.url, "here/#", "arvis/result/#")
    watcher.client.publish(
        "arvis/action/light/turn_on",
        b'{"id": "r1", "data": {"brightness": 7}}',
        response_topic="here/answers",
        correlation=b"\0\xff",
    )
    await until(lambda: watcher.messages)
    answer = watcher.messages[0]
    assert (answer.topic, answer.payload) == ("here/answers", b'{"ok":true,"result":{"brightness":7}}')
    await asyncio.sleep(0.1)
    assert len(watcher.messages) == 1


async def test_a_request_with_neither_gets_no_answer_and_is_done(mosquitto: Mosquitto, clients: Clients) -> None:
    daemon = await house(clients, mosquitto.url)
    watcher = await clients.watch(mosquitto.url, "arvis/result/#", "out/#")
    watcher.client.publish("arvis/action/light/turn_on", b'{"data": {"brightness": 7}}')
    watcher.client.publish("arvis/action/mqtt/publish", b'{"data": {"topic": "out/x", "payload": {"a": [1, true]}}}')
    await until(lambda: watcher.payloads("out/x"))
    assert watcher.payloads("out/x") == [b'{"a":[1,true]}']
    assert len(daemon.calls) == 1
    assert [m.topic for m in watcher.messages] == ["out/x"]


async def test_the_same_request_sent_again_is_done_once(mosquitto: Mosquitto, clients: Clients) -> None:
    daemon = await house(clients, mosquitto.url)
    watcher = await clients.watch(mosquitto.url, "arvis/result/+")
    for id_ in ("same", "same", "other"):
        watcher.client.publish("arvis/action/light/turn_on", b'{"id": "%s", "data": {"brightness": 1}}' % id_.encode())
    await until(lambda: watcher.payloads("arvis/result/other"))
    assert len(daemon.calls) == 2
    assert len(watcher.messages) == 2


async def test_a_kept_request_is_not_done_at_every_start(mosquitto: Mosquitto, clients: Clients) -> None:
    watcher = await clients.watch(mosquitto.url, "arvis/result/+")
    watcher.client.publish("arvis/action/light/turn_on", b'{"id": "old", "data": {"brightness": 1}}', retain=True)
    await until(lambda: watcher.client.waiting == 0)
    daemon = await house(clients, mosquitto.url)
    watcher.client.publish("arvis/action/light/turn_on", b'{"id": "new", "data": {"brightness": 2}}')
    await until(lambda: watcher.payloads("arvis/result/new"))
    assert [call.data.brightness for call in daemon.calls] == [2]


async def test_many_requests_wait_their_turn(mosquitto: Mosquitto, clients: Clients) -> None:
    daemon = await house(clients, mosquitto.url)
    running = itertools.count()
    async with remote(mosquitto.url) as asker:
        results = await asyncio.gather(
            *(asker.action("light.turn_on", {"brightness": next(running), "wait": 0.05}) for _ in range(100))
        )
    assert results == [{"brightness": number} for number in range(100)]
    assert len(daemon.calls) == 100


async def test_no_daemon_is_said(mosquitto: Mosquitto, clients: Clients) -> None:
    with pytest.raises(NoDaemonError) as error:
        async with remote(mosquitto.url):
            pass
    assert str(error.value) == (
        f"no arvisd is online at {mosquitto.url} under the root 'arvis': "
        "start it with 'arvisd run', or check mqtt.broker and mqtt.root"
    )
    daemon = await clients.daemon(mosquitto.url)
    async with remote(mosquitto.url):
        pass
    await daemon.client.stop()
    with pytest.raises(NoDaemonError):
        async with remote(mosquitto.url):
            pass


async def test_no_broker_is_said() -> None:
    port = free_port()
    with pytest.raises(BrokerUnreachableError) as error:
        async with Remote(MqttSettings(broker=f"127.0.0.1:{port}", connect_timeout=0.3)):
            pass
    assert str(error.value) == f"nobody listens at mqtt://127.0.0.1:{port}: is the broker running?"


async def test_messages_are_watched_kept_ones_first(mosquitto: Mosquitto, clients: Clients, protocol: str) -> None:
    daemon = await clients.daemon(mosquitto.url, protocol=protocol)
    daemon.hub.states.set("light.kitchen", "on")
    await daemon.settled()
    async with remote(mosquitto.url, protocol=protocol) as asker:
        seen = []
        async for message in asker.messages("arvis/state/light/+"):
            seen.append((msgspec.json.decode(message.payload)["state"], message.retain))
            if len(seen) == 2:
                break
            daemon.hub.states.set("light.kitchen", "off")
    assert seen == [("on", True), ("off", False)]
