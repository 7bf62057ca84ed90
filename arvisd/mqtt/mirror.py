"""Connects the bus and the broker: what is published here goes out, what others publish comes in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

from arvisd.core.bus import Message, Origin, Subscription
from arvisd.core.filter_tree import FilterTree
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.mqtt.client import MqttClient, Status
from arvisd.mqtt.coverage import covers, is_wild, plan
from arvisd.mqtt.echoes import Echoes
from arvisd.mqtt.wire import Accepted, Extras, Subscribe

QUICK_SYNC = 0.005
SYNC_REST = 9.0
"""Which filters to ask for is worked out over all of them, 5 µs each: with ten thousand devices that is done a tenth
of the time, not at each of them."""

CONNECTED = "$mqtt/connected"
"""Topic within the process: told of every connection to the broker."""

FRESH_FOR = 10.0
"""Seconds after asking in which the broker sends the kept messages to a new listener."""
REMEMBERED = 100_000
"""Topics whose last payload is remembered; beyond that all are forgotten, and a replay may come to be told twice."""


class Mirror:
    """The one place where messages cross between the process and the broker.

    Kept messages that the broker replays reach a listener once: a replay that says nothing new (a further
    subscription made the broker send it again, or a reconnect) is given only to listeners that began
    since. After a reconnect those that changed meanwhile are given to all.
    """

    def __init__(self, hub: Hub, client: MqttClient) -> None:
        self._hub = hub
        self._bus = hub.bus
        self._clock = hub.clock
        self._client = client
        self._refused: frozenset[str] = frozenset()
        """Filters that the broker does not grant, since this connection began."""
        self._identifiers: dict[str, int] = {}
        self._asked: dict[str, int] = {}
        """What the broker was asked for: filter to identifier, 0 for none."""
        self._copies: FilterTree[int] = FilterTree()
        """Identifiers of the subscriptions that overlap."""
        self._echoes: Echoes | None = None
        self._own: FilterTree[int] = FilterTree()
        self._last: dict[str, int] = {}
        """Hash of the last payload of each topic that came in."""
        self._fresh: dict[Subscription, set[str]] = {}
        """New listeners, with the topics of which they have had the kept message."""
        self._new: list[Subscription] = []
        """Those of them for which the broker has not been asked yet."""
        self._sync_due = False
        self._sync_cost = 0.0
        """Seconds that the last look at all filters took, where there were many."""

    def start(self, owner: Owner) -> None:
        """Begin to mirror, until the owner stops; call it before the client runs."""
        client, bus = self._client, self._bus
        client.on_message = self._incoming
        client.on_connected = self._connected
        client.on_denied = self._denied
        client.retained = self._states
        if client.report is None:
            client.report = self._report
        bus.on_remote_filter = lambda filter_, on: self._sync_soon()
        bus.on_remote_subscription = self._began
        bus.on_flush = client.push
        bus.is_busy = client.is_busy
        owner.on_stop(self._stop)
        bus.subscribe("#", self._outgoing, owner)

    def _stop(self) -> None:
        self._bus.on_remote_filter = None
        self._bus.on_remote_subscription = None
        self._bus.on_flush = None
        self._bus.is_busy = None

    def _report(self, level: str, message: str) -> None:
        self._hub.report(level, "mqtt", message)

    # ---- out

    def _outgoing(self, message: Message) -> None:
        if message.origin is Origin.LOCAL:
            self._client.publish(
                message.topic,
                message.data,
                qos=message.qos,
                retain=message.retain,
                response_topic=message.response_topic,
                correlation=message.correlation,
                expiry=message.expiry,
            )

    def _states(self) -> Iterator[tuple[str, bytes]]:
        for message in self._bus.retained():
            if not message.topic.startswith("$"):
                yield message.topic, message.data

    def _sending(self, topic: str, payload: bytes) -> None:
        if self._echoes is not None and self._own.match(topic):
            self._echoes.expect(topic, payload, self._clock.monotonic())

    # ---- in

    def _incoming(self, topic: str, payload: bytes, replay: bool, qos: int, extras: Extras | None) -> None:
        if extras is None:
            if self._echoes and not replay and self._echoes.take(topic, payload, self._clock.monotonic()):
                return
            if not replay:
                self._last[topic] = hash(payload)
                if self._fresh:
                    self._note(topic)
                self._bus.deliver(Message(topic, payload, False, qos, Origin.REMOTE))
                return
            self._replayed(Message(topic, payload, True, qos, Origin.REMOTE))
            return
        message = Message(
            topic,
            payload,
            replay,
            qos,
            Origin.REMOTE,
            None,
            extras.response_topic,
            extras.correlation,
            extras.expiry,
        )
        if replay:
            self._replayed(message)
        elif not extras.subscriptions or self._is_first_copy(topic, extras.subscriptions):
            self._last[topic] = hash(payload)
            if self._fresh:
                self._note(topic)
            self._bus.deliver(message)

    def _is_first_copy(self, topic: str, identifiers: tuple[int, ...]) -> bool:
        matching = self._copies.match(topic)
        return not matching or min(matching) in identifiers

    def _note(self, topic: str) -> None:
        """New listeners have had this topic: a replay of the same says nothing new to them."""
        for subscription in self._bus.subscriptions(topic):
            had = self._fresh.get(subscription)
            if had is not None:
                had.add(topic)

    def _replayed(self, message: Message) -> None:
        """Give a kept message to those who have not had it."""
        topic = message.topic
        if self._bus.retained(topic):
            return  # the topic is ours: what we keep is the truth, and the broker's copy perhaps from before
        digest = hash(message.payload)
        known = self._last.get(topic) == digest
        self._last[topic] = digest
        waiting = [s for s in self._bus.subscriptions(topic) if s in self._fresh] if self._fresh else []
        if not known:
            self._bus.deliver(message)
        for subscription in waiting:
            had = self._fresh[subscription]
            if topic not in had:
                had.add(topic)
                if known:
                    self._bus.hand(subscription, message)

    # ---- subscriptions

    def _connected(self, accepted: Accepted) -> None:
        if len(self._last) > REMEMBERED:
            self._last.clear()
        if accepted.no_local:
            self._echoes = None
            self._client.on_sending = None
        else:
            self._echoes = self._echoes or Echoes()
            self._echoes.extend(self._clock.monotonic())
            self._client.on_sending = self._sending
        self._refused = frozenset()
        self._fresh = {subscription: set() for subscription in self._new}
        before, self._asked = self._asked, {}
        self._client.unsubscribe(*before)
        self._sync(accepted, before if accepted.session_present else {})
        self._bus.publish(CONNECTED, b"")

    def _began(self, subscription: Subscription) -> None:
        self._fresh[subscription] = set()
        self._new.append(subscription)
        self._sync_soon()

    def _sync_soon(self) -> None:
        """Ask the broker once for all that changes in this turn of the event loop."""
        if not self._sync_due and self._client.status is Status.ONLINE:
            self._sync_due = True
            if self._sync_cost:
                self._clock.call_later(self._sync_cost * SYNC_REST, self._sync_now)
            else:
                asyncio.get_running_loop().call_soon(self._sync_now)

    def _sync_now(self) -> None:
        self._sync_due = False
        if self._client.status is Status.ONLINE and self._client.accepted is not None:
            began = time.perf_counter()
            self._sync(self._client.accepted, self._asked)
            cost = time.perf_counter() - began
            # a few filters are asked for at once, as ever
            self._sync_cost = cost if cost > QUICK_SYNC else 0.0

    def _sync(self, accepted: Accepted, had: dict[str, int]) -> None:
        """Ask the broker for what listeners want now.

        Args:
            accepted: what the broker can.
            had: the filters, with their identifiers, that it has from us already.
        """
        wishes = plan(self._bus.remote_filters, identifiers=accepted.identifiers, refused=self._refused)
        wanted = dict.fromkeys(wishes.alone, 0)
        for filter_ in sorted(wishes.overlapping):
            wanted[filter_] = self._identifiers.setdefault(filter_, len(self._identifiers) + 1)
        self._copies = _tree({filter_: number for filter_, number in wanted.items() if number})
        if not accepted.no_local:
            self._own = _tree(wanted)
        again = self._filters_of_new_listeners(wanted) if had else set()
        ask = [
            Subscribe(filter_, 1, number, replay=filter_ in again or had.get(filter_) != number)
            for filter_, number in wanted.items()
            if filter_ in again or self._asked.get(filter_) != number
        ]
        gone = [filter_ for filter_ in self._asked if filter_ not in wanted]
        self._asked = wanted
        # first the new ones: a message between would be lost the other way round
        self._client.subscribe(*ask)
        self._client.unsubscribe(*gone)
        if self._new:
            new, self._new = self._new, []
            self._clock.call_later(FRESH_FOR, lambda: self._no_longer_fresh(new))

    def _filters_of_new_listeners(self, wanted: dict[str, int]) -> set[str]:
        """Return the filters to ask for again, so that the broker sends what it keeps to those who have just come."""
        found = set()
        wild = [filter_ for filter_ in wanted if is_wild(filter_)]
        for subscription in self._new:
            if not subscription.active:
                continue
            if subscription.filter in wanted:
                found.add(subscription.filter)
            else:
                found.update(filter_ for filter_ in wild if covers(filter_, subscription.filter))
        return found

    def _no_longer_fresh(self, subscriptions: list[Subscription]) -> None:
        for subscription in subscriptions:
            self._fresh.pop(subscription, None)

    def _denied(self, filter_: str) -> None:
        """Do without a filter that the broker refused; narrower ones that it stood for may be granted."""
        self._refused |= {filter_}
        self._sync_soon()


def _tree(filters: dict[str, int]) -> FilterTree[int]:
    tree: FilterTree[int] = FilterTree()
    for filter_, value in filters.items():
        tree.add(filter_, value)
    return tree
