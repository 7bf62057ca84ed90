"""An independent eye on the broker: Debian's mosquitto_sub, which knows nothing of this project."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from typing import Any, NamedTuple, Self

import pytest


class Seen(NamedTuple):
    """One message as mosquitto_sub saw it."""

    topic: str
    data: bytes
    retained: bool
    at: float
    """Monotonic seconds at which the test read it."""

    @property
    def json(self) -> Any:
        return json.loads(self.data)


class Watcher:
    """Collects every message under some filters until it is left."""

    def __init__(self, port: int, *filters: str) -> None:
        self.port = port
        self.filters = filters or ("#",)
        self.messages: list[Seen] = []
        self._news = asyncio.Condition()

    async def __aenter__(self) -> Self:
        program = shutil.which("mosquitto_sub")
        if program is None:
            pytest.skip("needs mosquitto_sub: apt install mosquitto-clients")
        arguments = [program, "-h", "127.0.0.1", "-p", str(self.port), "-q", "1", "-F", "%r %t %x"]
        for filter_ in self.filters:
            arguments += ["-t", filter_]
        self._process = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE, limit=1 << 24)
        self._reader = asyncio.create_task(self._read(), name="watcher")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._process.kill()
        await self._process.wait()
        self._reader.cancel()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            retained, rest = line.decode().rstrip("\n").split(" ", 1)
            topic, _, hexadecimal = rest.rpartition(" ")
            seen = Seen(topic, bytes.fromhex(hexadecimal), retained == "1", time.monotonic())
            async with self._news:
                self.messages.append(seen)
                self._news.notify_all()

    def of(self, topic: str) -> list[Seen]:
        """Return what came on a topic; a topic that ends with / stands for all below it."""
        return [m for m in self.messages if m.topic == topic or (topic.endswith("/") and m.topic.startswith(topic))]

    async def wait(self, topic: str, count: int = 1, within: float = 30.0, **fields: Any) -> Seen:
        """Return the count-th message on a topic whose JSON has these fields; fail with all that was seen."""

        def found() -> list[Seen]:
            return [m for m in self.of(topic) if not fields or fields.items() <= m.json.items()]

        try:
            async with asyncio.timeout(within), self._news:
                await self._news.wait_for(lambda: len(found()) >= count)
        except TimeoutError:
            listing = "\n".join(f"  {m.topic} {m.data[:200]!r}" for m in self.messages if "/audio" not in m.topic)
            pytest.fail(f"no message {count} on {topic} {fields or ''} within {within} s; seen:\n{listing}")
        return found()[count - 1]
