"""amqtt's broker with what it lacks mended; importing this costs 60 ms and 4 MB, so only `broker.py` does, when needed."""

from __future__ import annotations

import asyncio
import hmac
import logging
from typing import Any

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.broker import Broker, RetainedApplicationMessage
from amqtt.session import Session

from arvisd.core.clock import Clock

_LOGGER = logging.getLogger(__name__)

DELIVERY_SECONDS = 0.2
"""How long the last messages get to reach the clients."""

END_SECONDS = 1.0
"""How long the broker may take to stop by itself: the daemon has five seconds in all."""

_LEVEL_3_1_1 = 4
_CONNECT = 0x10
_WRONG_VERSION = bytes((0x20, 2, 0, 1))
"""CONNACK "unacceptable protocol version" (MQTT 3.1.1, section 3.2.2.3), which clients of MQTT 5 understand too."""


class MendedBroker(Broker):  # type: ignore[misc]  # amqtt is not typed
    """A broker for this machine, or for whoever knows the password."""

    def __init__(self, host: str, port: int, username: str, password: str) -> None:
        bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        super().__init__({"listeners": {"default": {"type": "tcp", "bind": bind}}, "plugins": {}})
        self._username = username
        self._password = password
        self._connections: set[asyncio.Task[Any]] = set()

    def restore(self, kept: dict[str, tuple[bytes, int]]) -> None:
        """Keep messages from before a restart: topic to payload and QoS."""
        for topic, (payload, qos) in kept.items():
            self.retained_messages.setdefault(topic, RetainedApplicationMessage(None, topic, payload, qos))

    def kept(self) -> dict[str, tuple[bytes, int]]:
        """Return the kept messages: topic to payload and QoS."""
        return {topic: (bytes(m.data), m.qos or 0) for topic, m in self.retained_messages.items() if m.data}

    async def end(self, clock: Clock) -> None:
        """Stop, whatever the clients do.

        amqtt 0.12.1 now and then waits for ever for the handler of a client that is still connected.
        """
        # what was acknowledged to its sender (our own `offline`) is still on its way to the others
        await clock.sleep(DELIVERY_SECONDS)
        try:
            await clock.wait_for(self.shutdown(), END_SECONDS)
        except TimeoutError:
            _LOGGER.debug("amqtt did not stop in %.1f s: its connections are cut", END_SECONDS)
            for server in self._servers.values():
                server.instance.close()
            await self._shutdown_broadcast_loop()
        for connection in self._connections:
            connection.cancel()
        if self._connections:
            await asyncio.wait(self._connections, timeout=END_SECONDS)

    async def shutdown(self) -> None:
        """Stop listening, then close every connection.

        amqtt 0.12.1 does it the other way round: a client that comes back at once is let in and never closed.
        """
        for server in self._servers.values():
            if server.instance is not None:
                server.instance.close()
        await super().shutdown()

    async def stream_connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listener_name: str
    ) -> None:
        """Refuse what is not MQTT 3.1.1 with the answer that makes clients try it.

        amqtt 0.12.1 reads all of a CONNECT before it looks at the version; one of MQTT 5 with a last will looks
        broken to it, and its client is left without an answer.
        """
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        try:
            begin = await reader.readexactly(1)
            while len(begin) == 1 or (begin[-1] & 0x80 and len(begin) < 5):
                begin += await reader.readexactly(1)
            begin += await reader.readexactly(7)
        except (asyncio.IncompleteReadError, OSError):
            writer.close()
            return
        if begin[0] != _CONNECT or begin[-7:-1] != b"\0\4MQTT" or begin[-1] != _LEVEL_3_1_1:
            writer.write(_WRONG_VERSION)
            writer.close()
            return
        await self._client_connected(listener_name, _Begun(begin, reader), StreamWriterAdapter(writer))

    async def _authenticate(self, session: Session, _: Any) -> bool:
        if not self._username:
            session.is_anonymous = True
            return True
        return hmac.compare_digest((session.username or "").encode(), self._username.encode()) and hmac.compare_digest(
            _text(session.password).encode(), self._password.encode()
        )

    async def _topic_filtering(self, session: Session, topic: str, action: Any) -> bool:
        """Everybody who is let in may use every topic; without this each message makes tasks to ask no plug-ins."""
        return True

    async def _publish_retained_messages_for_subscription(
        self, subscription: tuple[str, int], session: Session
    ) -> None:
        """Send kept messages only for what the session itself subscribed to.

        On every connect amqtt 0.12.1 walks over the subscriptions of all clients and sends the kept messages
        that match any of them to the one that has just come, before it subscribed to anything.
        """
        if any(other is session for other, _ in self.subscriptions.get(subscription[0], ())):
            await super()._publish_retained_messages_for_subscription(subscription, session)


class _Begun(StreamReaderAdapter):  # type: ignore[misc]
    """A stream of which the first bytes have been read."""

    def __init__(self, begin: bytes, reader: asyncio.StreamReader) -> None:
        super().__init__(reader)
        self._begin = begin

    async def read(self, n: int = -1) -> bytes:
        if self._begin and n != -1:
            data, self._begin = self._begin[:n], self._begin[n:]
            return data if len(data) == n else data + await super().read(n - len(data))
        return bytes(await super().read(n))


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value or ""
