"""What a client library must do for `client.py`: one connection at a time to one broker."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from arvisd.mqtt.errors import BrokerRefusedError
from arvisd.mqtt.settings import Address, MqttSettings, TlsSettings, broker_address, client_id


class Extras(msgspec.Struct, frozen=True, gc=False):
    """What MQTT 5 adds to a message; most messages have none of it."""

    response_topic: str | None = None
    correlation: bytes | None = None
    expiry: int | None = None
    """Seconds after which nobody wants it any more."""
    subscriptions: tuple[int, ...] = ()
    """Received only: identifiers of the subscriptions for which this copy was sent."""


Received = Callable[[str, bytes, bool, int, Extras | None], object]
"""Called for each message: topic, payload, whether it is a replay of a kept one, QoS, extras."""


class Subscribe(msgspec.Struct, frozen=True):
    """One filter to ask the broker for."""

    filter: str
    qos: int = 1
    identifier: int = 0
    """MQTT 5: comes back with every message for it; 0: none."""
    replay: bool = True
    """Whether kept messages are wanted even if this subscription is already there."""


class Accepted(msgspec.Struct, frozen=True):
    """What the broker said when it let us in."""

    session_present: bool
    """It still knows our subscriptions and has kept messages for us."""
    resent: bool
    """What was not acknowledged before has been sent again by the wire, under the same ids."""
    receive_maximum: int = 65535
    """Unacknowledged messages at QoS 1 that it takes."""
    identifiers: bool = False
    """It takes subscription identifiers."""
    no_local: bool = False
    """It does not send us our own messages."""
    maximum_packet: int = 268_435_455
    """Bytes of the largest packet that it takes."""


class Link(msgspec.Struct, frozen=True):
    """Everything that a wire needs to know of the broker and of us."""

    address: Address
    client_id: str
    username: str
    password: str
    tls: ssl.SSLContext | None
    keepalive: int
    connect_timeout: float
    session_expiry: int
    will_topic: str
    """Empty: no last will."""
    will_payload: bytes


class WireEvents(Protocol):
    """What a wire tells of; always called on the event loop."""

    def acknowledged(self, mid: int, code: int) -> None:
        """The broker took the message (QoS 1), or refused it with a code from 0x80 on."""

    def subscribed(self, filters: Sequence[str], codes: Sequence[int]) -> None:
        """The broker answered a SUBSCRIBE, filter by filter."""

    def writable(self) -> None:
        """The wire is no longer congested."""

    def lost(self, reason: str) -> None:
        """The connection is gone; called once for each connection that was accepted."""


class Wire(Protocol):
    """One client library speaking one version of MQTT."""

    congested: bool
    """The socket does not take more at the moment."""

    async def connect(self, *, fresh: bool) -> Accepted:
        """Connect and wait for the broker's word; raise MqttError when it does not let us in.

        Args:
            fresh: begin a new session, forgetting what the broker kept for us.
        """

    def publish(self, topic: str, payload: bytes, qos: int, retain: bool, extras: Extras | None) -> int:
        """Send a message and return its id, which `acknowledged` repeats at QoS 1.

        Raises:
            ValueError: the topic or the size is not allowed.
        """

    def push(self) -> None:
        """Write what was published to the socket now, as far as it takes it."""

    def subscribe(self, wanted: Sequence[Subscribe]) -> None:
        """Ask for filters, in as few packets as can be."""

    def unsubscribe(self, filters: Sequence[str]) -> None:
        """Ask for filters no more."""

    async def disconnect(self) -> None:
        """Say good-bye, so that the last will is not sent, and close."""

    def close(self) -> None:
        """Drop the connection without a word."""


def link(settings: MqttSettings, will_topic: str, will_payload: bytes) -> Link:
    """Gather what a wire needs from the settings; raise ValueError or MqttError when they cannot be used."""
    address = broker_address(settings)
    return Link(
        address=address,
        client_id=client_id(settings),
        username=settings.username or address.username,
        password=settings.password or address.password,
        tls=tls_context(settings.tls or TlsSettings()) if address.tls else None,
        keepalive=settings.keepalive,
        connect_timeout=settings.connect_timeout,
        session_expiry=settings.session_expiry,
        will_topic=will_topic,
        will_payload=will_payload,
    )


def tls_context(settings: TlsSettings) -> ssl.SSLContext:
    """Return the TLS context of the settings; raise BrokerRefusedError naming the file that does not serve."""
    try:
        context = ssl.create_default_context(cafile=settings.ca or None)
    except (OSError, ssl.SSLError) as error:
        raise BrokerRefusedError(f"mqtt.tls.ca: cannot use {settings.ca}: {_why(error)}") from error
    if settings.ca:
        # from Python 3.13 on strict by default, which refuses what mosquitto's own guide makes (no key identifiers)
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if settings.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if settings.certificate:
        try:
            # a password is always given: without one OpenSSL would ask for it on the terminal
            context.load_cert_chain(settings.certificate, settings.key or None, lambda: settings.key_password)
        except (OSError, ssl.SSLError) as error:
            files = f"{settings.certificate} with {settings.key}" if settings.key else settings.certificate
            raise BrokerRefusedError(f"mqtt.tls.certificate: cannot use {files}: {_why(error)}") from error
    return context


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    if isinstance(error, PermissionError):
        return "it may not be read"
    return str(error)
