"""The connection to the broker: the one module that others use to send and receive over MQTT.

It hides which library carries the messages and which version of MQTT the broker speaks. Publishing
never waits and never raises: what cannot go out now waits in a bounded queue.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Sequence

import msgspec

from arvisd.core.clock import Clock
from arvisd.mqtt.backoff import REFUSED, Backoff
from arvisd.mqtt.connector import Connector
from arvisd.mqtt.errors import FAILURE, BrokerRefusedError, MqttError
from arvisd.mqtt.outbox import Outbox, Outgoing
from arvisd.mqtt.settings import MqttSettings, broker_address, client_id
from arvisd.mqtt.status import Counts, Status
from arvisd.mqtt.suspicion import Suspicion
from arvisd.mqtt.wire import Accepted, Extras, Received, Subscribe, Wire

_LOGGER = logging.getLogger(__name__)

ONLINE = b"online"
OFFLINE = b"offline"
STOP_TIMEOUT = 2.0
FIRST_SECONDS = 5.0
"""How long after the start the first connection is waited for; on the same machine it takes 10 ms."""
"""Seconds within which a clean stop must have delivered `offline`; then the broker's last will does it."""
PACKET_MARGIN = 64
"""Bytes of a PUBLISH beside its topic and payload, properties without a response topic included."""

__all__ = ["OFFLINE", "ONLINE", "Counts", "MqttClient", "Status"]

Report = Callable[[str, str], object]
"""Tells a person: level and message."""


def _nobody(topic: str, payload: bytes, replay: bool, qos: int, extras: Extras | None) -> None:
    """Take a message that nobody wants."""


