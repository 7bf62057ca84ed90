"""aiomqtt as a wire: a new client for each connection, one task for each message on its way.

aiomqtt does not tell the broker's reason codes for published messages nor the limits the broker named,
and does not resume a session: what was not acknowledged is sent again by `client.py`.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Coroutine, Sequence
from typing import Any

import aiomqtt
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.client import MQTT_CLEAN_START_FIRST_ONLY
from paho.mqtt.reasoncodes import ReasonCode

from arvisd.mqtt.errors import BrokerUnreachableError, MqttError, no_answer, refusal, unreachable
from arvisd.mqtt.paho_properties import publish_properties, received_extras, subscribe_properties, subscribe_topics
from arvisd.mqtt.paho_wire import FILTERS_PER_SUBSCRIBE
from arvisd.mqtt.wire import Accepted, Extras, Link, Received, Subscribe, WireEvents

_LOGGER = logging.getLogger(__name__)

CONGESTED_AT = 256
"""So many messages on their way and the wire takes no more; at QoS 0 nothing else limits them."""
UNACKNOWLEDGED = 20
"""aiomqtt hides the broker's receive maximum; this is mosquitto's, the smallest in use."""
UNLIMITED = 86_400.0
"""Seconds to wait for an acknowledgement: the end of the connection ends the wait, not a clock."""


class AiomqttWire:
    """One aiomqtt client a connection."""

    def __init__(self, link: Link, received: Received, events: WireEvents, *, v5: bool) -> None:
        self.congested = False
        self._link = link
        self._received = received
        self._events = events
        self._v5 = v5
        self._client: aiomqtt.Client | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._next = 0
        self._up = False

    async def connect(self, *, fresh: bool) -> Accepted:
        """Connect and wait for the broker's word; the session always begins anew."""
        link = self._link
        client = aiomqtt.Client(
            link.address.host,
            link.address.port,
            identifier=link.client_id,
            username=link.username or None,
            password=link.password or None,
            protocol=aiomqtt.ProtocolVersion.V5 if self._v5 else aiomqtt.ProtocolVersion.V311,
            clean_session=None if self._v5 else True,
            clean_start=True if self._v5 else MQTT_CLEAN_START_FIRST_ONLY,
            will=aiomqtt.Will(link.will_topic, link.will_payload, 1, retain=True) if link.will_topic else None,
            tls_context=link.tls,
            tls_insecure=not link.tls.check_hostname if link.tls is not None else None,
            keepalive=link.keepalive,
            timeout=link.connect_timeout,
            max_inflight_messages=UNACKNOWLEDGED,
            socket_options=((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
        )
        client.pending_calls_threshold = CONGESTED_AT * 2
        try:
            await client.__aenter__()
        except MqttConnectError as error:
            code = error.rc if isinstance(error.rc, int) else getattr(error.rc, "value", 0x80)
            raise refusal(code, _name(error.rc), str(link.address), link.username) from error
        except aiomqtt.MqttError as error:
            raise self._why(error) from error
        except OSError as error:
            raise unreachable(error, str(link.address)) from error
        self._client = client
        self._up = True
        self._spawn(self._read(client), "mqtt read")
        return Accepted(
            session_present=False,
            resent=False,
            receive_maximum=UNACKNOWLEDGED,
            identifiers=self._v5,
            no_local=self._v5,
        )

    def publish(self, topic: str, payload: bytes, qos: int, retain: bool, extras: Extras | None) -> int:
        """Begin to send a message and return its id; tasks begin in the order in which they were made."""
        if "+" in topic or "#" in topic or not topic:
            raise ValueError("a topic to publish to must not be empty nor hold a wildcard")
        if len(topic.encode()) > 65535:
            raise ValueError("a topic has at most 65,535 bytes")
        self._next += 1
        self._spawn(self._publish(self._next, topic, payload, qos, retain, extras), "mqtt publish")
        self.congested = len(self._tasks) > CONGESTED_AT
        return self._next

    def push(self) -> None:
        """Nothing can be hurried here: each message is a task."""

    def subscribe(self, wanted: Sequence[Subscribe]) -> None:
        """Ask for filters; those without an identifier share packets."""
        plain = [one for one in wanted if not one.identifier]
        for start in range(0, len(plain), FILTERS_PER_SUBSCRIBE):
            self._spawn(self._subscribe(plain[start : start + FILTERS_PER_SUBSCRIBE], 0), "mqtt subscribe")
        for one in wanted:
            if one.identifier:
                self._spawn(self._subscribe([one], one.identifier), "mqtt subscribe")

    def unsubscribe(self, filters: Sequence[str]) -> None:
        """Ask for filters no more."""
        assert self._client is not None
        self._spawn(self._call(self._client.unsubscribe(list(filters), timeout=UNLIMITED)), "mqtt unsubscribe")

    async def disconnect(self) -> None:
        """Say good-bye, so that the last will is not sent, and close."""
        self._up = False
        if self._client is not None:
            client, self._client = self._client, None
            await self._call(client.__aexit__(None, None, None))
        self.close()

    def close(self) -> None:
        """Drop the connection without a word."""
        self._up = False
        for task in self._tasks:
            task.cancel()
        if self._client is not None:
            self._drop(self._client)
            self._client = None

    def _drop(self, client: aiomqtt.Client) -> None:
        # aiomqtt has no way to close without a DISCONNECT, and with one the last will would not be sent
        sock: Any = client._client.socket()  # noqa: SLF001
        if sock is not None and sock.fileno() >= 0:
            loop = asyncio.get_running_loop()
            loop.remove_reader(sock.fileno())
            loop.remove_writer(sock.fileno())
            sock.close()

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOGGER.error("%s failed", task.get_name(), exc_info=error)
        if self.congested and self._up and len(self._tasks) <= CONGESTED_AT // 2:
            self.congested = False
            self._events.writable()

    async def _publish(
        self, mid: int, topic: str, payload: bytes, qos: int, retain: bool, extras: Extras | None
    ) -> None:
        assert self._client is not None
        properties = publish_properties(extras) if extras is not None and self._v5 else None
        try:
            await self._client.publish(topic, payload, qos, retain, properties, timeout=UNLIMITED)
        except aiomqtt.MqttError:
            return  # the connection is lost: whoever asked still holds the message
        if qos:
            self._events.acknowledged(mid, 0)

    async def _subscribe(self, wanted: Sequence[Subscribe], identifier: int) -> None:
        assert self._client is not None
        topics = subscribe_topics(wanted, v5=self._v5)
        properties = subscribe_properties(identifier)
        try:
            codes = await self._client.subscribe(topics, properties=properties, timeout=UNLIMITED)
        except aiomqtt.MqttError:
            return
        self._events.subscribed(
            [one.filter for one in wanted], [code if isinstance(code, int) else code.value for code in codes]
        )

    async def _call(self, call: Coroutine[Any, Any, None]) -> None:
        try:
            await call
        except aiomqtt.MqttError as error:
            _LOGGER.debug("%s", error)

    async def _read(self, client: aiomqtt.Client) -> None:
        reason = "the connection broke"
        try:
            async for message in client.messages:
                self._received(
                    message.topic.value,
                    message.payload if isinstance(message.payload, bytes) else b"",
                    message.retain,
                    message.qos,
                    received_extras(message.properties) if self._v5 else None,
                )
        except aiomqtt.MqttError as error:
            reason = str(error)
        if self._up:
            self._up = False
            self._client = None
            for task in self._tasks:
                if task is not asyncio.current_task():
                    task.cancel()
            self._events.lost(reason)

    def _why(self, error: aiomqtt.MqttError) -> MqttError:
        address = str(self._link.address)
        if "timed out" in str(error).lower():
            # a broker that hangs up on an unknown version leaves aiomqtt waiting for its answer
            return no_answer(address)
        return BrokerUnreachableError(f"cannot reach the broker at {address}: {error}")


def _name(code: Any) -> str:
    return code.getName() if isinstance(code, ReasonCode) else str(code)
