"""The embedded broker: MQTT 3.1.1 only, on loopback, with what others had kept."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from arvisd.core.clock import SystemClock
from arvisd.core.errors import SetupError
from arvisd.mqtt.broker import EmbeddedBroker
from arvisd.mqtt.request import Remote
from arvisd.mqtt.settings import EmbeddedSettings, MqttSettings
from tests.simulators.broker import free_port
from tests.simulators.mqtt import Clients, until

pytestmark = pytest.mark.integration


def settings(port: int | None = None, **embedded: object) -> MqttSettings:
    return MqttSettings(embedded=EmbeddedSettings(port=free_port() if port is None else port, **embedded))  # type: ignore[arg-type]


@pytest.fixture
async def embedded() -> AsyncIterator[EmbeddedBroker]:
    broker = EmbeddedBroker(settings(), SystemClock())
    await broker.start()
    yield broker
    await broker.stop()


async def test_a_client_falls_back_to_3_1_1_and_stays_there(
    embedded: EmbeddedBroker, clients: Clients, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "arvisd.mqtt.client")
    daemon = await clients.daemon(str(embedded.address))
    assert f"connected to {embedded.address}, MQTT 3.1.1, by paho" in caplog.messages
    assert daemon.client.accepted is not None
    assert not daemon.client.accepted.no_local


async def test_messages_pass_both_ways_once(embedded: EmbeddedBroker, clients: Clients) -> None:
    watcher = await clients.watch(str(embedded.address), "#")
    daemon = await clients.daemon(str(embedded.address))
    filters = ["a/+/c", "a/b/+", "a/b/c", "a/#", "#"]
    heard = {filter_: daemon.listen(filter_) for filter_ in filters}
    await asyncio.sleep(0.2)
    daemon.hub.bus.publish("a/b/c", b"own")
    watcher.client.publish("a/b/c", "чужое".encode())
    watcher.client.publish("a/b/c", "чужое".encode())
    watcher.client.publish("end", b"")
    await until(lambda: heard["#"] and heard["#"][-1].topic == "end")
    assert [m.payload for m in watcher.messages if m.topic == "a/b/c"].count(b"own") == 1
    for filter_ in filters[:4]:
        assert [m.data.decode() for m in heard[filter_]] == ["own", "чужое", "чужое"], filter_


async def test_kept_messages_are_sent_only_to_those_who_subscribe(embedded: EmbeddedBroker, clients: Clients) -> None:
    publisher = await clients.watch(str(embedded.address), "secret/#")
    publisher.client.publish("secret/key", b"1234", retain=True)
    await until(lambda: publisher.messages)
    stranger = await clients.watch(str(embedded.address), "other/#")
    publisher.client.publish("other/end", b"")
    await until(lambda: stranger.messages)
    assert [m.topic for m in stranger.messages] == ["other/end"]


async def test_the_next_free_port_is_taken_and_said_and_the_command_line_finds_it(
    tmp_path: Path, clients: Clients, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        chosen = settings(port)
        broker = EmbeddedBroker(chosen, SystemClock(), address_file=tmp_path / "run" / "broker")
        address = await broker.start()
        assert address.port > port
        assert caplog.messages == [f"port {port} is taken: the embedded broker listens at {address}"]
        await clients.daemon(str(address))
        async with Remote(chosen, address_file=tmp_path / "run" / "broker") as remote:
            await remote.publish("x", "y")
        await broker.stop()
        assert not (tmp_path / "run" / "broker").exists()


async def test_a_second_daemon_says_that_the_first_one_runs(embedded: EmbeddedBroker, clients: Clients) -> None:
    await clients.daemon(str(embedded.address))
    assert embedded.address is not None
    second = EmbeddedBroker(settings(embedded.address.port), SystemClock())
    with pytest.raises(SetupError) as error:
        await second.start()
    assert str(error.value) == (
        f"another arvisd is running: its broker answers at port {embedded.address.port}; "
        "stop it, or give this one another mqtt.embedded.port and another mqtt.root"
    )


async def test_beyond_loopback_a_password_is_demanded() -> None:
    with pytest.raises(SetupError) as error:
        await EmbeddedBroker(settings(host="0.0.0.0"), SystemClock()).start()
    assert str(error.value) == (
        "the embedded broker would be open to everybody at 0.0.0.0: "
        "set mqtt.embedded.username and mqtt.embedded.password, or leave mqtt.embedded.host out"
    )


async def test_an_address_that_is_not_ours_is_said() -> None:
    with pytest.raises(SetupError) as error:
        await EmbeddedBroker(settings(9, host="203.0.113.1", username="u", password="p"), SystemClock()).start()
    assert str(error.value) == (
        "the embedded broker cannot listen at 203.0.113.1:9: Cannot assign requested address: check mqtt.embedded"
    )


async def test_the_password_is_checked(clients: Clients) -> None:
    broker = EmbeddedBroker(settings(host="0.0.0.0", username="arvis", password="пароль"), SystemClock())
    await broker.start()
    try:
        daemon = await clients.daemon(str(broker.address), username="arvis", password="пароль")
        assert daemon.client.counts.connections == 1
        assert broker.client_settings.password == "пароль"
        for user, password in (("arvis", "wrong"), ("", ""), ("nobody", "пароль")):
            refused = await clients.daemon(
                str(broker.address), username=user, password=password, online=False, client_id="x", root="x"
            )
            await until(lambda refused=refused: refused.client.detail)
            assert "refuses" in refused.client.detail
            assert "check mqtt.username and mqtt.password" in refused.client.detail
    finally:
        await broker.stop()


async def test_what_others_kept_survives_a_restart_and_our_own_does_not(tmp_path: Path, clients: Clients) -> None:
    chosen = settings()
    file = tmp_path / "kept"
    broker = EmbeddedBroker(chosen, SystemClock(), retained_file=file)
    await broker.start()
    watcher = await clients.watch(str(broker.address))
    watcher.client.publish("homeassistant/light/x/config", '{"name": "Лампа"}'.encode(), retain=True)
    watcher.client.publish("gone", b"1", retain=True)
    watcher.client.publish("gone", b"", retain=True)
    watcher.client.publish("arvis/state/light/x", b"{}", retain=True)
    await until(lambda: watcher.client.waiting == 0)
    await asyncio.sleep(0.1)
    await broker.stop()

    again = EmbeddedBroker(chosen, SystemClock(), retained_file=file)
    await again.start()
    try:
        late = await clients.watch(str(again.address), "homeassistant/#", "gone", "arvis/#")
        await until(lambda: late.messages)
        await asyncio.sleep(0.1)
        assert [(m.topic, m.payload.decode(), m.replay) for m in late.messages] == [
            ("homeassistant/light/x/config", '{"name": "Лампа"}', True)
        ]
    finally:
        await again.stop()


async def test_a_damaged_file_of_kept_messages_is_said_and_does_not_stop_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "kept").write_bytes(b'{"topic": "a", "qos": 1, "payload": "MQ=="}\n\xff half')
    broker = EmbeddedBroker(settings(), SystemClock(), retained_file=tmp_path / "kept")
    await broker.start()
    await broker.stop()
    assert len(caplog.messages) == 1
    assert caplog.messages[0].startswith(f"cannot read all that the broker kept from {tmp_path / 'kept'}: ")


async def test_own_states_are_there_again_after_the_embedded_broker_restarts(clients: Clients) -> None:
    chosen = settings()
    broker = EmbeddedBroker(chosen, SystemClock())
    address = str(await broker.start())
    daemon = await clients.daemon(address)
    daemon.hub.states.set("light.kitchen", "on")
    await daemon.settled()
    await broker.stop()
    await until(lambda: not daemon.client._open)
    daemon.hub.states.set("light.kitchen", "off")
    again = EmbeddedBroker(chosen, SystemClock())
    await again.start()
    try:
        watcher = await clients.watch(address, "arvis/#")
        await until(lambda: watcher.payloads("arvis/state/light/kitchen"))
        assert msgspec.json.decode(watcher.payloads("arvis/state/light/kitchen")[0])["state"] == "off"
        await until(lambda: watcher.last("arvis/status") == b"online")
    finally:
        await again.stop()


async def test_a_stop_leaves_nobody_connected_not_even_who_comes_back_at_once(clients: Clients) -> None:
    broker = EmbeddedBroker(settings(), SystemClock())
    address = str(await broker.start())
    daemons = [await clients.daemon(address, root=f"d{number}") for number in range(10)]
    await broker.stop()
    await until(lambda: not any(daemon.client._open for daemon in daemons))
    await until(lambda: all("nobody listens" in daemon.client.detail for daemon in daemons))


async def test_the_sockets_have_no_delay(embedded: EmbeddedBroker, clients: Clients) -> None:
    daemon = await clients.daemon(str(embedded.address))
    assert embedded._broker is not None
    handlers = [handler for _, handler in embedded._broker.sessions.values()]
    served = handlers[0].writer._writer.get_extra_info("socket")
    ours = daemon.client._wire._client.socket()  # type: ignore[union-attr]
    for sock in (served, ours):
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_a_folder_that_cannot_be_written_costs_the_address_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "data"
    folder.write_text("no folder")
    broker = EmbeddedBroker(
        settings(), SystemClock(), address_file=folder / "broker.address", retained_file=folder / "broker.retained"
    )
    address = await broker.start()
    await broker.stop()
    assert address.host == "127.0.0.1"
    assert any(f"cannot write the broker's address to {folder / 'broker.address'}" in line for line in caplog.messages)
