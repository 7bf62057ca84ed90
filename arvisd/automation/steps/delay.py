"""Step `delay`: the run waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from arvisd.automation.durable.deadline import Deadline
from arvisd.automation.durable.later import Later
from arvisd.automation.durations import DurationNode
from arvisd.automation.registry import StepOptions, StepType

if TYPE_CHECKING:
    from arvisd.automation.durable.values import Keeper
    from arvisd.automation.part import Duration, Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class DelayOptions(StepOptions, frozen=True, kw_only=True):
    """The run waits."""

    delay: DurationNode


class _Sleep:
    """One delay of one run."""

    __slots__ = ("_deadline", "_over")

    def __init__(self, run: Run, seconds: float) -> None:
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._deadline = Deadline(run.hub.clock, seconds, self._wake, run.keep)

    def saved(self, keeper: Keeper) -> dict[str, Any]:
        return {"due": self._deadline.due().isoformat()}

    def _wake(self) -> None:
        if not self._over.done():
            self._over.set_result(None)

    async def wait(self) -> None:
        try:
            await self._over
        finally:
            self._deadline.cancel()


class _Due:
    """A delay that was begun before a restart, until it is known that the run goes on."""

    __slots__ = ("at",)

    def __init__(self, at: str) -> None:
        self.at = at

    def saved(self, keeper: Keeper) -> dict[str, Any]:
        return {"due": self.at}


class DelayStep:
    """Waits for a length of time."""

    __slots__ = ("_duration",)

    acts = False
    waits = True

    def __init__(self, duration: Duration) -> None:
        self._duration = duration

    def run(self, run: Run, scope: Scope) -> Awaitable[None] | None:
        """Return the wait; none where there is nothing to wait for."""
        seconds = self._duration.of(scope)
        run.trace.result({"delay": seconds})
        return self._sleep(run, scope, seconds) if seconds > 0 else None

    def resume(self, run: Run, scope: Scope, saved: dict[str, Any]) -> Awaitable[None]:
        """Wait until it is due by the clock, however long the daemon was off."""
        scope.held = _Due(saved["due"])
        return Later(self._rest, run, scope, datetime.fromisoformat(saved["due"]))

    def _sleep(self, run: Run, scope: Scope, seconds: float) -> Awaitable[None]:
        sleep = scope.held = _Sleep(run, seconds)
        run.keep()
        return sleep.wait()

    async def _rest(self, run: Run, scope: Scope, due: datetime) -> None:
        left = (due - run.hub.clock.now()).total_seconds()
        run.trace.result({"resumed": True, "due": due.isoformat(timespec="seconds"), "left": max(0.0, left)})
        if left > 0:
            await self._sleep(run, scope, left)
        else:
            run.fell_due(due)


def build(options: DelayOptions, part: Part) -> DelayStep:
    """Check the length of time."""
    duration = part.duration("delay")
    if duration is None:
        raise part.invalid("delay", "'delay' needs a length of time")
    if duration.seconds is not None and duration.seconds < 0:
        raise part.invalid("delay", "a delay cannot be negative")
    return DelayStep(duration)


TYPE = StepType("delay", DelayOptions, build)
