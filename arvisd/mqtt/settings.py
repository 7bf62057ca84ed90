"""The `mqtt:` section of the configuration."""

from __future__ import annotations

import ipaddress
import socket
import uuid
from typing import Literal
from urllib.parse import unquote, urlsplit

import msgspec

DEFAULT_PORT = 1883
DEFAULT_TLS_PORT = 8883

ADDRESS_FILE = "broker.address"
"""In the data folder: where the embedded broker listens while it runs, for the command line."""


class TlsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`tls`: how the broker is trusted, and how it is shown who we are. Paths are absolute or relative to the folder."""

    ca: str = ""
    """File with the certificates of authorities to trust; empty: those of the system."""
    certificate: str = ""
    """File with our own certificate, where the broker wants one."""
    key: str = ""
    """File with its private key; empty: it is in the certificate's file."""
    key_password: str = ""
    insecure: bool = False
    """Take any certificate: whoever sits between can read and change everything."""


class QueueSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`queue`: what is kept for the broker while it is away or slow."""

    messages: int = 10_000
    """At most so many; the oldest events are dropped first."""
    bytes: int = 16 * 1024 * 1024
    """At most so many bytes of topics and payloads."""


class EmbeddedSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`embedded`: the broker inside the daemon, started when no `broker` is named."""

    host: str = "127.0.0.1"
    """Address it listens on; beyond loopback a user and a password are needed."""
    port: int = DEFAULT_PORT
    """Port it listens on; the next free one is taken where another program has it."""
    username: str = ""
    password: str = ""


class MqttSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The broker, and how the daemon speaks with it."""

    broker: str = ""
    """`mqtt://host`, `mqtts://host:8883`, `host` or `host:port`; empty: the embedded broker."""
    port: int = 0
    """Port of the broker where `broker` names none; 0: 1883, with TLS 8883."""
    username: str = ""
    password: str = ""
    tls: TlsSettings | None = None
    """Given, even empty, TLS is used; `mqtts://` does the same with the system's authorities."""
    root: str = "arvis"
    """First level of every topic of this daemon: two daemons at one broker need two roots."""
    discovery: bool = True
    """Learn the devices that announce themselves as they do for Home Assistant."""
    discovery_prefix: str = "homeassistant"
    """First levels of the topics of announcements."""
    client_id: str = ""
    """Empty: `arvisd-<root>-<machine>`, the same after every start."""
    protocol: Literal["auto", "5", "3.1.1"] = "auto"
    """`auto`: MQTT 5, and 3.1.1 where the broker refuses it."""
    library: Literal["paho", "aiomqtt"] = "paho"
    """Which client library carries the messages: see docs/mqtt.md for what each costs."""
    keepalive: int = 30
    """Seconds of silence after which the broker is asked whether it is still there."""
    connect_timeout: float = 5.0
    """Seconds that one attempt to connect may take."""
    session_expiry: int = 300
    """MQTT 5: seconds for which the broker keeps what it could not deliver to us; 0: not at all."""
    in_flight: int = 200
    """Messages sent at QoS 1 and not yet acknowledged, at most; a broker that takes fewer is obeyed."""
    queue: QueueSettings = QueueSettings()
    embedded: EmbeddedSettings = EmbeddedSettings()


class Address(msgspec.Struct, frozen=True):
    """Where a broker listens."""

    host: str
    port: int
    tls: bool = False
    username: str = ""
    """User and password that stood in the address itself."""
    password: str = ""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'mqtts' if self.tls else 'mqtt'}://{host}:{self.port}"


def broker_address(settings: MqttSettings) -> Address:
    """Return where the broker of the settings is; raise ValueError, with the remedy, when that is not plain."""
    text = settings.broker or f"{_host_in_url(settings.embedded.host)}:{settings.embedded.port}"
    if "://" not in text and text.count(":") > 1 and not text.startswith("["):
        text = f"[{text}]"
    url = urlsplit(text if "://" in text else f"mqtt://{text}")
    if url.scheme not in ("mqtt", "mqtts"):
        raise ValueError(
            f"mqtt.broker: {settings.broker!r} is not an address: write mqtt://HOST:PORT or mqtts://HOST:PORT"
        )
    try:
        port = url.port
    except ValueError:
        raise ValueError(f"mqtt.broker: the port in {settings.broker!r} must be a number from 1 to 65535") from None
    if not url.hostname:
        raise ValueError(f"mqtt.broker: {settings.broker!r} names no host: write mqtt://HOST:PORT")
    tls = url.scheme == "mqtts" or settings.tls is not None
    port = port or settings.port or (DEFAULT_TLS_PORT if tls else DEFAULT_PORT)
    return Address(url.hostname, port, tls, unquote(url.username or ""), unquote(url.password or ""))


def client_id(settings: MqttSettings) -> str:
    """Return the client id: the configured one, or one that stays the same on this machine for this root."""
    if settings.client_id:
        return settings.client_id
    machine = uuid.uuid5(uuid.NAMESPACE_DNS, f"{uuid.getnode():012x}.{socket.gethostname()}").hex[:8]
    return f"arvisd-{settings.root.replace('/', '-')}-{machine}"


def is_loopback(host: str) -> bool:
    """Tell whether an address is reachable from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _host_in_url(host: str) -> str:
    # who listens on every address is reached on loopback
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104
    return f"[{host}]" if ":" in host else host
