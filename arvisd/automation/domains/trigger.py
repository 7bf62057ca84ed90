"""Triggers of a domain: entities become what their row of the table says.

What is `unavailable` or `unknown`, before or after, is no change: it commonly means that a device was away.
"""

from __future__ import annotations

import functools
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from arvisd.automation.domains.asked import Asked
from arvisd.automation.domains.description import TriggerData
from arvisd.automation.domains.source import Source
from arvisd.automation.domains.targeting import Target, Targets, of_domains
from arvisd.automation.errors import TemplateError
from arvisd.automation.schedule import WHILE_OFF
from arvisd.automation.templates.states import TemplateState
from arvisd.automation.triggers.dwell import INTERRUPTED, Seen, dwell_of
from arvisd.automation.triggers.state import still_unknown
from arvisd.core.bus import Message
from arvisd.core.owner import Owner
from arvisd.core.states import UNAVAILABLE, UNKNOWN, State

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Duration

EACH, FIRST, ALL = "each", "first", "all"
OLDER = {"any": EACH, "last": ALL}
"""How `behavior` was spelt before."""


class EntityTrigger:
    """Listens to the entities of a target."""

    __slots__ = ("asked", "behavior", "dwell", "row", "sources", "target", "targets")

    def __init__(
        self, row: TriggerData, targets: Targets, target: Target, asked: Asked, behavior: str, dwell: Duration | None
    ) -> None:
        self.row = row
        self.targets = targets
        self.target = target
        self.asked = asked
        self.behavior = OLDER.get(behavior, behavior)
        self.dwell = dwell
        self.sources = {source.domain: source for source in row.sources}

    def attach(self, to: Attachment) -> None:
        """Listen, and go with the target as entities come and go."""
        _Listening(self, to)


