"""Addresses and ids out of the `mqtt:` section."""

from __future__ import annotations

import msgspec
import pytest

from arvisd.mqtt.settings import EmbeddedSettings, MqttSettings, TlsSettings, broker_address, client_id, is_loopback


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        (MqttSettings(), "mqtt://127.0.0.1:1883"),
        (MqttSettings(embedded=EmbeddedSettings(host="0.0.0.0", port=1999)), "mqtt://127.0.0.1:1999"),
        (MqttSettings(broker="hub.local"), "mqtt://hub.local:1883"),
        (MqttSettings(broker="hub.local:1884"), "mqtt://hub.local:1884"),
        (MqttSettings(broker="192.168.1.2", port=1885), "mqtt://192.168.1.2:1885"),
        (MqttSettings(broker="mqtt://hub.local", port=1885), "mqtt://hub.local:1885"),
        (MqttSettings(broker="mqtts://hub.local"), "mqtts://hub.local:8883"),
        (MqttSettings(broker="hub.local", tls=TlsSettings()), "mqtts://hub.local:8883"),
        (MqttSettings(broker="mqtt://[fe80::1]:1884"), "mqtt://[fe80::1]:1884"),
        (MqttSettings(broker="fe80::1"), "mqtt://[fe80::1]:1883"),
    ],
)
def test_where_the_broker_is(settings: MqttSettings, address: str) -> None:
    assert str(broker_address(settings)) == address


@pytest.mark.parametrize(
    ("broker", "error"),
    [
        (
            "http://hub",
            "mqtt.broker: 'http://hub' is not an address: write mqtt://HOST:PORT or mqtts://HOST:PORT",
        ),
        ("mqtt://hub:http", "mqtt.broker: the port in 'mqtt://hub:http' must be a number from 1 to 65535"),
        ("mqtt://hub:99999", "mqtt.broker: the port in 'mqtt://hub:99999' must be a number from 1 to 65535"),
        ("mqtt://", "mqtt.broker: 'mqtt://' names no host: write mqtt://HOST:PORT"),
    ],
)
def test_what_is_no_address_is_said(broker: str, error: str) -> None:
    with pytest.raises(ValueError) as raised:
        broker_address(MqttSettings(broker=broker))
    assert str(raised.value) == error


def test_user_and_password_in_the_address() -> None:
    address = broker_address(MqttSettings(broker="mqtt://us%20er:p%40ss@hub"))
    assert (address.username, address.password) == ("us er", "p@ss")
    assert "p@ss" not in str(address)


def test_the_client_id_stays_the_same_on_one_machine_and_differs_by_root() -> None:
    assert client_id(MqttSettings()) == client_id(MqttSettings(broker="elsewhere"))
    assert client_id(MqttSettings(root="a/b")).startswith("arvisd-a-b-")
    assert client_id(MqttSettings(client_id="mine")) == "mine"


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("localhost", True), ("127.0.0.1", True), ("127.1.2.3", True), ("::1", True), ("0.0.0.0", False), ("::", False),
     ("192.168.1.2", False), ("hub.local", False)],
)  # fmt: skip
def test_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_a_whole_section_reads() -> None:
    section = {"broker": "mqtt://x", "tls": {"ca": "/a"}, "queue": {"messages": 5}, "embedded": {"port": 1}}
    settings = msgspec.convert(section, MqttSettings)
    assert (settings.tls, settings.queue.messages) == (TlsSettings(ca="/a"), 5)
    with pytest.raises(msgspec.ValidationError, match="unknown field `brokr`"):
        msgspec.convert({"brokr": 1}, MqttSettings)
