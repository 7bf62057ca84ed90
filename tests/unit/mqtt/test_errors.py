"""What the broker's refusals and the system's errors are turned into."""

from __future__ import annotations

import socket
import ssl

import pytest

from arvisd.mqtt.errors import (
    BrokerCredentialsError,
    BrokerRefusedError,
    BrokerUnreachableError,
    MqttError,
    ProtocolRefusedError,
    refusal,
    unreachable,
)

URL = "mqtt://hub:1883"


@pytest.mark.parametrize(
    ("code", "name", "type_", "text"),
    [
        (132, "Unsupported protocol version", ProtocolRefusedError, f"the broker at {URL} does not speak this version of MQTT"),
        (
            134, "Bad user name or password", BrokerCredentialsError,
            f"the broker at {URL} refuses the user 'u' (bad user name or password): check mqtt.username and mqtt.password",
        ),
        (133, "Client identifier not valid", BrokerRefusedError, f"the broker at {URL} refuses the client id: set mqtt.client_id to one it takes"),
        (136, "Server unavailable", BrokerUnreachableError, f"the broker at {URL} is not ready (server unavailable)"),
        (138, "Banned", BrokerRefusedError, f"the broker at {URL} refuses the connection (banned, code 138)"),
        (157, "Server moved", BrokerRefusedError, f"the broker at {URL} has moved: set mqtt.broker to its new address"),
    ],
)  # fmt: skip
def test_refusals(code: int, name: str, type_: type[MqttError], text: str) -> None:
    error = refusal(code, name, URL, "u")
    assert (type(error), str(error)) == (type_, text)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ConnectionRefusedError(111, "Connection refused"), f"nobody listens at {URL}: is the broker running?"),
        (TimeoutError(), f"the broker at {URL} does not answer in time"),
        (
            socket.gaierror(-2, "Name or service not known"),
            f"cannot reach the broker at {URL}: Name or service not known",
        ),
        (OSError(113, "No route to host"), f"cannot reach the broker at {URL}: No route to host"),
        (
            ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"),
            (
                f"no TLS with the broker at {URL} ([SSL: WRONG_VERSION_NUMBER] wrong version number): does this port speak TLS, "
                "and does it ask for a client certificate (mqtt.tls.certificate)?"
            ),
        ),
    ],
)
def test_what_the_system_says(error: Exception, text: str) -> None:
    assert str(unreachable(error, URL)) == text
    assert unreachable(error, URL).retryable
