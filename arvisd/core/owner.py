"""Owners: whoever listens or runs tasks does it under an owner, and all of it ends when the owner stops."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self

_LOGGER = logging.getLogger(__name__)


class Owner:
    """Holds what must end together: subscriptions, timers, registrations and background tasks.

    Used as an async context manager it runs tasks in a TaskGroup of its own: leaving it undoes the
    registrations in reverse order, cancels the tasks and waits for them. A task that fails ends the
    whole owner, and the `async with` raises its error: a half-dead part is worse than a stopped one.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._undo: dict[int, Callable[[], object]] = {}
        self._next = 0
        self._group: asyncio.TaskGroup | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    def on_stop(self, undo: Callable[[], object]) -> Callable[[], None]:
        """Call `undo` when the owner stops, last registered first; the returned function forgets it again."""
        key = self._next
        self._next += 1
        self._undo[key] = undo

        def forget() -> None:
            self._undo.pop(key, None)

        return forget

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run a coroutine in the background, named `owner: name`; raise RuntimeError outside `async with`."""
        if self._group is None:
            work.close()
            raise RuntimeError(f"{self.name} has no running task group: enter the owner with 'async with' first")
        task = self._group.create_task(work, name=f"{self.name}: {name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def release(self) -> None:
        """Undo every registration now, last first; tasks are not touched."""
        while self._undo:
            _, undo = self._undo.popitem()
            try:
                undo()
            except Exception:  # the owner supervises its clean-up: one step that fails must not keep the rest
                _LOGGER.exception("%s: cleaning up failed", self.name)

    async def __aenter__(self) -> Self:
        self._group = asyncio.TaskGroup()
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._group is not None
        self.release()
        for task in self._tasks:
            task.cancel()
        if error is not None and not isinstance(error, asyncio.CancelledError):
            # the block's own error goes on as it is; only those of tasks come as a group
            kind = error = trace = None
        try:
            await self._group.__aexit__(kind, error, trace)
        finally:
            self._group = None
            self.release()
