"""Step `delay`: the run waits."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from arvisd.automation.durations import DurationNode
from arvisd.automation.registry import StepOptions, StepType

if TYPE_CHECKING:
    from arvisd.automation.part import Duration, Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class DelayOptions(StepOptions, frozen=True, kw_only=True):
    """The run waits."""

    delay: DurationNode


class DelayStep:
    """Waits for a length of time."""

    __slots__ = ("_duration",)

    def __init__(self, duration: Duration) -> None:
        self._duration = duration

    def run(self, run: Run, scope: Scope) -> Awaitable[None] | None:
        """Return the wait; none where there is nothing to wait for."""
        seconds = self._duration.of(scope)
        run.trace.result({"delay": seconds})
        return run.hub.clock.sleep(seconds) if seconds > 0 else None


def build(options: DelayOptions, part: Part) -> DelayStep:
    """Check the length of time."""
    duration = part.duration("delay")
    if duration is None:
        raise part.invalid("delay", "'delay' needs a length of time")
    if duration.seconds is not None and duration.seconds < 0:
        raise part.invalid("delay", "a delay cannot be negative")
    return DelayStep(duration)


TYPE = StepType("delay", DelayOptions, build)
