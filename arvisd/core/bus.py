"""Publish and subscribe within the process, addressed like MQTT topics.

The addresses are the real MQTT topics, so that one place, the mirror in `arvisd.mqtt`, connects both
worlds: what is published here goes out, what arrives there is published here with `Origin.REMOTE`.
Topics that begin with `$` stay within the process.
"""

from __future__ import annotations

import enum
import logging
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from arvisd.core.filter_tree import FilterTree
from arvisd.core.owner import Owner
from arvisd.core.topics import check_filter, filter_matches

_LOGGER = logging.getLogger(__name__)
_ENCODER = msgspec.json.Encoder()

Payload = msgspec.Struct | bytes
"""What a message carries: a struct where it was made in this process, bytes where it came from outside or is raw."""

P = TypeVar("P")


class Origin(enum.Enum):
    """Where a message came from."""

    LOCAL = "local"
    REMOTE = "remote"


class Message(msgspec.Struct, frozen=True, gc=False):
    """One published message."""

    topic: str
    """Full MQTT topic."""
    payload: Payload
    """A struct or bytes; `data` gives the bytes of either."""
    retain: bool = False
    """Published here: whether it is kept. Received from a broker: whether it is a replay of a kept one."""
    qos: int = 1
    """MQTT quality of service, 0 or 1."""
    origin: Origin = Origin.LOCAL
    previous: Payload | None = None
    """For a kept topic: the payload that this one takes the place of."""
    response_topic: str | None = None
    """MQTT 5: where the answer is wanted."""
    correlation: bytes | None = None
    """MQTT 5: what the answer must repeat."""
    expiry: int | None = None
    """MQTT 5: seconds after which nobody wants it any more."""

    @property
    def data(self) -> bytes:
        """The payload as bytes; a struct is encoded as JSON."""
        payload = self.payload
        return payload if isinstance(payload, bytes) else _ENCODER.encode(payload)

    def decode(self, type_: type[P]) -> P:
        """Return the payload as that type; raise msgspec.ValidationError or DecodeError with the reason."""
        if isinstance(self.payload, type_):
            return self.payload
        return msgspec.json.decode(self.data, type=type_)


Listener = Callable[[Message], object]
"""Called on the event loop, in the order of publishing; must not block."""


class Subscription:
    """One listener under one filter; `remote` asks the broker for it too."""

    __slots__ = ("_bus", "active", "filter", "listener", "owner", "remote")

    def __init__(self, bus: Bus, filter_: str, listener: Listener, owner: Owner, *, remote: bool) -> None:
        self._bus = bus
        self.filter = filter_
        self.listener = listener
        self.owner = owner
        self.remote = remote
        self.active = True

    def cancel(self) -> None:
        """Stop listening; from now on no message reaches the listener, not even one already queued."""
        if self.active:
            self.active = False
            self._bus.forget(self)


