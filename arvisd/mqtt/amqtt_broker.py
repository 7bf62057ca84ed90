"""amqtt's broker with what it lacks mended; importing this costs 60 ms and 4 MB, so only `broker.py` does, when needed."""

from __future__ import annotations

import hmac
from typing import Any

from amqtt.broker import Broker, RetainedApplicationMessage
from amqtt.session import Session


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


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value or ""
