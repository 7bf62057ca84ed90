"""What the steps that wait for something share: the time-out, the variable `wait`, and letting go at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from arvisd.automation.attachment import Attachment, Fire
from arvisd.automation.signals import RunAbort
from arvisd.core.owner import Owner

if TYPE_CHECKING:
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class Waiting:
    """One wait of one run; what it listens to ends with the wait, or with the run."""

    __slots__ = ("_due", "_found", "_run", "_scope", "_tolerant", "owner", "surroundings")

    def __init__(self, run: Run, scope: Scope, timeout: float | None, *, tolerant: bool) -> None:
        self._run = run
        self._scope = scope
        self._tolerant = tolerant
        self._due = None if timeout is None else run.hub.clock.monotonic() + max(0.0, timeout)
        self._found: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.owner = Owner(f"{run.automation.label}: wait")
        self.surroundings = run.automation.surroundings
        run.cleanups.append(self.owner.release)

    def attachment(self, fire: Fire) -> Attachment:
        """Return what a trigger needs to listen for this wait."""
        return Attachment(self.surroundings, self.owner, fire, self._scope, self._run.automation.label)

    def met(self, wait: dict[str, Any]) -> None:
        """End the wait: what was waited for has come."""
        if not self._found.done():
            self._found.set_result(wait)

    def done(self, wait: dict[str, Any]) -> None:
        """Leave the variable `wait` for the steps that follow."""
        remaining = None if self._due is None else max(0.0, self._due - self._run.hub.clock.monotonic())
        known = {**wait, "remaining": remaining}
        self._scope.assign("wait", known)
        self._run.trace.result({"wait": known})
        self._run.cleanups.remove(self.owner.release)
        self.owner.release()

    async def wait(self, in_vain: dict[str, Any]) -> None:
        """Wait for `met`, until the time is over; raise RunAbort where the run shall not go on then."""
        try:
            wait = await self._within_time()
        except TimeoutError:
            self._due = self._run.hub.clock.monotonic()
            self.done(in_vain)
            if not self._tolerant:
                raise RunAbort("the wait timed out") from None
        else:
            self.done(wait)

    def _within_time(self) -> Awaitable[dict[str, Any]]:
        clock = self._run.hub.clock
        if self._due is None:
            return self._found
        return clock.wait_for(self._found, max(0.0, self._due - clock.monotonic()))
