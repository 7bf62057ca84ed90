"""One run of an automation: from its trigger to its one ending."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from arvisd.automation import outcomes
from arvisd.automation.durable.book import MOMENT_SECONDS
from arvisd.automation.durable.values import Restorer
from arvisd.automation.errors import AutomationError
from arvisd.automation.lateness import runs, why_skipped
from arvisd.automation.schedule import WHILE_OFF
from arvisd.automation.scope import Scope
from arvisd.automation.signals import BlockEnd, RunAbort, RunCancelled, RunMissed, RunStop
from arvisd.automation.trace import Trace
from arvisd.core.clock import TimerHandle
from arvisd.core.context import Context
from arvisd.core.errors import ArvisError
from arvisd.core.hub import Hub

if TYPE_CHECKING:
    from arvisd.automation.durable.book import Caller
    from arvisd.automation.durable.owner import RunOwner
    from arvisd.automation.registry import Condition
    from arvisd.automation.steps.block import Block

_LOGGER = logging.getLogger("arvisd.automation")
_NOTHING_KEPT = Restorer()

LOOK_SECONDS = 0.004
"""How often is looked whether the broker takes more: it acknowledges twenty messages (mosquitto's default) in 1 or 2 ms."""
MOST_LOOKS = 1250
"""So many looks, five seconds, and the run goes on all the same: what it does next may have nothing to do with the broker."""


class Run:
    """A run; without a step that waits it begins and ends within `start`, and no task is made.

    One that waits is written down (`keep`), so that it goes on after a restart (`rebuild`, then `go_on`).
    """

    __slots__ = (
        "_begun",
        "_ended",
        "_moment",
        "_pending",
        "_task",
        "automation",
        "called_by",
        "cleanups",
        "context",
        "hub",
        "id",
        "kept",
        "outcome",
        "queued",
        "response",
        "restorer",
        "result",
        "scope",
        "stopping",
        "suspended",
        "trace",
        "traced",
        "waits",
    )

    def __init__(self, automation: RunOwner, hub: Hub, scope: Scope, context: Context, trace: Trace) -> None:
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
        self.kept = False
        """It has a record: where it stands is written before each step that is seen outside."""
        self.queued = False
        """It waits for its turn."""
        self.suspended = False
        """The daemon stops; the run goes on in its next life."""
        self.waits = False
        """Some of its steps wait."""
        self.traced = 0
        """How many entries of its trace are written down."""
        self.called_by: Caller | None = None
        """The step that waits for this run."""
        self.restorer = _NOTHING_KEPT
        """While it is rebuilt: gives the variables back."""
        self.cleanups: list[Callable[[], object]] = []
        """Undone when the run ends, however it ends."""
        self._task: asyncio.Task[None] | None = None
        self._begun = False
        self._ended: asyncio.Event | None = None
        self._moment: TimerHandle | None = None
        self._pending: Awaitable[None] | None = None

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return not self.outcome

    def start(self, block: Block) -> None:
        """Do the steps; when this returns the run has ended, or it waits in a task of its own."""
        self.queued = False
        self.waits = block.waits
        try:
            pending = block.go(self, self.scope)
        except BaseException as error:  # noqa: BLE001  # `_conclude` raises again what is not the run's own
            self._conclude(error)
            return
        if pending is None:
            self._end(outcomes.FINISHED)
        else:
            self.keep_soon()
            self._spawn(pending)

    def rebuild(self, block: Block, frame: dict[str, Any], restorer: Restorer) -> None:
        """Stand where `frame` was written; nothing is done before `go_on`. Raise what a wrong frame leads to."""
        self.restorer = restorer
        self.response = frame.get("response")
        self.scope, self._pending = block.again(self, frame, None)
        self.kept = True

    def go_on(self) -> None:
        """Go on with a run that was rebuilt, unless it was stopped meanwhile."""
        pending, self._pending = self._pending, None
        if pending is not None and self.running:
            self.restorer = _NOTHING_KEPT
            self._spawn(pending)

    def stop(self) -> None:
        """End the run at its next step or in its wait; its outcome is `cancelled`."""
        if self.suspended or not self.running:
            return
        self.stopping = True
        self._forget()
        if self._pending is not None or self.queued:
            self._pending = None
            self._end(outcomes.CANCELLED)
        elif self._task is not None and self._begun:
            self._task.cancel()

    def suspend(self) -> None:
        """Let it be, for the next life of the daemon; `wait` returns when nothing of it goes on in this one."""
        if not self.running or self.stopping:
            return
        self.keep()
        if not self.kept and self._pending is None:
            self.stop()  # nothing outlives this daemon
            return
        self.suspended = self.stopping = True
        self._cancel_moment()
        self._pending = None
        if self._task is None:
            self._rest()
        elif self._begun:
            self._task.cancel()

    def keep(self) -> None:
        """Write down where it stands, and its trace so far."""
        if not self.stopping and self._pending is None:
            self.kept = self.automation.book.write(self)
            if self.kept:
                self.automation.book.write_trace(self)

    def advance(self) -> None:
        """Write down that the next step is being done, where the run has a record."""
        if not self.stopping and self._pending is None:
            self.kept = self.automation.book.write(self)

    async def room(self) -> None:
        """Wait until the broker takes messages at once: what waits for it would be gone with a kill, though written as done."""
        for _ in range(MOST_LOOKS):
            if not self.hub.bus.busy:
                return
            await self.hub.clock.sleep(LOOK_SECONDS)

    def keep_soon(self) -> None:
        """Write it down if it goes on for longer than a moment."""
        if not self.kept and self._moment is None:
            self._moment = self.hub.clock.call_later(MOMENT_SECONDS, self._moment_passed)

    def fell_due(self, due: datetime) -> None:
        """Tell that what the run waited for fell due while the daemon was off; raise RunMissed where it is too late."""
        now = self.hub.clock.now()
        if not runs(self.automation.missed, due, now):
            raise RunMissed(why_skipped(self.automation.missed, due, now, WHILE_OFF))

    def lose(self, reason: str, outcome: str = outcomes.LOST) -> None:
        """End a run that cannot go on after a restart."""
        self._pending = None
        began = self.trace.started.isoformat(" ", "seconds")
        _LOGGER.warning("%s: a run of %s does not go on: %s", self.automation.label, began, reason)
        self._end(outcome, reason)

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

    def _spawn(self, pending: Awaitable[None]) -> None:
        self._task = self.automation.spawn(self._wait(pending))
        self._task.add_done_callback(self._abandoned)

    def _moment_passed(self) -> None:
        self._moment = None
        if self.running and not self.kept:
            self.keep()

    def _cancel_moment(self) -> None:
        if self._moment is not None:
            self._moment.cancel()
            self._moment = None

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
        if self.suspended and isinstance(error, RunCancelled | asyncio.CancelledError):
            self._rest()
        elif isinstance(error, RunStop):
            self.result = error.result
            self._end(outcomes.FINISHED, error.reason)
        elif isinstance(error, RunAbort):
            self._end(outcomes.ABORTED, str(error))
        elif isinstance(error, BlockEnd):
            self._end(outcomes.ABORTED, "a condition among the steps is not met")
        elif isinstance(error, RunMissed):
            _LOGGER.warning("%s: %s", self.automation.label, error)
            self._end(outcomes.MISSED, str(error))
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
        if self.suspended:
            self._rest()
        elif self.running:
            self._end(outcomes.CANCELLED)

    def _rest(self) -> None:
        """Let everything go; the record stays."""
        self._let_go()
        if self._ended is not None:
            self._ended.set()

    def _end(self, outcome: str, reason: str = "") -> None:
        self.outcome = outcome
        self.trace.end(outcome, reason)
        self._let_go()
        self._forget()
        self.automation.ended(self)
        if self._ended is not None:
            self._ended.set()

    def _let_go(self) -> None:
        self._cancel_moment()
        for cleanup in self.cleanups:
            cleanup()
        self.cleanups.clear()

    def _forget(self) -> None:
        """Take the record away: it ends in this life."""
        if self.kept:
            self.kept = False
            self.automation.book.remove(self)
