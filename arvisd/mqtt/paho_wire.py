"""paho-mqtt driven by the event loop: no thread, no queue in between.

paho is told of an outside event loop (`on_socket_register_write`), so that nothing is written while a
message is handled: what a batch of received messages caused goes out together at its end.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import deque
from collections.abc import Sequence
from typing import Any, cast

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from arvisd.mqtt.daemon_thread import in_daemon_thread
from arvisd.mqtt.errors import BrokerUnreachableError, MqttError, no_answer, refusal, unreachable
from arvisd.mqtt.paho_properties import (
    connect_properties,
    publish_properties,
    received_extras,
    subscribe_properties,
    subscribe_topics,
)
from arvisd.mqtt.wire import Accepted, Extras, Link, Received, Subscribe, WireEvents

_LOGGER = logging.getLogger(__name__)

READS_PER_TURN = 64
"""Packets taken from the socket before other work gets its turn."""
FILTERS_PER_SUBSCRIBE = 500
"""Some brokers limit the size of a packet; 500 filters are about 20 kB."""
RECENT = 256
"""Received messages remembered to recognise what the broker sends again after a resumed session."""
RECENT_BYTES = 256
"""Of each of them, so much of the payload."""
KEEPALIVE_CHECKS = 6
"""So many checks within one keepalive: a broker closes at one and a half."""


class PahoWire:
    """One paho client; it is kept over reconnects, so that it sends again what was not acknowledged."""

    def __init__(self, link: Link, received: Received, events: WireEvents, *, v5: bool) -> None:
        self.congested = False
        self._link = link
        self._received = received
        self._events = events
        self._v5 = v5
        self._loop = asyncio.get_running_loop()
        self._client: paho.Client | None = None
        self._verdict: asyncio.Future[Accepted] | None = None
        self._up = False
        self._attached = False
        self._reading = False
        self._in_paho = False
        self._arrived: deque[tuple[str, bytes, bool, int, Extras | None]] = deque()
        """What paho has read and nobody was told of yet."""
        self._flush_due = False
        self._progress = False
        self._misc: asyncio.TimerHandle | None = None
        self._pending: dict[int, list[str]] = {}
        self._recent: deque[tuple[int, str, bytes]] = deque(maxlen=RECENT)
        self._resumed = False

    # ---- the life of a connection

    async def connect(self, *, fresh: bool) -> Accepted:
        """Connect and wait for the broker's word; raise MqttError when it does not let us in."""
        resent = self._client is not None
        client = self._client = self._client or self._new_client()
        self._verdict = self._loop.create_future()
        self._pending.clear()
        properties = connect_properties(self._link.session_expiry) if self._v5 else None

        def dial() -> None:
            address = self._link.address
            clean = fresh if self._v5 else paho.MQTT_CLEAN_START_FIRST_ONLY
            client.connect(address.host, address.port, self._link.keepalive, clean_start=clean, properties=properties)

        try:
            # the name look-up, the connect and the TLS handshake of paho block
            async with asyncio.timeout(self._link.connect_timeout * 2):
                await in_daemon_thread(dial, "mqtt-connect")
        except (OSError, TimeoutError) as error:
            self._abandon()
            raise unreachable(error, str(self._link.address)) from error
        except BaseException:
            self._abandon()
            raise
        try:
            async with asyncio.timeout(self._link.connect_timeout):
                self._attach()
                accepted = await self._verdict
        except TimeoutError as error:
            self._abandon()
            raise no_answer(str(self._link.address)) from error
        except MqttError:
            self._detach()
            raise
        except BaseException:
            self._abandon()
            raise
        self._resumed = accepted.session_present
        if not accepted.session_present:
            self._recent.clear()
        return Accepted(
            accepted.session_present,
            resent,
            accepted.receive_maximum,
            accepted.identifiers,
            accepted.no_local,
            accepted.maximum_packet,
        )

    async def disconnect(self) -> None:
        """Say good-bye, so that the last will is not sent, and close."""
        if self._client is not None and self._up:
            self._up = False  # the loss that follows is wanted
            self._client.disconnect()
            if self._attached:
                self._client.loop_write()
        self.close()

    def close(self) -> None:
        """Drop the connection without a word."""
        self._up = False
        self._abandon()

    def _abandon(self) -> None:
        """Drop the client; what it had in flight is for the caller to send again."""
        self._detach()
        client, self._client = self._client, None
        if client is not None:
            client.on_disconnect = client.on_connect = None
            client.on_socket_open = _refuse  # a thread may still be connecting: it must not take our session over
            sock = client.socket()
            if sock is not None:
                sock.close()

    def _attach(self) -> None:
        assert self._client is not None
        sock = self._client.socket()
        if sock is None:
            raise BrokerUnreachableError(f"the broker at {self._link.address} closed the connection")
        self._attached = True
        self._flush_due = False
        self._loop.add_reader(sock.fileno(), self._readable)
        self._flush()
        self._check_keepalive()

    def _detach(self) -> None:
        self._attached = False
        self.congested = False
        if self._misc is not None:
            self._misc.cancel()
            self._misc = None
        sock = self._client.socket() if self._client is not None else None
        if sock is not None and sock.fileno() >= 0:
            self._loop.remove_reader(sock.fileno())
            self._loop.remove_writer(sock.fileno())

    def _new_client(self) -> paho.Client:
        link = self._link
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=link.client_id,
            clean_session=None if self._v5 else True,
            protocol=paho.MQTTv5 if self._v5 else paho.MQTTv311,
            reconnect_on_failure=False,
        )
        client.connect_timeout = link.connect_timeout
        client.max_inflight_messages_set(0)  # our own window decides: paho's costs a walk over all of them for each
        client.max_queued_messages_set(0)
        if link.username or link.password:
            client.username_pw_set(link.username, link.password or None)
        if link.tls is not None:
            client.tls_set_context(link.tls)
            client.tls_insecure_set(not link.tls.check_hostname)
        if link.will_topic:
            client.will_set(link.will_topic, link.will_payload, 1, retain=True)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message_v5 if self._v5 else self._on_message
        client.on_socket_open = self._on_socket_open
        client.on_socket_close = self._on_socket_close
        self._drive(client)
        return client

    def _drive(self, client: paho.Client) -> None:
        client.on_socket_register_write = self._on_register_write

    # ---- what others ask for

    def publish(self, topic: str, payload: bytes, qos: int, retain: bool, extras: Extras | None) -> int:
        """Send a message and return its id."""
        assert self._client is not None
        properties = None
        if extras is not None and self._v5:
            properties = publish_properties(extras)
        info = self._client.publish(topic, payload, qos, retain, properties)
        while info.rc == MQTTErrorCode.MQTT_ERR_QUEUE_SIZE:  # that id is still in flight: take the next one
            info = self._client.publish(topic, payload, qos, retain, properties)
        return info.mid

    def subscribe(self, wanted: Sequence[Subscribe]) -> None:
        """Ask for filters; those without an identifier share packets."""
        plain = [one for one in wanted if not one.identifier]
        for start in range(0, len(plain), FILTERS_PER_SUBSCRIBE):
            self._subscribe(plain[start : start + FILTERS_PER_SUBSCRIBE], 0)
        for one in wanted:
            if one.identifier:
                self._subscribe([one], one.identifier)

    def unsubscribe(self, filters: Sequence[str]) -> None:
        """Ask for filters no more."""
        assert self._client is not None
        for start in range(0, len(filters), FILTERS_PER_SUBSCRIBE):
            self._client.unsubscribe(list(filters[start : start + FILTERS_PER_SUBSCRIBE]))

    def _subscribe(self, wanted: Sequence[Subscribe], identifier: int) -> None:
        assert self._client is not None
        topics = subscribe_topics(wanted, v5=self._v5)
        _, mid = self._client.subscribe(topics, properties=subscribe_properties(identifier))
        if mid is not None:
            self._pending[mid] = [one.filter for one in wanted]

    # ---- the socket on the event loop

    def _readable(self) -> None:
        client = self._client
        if client is None or not self._attached:
            return
        self._reading = first = True
        try:
            for _ in range(READS_PER_TURN):
                self._progress = False
                if self._read(client) or not self._progress:
                    break
                if first and self._flush_due:  # the answer to a single message does not wait for the look at the next
                    self._flush()
                first = False
        finally:
            self._reading = False
        if self._attached:
            if self._flush_due:
                self._flush()
            self._read_what_tls_holds()

    def _read(self, client: paho.Client) -> bool:
        """Let paho read, then hand over what came: outside of paho, so that what it causes may be written at once."""
        self._in_paho = True
        try:
            failed = bool(client.loop_read())
        finally:
            self._in_paho = False
        while self._arrived:
            self._received(*self._arrived.popleft())
        return failed

    def _hand(self, topic: str, payload: bytes, replay: bool, qos: int, extras: Extras | None) -> None:
        if self._in_paho:
            self._arrived.append((topic, payload, replay, qos, extras))
        else:
            self._received(topic, payload, replay, qos, extras)

    def _read_what_tls_holds(self) -> None:
        """Come back for bytes that OpenSSL has already taken from the socket: nobody will say they are there."""
        if self._link.tls is not None and self._client is not None:
            sock: Any = self._client.socket()
            if sock is not None and sock.pending():
                self._loop.call_soon(self._readable)

    def push(self) -> None:
        """Write what was published to the socket now, as far as it takes it; not from within paho, which would lock."""
        if self._flush_due and not self._in_paho:
            self._flush()

    def _flush(self) -> None:
        self._flush_due = False
        client = self._client
        if client is None or not self._attached:
            return
        client.loop_write()
        if client.want_write() and self._attached:
            if not self.congested:
                self.congested = True
                self._loop.add_writer(client.socket().fileno(), self._flush)  # type: ignore[union-attr]
        elif self.congested:
            self.congested = False
            sock = client.socket()
            if sock is not None:
                self._loop.remove_writer(sock.fileno())
            self._events.writable()

    def _check_keepalive(self) -> None:
        if self._client is None or not self._attached:
            return
        self._misc = self._loop.call_later(max(0.5, self._link.keepalive / KEEPALIVE_CHECKS), self._check_keepalive)
        self._client.loop_misc()

    # ---- paho's callbacks

    def _on_socket_open(self, client: paho.Client, userdata: Any, sock: Any) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _on_socket_close(self, client: paho.Client, userdata: Any, sock: Any) -> None:
        if self._attached and sock.fileno() >= 0:
            self._loop.remove_reader(sock.fileno())
            self._loop.remove_writer(sock.fileno())

    def _on_register_write(self, client: paho.Client, userdata: Any, sock: Any) -> None:
        if self._attached and not self._flush_due:
            self._flush_due = True
            if not self._reading:
                self._loop.call_soon(self._flush)

    def _on_connect(
        self,
        client: paho.Client,
        userdata: Any,
        flags: paho.ConnectFlags,
        code: ReasonCode,
        properties: Properties | None,
    ) -> None:
        self._progress = True
        self._decide(flags, code, properties)

    def _decide(self, flags: paho.ConnectFlags, code: ReasonCode, properties: Properties | None) -> None:
        if self._verdict is None or self._verdict.done():
            return
        if code.is_failure:
            self._verdict.set_exception(
                refusal(code.value, code.getName(), str(self._link.address), self._link.username)
            )
            return
        self._up = True
        self._verdict.set_result(
            Accepted(
                session_present=flags.session_present,
                resent=False,
                receive_maximum=getattr(properties, "ReceiveMaximum", 65535),
                identifiers=self._v5 and bool(getattr(properties, "SubscriptionIdentifierAvailable", 1)),
                no_local=self._v5,
                maximum_packet=getattr(properties, "MaximumPacketSize", 268_435_455),
            )
        )

    def _on_disconnect(
        self,
        client: paho.Client,
        userdata: Any,
        flags: paho.DisconnectFlags,
        code: ReasonCode,
        properties: Properties | None,
    ) -> None:
        self._gone(code.getName().lower(), said=flags.is_disconnect_packet_from_server)

    def _gone(self, reason: str, *, said: bool) -> None:
        self._detach()
        if self._verdict is not None and not self._verdict.done():
            self._verdict.set_exception(no_answer(str(self._link.address)))
            return
        if self._up:
            self._up = False
            self._events.lost(f"the broker says: {reason}" if said else "the connection broke")

    def _on_publish(
        self, client: paho.Client, userdata: Any, mid: int, code: ReasonCode, properties: Properties
    ) -> None:
        self._progress = True
        self._events.acknowledged(mid, code.value)

    def _on_subscribe(
        self, client: paho.Client, userdata: Any, mid: int, codes: list[ReasonCode], properties: Properties
    ) -> None:
        self._progress = True
        filters = self._pending.pop(mid, None)
        if filters is not None:
            self._events.subscribed(filters, [code.value for code in codes])

    def _on_message(self, client: paho.Client, userdata: Any, message: paho.MQTTMessage) -> None:
        self._progress = True
        try:
            topic = message.topic
        except UnicodeDecodeError:
            return  # MQTT 3.1.1, section 1.5.3: a topic is UTF-8; whoever sent this is broken
        self._hand(topic, cast("bytes", message.payload), message.retain, message.qos, None)

    def _on_message_v5(self, client: paho.Client, userdata: Any, message: paho.MQTTMessage) -> None:
        self._progress = True
        try:
            topic = message.topic
        except UnicodeDecodeError:
            return
        payload = cast("bytes", message.payload)
        if message.qos:
            seen = (message.mid, topic, payload if len(payload) <= RECENT_BYTES else payload[:RECENT_BYTES])
            if message.dup and self._resumed and seen in self._recent:
                return  # it came before the connection was lost, and only our acknowledgement did not arrive
            self._recent.append(seen)
        self._hand(topic, payload, message.retain, message.qos, received_extras(message.properties))


def _refuse(client: paho.Client, userdata: Any, sock: Any) -> None:
    sock.close()
    raise ConnectionAbortedError("given up")