class MqttClient:
    """Keeps one connection to one broker for as long as `run` runs."""

    def __init__(
        self,
        settings: MqttSettings,
        clock: Clock,
        *,
        report: Report | None = None,
        presence: bool = True,
        threaded: bool | None = None,
        randomness: Callable[[], float] | None = None,
    ) -> None:
        """Prepare a client.

        Args:
            settings: the `mqtt:` section.
            clock: times the waits between attempts.
            report: is told what a person should know.
            presence: be the daemon of this root: publish `online` and `offline` on its status topic.
            threaded: give paho a thread of its own; None: only where the event loop cannot watch sockets.
            randomness: spreads the waits; for tests.
        """
        self._settings = settings
        self._clock = clock
        self.report: Report | None = report
        """Is told what a person should know: level and message; the mirror sets it where nobody else did."""
        self._backoff = Backoff(randomness) if randomness else Backoff()
        self._suspicion = Suspicion()
        self.status_topic = f"{settings.root}/status" if presence else ""
        self._connector = Connector(settings, self.status_topic, OFFLINE, self._receive, self, threaded=threaded)
        self.on_message: Received = _nobody
        """Gets every message: topic, payload, whether it is a replay of a kept one, QoS, extras."""
        self.on_connected: Callable[[Accepted], object] = lambda accepted: None
        """Called when the broker has let us in, before anything is subscribed or sent."""
        self.on_granted: Callable[[str], object] = lambda filter_: None
        """Called with each filter that the broker grants."""
        self.on_denied: Callable[[str], object] = lambda filter_: None
        """Called with each filter to which the broker does not let us subscribe."""
        self.on_sending: Callable[[str, bytes], object] | None = None
        """Called with each message that goes out, where somebody must know: topic and payload."""
        self.retained: Callable[[], Iterable[tuple[str, bytes]]] = lambda: ()
        """Gives the states to send again after every connect: topic and payload."""
        self.status = Status.OFFLINE
        self.detail = ""
        """Why it is not online."""
        self.counts = Counts()
        self.accepted: Accepted | None = None
        """What the broker said when it let us in."""
        self._filters: dict[str, Subscribe] = {}
        self._stale: set[str] = set()
        """Filters given up while offline: a broker that kept our session still has them."""
        self._outbox = Outbox(settings.queue.messages, settings.queue.bytes)
        self._in_flight: dict[int, Outgoing] = {}
        self._open = False
        self._window = settings.in_flight
        self._lost: asyncio.Future[str] | None = None
        self._wake = asyncio.Event()
        self._online = asyncio.Event()
        self._drained: asyncio.Event | None = None
        """There while somebody waits for everything to be acknowledged."""
        self._stopping = False
        self._first_until = 0.0
        """Until when the first connection is waited for by who would lose what is published before it."""
        self._said = ""
        self._dropped_before = 0
        self._audio_before = 0
        self._dropping = False

    # ---- what others call

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        qos: int = 1,
        retain: bool = False,
        response_topic: str | None = None,
        correlation: bytes | None = None,
        expiry: int | None = None,
    ) -> None:
        """Send a message, now or when the broker is back; never waits and never raises."""
        if response_topic is None and correlation is None and expiry is None:
            message: Outgoing = (topic, payload, qos, retain, None, None)
        else:
            deadline = None if expiry is None else self._clock.monotonic() + expiry
            message = (topic, payload, qos, retain, Extras(response_topic, correlation, expiry), deadline)
        wire = self._connector.wire
        if (
            self._open
            and wire is not None
            and not wire.congested
            and len(self._in_flight) < self._window
            and not self._outbox
        ):
            self._send(wire, message)
        else:
            self._keep(message)

    def is_busy(self) -> bool:
        """Tell whether what is published now waits: for the broker's acknowledgements, or for the first connection."""
        if self._open:
            return bool(self._outbox) or len(self._in_flight) >= self._window
        return self._clock.monotonic() < self._first_until

    def push(self) -> None:
        """Write what was published to the socket now, not at the end of this turn of the event loop; never waits."""
        if self._open and self._wire is not None:
            self._wire.push()

    def subscribe(self, *wanted: Subscribe) -> None:
        """Ask for filters, now and after every reconnect; asking again for one replaces how it is asked for."""
        for one in wanted:
            self._filters[one.filter] = one
            self._stale.discard(one.filter)
        if self._open and self._wire is not None and wanted:
            self._wire.subscribe(wanted)

    def unsubscribe(self, *filters: str) -> None:
        """Ask for filters no more."""
        known = [filter_ for filter_ in filters if self._filters.pop(filter_, None) is not None]
        if self._open and self._wire is not None:
            if known:
                self._wire.unsubscribe(known)
        else:
            self._stale.update(known)

    @property
    def _wire(self) -> Wire | None:
        return self._connector.wire

    @property
    def waiting(self) -> int:
        """How many messages wait to be sent or acknowledged."""
        return len(self._outbox) + len(self._in_flight)

    async def wait_online(self, seconds: float) -> bool:
        """Wait until the broker has let us in; tell whether it did in time."""
        try:
            await self._clock.wait_for(self._online.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def flush(self, seconds: float) -> bool:
        """Wait until the broker has acknowledged everything; tell whether it did in time."""
        if not self.waiting:
            return True
        self._drained = self._drained or asyncio.Event()
        try:
            await self._clock.wait_for(self._drained.wait(), seconds)
        except TimeoutError:
            return not self.waiting
        return True

    async def run(self) -> None:
        """Connect, and connect again whenever the connection is lost, until `stop`."""
        self._first_until = self._clock.monotonic() + FIRST_SECONDS
        try:
            while not self._stopping:
                delay = await self._one_connection()
                if not self._stopping and delay > 0:
                    await self._pause(delay)
        finally:
            self._open = False
            self._online.clear()
            self.status = Status.OFFLINE
            self._connector.drop()

    async def stop(self, seconds: float = STOP_TIMEOUT) -> None:
        """Send what waits and `offline`, and end `run`; where that takes too long the last will says `offline`."""
        wire = self._wire
        if self._open and wire is not None and not self._stopping:
            if self.status_topic:
                self._keep((self.status_topic, OFFLINE, 1, True, None, None))
                self._pump()
            if await self.flush(seconds):
                self._stopping = True
                with contextlib.suppress(TimeoutError):
                    await self._clock.wait_for(wire.disconnect(), seconds)
            else:
                _LOGGER.warning("%d messages did not reach the broker in %g s", self.waiting, seconds)
        self._stopping = True
        self._open = False
        self._wake.set()
        if self._lost is not None and not self._lost.done():
            self._lost.set_result("stopped")

    # ---- what the wire tells

    def acknowledged(self, mid: int, code: int) -> None:
        """The broker took a message, or refused it."""
        message = self._in_flight.pop(mid, None)
        if code >= FAILURE and message is not None:
            self._deny(message[0], code)
        if self._outbox or self._suspicion.careful:
            self._pump()
        elif self._drained is not None and not self._in_flight:
            self._say_drained()

    def subscribed(self, filters: Sequence[str], codes: Sequence[int]) -> None:
        """The broker answered a SUBSCRIBE."""
        for filter_, code in zip(filters, codes, strict=False):
            if code < FAILURE:
                self.on_granted(filter_)
                continue
            self.on_denied(filter_)
            self._tell(
                f"the broker does not let us subscribe to {filter_} (code {code}): check its access rules for the user "
                f"{self._settings.username!r}"
            )

    def writable(self) -> None:
        """The wire takes more again."""
        self._pump()

    def lost(self, reason: str) -> None:
        """The connection is gone."""
        self._open = False
        self._online.clear()
        if self._lost is not None and not self._lost.done():
            self._lost.set_result(reason)

    # ---- connecting

    async def _one_connection(self) -> float:
        """Hold one connection until it is lost; return how long to wait before the next."""
        if not self.detail:
            self.status = Status.CONNECTING
        lost = self._lost = asyncio.get_running_loop().create_future()
        try:
            accepted = await self._connector.connect(fresh=self.accepted is None)
        except MqttError as error:
            return self._failed(error)
        if self._stopping:
            return 0.0
        began = self._clock.monotonic()
        self._opened(accepted)
        reason = await lost
        self._online.clear()
        self.status = Status.OFFLINE
        self.detail = reason
        lasted = self._clock.monotonic() - began
        self._backoff.lasted(lasted)
        if not self._stopping:
            self._suspect(lasted)
            _LOGGER.warning("the broker is gone (%s): connecting again", reason)
        return self._backoff.next()

    def _suspect(self, lasted: float) -> None:
        """Look for the reason when connections do not last."""
        if self._suspicion.lost(lasted, self._in_flight):
            self._tell(
                f"the connections to {broker_address(self._settings)} do not last: "
                f"does another client use the client id {client_id(self._settings)!r}?"
            )
        if self._suspicion.careful:
            self._connector.drop()  # so that nothing is sent again but by us, one at a time
        if (given_up := self._suspicion.convicted(self._in_flight)) is not None:
            self.counts.invalid += 1
            topic, payload = given_up[:2]
            self._tell(f"the broker hangs up whenever it gets {len(payload)} bytes for {topic:.100}: they are given up")

    def _opened(self, accepted: Accepted) -> None:
        """Subscribe, say `online`, send the states again, then what waited."""
        assert self._wire is not None
        self.accepted = accepted
        self.status = Status.ONLINE
        self.detail = ""
        self._said = ""
        self.counts.connections += 1
        limit = min(self._settings.in_flight, accepted.receive_maximum)
        self._window = 1 if self._suspicion.careful else limit
        if not accepted.resent and self._in_flight:
            self._outbox.put_back(self._in_flight.values())
            self._in_flight.clear()
        _LOGGER.info(
            "connected to %s, MQTT %s, by %s",
            broker_address(self._settings),
            "5" if self._connector.v5 else "3.1.1",
            self._settings.library,
        )
        self.on_connected(accepted)
        if self._stale and accepted.session_present:
            self._wire.unsubscribe(list(self._stale))
        self._stale.clear()
        if self._filters:
            wanted = list(self._filters.values())
            if not accepted.session_present:
                wanted = [msgspec.structs.replace(one, replay=True) for one in wanted]
            self._wire.subscribe(wanted)
        states: list[Outgoing] = [(self.status_topic, ONLINE, 1, True, None, None)] if self.status_topic else []
        states += [(topic, payload, 1, True, None, None) for topic, payload in self.retained()]
        self._outbox.put_states_first(states)
        self._open = self._lost is not None and not self._lost.done()
        self._first_until = 0.0
        self._pump()
        self._online.set()

    def _failed(self, error: MqttError) -> float:
        refused = isinstance(error, BrokerRefusedError)
        self.status = Status.REFUSED if refused else Status.OFFLINE
        self.detail = str(error)
        if self.detail != self._said:  # once, not at every attempt
            self._said = self.detail
            _LOGGER.error("%s; trying again every %g s", error, REFUSED) if refused else _LOGGER.warning("%s", error)
        return REFUSED if refused else self._backoff.next()

    async def _pause(self, delay: float) -> None:
        self._wake.clear()
        timer = self._clock.call_later(delay, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            timer.cancel()

    # ---- sending and receiving

    def _receive(self, topic: str, payload: bytes, replay: bool, qos: int, extras: Extras | None) -> None:
        self.counts.received += 1
        self.on_message(topic, payload, replay, qos, extras)

    def _send(self, wire: Wire, message: Outgoing) -> None:
        topic, payload, qos, retain, extras, _ = message
        try:
            if self.accepted is not None and len(payload) + len(topic) + PACKET_MARGIN > self.accepted.maximum_packet:
                raise ValueError(
                    f"{len(payload)} bytes are more than the broker takes ({self.accepted.maximum_packet})"
                )
            if not topic or "\0" in topic:
                raise ValueError("a topic must not be empty nor hold a null character")  # the broker would hang up
            mid = wire.publish(topic, payload, qos, retain, extras)
        except ValueError as error:
            self.counts.invalid += 1
            _LOGGER.error("cannot publish to %.100s: %s", topic, error)  # noqa: TRY400  # the text says all
            return
        self.counts.sent += 1
        if qos:
            self._in_flight[mid] = message
        if self.on_sending is not None:
            self.on_sending(topic, payload)

    def _pump(self) -> None:
        """Send what waits for as long as the broker and the socket take it."""
        wire, outbox = self._wire, self._outbox
        if wire is None or not self._open:
            return
        while outbox and len(self._in_flight) < self._window and not wire.congested:
            message = outbox.pop()
            if message[5] is not None and message[5] <= self._clock.monotonic():
                self.counts.expired += 1
            else:
                self._send(wire, message)
        if not outbox:
            self._dropping = False
            if self._suspicion.careful and not self._in_flight and self.accepted is not None:
                self._suspicion.careful = False
                self._window = min(self._settings.in_flight, self.accepted.receive_maximum)
            if self.counts.dropped != self._dropped_before or self.counts.audio_dropped != self._audio_before:
                self._say_what_was_dropped()
        if self._drained is not None and not self.waiting:
            self._say_drained()

    def _say_drained(self) -> None:
        if self._drained is not None:
            self._drained.set()
            self._drained = None

    def _keep(self, message: Outgoing) -> None:
        if not self._open and not message[2] and message[0].endswith(("/audio", "/audio/in")):
            self.counts.audio_dropped += 1  # nobody wants to hear it later
            return
        dropped = self._outbox.add(message)
        if dropped:
            self.counts.dropped += dropped
            if not self._dropping:
                self._dropping = True
                _LOGGER.warning(
                    "%d messages wait for the broker and there is room for no more: the oldest events are dropped",
                    len(self._outbox),
                )

    def _say_what_was_dropped(self) -> None:
        dropped = self.counts.dropped - self._dropped_before
        audio = self.counts.audio_dropped - self._audio_before
        self._dropped_before, self._audio_before = self.counts.dropped, self.counts.audio_dropped
        sound = f" and {audio} packets of audio" if audio else ""
        self._tell(f"while the broker was away or slow {dropped} messages{sound} were dropped")

    def _deny(self, topic: str, code: int) -> None:
        prefix = "/".join(topic.split("/", 2)[:2])
        self.counts.denied[prefix] += 1
        if self.counts.denied[prefix] == 1:
            self._tell(
                f"the broker does not take what is published under {prefix}/ (code {code}): "
                f"check its access rules for the user {self._settings.username!r}"
            )

    def _tell(self, message: str) -> None:
        _LOGGER.warning("%s", message)
        if self.report is not None:
            self.report("warning", message)