class _Listening:
    """One attached trigger."""

    __slots__ = ("_behavior", "_dwell", "_entities", "_matching", "_others", "_owner", "_to", "_trigger")

    def __init__(self, trigger: EntityTrigger, to: Attachment) -> None:
        self._trigger = trigger
        self._to = to
        self._behavior = trigger.behavior
        self._dwell = dwell_of(to) if trigger.dwell is not None else None
        self._owner = Owner(f"{to.label}: {trigger.row.name}")
        to.owner.on_stop(self._owner.release)
        self._matching: set[str] = set()
        """Of those counted together: who is so."""
        self._others: set[str] = set()
        """And who is not."""
        self._entities: set[str] = set()
        self._listen(trigger.targets.watch(trigger.target, self._moved, to.owner))
        self._resume()

    def _listen(self, found: frozenset[str]) -> None:
        self._entities = of_domains(found, frozenset(self._trigger.sources))
        topics = self._to.hub.topics
        for entity_id in sorted(self._entities):
            self._to.hub.bus.subscribe(topics.state(entity_id), self._changed, self._owner)
        self._count()

    def _moved(self, found: frozenset[str]) -> None:
        """Listen to those who belong to the target now."""
        gone = self._entities - found
        self._owner.release()
        self._listen(found)
        if self._dwell is not None:
            for entity_id in gone:
                self._dwell.cancel(entity_id)
            self._forget_broken()
            self._resume()

    def _count(self) -> None:
        """Look at all who are counted together."""
        if self._behavior == EACH:
            return
        self._matching.clear()
        self._others.clear()
        for entity_id in self._entities:
            state = self._to.hub.states.get(entity_id)
            if state is not None:
                self._note(entity_id, self._source(entity_id, state), state)

    def _note(self, entity_id: str, source: Source | None, state: State | None) -> bool:
        """Take a state into account; return whether it is as asked for."""
        trigger = self._trigger
        counted = source is not None and state is not None and source.counted(state)
        holds = counted and trigger.row.becomes.holds(source, state, trigger.asked)  # type: ignore[arg-type]  # counted
        if self._behavior != EACH:
            self._matching.discard(entity_id)
            self._others.discard(entity_id)
            if counted:
                (self._matching if holds else self._others).add(entity_id)
        return holds

    def _source(self, entity_id: str, state: State | None) -> Source | None:
        """Return what is looked at of an entity; None where it is of another kind."""
        source = self._trigger.sources.get(entity_id.partition(".")[0])
        if source is None or source.device_class is None or state is None:
            return source
        return source if self._trigger.targets.device_class(entity_id, state) == source.device_class else None

    def _changed(self, message: Message) -> None:
        trigger, to = self._trigger, self._to
        entity_id, old, new = to.hub.states.changes(message)
        source = self._source(entity_id, new or old)
        if trigger.asked.threshold is not None and trigger.asked.threshold.moving:
            self._count()  # what fits may have moved with the bounds' own entities
        holds = self._note(entity_id, source, new)
        interrupted = self._dwelling(entity_id, holds)
        if interrupted:
            to.skip(self._data(entity_id, old, new), f"{INTERRUPTED}{interrupted}")
        if not holds or old is None or new is None or source is None:
            return
        data = self._data(entity_id, old, new)
        begins = trigger.row.begins
        if old.state == UNAVAILABLE or (old.state == UNKNOWN and not begins.from_unknown):
            if begins.from_unknown or old.state != new.state:
                to.skip(data, f"it was {old.state} before: that is no change")
            return
        if not begins.counts(source, old, new, trigger.row.becomes, trigger.asked):
            return
        if reason := self._missing():
            to.skip(data, reason)
            return
        self._fire(data, entity_id, old, new)

    def _missing(self) -> str:
        """Say why those who are counted together are not as asked for; empty: they are."""
        so, counted = len(self._matching), len(self._matching) + len(self._others)
        if self._behavior == ALL and so != counted:
            return f"{so} of {counted} are so, and all must be"
        if self._behavior == FIRST and so != 1:
            return f"{so} of {counted} are so: it is not the first"
        return ""

    def _fire(self, data: dict[str, Any], entity_id: str, old: State, new: State) -> None:
        to, duration = self._to, self._trigger.dwell
        if self._dwell is None or duration is None:
            to.fire(data, new.context)
            return
        try:
            seconds = duration.of(to.variables)
        except TemplateError as error:
            to.skip(data, str(error))
            return
        data["for"] = timedelta(seconds=seconds)
        key = entity_id if self._behavior == EACH else self._behavior
        seen = Seen(entity_id, old, new, new.context)
        self._dwell.start(key, seconds, lambda: to.fire(data, new.context), seen)

    def _dwelling(self, entity_id: str, holds: bool) -> str:
        """Go on with what waited before a restart, end what no longer holds; return why a wait was ended."""
        dwell = self._dwell
        if dwell is None:
            return ""
        if dwell.left:
            self._resume()
        if self._behavior != EACH:
            return self._forget_broken()
        if holds or not dwell.running(entity_id):
            return ""
        dwell.cancel(entity_id)
        return f"{entity_id} is not so any more"

    def _forget_broken(self) -> str:
        """End the wait of those who are counted together when they are no longer so; return why."""
        if self._dwell is None or self._behavior == EACH or not self._dwell.running(self._behavior):
            return ""
        if self._together():
            return ""
        self._dwell.cancel(self._behavior)
        return f"{len(self._matching)} of {len(self._matching) + len(self._others)} are so"

    def _together(self) -> bool:
        """Tell whether those who are counted together are as `behavior` asks."""
        return bool(self._matching) and not (self._behavior == ALL and self._others)

    def _resume(self) -> None:
        """Go on with what waited before a restart, where its entity is known again."""
        dwell, to = self._dwell, self._to
        if dwell is None:
            return
        for key, kept in list(dwell.left.items()):
            entity_id = kept.entity_id or key
            state = to.hub.states.get(entity_id)
            if still_unknown(state, kept.new):
                continue
            data = self._data(entity_id, kept.old, kept.new)
            data["for"] = timedelta(seconds=kept.seconds)
            if self._holds(entity_id, state) if self._behavior == EACH else self._together():
                dwell.resume(key, functools.partial(to.fire, data, kept.context), functools.partial(to.skip, data))
                continue
            dwell.drop(key)
            to.skip(data, f"{entity_id} is not so any more: that changed while {WHILE_OFF}")

    def _holds(self, entity_id: str, state: State | None) -> bool:
        source = self._source(entity_id, state)
        if entity_id not in self._entities or state is None or source is None or not source.counted(state):
            return False
        return self._trigger.row.becomes.holds(source, state, self._trigger.asked)

    def _data(self, entity_id: str, old: State | None, new: State | None) -> dict[str, Any]:
        return {
            "entity_id": entity_id,
            "from_state": None if old is None else TemplateState(entity_id, old),
            "to_state": None if new is None else TemplateState(entity_id, new),
            "for": None,
            "description": f"state of {entity_id}",
        }
