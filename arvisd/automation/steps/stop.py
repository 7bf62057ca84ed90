"""Step `stop`: the run ends here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from arvisd.automation.registry import StepOptions, StepType
from arvisd.automation.signals import RunAbort, RunStop
from arvisd.automation.templates.value import Value

if TYPE_CHECKING:
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class StopOptions(StepOptions, frozen=True, kw_only=True):
    """The run ends here, with the steps around this one."""

    stop: str | None
    """Why."""
    error: bool = False
    """The run counts as failed."""
    response_variable: str | None = None
    """Variable whose value the run gives back."""


class StopStep:
    """Ends the run."""

    __slots__ = ("_error", "_reason", "_response")

    acts = False

    def __init__(self, reason: Value, response: str | None, *, error: bool) -> None:
        self._reason = reason
        self._response = response
        self._error = error

    def run(self, run: Run, scope: Scope) -> NoReturn:
        """Raise what ends it."""
        reason = str(self._reason.render(scope) or "")
        run.trace.result({"stop": reason, "error": self._error})
        if self._error:
            raise RunAbort(reason)
        raise RunStop(reason, scope.get(self._response) if self._response else None)


def build(options: StopOptions, part: Part) -> StopStep:
    """Check what excludes each other."""
    if options.error and options.response_variable is not None:
        raise part.invalid("response_variable", "'error: true' and 'response_variable' exclude each other")
    return StopStep(part.text("stop"), options.response_variable, error=options.error)


TYPE = StepType("stop", StopOptions, build)
