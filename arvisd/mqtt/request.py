"""A light client for the command line: talks to the running daemon over MQTT and waits for its answers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from arvisd.core.actions import ActionRequest, ActionResult, Target
from arvisd.core.bus import raw
from arvisd.core.clock import Clock, SystemClock
from arvisd.core.errors import ActionError
from arvisd.core.filter_tree import FilterTree
from arvisd.core.ids import new_id
from arvisd.core.owner import Owner
from arvisd.core.topics import Topics
from arvisd.mqtt.client import ONLINE, MqttClient, Status
from arvisd.mqtt.errors import BrokerUnreachableError, NoDaemonError
from arvisd.mqtt.settings import MqttSettings, broker_address
from arvisd.mqtt.wire import Extras, Subscribe

STATUS_TIMEOUT = 1.0
"""Seconds within which a broker must have sent the kept `status`, once we are subscribed."""


class RemoteActionError(ActionError):
    """The daemon did not do an action; `code` and the text are its own."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class RemoteMessage(msgspec.Struct, frozen=True):
    """A message that came for one of our filters."""

    topic: str
    payload: bytes
    retain: bool
    """It is a replay of a kept message."""


class Remote:
    """The running daemon, seen from outside; used with `async with`.

    Entering raises MqttError when the broker cannot be reached and NoDaemonError when there is no
    daemon at it.
    """

    def __init__(
        self,
        settings: MqttSettings,
        *,
        clock: Clock | None = None,
        address_file: Path | None = None,
        need_daemon: bool = True,
    ) -> None:
        """Prepare.

        Args:
            settings: the daemon's own `mqtt:` section.
            clock: times the waits.
            address_file: where the embedded broker wrote its address; read when no broker is configured.
            need_daemon: refuse to go on when no daemon is online.
        """
        self.topics = Topics(settings.root)
        self._embedded = not settings.broker
        if self._embedded:
            settings = embedded_settings(settings, address_file)
        self._settings = msgspec.structs.replace(settings, client_id=f"arvisd-cli-{new_id()}", session_expiry=0)
        self._clock = clock or SystemClock()
        self._need_daemon = need_daemon
        self._client = MqttClient(self._settings, self._clock, presence=False)
        self._client.on_message = self._received
        self._client.on_granted = self._granted
        self._listeners: FilterTree[Callable[[RemoteMessage], object]] = FilterTree()
        self._grants: dict[str, asyncio.Event] = {}
        self._owner = Owner("mqtt request")

    async def __aenter__(self) -> Self:
        await self._owner.__aenter__()
        try:
            self._owner.spawn(self._client.run(), "connection")
            if (
                not await self._client.wait_online(self._settings.connect_timeout)
                or self._client.status is not Status.ONLINE
            ):
                address = broker_address(self._settings)
                if self._embedded:
                    raise NoDaemonError(f"no arvisd is running here, at {address}: start it with 'arvisd run'")
                raise BrokerUnreachableError(self._client.detail or f"the broker at {address} does not answer in time")
            if self._need_daemon:
                await self._look_for_daemon()
        except BaseException:
            await self._client.stop()
            await self._owner.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.stop()
        await self._owner.__aexit__(kind, error, trace)

    async def action(
        self,
        name: str,
        data: dict[str, Any] | None = None,
        target: Target | dict[str, Any] | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109  # it is sent along as the expiry
    ) -> Any:
        """Have an action done and return its result.

        Raises:
            RemoteActionError: it did not happen; its code says why.
            NoDaemonError: no answer came in time.
        """
        id_ = new_id()
        topic = self.topics.result(id_)
        wanted = target if isinstance(target, Target) else msgspec.convert(target or {}, Target)
        async with self.listening(topic) as answers:
            self._client.publish(
                self.topics.action(name),
                raw(ActionRequest(data or {}, wanted, id_)),
                response_topic=topic,
                correlation=id_.encode(),
                expiry=max(1, int(timeout)),
            )
            try:
                message = await self._clock.wait_for(answers.get(), timeout)
            except TimeoutError:
                raise NoDaemonError(
                    f"{name}: no answer from the daemon within {timeout:g} s ({broker_address(self._settings)})"
                ) from None
        result = msgspec.json.decode(message.payload, type=ActionResult)
        if result.error is not None:
            raise RemoteActionError(result.error.code, result.error.message)
        return result.result

    async def publish(
        self, topic: str, payload: Any, *, qos: int = 1, retain: bool = False, seconds: float = 10.0
    ) -> None:
        """Publish bytes, text, or anything else as JSON, and wait until the broker has it."""
        if isinstance(payload, str):
            payload = payload.encode()
        self._client.publish(topic, payload if isinstance(payload, bytes) else raw(payload), qos=qos, retain=retain)
        if not await self._client.flush(seconds):
            raise BrokerUnreachableError(
                f"the broker at {broker_address(self._settings)} did not take the message in time"
            )

    async def messages(self, filter_: str) -> AsyncIterator[RemoteMessage]:
        """Yield the messages for a filter, kept ones first; close the iterator to end."""
        async with self.listening(filter_) as messages:
            while True:
                yield await messages.get()

    @contextlib.asynccontextmanager
    async def listening(self, filter_: str) -> AsyncIterator[asyncio.Queue[RemoteMessage]]:
        """Give a queue of the messages for a filter; when the block begins, the broker has granted it."""
        messages: asyncio.Queue[RemoteMessage] = asyncio.Queue()
        listener = messages.put_nowait
        self._listeners.add(filter_, listener)
        granted = self._grants[filter_] = asyncio.Event()
        self._client.subscribe(Subscribe(filter_))
        try:
            with contextlib.suppress(TimeoutError):  # a broker that refuses says so in the log
                await self._clock.wait_for(granted.wait(), self._settings.connect_timeout)
            yield messages
        finally:
            self._listeners.remove(filter_, listener)
            self._client.unsubscribe(filter_)

    async def _look_for_daemon(self) -> None:
        async with self.listening(self.topics.status) as messages:
            with contextlib.suppress(TimeoutError):
                while True:
                    message = await self._clock.wait_for(messages.get(), STATUS_TIMEOUT)
                    if message.payload == ONLINE:
                        return
                    break
        raise NoDaemonError(
            f"no arvisd is online at {broker_address(self._settings)} under the root {self._settings.root!r}: "
            "start it with 'arvisd run', or check mqtt.broker and mqtt.root"
        )

    def _received(self, topic: str, payload: bytes, replay: bool, qos: int, extras: Extras | None) -> None:
        message = RemoteMessage(topic, payload, replay)
        for listener in self._listeners.match(topic):
            listener(message)

    def _granted(self, filter_: str) -> None:
        if filter_ in self._grants:
            self._grants.pop(filter_).set()


def embedded_settings(settings: MqttSettings, address_file: Path | None) -> MqttSettings:
    """Return settings that lead to the embedded broker, at the address that it wrote down when its port was taken."""
    address = ""
    if address_file is not None:
        with contextlib.suppress(OSError):
            address = address_file.read_text(encoding="utf-8").strip()
    return msgspec.structs.replace(
        settings,
        broker=address or str(broker_address(settings)),
        username=settings.username or settings.embedded.username,
        password=settings.password or settings.embedded.password,
        protocol="3.1.1",
        tls=None,
    )
