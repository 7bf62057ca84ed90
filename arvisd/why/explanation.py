"""Puts together why an entity is as it is: its state now, the chain behind it, what was before; of automations their last runs."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from arvisd.automation.engine import AutomationEngine
from arvisd.automation.entry import AutomationInfo
from arvisd.automation.errors import UnknownAutomationError
from arvisd.automation.outcomes import NOT_RUNS
from arvisd.automation.trace import TraceRecord
from arvisd.config.problems import did_you_mean
from arvisd.core.actions import Action, ActionCall
from arvisd.core.errors import ActionDataError, ActionFailedError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.states import State
from arvisd.why.chain import LONGEST, outside
from arvisd.why.index import CauseIndex
from arvisd.why.link import Change, Link

FIRST_SECONDS = 30.0
"""So long after the start the first states of devices come in."""


class WhyData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `arvisd.why`."""

    entity_id: str = ""
    """The entity that is asked about, where the target does not name it; of an automation its id or alias will do."""


class LastRuns(msgspec.Struct, frozen=True):
    """What an automation did last, and what it did not do."""

    info: AutomationInfo
    run: TraceRecord | None
    """Its last run."""
    chain: list[Link]
    """What set that run off."""
    refusals: list[TraceRecord]
    """What led to no run since, the newest first."""


class Why(msgspec.Struct, frozen=True):
    """Answer of `arvisd.why`."""

    entity_id: str
    name: str
    state: str | None
    """None: there is no such entity now."""
    since: datetime | None
    """When it took this value."""
    cause: str
    """`known`: the chain says it. `restart`: the chain says what set the same value before the daemon started.
    `outside`: nobody in the daemon; the chain holds what is known of the outside. `start`: its first state since the start."""
    by: str
    """Which integration brings the entity; empty: none."""
    chain: list[Link]
    """From the nearest cause to the farthest."""
    before: list[Change]
    """Earlier states that have a known cause, the newest first."""
    automation: LastRuns | None = None
    """For an entity that is an automation."""


class Explainer:
    """Answers `arvisd.why`."""

    def __init__(
        self,
        hub: Hub,
        index: CauseIndex,
        engine: AutomationEngine,
        owner_of: Callable[[str], str | None],
    ) -> None:
        """Prepare.

        Args:
            hub: where the states are.
            index: what set them.
            engine: the automations.
            owner_of: names the integration that brings an entity.
        """
        self._hub = hub
        self._index = index
        self._engine = engine
        self._owner_of = owner_of
        self._started = hub.clock.now()
        self._settled = self._started + timedelta(seconds=FIRST_SECONDS)

    def offer(self, owner: Owner) -> None:
        """Offer the action until the owner stops."""

        def why(call: ActionCall) -> Why:
            named = call.data.entity_id or call.target.entity_id
            name = named if isinstance(named, str) else named[0] if len(named) == 1 else ""
            if not name:
                raise ActionDataError("arvisd.why needs one entity: entity_id names it")
            return self.explain(name)

        description = "Say why an entity is as it is: what set it, and what that came from."
        self._hub.actions.register(Action("arvisd.why", WhyData, description, sync_handler=why), owner)

    def explain(self, name: str) -> Why:
        """Return the answer; raise ActionFailedError where there is no such entity and never was."""
        entity_id = self._resolved(name)
        state = self._hub.states.get(entity_id)
        changes = self._index.changes(entity_id)
        if state is None and not changes:
            near = did_you_mean(name, [*self._hub.states.ids()])
            raise ActionFailedError(f"there is no entity {name!r}{near}")
        cause, chain, used = self._cause(state, changes)
        before = [change for change in reversed(changes) if change is not used]
        label = None if state is None else state.attributes.get("friendly_name")
        return Why(
            entity_id=entity_id,
            name=str(label or ""),
            state=None if state is None else state.state,
            since=None if state is None else state.last_changed,
            cause=cause,
            by=(self._owner_of(entity_id) or "").removeprefix("integration "),
            chain=self._completed(chain),
            before=[msgspec.structs.replace(change, chain=self._completed(change.chain)) for change in before],
            automation=self._last_runs(entity_id),
        )

    def _resolved(self, name: str) -> str:
        """Return the entity's id; automations may be called by their id or alias."""
        if self._hub.states.get(name) is not None:
            return name
        for called in (name, name.removeprefix("automation.")):
            with contextlib.suppress(UnknownAutomationError):
                return self._engine.find(called).entity_id
        return name.lower()

    def _cause(self, state: State | None, changes: list[Change]) -> tuple[str, list[Link], Change | None]:
        """Return which kind of cause it is, the chain, and the change that it was taken from."""
        last = changes[-1] if changes else None
        if state is None:
            return "outside", [], None
        if last is not None and last.state == state.state:
            if last.time >= state.last_changed:
                return "known", last.chain, last
            if last.time < self._started and state.last_changed <= self._settled:
                return "restart", last.chain, last
        if state.context.source is None and state.last_changed <= self._settled:
            return "start", [], None
        return "outside", [outside(state.context)], None

    def _completed(self, chain: list[Link]) -> list[Link]:
        """Return a chain with what is remembered of the contexts beyond its end: a run may go on long after its turn."""
        links = list(chain)
        while links and len(links) < LONGEST and (parent := links[-1].parent) is not None:
            found = self._index.link(parent) or self._run(parent)
            if found is None:
                break
            links.append(found)
        return links

    def _run(self, context_id: str) -> Link | None:
        record = self._engine.trace_of(context_id)
        if record is None:
            return None
        node = record.steps[0] if record.steps else None
        data = {
            "run": record.run,
            "automation": record.entity_id,
            "id": record.automation,
            "trigger": record.trigger.get("description") or "",
        }
        return Link(
            "run",
            record.context.id,
            record.context.parent_id,
            record.started,
            record.entity_id,
            node.place if node is not None else "",
            data,
        )

    def _last_runs(self, entity_id: str) -> LastRuns | None:
        if not entity_id.startswith(("automation.", "script.")):
            return None
        try:
            traces = self._engine.traces(entity_id)
        except UnknownAutomationError:
            return None
        infos = [*self._engine.list(), *self._engine.list_scripts()]
        info = next((info for info in infos if info.entity_id == entity_id), None)
        if info is None:
            return None
        runs = [trace for trace in traces if trace.outcome not in NOT_RUNS]
        run = runs[-1] if runs else None
        refusals = [
            trace
            for trace in reversed(traces)
            if trace.outcome in NOT_RUNS and (run is None or trace.started > run.started)
        ]
        parent = run.context.parent_id if run is not None else None
        first = (self._index.link(parent) or self._run(parent)) if parent is not None else None
        return LastRuns(info, run, self._completed([first]) if first is not None else [], refusals)
