"""amqtt's broker with what it lacks mended; importing this costs 60 ms and 4 MB, so only `broker.py` does, when needed."""

from __future__ import annotations

import asyncio
import hmac
from typing import Any

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.broker import Broker, RetainedApplicationMessage
from amqtt.session import Session

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

    def restore(self, kept: dict[str, tuple[bytes, int]]) -> None:
        """Keep messages from before a restart: topic to payload and QoS."""
        for topic, (payload, qos) in kept.items():
            self.retained_messages.setdefault(topic, RetainedApplicationMessage(None, topic, payload, qos))

    def kept(self) -> dict[str, tuple[bytes, int]]:
        """Return the kept messages: topic to payload and QoS."""
        return {topic: (bytes(m.data), m.qos or 0) for topic, m in self.retained_messages.items() if m.data}

    async def stream_connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, listener_name: str
    ) -> None:
        """Refuse what is not MQTT 3.1.1 with the answer that makes clients try it.

        amqtt 0.12.1 reads all of a CONNECT before it looks at the version; one of MQTT 5 with a last will looks
        broken to it, and its client is left without an answer.
        """
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
