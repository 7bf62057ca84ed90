"""One automation at work: its triggers listen, its runs go on, its traces are kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from arvisd.automation import outcomes
from arvisd.automation.attachment import Lasting, Surroundings
from arvisd.automation.definition import Definition
from arvisd.automation.durable.fingerprint import fingerprint
from arvisd.automation.errors import TemplateError
from arvisd.automation.history import History, Reason
from arvisd.automation.run import Run
from arvisd.automation.runner import Runner
from arvisd.automation.scope import Scope
from arvisd.automation.trace import Origin, Trace
from arvisd.automation.traces.words import BY_HAND
from arvisd.core.context import Context
from arvisd.core.ids import new_id
from arvisd.core.owner import Owner

if TYPE_CHECKING:
    from arvisd.automation.durable.book import RunBook
    from arvisd.automation.lateness import MissedRule
    from arvisd.automation.parts import OwnState, Parts
    from arvisd.automation.triggers.built import BuiltTrigger


class Automation:
    """A definition with what it needs to run.

    `attach` and `detach` are the switch; runs go on when the triggers are detached unless they are stopped.
    """

    def __init__(
        self, definition: Definition, id_: str, entity_id: str, parts: Parts, history: History | None = None
    ) -> None:
        document = definition.document
        self.definition = definition
        self.origin = Origin(id_, entity_id, definition.source)
        """Its names and its document, for traces."""
        self.label = definition.source.label
        """What people call it, for messages."""
        self.attached = False
        self.history = history or History(document.trace.stored_traces)
        self.history.resize(document.trace.stored_traces)
        self.history.origin = self.origin
        self._parts = parts
        self._fingerprint = ""
        self._owner = Owner(f"automation {self.label}")
        level = definition.max_exceeded
        self.runner = Runner(self.label, definition.block, document.mode, document.max, level)

    @property
    def value(self) -> str:
        """`on` or `off`: whether an automation listens, whether a script runs."""
        going = self.attached if self.definition.source.triggered else self.runner.current > 0
        return "on" if going else "off"

    @property
    def id(self) -> str:
        """Its id, by which it is told over edits."""
        return self.origin.id

    @property
    def entity_id(self) -> str:
        """Id of its entity."""
        return self.origin.entity_id

    @property
    def surroundings(self) -> Surroundings:
        """What its triggers may listen to."""
        return self._parts.surroundings

    @property
    def fingerprint(self) -> str:
        """Digest of its document."""
        if not self._fingerprint:
            self._fingerprint = fingerprint(self.definition.source.node)
        return self._fingerprint

    @property
    def missed(self) -> MissedRule | None:
        """What becomes of a wait that was over while the daemon was off."""
        return self.definition.document.missed

    @property
    def book(self) -> RunBook:
        """Where its runs are written down."""
        return self._parts.book

    @property
    def this(self) -> OwnState:
        """What templates see as `this`."""
        return self._parts.own_state(self)

    @property
    def takes_up(self) -> bool:
        """Whether runs of it go on after a restart: not those of an automation that is switched off."""
        return self.attached or not self.definition.source.triggered

    def attach(self) -> None:
        """Let the triggers listen; one that cannot is said and leaves the others alone."""
        if self.attached:
            return
        self.attached = True
        variables = Scope(self.definition.trigger_variables)
        surroundings = self._parts.surroundings
        lasting = Lasting(self.id, self.definition.document.missed)
        for trigger in self.definition.triggers:
            if trigger.enabled:
                trigger.attach(surroundings, self._owner, self._fired, self._skipped, variables, self.label, lasting)
        for condition in self.definition.watching:
            condition.attach(surroundings.hub, self._owner)
        if surroundings.dwells is not None:
            surroundings.dwells.keep_only(self.id, lasting.drawers)

    def detach(self) -> None:
        """Let the triggers go; runs are not touched."""
        self.attached = False
        self._owner.release()

    def suspend_runs(self) -> list[Run]:
        """Let every run be, for the next life of the daemon; return those of which something still goes on."""
        return self.runner.suspend()

    def stop_runs(self) -> list[Run]:
        """Stop every run; return those that are still to end."""
        return self.runner.stop()

    def trigger(self, variables: dict[str, Any], context: Context | None, *, skip_condition: bool) -> Run | None:
        """Run by hand, as `automation.trigger` does."""
        data = {"platform": None, "id": None, "idx": "", "alias": None, "description": BY_HAND}
        return self._begin(None, data, context, variables, skip_condition=skip_condition)

    def fire(self, trigger: BuiltTrigger, data: dict[str, Any], variables: dict[str, Any]) -> Run | None:
        """Go on as if one of its triggers had seen something; `data` is laid over what templates see as `trigger`."""
        return self._begin(trigger, {**trigger.seen("by hand"), **data}, None, variables)

    def call(self, variables: dict[str, Any], context: Context, began: Callable[[Run], object]) -> Run | None:
        """Run as a script that somebody calls; `began` is told of the run before its first step."""
        data = {"platform": None, "id": None, "idx": "", "alias": None, "description": "called"}
        return self._begin(None, data, context, variables, skip_condition=True, began=began)

    def refuse(self, outcome: str, reason: str, context: Context) -> None:
        """Note a call that led to no run."""
        hub = self._parts.hub
        data = {"platform": None, "id": None, "idx": "", "alias": None, "description": "called"}
        self._refused(Trace(new_id(), data, context, hub.clock.now(), hub.clock.monotonic), outcome, reason)

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run a coroutine in the background."""
        return self._parts.owner.spawn(work, self.label)

    def ended(self, run: Run) -> None:
        """Keep the trace of a run that has ended, begin the next one of the queue."""
        self._parts.hub.causes.ended(run.trace)
        self.history.ended(run.trace)
        self._parts.traces.touch(self.history)
        self.runner.ended(run)
        self._parts.changed(self)

    def _fired(self, trigger: BuiltTrigger, data: dict[str, Any], context: Context | None) -> Run | None:
        turnstile = self._parts.turnstile
        if trigger.platform != "conversation" and not turnstile.enter():
            turnstile.wait(lambda: self._begin(trigger, data, context, {}) if self.attached else None)
            return None
        return self._begin(trigger, data, context, {})

    def _begin(
        self,
        trigger: BuiltTrigger | None,
        data: dict[str, Any],
        cause: Context | None,
        given: dict[str, Any],
        *,
        skip_condition: bool = False,
        began: Callable[[Run], object] | None = None,
    ) -> Run | None:
        """Make a run of a trigger, unless the conditions or the mode are against it."""
        parts = self._parts
        hub = parts.hub
        now = hub.clock.now()
        context = Context(new_id(), cause.id, cause.user) if cause is not None else Context(new_id())
        trace = Trace(context.id, data, context, now, hub.clock.monotonic, self.origin)
        own = {
            **self.definition.trigger_variables,
            **given,
            "this": parts.own_state(self),
            "context": context,
        }
        if self.definition.source.triggered:
            own["trigger"] = data
        scope = Scope(own, None, self.definition.block.path)
        run = Run(self, hub, scope, context, trace)
        try:
            self._set_variables(trigger, scope, given, trace)
        except TemplateError as error:
            trace.end(outcomes.FAILED, str(error))
            run.log_error(f"variables: {error}")
            self.history.ended(trace)
            parts.traces.touch(self.history)
            parts.changed(self)
            return None
        if not skip_condition and not self._conditions_met(run, scope):
            self._refused(trace, outcomes.FAILED_CONDITIONS, "")
            return None
        refusal = self.runner.refusal()
        if refusal:
            self.runner.refuse(hub.clock.monotonic())
            self._refused(trace, refusal, "another run goes on")
            return None
        self.history.last_triggered = now
        self.history.count += 1
        hub.causes.acts(trace)
        parts.started(self, run)
        if began is not None:
            began(run)
        self.runner.launch(run)
        if run.running:
            hub.causes.begins(trace)
        return run

    def _set_variables(self, trigger: BuiltTrigger | None, scope: Scope, given: dict[str, Any], trace: Trace) -> None:
        own = scope.own
        changed = dict(given)
        for name, value in self.definition.variables:
            if name not in given:
                changed[name] = own[name] = value.render(scope)
        if trigger is not None and trigger.variables is not None:
            rendered = trigger.variables.render(scope)
            own.update(rendered)
            changed.update(rendered)
        if changed:
            trace.variables(changed)

    def _conditions_met(self, run: Run, scope: Scope) -> bool:
        definition = self.definition
        for path, condition in zip(definition.condition_paths, definition.conditions, strict=True):
            run.trace.enter(path)
            if not run.met(condition, scope):
                run.trace.refused()
                return False
            run.trace.result({"result": True})
        return True

    def _refused(self, trace: Trace, outcome: str, reason: str) -> None:
        trace.end(outcome, reason)
        self.history.refused(trace)
        self._parts.traces.touch(self.history)

    def _skipped(self, data: dict[str, Any], reason: Reason) -> None:
        """A trigger saw something and did not fire."""
        if self.history.refusals.maxlen:
            self.history.mismatched(data, reason, self._parts.hub.clock.monotonic())
            self._parts.traces.touch_mismatch(self.history)
