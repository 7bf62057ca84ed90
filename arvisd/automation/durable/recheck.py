"""What a wait for triggers must catch up with after a restart: what changed while the daemon was off.

With the wait is written what its triggers had seen by then: the states of their entities, whether their templates
were true. After a restart each change between then and now is handed to them, as if it happened now; an entity
that is not known yet is waited for. Clock times that came meanwhile are seen to as those of any trigger (`missed`).
What leaves no trace, an event, a message that the broker does not keep, is not seen.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from arvisd.automation.attachment import Lasting
from arvisd.automation.errors import TemplateError
from arvisd.core.bus import Message
from arvisd.core.owner import Owner
from arvisd.core.states import State

if TYPE_CHECKING:
    from arvisd.automation.durable.values import Keeper, Restorer
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope
    from arvisd.automation.triggers.built import BuiltTrigger


class Recheck:
    """What the triggers of one wait had seen."""

    def __init__(self, run: Run, scope: Scope, triggers: Sequence[BuiltTrigger], entities: Sequence[str]) -> None:
        self._run = run
        self._hub = run.hub
        self._scope = scope
        self._triggers = triggers
        self._entities = entities
        self._begun = run.hub.clock.now()
        self._ears = Owner(f"{run.automation.label}: wait")
        self._before: dict[str, State | None] = {}
        """After a restart: the states as they were, of entities that have not been caught up with."""
        self._held: list[bool | None] = []

    def saved(self, keeper: Keeper) -> dict[str, Any]:
        """Return what the triggers have seen by now, as JSON data."""
        states = {entity: keeper.value(self._seen(entity)) for entity in self._entities}
        return {"at": self._begun.isoformat(), "states": states, "holds": self._holding()}

    def restore(self, saved: dict[str, Any], restorer: Restorer) -> None:
        """Take what `saved` gave before the restart."""
        self._begun = datetime.fromisoformat(saved["at"])
        self._before = {entity: restorer.value(kept) for entity, kept in saved["states"].items()}
        self._held = saved["holds"]

    def lasting(self) -> Lasting | None:
        """Return what lets clock triggers look for the times that came while the daemon was off."""
        before = self._run.automation.book.at_work_until
        if before is None:
            return None
        lasting = Lasting(self._run.automation.id, self._run.automation.missed)
        lasting.since = max(self._begun, before)
        return lasting

    def expect(self, owner: Owner) -> None:
        """Listen for entities that are not known yet; before the triggers do, which listen under `owner`."""
        owner.on_stop(self._ears.release)
        for entity_id in self._before:
            if self._hub.states.get(entity_id) is None:
                topic = self._hub.topics.state(entity_id)
                self._hub.bus.subscribe(topic, functools.partial(self._heard, owner, entity_id), self._ears)

    def catch_up(self, owner: Owner) -> list[BuiltTrigger]:
        """Hand the triggers what changed; return those whose template became true."""
        for entity_id in list(self._before):
            now = self._hub.states.get(entity_id)
            if now is not None:
                self._hand(owner, entity_id, now)
                self._before.pop(entity_id, None)
        pairs = zip(self._triggers, self._held, self._holding(), strict=True)
        return [trigger for trigger, held, holds in pairs if held is False and holds]

    def already(self, data: dict[str, Any]) -> bool:
        """Tell whether a trigger only saw an entity come back as it was before the restart."""
        before = self._before.get(data.get("entity_id") or "")
        to = data.get("to_state")
        return before is not None and data.get("from_state") is None and to is not None and not _differ(before, to)

    def _seen(self, entity_id: str) -> State | None:
        known = self._hub.states.get(entity_id)
        return known if known is not None else self._before.get(entity_id)

    def _holding(self) -> list[bool | None]:
        held: list[bool | None] = []
        for trigger in self._triggers:
            try:
                held.append(trigger.holds(self._scope) if trigger.enabled else None)
            except TemplateError:
                held.append(None)
        return held

    def _heard(self, owner: Owner, entity_id: str, message: Message) -> None:
        """An entity that was unknown is known; what hears of it after this listener still asks `already`."""
        if entity_id in self._before and isinstance(message.payload, State):
            asyncio.get_running_loop().call_soon(self._before.pop, entity_id, None)
            self._hand(owner, entity_id, message.payload)

    def _hand(self, owner: Owner, entity_id: str, now: State) -> None:
        """Let the triggers see the state as it was, and then its change."""
        before = self._before[entity_id]
        if before is None or not _differ(before, now):
            return
        topic = self._hub.topics.state(entity_id)
        for message in (Message(topic, before, True), Message(topic, now, True, previous=before)):
            for subscription in self._hub.bus.subscriptions(topic):
                if subscription.owner is owner and subscription.filter == topic:
                    self._hub.bus.hand(subscription, message)


def _differ(before: State, now: Any) -> bool:
    return bool(before.state != now.state or before.attributes != now.attributes)
