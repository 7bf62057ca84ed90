"""What the steps that wait for something share: the time-out, the variable `wait`, and letting go at the end."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

from arvisd.automation.attachment import Attachment, Fire
from arvisd.automation.durable.deadline import Deadline
from arvisd.automation.signals import RunAbort
from arvisd.core.owner import Owner

if TYPE_CHECKING:
    from arvisd.automation.durable.recheck import Recheck
    from arvisd.automation.durable.values import Keeper
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class Waiting:
    """One wait of one run; what it listens to ends with the wait, or with the run."""

    __slots__ = ("_deadline", "_due", "_found", "_run", "_scope", "_tolerant", "owner", "recheck", "surroundings")

    def __init__(self, run: Run, scope: Scope, timeout: float | None, *, tolerant: bool) -> None:
        self._run = run
        self._scope = scope
        self._tolerant = tolerant
        self._found: asyncio.Future[dict[str, Any] | None] = asyncio.get_running_loop().create_future()
        self._deadline = None
        self._due: datetime | None = None
        if timeout is not None:
            self._deadline = Deadline(run.hub.clock, max(0.0, timeout), lambda: self._end(None), run.keep)
        self.recheck: Recheck | None = None
        """What its triggers have seen."""
        self.owner = Owner(f"{run.automation.label}: wait")
        self.surroundings = run.automation.surroundings
        run.cleanups.append(self._let_go)

    @classmethod
    def again(cls, run: Run, scope: Scope, saved: dict[str, Any], *, tolerant: bool) -> Waiting:
        """Return the wait that `saved` was made of, with the time that is left of it."""
        due = None if saved.get("due") is None else datetime.fromisoformat(saved["due"])
        left = None if due is None else (due - run.hub.clock.now()).total_seconds()
        waiting = cls(run, scope, left, tolerant=tolerant)
        if left is not None and left <= 0:
            waiting._due = due
        return waiting

    @property
    def late(self) -> bool:
        """Its time was over while the daemon was off."""
        return self._due is not None

    def saved(self, keeper: Keeper) -> dict[str, Any]:
        """Return it as JSON data."""
        due = self._due or (None if self._deadline is None else self._deadline.due())
        known: dict[str, Any] = {"due": None if due is None else due.isoformat()}
        if self.recheck is not None:
            known["seen"] = self.recheck.saved(keeper)
        return known

    def attachment(self, fire: Fire) -> Attachment:
        """Return what a trigger needs to listen for this wait."""
        return Attachment(self.surroundings, self.owner, fire, self._scope, self._run.automation.label)

    def met(self, wait: dict[str, Any]) -> None:
        """End the wait: what was waited for has come."""
        self._end(wait)

    def done(self, wait: dict[str, Any]) -> None:
        """Leave the variable `wait` for the steps that follow."""
        remaining = None if self._deadline is None else self._deadline.left()
        known = {**wait, "remaining": remaining}
        self._scope.assign("wait", known)
        self._run.trace.result({"wait": known})
        self._run.cleanups.remove(self._let_go)
        self._let_go()

    def begin(self) -> None:
        """Write down that the run waits."""
        self._scope.held = self
        self._run.keep()

    async def wait(self, in_vain: dict[str, Any]) -> None:
        """Wait for `met`, until the time is over; raise RunAbort where the run shall not go on then."""
        if self._due is not None:
            self._run.fell_due(self._due)
            self._end(None)
        wait = await self._found
        self.done(in_vain if wait is None else wait)
        if wait is None and not self._tolerant:
            raise RunAbort("the wait timed out")

    def _end(self, wait: dict[str, Any] | None) -> None:
        if not self._found.done():
            self._found.set_result(wait)

    def _let_go(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self.owner.release()
