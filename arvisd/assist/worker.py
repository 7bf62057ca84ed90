"""One thread of its own for the detectors of one site: never the shared pool, where a slow model would wait for others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

T = TypeVar("T")


class Worker(Protocol):
    """Runs functions one after the other, away from the event loop."""

    async def run(self, function: Callable[[], T]) -> T:
        """Return what the function returns, or raise what it raises."""

    def close(self) -> None:
        """Take no more work."""


class ThreadWorker:
    """One thread; it is started with the first function."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def run(self, function: Callable[[], T]) -> T:
        """Return what the function returns, or raise what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, function)

    def close(self) -> None:
        """Take no more work; what is running ends by itself."""
        self._executor.shutdown(wait=False, cancel_futures=True)


WorkerFactory = Callable[[str], Worker]
"""Makes the worker of one site, given a name for its thread."""
