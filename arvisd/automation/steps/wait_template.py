"""Step `wait_template`: the run waits until a template gives true."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from arvisd.automation.durable.later import Later
from arvisd.automation.durations import DurationNode
from arvisd.automation.registry import StepOptions, StepType
from arvisd.automation.steps.waiting import Waiting
from arvisd.automation.templates.native import truth
from arvisd.automation.templates.template import Template
from arvisd.automation.triggers.template import TemplateTrigger

if TYPE_CHECKING:
    from arvisd.automation.part import Duration, Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


COMPLETED = {"completed": True}
IN_VAIN = {"completed": False}


class WaitTemplateOptions(StepOptions, frozen=True, kw_only=True):
    """The run waits until a template gives true."""

    wait_template: str
    timeout: DurationNode | None = None
    continue_on_timeout: bool = True
    """Whether the run goes on when the time is over."""


class WaitTemplateStep:
    """Waits for what the template reads to change."""

    __slots__ = ("_template", "_timeout", "_tolerant")

    acts = False
    waits = True

    def __init__(self, template: Template, timeout: Duration | None, *, tolerant: bool) -> None:
        self._template = template
        self._timeout = timeout
        self._tolerant = tolerant

    def run(self, run: Run, scope: Scope) -> Awaitable[None] | None:
        """Look; wait where it is not true yet."""
        seconds = None if self._timeout is None else self._timeout.of(scope)
        waiting = Waiting(run, scope, seconds, tolerant=self._tolerant)
        if truth(self._template.native(scope)):
            waiting.done(COMPLETED)
            return None
        self._listen(waiting)
        waiting.begin()
        return waiting.wait(IN_VAIN)

    def resume(self, run: Run, scope: Scope, saved: dict[str, Any]) -> Awaitable[None]:
        """Look again: it may have become true while the daemon was off; else wait for the time that is left."""
        waiting = Waiting.again(run, scope, saved, tolerant=self._tolerant)
        scope.held = waiting
        return Later(self._again, waiting, scope)

    async def _again(self, waiting: Waiting, scope: Scope) -> None:
        if truth(self._template.native(scope)):
            waiting.met(COMPLETED)
        elif not waiting.late:
            self._listen(waiting)
            waiting.begin()
        await waiting.wait(IN_VAIN)

    def _listen(self, waiting: Waiting) -> None:
        to = waiting.attachment(lambda data, context: waiting.met(COMPLETED))
        TemplateTrigger(self._template, None).attach(to)


def build(options: WaitTemplateOptions, part: Part) -> WaitTemplateStep:
    """Check template and time."""
    return WaitTemplateStep(
        part.template("wait_template"), part.duration("timeout"), tolerant=options.continue_on_timeout
    )


TYPE = StepType("wait_template", WaitTemplateOptions, build)
