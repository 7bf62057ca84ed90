"""Conditions of a domain: entities are what their row of the table says."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from arvisd.automation.domains.asked import Asked
from arvisd.automation.domains.description import ConditionData
from arvisd.automation.domains.source import Source
from arvisd.automation.domains.targeting import Target, Targets
from arvisd.automation.errors import ConditionError
from arvisd.core.bus import Message
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.states import State

if TYPE_CHECKING:
    from arvisd.automation.part import Duration
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class EntityCondition:
    """Looks at the entities of a target."""

    __slots__ = ("_asked", "_dwell", "_every", "_row", "_since", "_sources", "_target", "_targets")

    def __init__(
        self, row: ConditionData, targets: Targets, target: Target, asked: Asked, behavior: str, dwell: Duration | None
    ) -> None:
        self._row = row
        self._targets = targets
        self._target = target
        self._asked = asked
        self._every = behavior == "all"
        self._dwell = dwell
        self._sources = {source.domain: source for source in row.sources}
        self._since: dict[str, datetime] = {}
        """Since when each entity is so, where its state alone does not tell."""

    @property
    def watches(self) -> bool:
        """Whether it must see the changes to know how long something has been so."""
        if self._dwell is None:
            return False
        return not self._row.is_.of_one_state or any(source.attribute for source in self._row.sources)

    def check(self, run: Run, scope: Scope) -> bool:
        """Tell whether it is met; an entity that is named and does not exist is an error."""
        hub = run.hub
        self._find_named(hub)
        least = None if self._dwell is None else self._dwell.of(scope)
        answers = (self._is_so(entity_id, source, state, least, hub) for entity_id, source, state in self._counted(hub))
        return all(answers) if self._every else any(answers)

    def attach(self, hub: Hub, owner: Owner) -> None:
        """See the changes until the owner stops."""
        listening = Owner(f"{owner.name}: {self._row.name}")
        owner.on_stop(listening.release)

        def changed(message: Message) -> None:
            entity_id, _, new = hub.states.changes(message)
            self._note(entity_id, new, hub.clock.now())

        def listen(found: frozenset[str]) -> None:
            listening.release()
            self._since = {entity_id: since for entity_id, since in self._since.items() if entity_id in found}
            for entity_id in sorted(found):
                if entity_id.partition(".")[0] not in self._sources:
                    continue
                if (state := hub.states.get(entity_id)) is not None:
                    self._note(entity_id, state, state.last_updated)
                hub.bus.subscribe(hub.topics.state(entity_id), changed, listening)

        listen(self._targets.watch(self._target, listen, owner))

    def _note(self, entity_id: str, state: State | None, when: datetime) -> None:
        source = None if state is None else self._source(entity_id, state)
        if state is not None and source is not None and self._row.is_.holds(source, state, self._asked):
            self._since.setdefault(entity_id, when)
        else:
            self._since.pop(entity_id, None)

    def _find_named(self, hub: Hub) -> None:
        for entity_id in self._target.entities:
            if hub.states.get(entity_id) is None:
                raise ConditionError(f"{self._row.name}: there is no entity {entity_id}")

    def _counted(self, hub: Hub) -> list[tuple[str, Source, State]]:
        found = []
        for entity_id in self._targets.find(self._target):
            state = hub.states.get(entity_id)
            if state is not None and (source := self._source(entity_id, state)) is not None:
                found.append((entity_id, source, state))
        return found

    def _source(self, entity_id: str, state: State) -> Source | None:
        """Return what is looked at of an entity; None where it is of another kind or does not count."""
        source = self._sources.get(entity_id.partition(".")[0])
        if source is None or not source.counted(state):
            return None
        if source.device_class is not None and self._targets.device_class(entity_id, state) != source.device_class:
            return None
        return source

    def _is_so(self, entity_id: str, source: Source, state: State, least: float | None, hub: Hub) -> bool:
        if not self._row.is_.holds(source, state, self._asked):
            return False
        if not least:
            return True
        since = self._since.get(entity_id, state.last_updated) if self.watches else state.last_changed
        return (hub.clock.now() - since).total_seconds() >= least
