"""Fixtures for tests that speak with a real broker: clients that run and stop with the test, and a watcher of their own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

import pytest

from arvisd.core.bus import Message
from arvisd.core.clock import SystemClock
from arvisd.core.events import LogEntry
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.mqtt.client import MqttClient
from arvisd.mqtt.mirror import Mirror
from arvisd.mqtt.settings import MqttSettings
from arvisd.mqtt.wire import Extras, Subscribe

PATIENCE = 20.0
"""Seconds after which a test gives up on something that takes milliseconds on an idle machine."""


async def until(condition: Callable[[], object], what: str = "the condition") -> None:
    """Wait until something is so; fail, saying what, when it never is."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while not condition():
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"{what} did not come about")
        await asyncio.sleep(0.005)


class Received:
    """One message as a plain client got it."""

    def __init__(self, topic: str, payload: bytes, replay: bool, qos: int, extras: Extras | None) -> None:
        self.topic = topic
        self.payload = payload
        self.replay = replay
        self.qos = qos
        self.extras = extras

    def __repr__(self) -> str:
        return f"{self.topic}={self.payload!r}{' (replay)' if self.replay else ''}"


class Watcher:
    """An independent client that keeps everything it receives."""

    def __init__(self, client: MqttClient) -> None:
        self.client = client
        self.messages: list[Received] = []
        client.on_message = lambda *message: self.messages.append(Received(*message))

    def payloads(self, topic: str) -> list[bytes]:
        """The payloads that came on a topic, in order."""
        return [message.payload for message in self.messages if message.topic == topic]

    def last(self, topic: str) -> bytes | None:
        """The last payload of a topic."""
        return next(iter(reversed(self.payloads(topic))), None)


class Daemon:
    """A hub with its client and mirror: as much of a daemon as MQTT needs."""

    def __init__(self, settings: MqttSettings, *, threaded: bool | None = None) -> None:
        self.hub = Hub(SystemClock(), root=settings.root)
        self.owner = Owner(f"daemon {settings.root}")
        self.reports: list[str] = []
        """What a person would be told."""
        self.client = MqttClient(
            settings,
            self.hub.clock,
            threaded=threaded,
            randomness=lambda: 0.0,
        )
        self.mirror = Mirror(self.hub, self.client)
        self.mirror.start(self.owner)
        self.hub.bus.subscribe(self.hub.topics.log("+"), self._told, self.owner)

    def _told(self, message: Message) -> None:
        self.reports.append(message.decode(LogEntry).message)

    def listen(self, filter_: str) -> list[Message]:
        """Subscribe at the broker too, and return the list that fills with what comes."""
        messages: list[Message] = []
        self.hub.bus.subscribe(filter_, messages.append, self.owner, remote=True)
        return messages

    def hold(self) -> asyncio.Event:
        """Let the client not connect again, but for its attempt at once, until the event is set."""
        go = asyncio.Event()

        async def wait(delay: float) -> None:
            await go.wait()

        self.client._pause = wait  # type: ignore[method-assign]
        return go

    async def settled(self) -> None:
        """Wait until everything sent has been acknowledged."""
        await until(lambda: self.client.waiting == 0, "that nothing waits for the broker")


class Clients:
    """Starts clients and daemons, and stops them all at the end of the test."""

    def __init__(self, stack: contextlib.AsyncExitStack) -> None:
        self._stack = stack
        self._number = 0

    async def run(self, client: MqttClient, *, online: bool = True) -> MqttClient:
        """Run a client until the end of the test."""
        owner = await self._stack.enter_async_context(Owner("test client"))
        owner.spawn(client.run(), "connection")
        self._stack.push_async_callback(client.stop)
        if online:
            assert await client.wait_online(PATIENCE), f"the client is not online: {client.detail}"
        return client

    async def watch(self, url: str, *filters: str, **settings: object) -> Watcher:
        """Start an independent client that listens to these filters."""
        self._number += 1
        options = {"client_id": f"watcher{self._number}", "root": f"watcher{self._number}", **settings}
        watcher = Watcher(MqttClient(MqttSettings(broker=url, **options), SystemClock(), randomness=lambda: 0.0))  # type: ignore[arg-type]
        watcher.client.subscribe(*(Subscribe(filter_) for filter_ in filters))
        await self.run(watcher.client)
        return watcher

    async def daemon(
        self, url: str, *, online: bool = True, threaded: bool | None = None, **settings: object
    ) -> Daemon:
        """Start a hub, a client and a mirror."""
        daemon = Daemon(MqttSettings(broker=url, **settings), threaded=threaded)  # type: ignore[arg-type]
        await self._stack.enter_async_context(daemon.owner)
        await self.run(daemon.client, online=online)
        return daemon


@pytest.fixture
async def clients() -> AsyncIterator[Clients]:
    """Starts clients and daemons, and stops them all at the end of the test."""
    async with contextlib.AsyncExitStack() as stack:
        yield Clients(stack)


@pytest.fixture(params=["paho", "paho-3.1.1", "paho-thread", "aiomqtt"])
def wire(request: pytest.FixtureRequest) -> dict[str, object]:
    """Options for `Clients.daemon`: every wire, and both versions of MQTT over the default one."""
    name: str = request.param
    return {
        "library": name.split("-")[0],
        "protocol": "3.1.1" if name == "paho-3.1.1" else "auto",
        "threaded": True if name == "paho-thread" else None,
    }