class Bus:
    """Delivers messages to listeners, each message to all of them before the next one.

    A message published from within a listener waits until the current one has reached everybody: all
    listeners see the same order. A listener that raises is logged with its owner, and the others still
    get the message.
    """

    def __init__(self) -> None:
        self._tree: FilterTree[Subscription] = FilterTree()
        self._retained: dict[str, Message] = {}
        self._remote: dict[str, int] = {}
        self._queue: deque[Message] = deque()
        self._draining = False
        self.on_remote_filter: Callable[[str, bool], object] | None = None
        """Set by the mirror: told of every filter that begins (True) or ceases (False) to need the broker."""
        self.on_remote_subscription: Callable[[Subscription], object] | None = None
        """Set by the mirror: told of every new subscription that asks the broker, also under a filter already asked for:
        its listener still wants the messages that the broker keeps."""
        self.current: Message | None = None
        """The message that is being delivered."""
        self.on_flush: Callable[[], object] | None = None
        """Set by the mirror: sends to the broker what waits for the end of this turn of the event loop."""
        self.is_busy: Callable[[], bool] | None = None
        """Set by the mirror: tells whether the broker is there and takes no more at the moment."""
        self.failures = 0
        """How many times a listener raised."""

    def publish(
        self,
        topic: str,
        payload: Payload,
        *,
        retain: bool = False,
        qos: int = 1,
        expiry: int | None = None,
    ) -> None:
        """Publish from within the process; listeners have run when this returns, unless called from one."""
        self.deliver(Message(topic, payload, retain, qos, expiry=expiry))

    def deliver(self, message: Message) -> None:
        """Hand a whole message to the listeners, keeping it first if it is local and to be kept."""
        if message.retain and message.origin is Origin.LOCAL:
            message = self._keep(message)
        self._queue.append(message)
        if self._draining:
            return
        self._draining = True
        try:
            while self._queue:
                self._dispatch(self._queue.popleft())
        finally:
            self._draining = False
            self.current = None

    @property
    def busy(self) -> bool:
        """Whether what is published now waits for the broker to acknowledge what came before; not while it is away."""
        return self.is_busy is not None and self.is_busy()

    def flush(self) -> None:
        """Send what was published, before something is written that takes it for sent; never waits."""
        if self.on_flush is not None:
            self.on_flush()

    def subscribe(
        self, filter_: str, listener: Listener, owner: Owner, *, remote: bool = False, replay: bool = False
    ) -> Subscription:
        """Call `listener` for every message that matches, until the owner stops.

        Args:
            filter_: MQTT topic filter, with `+` and `#`.
            listener: gets each `Message`.
            owner: its stop cancels the subscription.
            remote: also ask the broker for these topics.
            replay: first give the kept messages that match, as retained ones.

        Raises:
            ValueError: the filter is not valid.
        """
        check_filter(filter_)
        subscription = Subscription(self, filter_, listener, owner, remote=remote)
        self._tree.add(filter_, subscription)
        if remote:
            self._remote[filter_] = self._remote.get(filter_, 0) + 1
            if self._remote[filter_] == 1 and self.on_remote_filter is not None:
                self.on_remote_filter(filter_, True)
            if self.on_remote_subscription is not None:
                self.on_remote_subscription(subscription)
        owner.on_stop(subscription.cancel)
        if replay:
            for message in self.retained(filter_):
                self._call(subscription, message)
        return subscription

    def retained(self, filter_: str = "#") -> list[Message]:
        """Return the kept messages of this process that match, in the order in which their topics first came."""
        if "+" not in filter_ and "#" not in filter_:
            found = self._retained.get(filter_)
            return [found] if found else []
        return [kept for topic, kept in self._retained.items() if filter_matches(filter_, topic)]

    def subscriptions(self, topic: str) -> list[Subscription]:
        """Return the subscriptions whose filter matches a topic."""
        return self._tree.match(topic)

    def hand(self, subscription: Subscription, message: Message) -> None:
        """Give a message to one listener alone: what the others have had before it came."""
        if subscription.active:
            self._call(subscription, message)

    @property
    def remote_filters(self) -> list[str]:
        """The filters that need the broker."""
        return list(self._remote)

    def _keep(self, message: Message) -> Message:
        before = self._retained.get(message.topic)
        if before is not None:
            message = msgspec.structs.replace(message, previous=before.payload)
        if message.payload == b"":
            self._retained.pop(message.topic, None)
        else:
            # the kept copy drops its own `previous`, or each topic would hold its whole history
            self._retained[message.topic] = msgspec.structs.replace(message, previous=None) if before else message
        return message

    def _dispatch(self, message: Message) -> None:
        self.current = message
        for subscription in self._tree.match(message.topic):
            if subscription.active:
                self._call(subscription, message)

    def _call(self, subscription: Subscription, message: Message) -> None:
        try:
            subscription.listener(message)
        except Exception:  # the bus supervises its listeners: one that fails must not cost the others the message
            self.failures += 1
            _LOGGER.exception("a listener of %s failed on %s", subscription.owner.name, message.topic)

    def forget(self, subscription: Subscription) -> None:
        """Take a subscription away; `Subscription.cancel` is the way to ask for it."""
        self._tree.remove(subscription.filter, subscription)
        if subscription.remote:
            self._remote[subscription.filter] -= 1
            if not self._remote[subscription.filter]:
                del self._remote[subscription.filter]
                if self.on_remote_filter is not None:
                    self.on_remote_filter(subscription.filter, False)


def raw(value: Any) -> bytes:
    """Encode plain data as the JSON bytes of a payload."""
    return _ENCODER.encode(value)
