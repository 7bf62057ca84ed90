"""Step `wait_for_trigger`: the run waits until one of some triggers fires."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from arvisd.automation.durable.later import Later
from arvisd.automation.durable.recheck import Recheck
from arvisd.automation.durations import DurationNode
from arvisd.automation.registry import StepOptions, StepType
from arvisd.automation.steps.waiting import Waiting
from arvisd.automation.triggers.built import BuiltTrigger, Fired
from arvisd.core.context import Context

if TYPE_CHECKING:
    from arvisd.automation.attachment import Lasting
    from arvisd.automation.part import Duration, Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


IN_VAIN = {"trigger": None}


class WaitForTriggerOptions(StepOptions, frozen=True, kw_only=True):
    """The run waits until one of some triggers fires."""

    wait_for_trigger: Any
    timeout: DurationNode | None = None
    continue_on_timeout: bool = True
    """Whether the run goes on when the time is over."""


class WaitForTriggerStep:
    """Attaches the triggers for as long as it waits."""

    __slots__ = ("_entities", "_timeout", "_tolerant", "_triggers")

    acts = False
    waits = True

    def __init__(
        self, triggers: tuple[BuiltTrigger, ...], entities: list[str], timeout: Duration | None, *, tolerant: bool
    ) -> None:
        self._triggers = triggers
        self._entities = entities
        self._timeout = timeout
        self._tolerant = tolerant

    def run(self, run: Run, scope: Scope) -> Awaitable[None] | None:
        """Begin to listen at once, so that an answer to the step before is not missed."""
        seconds = None if self._timeout is None else self._timeout.of(scope)
        if not any(trigger.enabled for trigger in self._triggers):  # as in Home Assistant
            scope.assign("wait", {**IN_VAIN, "remaining": seconds})
            return None
        waiting = Waiting(run, scope, seconds, tolerant=self._tolerant)
        waiting.recheck = Recheck(run, scope, self._triggers, self._entities)
        self._listen(run, waiting, scope, self._fired(waiting))
        waiting.begin()
        return waiting.wait(IN_VAIN)

    def resume(self, run: Run, scope: Scope, saved: dict[str, Any]) -> Awaitable[None]:
        """Listen again for the time that is left, and catch up with what changed while the daemon was off."""
        waiting = Waiting.again(run, scope, saved, tolerant=self._tolerant)
        recheck = waiting.recheck = Recheck(run, scope, self._triggers, self._entities)
        recheck.restore(saved["seen"], run.restorer)
        scope.held = waiting
        return Later(self._again, run, waiting, scope, recheck)

    async def _again(self, run: Run, waiting: Waiting, scope: Scope, recheck: Recheck) -> None:
        fired = self._fired(waiting, recheck)
        recheck.expect(waiting.owner)
        self._listen(run, waiting, scope, fired, recheck.lasting())
        for trigger in recheck.catch_up(waiting.owner):
            fired(trigger, trigger.seen("template, while arvisd was off"), None)
        if not waiting.late:
            waiting.begin()
        await waiting.wait(IN_VAIN)

    def _fired(self, waiting: Waiting, recheck: Recheck | None = None) -> Fired:
        def fired(trigger: BuiltTrigger, data: dict[str, Any], context: Context | None) -> None:
            if recheck is None or not recheck.already(data):
                waiting.met({"trigger": data})

        return fired

    def _listen(self, run: Run, waiting: Waiting, scope: Scope, fired: Fired, lasting: Lasting | None = None) -> None:
        for trigger in self._triggers:
            if trigger.enabled:
                trigger.attach(waiting.surroundings, waiting.owner, fired, None, scope, run.automation.label, lasting)


def build(options: WaitForTriggerOptions, part: Part) -> WaitForTriggerStep:
    """Make the triggers."""
    known = len(part.builder.references)
    part.builder.waiting = True
    try:
        triggers = part.builder.triggers(options.wait_for_trigger, part.node, "wait_for_trigger")
    finally:
        part.builder.waiting = False
    if not any(trigger.enabled for trigger in triggers) and part.builder.valid:
        part.builder.warn(part.node, "wait_for_trigger", f"{part.what}: there is no trigger: the run does not wait")
    names = [reference.name for reference, _ in part.builder.references[known:] if reference.kind == "entity"]
    entities = [name for name in dict.fromkeys(names) if "." in name and not set(name) & set("/+#")]
    return WaitForTriggerStep(triggers, entities, part.duration("timeout"), tolerant=options.continue_on_timeout)


TYPE = StepType("wait_for_trigger", WaitForTriggerOptions, build)
