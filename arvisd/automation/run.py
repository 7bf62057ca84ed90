"""One run of an automation: from its trigger to its one ending."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from arvisd.automation import trace as outcomes
from arvisd.automation.errors import AutomationError
from arvisd.automation.scope import Scope
from arvisd.automation.signals import BlockEnd, RunAbort, RunCancelled, RunStop
from arvisd.automation.trace import Trace
from arvisd.core.context import Context
from arvisd.core.errors import ArvisError
from arvisd.core.hub import Hub

if TYPE_CHECKING:
    from arvisd.automation.automation import Automation
    from arvisd.automation.registry import Condition
    from arvisd.automation.steps.block import Block

_LOGGER = logging.getLogger("arvisd.automation")


class Run:
    """A run; without a step that waits it begins and ends within `start`, and no task is made."""

    __slots__ = (
        "_begun",
        "_ended",
        "_task",
        "automation",
        "cleanups",
        "context",
        "hub",
        "id",
        "outcome",
        "response",
        "result",
        "scope",
        "stopping",
        "trace",
    )

    def __init__(self, automation: Automation, hub: Hub, scope: Scope, context: Context, trace: Trace) -> None:
        self.automation = automation
        self.hub = hub
        self.id = context.id
        self.context = context
        """Cause of all that the run does."""
        self.scope = scope
        self.trace = trace
        self.outcome = ""
        """How it ended, one of the words in `arvisd.automation.trace`; empty until then."""
        self.response: str | None = None
        """What `set_conversation_response` left to be said."""
        self.result: Any = None
        """What `stop` gave back."""
        self.stopping = False
        self.cleanups: list[Callable[[], object]] = []
        """Undone when the run ends, however it ends."""
        self._task: asyncio.Task[None] | None = None
        self._begun = False
        self._ended: asyncio.Event | None = None

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return not self.outcome

    def start(self, block: Block) -> None:
        """Do the steps; when this returns the run has ended, or it waits in a task of its own."""
        try:
            pending = block.go(self, self.scope)
        except BaseException as error:  # noqa: BLE001  # `_conclude` raises again what is not the run's own
            self._conclude(error)
            return
        if pending is None:
            self._end(outcomes.FINISHED)
        else:
            self._task = self.automation.spawn(self._wait(pending))
            self._task.add_done_callback(self._abandoned)

    def stop(self) -> None:
        """End the run at its next step or in its wait; its outcome is `cancelled`."""
        self.stopping = True
        if self._task is not None and self._begun and self.running:
            self._task.cancel()

    async def wait(self) -> None:
        """Wait until the run has ended."""
        if self.running:
            if self._ended is None:
                self._ended = asyncio.Event()
            await self._ended.wait()

    def met(self, condition: Condition, scope: Scope) -> bool:
        """Ask a condition; one that cannot be decided is not met, and a warning says why."""
        try:
            return condition.check(self, scope)
        except AutomationError as error:
            _LOGGER.warning("%s: %s", self.automation.label, error)
            self.trace.result({"result": False, "error": str(error)})
            return False

    def log_error(self, text: str, cause: BaseException | None = None) -> None:
        """Log an error of this run; one that is nobody's stated error comes with its traceback."""
        unexpected = cause is not None and not isinstance(cause, ArvisError)
        _LOGGER.error("%s: %s", self.automation.label, text, exc_info=cause if unexpected else None)

    async def _wait(self, pending: Awaitable[None]) -> None:
        self._begun = True
        try:
            if self.stopping:  # stopped before its task came to run: the coroutines in it must begin to be able to end
                current = asyncio.current_task()
                assert current is not None
                current.cancel()
            await pending
        except BaseException as error:  # noqa: BLE001  # as in `start`
            self._conclude(error)
        else:
            self._end(outcomes.FINISHED)

    def _conclude(self, error: BaseException) -> None:
        """End by what was raised."""
        if isinstance(error, RunStop):
            self.result = error.result
            self._end(outcomes.FINISHED, error.reason)
        elif isinstance(error, RunAbort):
            self._end(outcomes.ABORTED, str(error))
        elif isinstance(error, BlockEnd):
            self._end(outcomes.ABORTED, "a condition among the steps is not met")
        elif isinstance(error, RunCancelled | asyncio.CancelledError):
            self._end(outcomes.CANCELLED)
            if isinstance(error, asyncio.CancelledError) and not self.stopping:
                raise error
        elif isinstance(error, Exception):
            self._end(outcomes.FAILED, str(error))
            self.log_error(str(error), error.__cause__)
        else:
            self._end(outcomes.CANCELLED)
            raise error

    def _abandoned(self, _: asyncio.Task[None]) -> None:
        """Its task was cancelled before it began: the daemon stops."""
        if self.running:
            self._end(outcomes.CANCELLED)

    def _end(self, outcome: str, reason: str = "") -> None:
        self.outcome = outcome
        self.trace.end(outcome, reason)
        for cleanup in self.cleanups:
            cleanup()
        self.cleanups.clear()
        self.automation.ended(self)
        if self._ended is not None:
            self._ended.set()
