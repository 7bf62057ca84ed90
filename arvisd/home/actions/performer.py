"""Carries out an action on each of its entities and waits for the states that confirm it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from arvisd.core.actions import ActionCall, Handler
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError, ActionError, ActionFailedError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.states import UNAVAILABLE, UNKNOWN, State
from arvisd.home.actions.definition import EntityAction, Order
from arvisd.home.entity import Entity
from arvisd.home.registry import HomeRegistry
from arvisd.home.targets import as_list, resolve

_LOGGER = logging.getLogger("arvisd.home.actions")

CONFIRM_SECONDS = 5.0
"""How long a device may take to report its new state; battery-powered Zigbee devices need up to 3 s."""

ASK_SECONDS = 10.0
"""How long a controller may take to ask a device: one behind a cloud answers within 3 s."""

LATE_SECONDS = 60.0
"""How long it is still noted that a device did after all what was given up; sleepy sensors wake once a minute."""


class Performer:
    """Does entity actions; an action is done when every entity has reported it."""

    def __init__(self, hub: Hub, home: HomeRegistry) -> None:
        self._hub = hub
        self._home = home
        self._late: dict[str, Owner] = {}
        """By entity: who waits for what it was too slow for."""

    def handler(self, action: EntityAction) -> Handler:
        """Return the handler to register for an action."""

        async def handle(call: ActionCall) -> dict[str, Any]:
            return await self.perform(action, call)

        return handle

    async def perform(self, action: EntityAction, call: ActionCall) -> dict[str, Any]:
        """Do it on every entity of the target; return `{"entities": [ids]}`.

        `assumed` beside it names those whose state never comes back: they were asked, and nobody knows more.

        Raises:
            ActionDataError: the target or the data does not fit; nothing was done.
            ActionFailedError: at least one entity did not do it; the text names each.
        """
        orders = [
            (entity, action.order(call.data, entity, self._hub.states.get(entity.id)))
            for entity in self._able(action, call)
        ]
        for entity, _ in orders:
            self._forget(entity.id)
        outcomes = await asyncio.gather(*(self._attempt(entity, order, call.context) for entity, order in orders))
        failures = [outcome for outcome in outcomes if outcome is not None]
        if failures:
            raise failures[0] if len(orders) == 1 else _several(failures, len(orders))
        assumed = [entity.id for entity, _ in orders if entity.assumed_state]
        done: dict[str, Any] = {"entities": [entity.id for entity, _ in orders]}
        return done | ({"assumed": assumed} if assumed else {})

    def _able(self, action: EntityAction, call: ActionCall) -> list[Entity]:
        """Return the entities that can do it; one named by id must be able to, of a place some must be."""
        entities = resolve(self._home, call.target, (action.domain,), action.name)
        needs = action.needs(call.data)
        able = [entity for entity in entities if entity.controller is not None and not action.lacks(needs, entity)]
        named = set(as_list(call.target.entity_id))
        for entity in entities:
            if entity not in able and (entity.id in named or not able):
                raise ActionDataError(_unable(entity, action.lacks(needs, entity)))
        return able

    async def _attempt(self, entity: Entity, order: Order, context: Context) -> ActionError | None:
        try:
            await self._do(entity, order, context)
        except ActionError as error:
            return error
        return None

    async def _do(self, entity: Entity, order: Order, context: Context) -> None:
        state = self._hub.states.get(entity.id)
        if state is not None and state.state == UNAVAILABLE:
            raise ActionFailedError(f"{entity.id} is unavailable")
        if entity.assumed_state:
            await self._ask(entity, order, context)
            return
        expecting = self._hub.states.expecting(entity.id, order.done, context)
        with expecting, Confirmation(self._hub, entity.id, order.done) as confirmation:
            await self._ask(entity, order, context)
            if await confirmation.wait():
                return
        self._watch_for(entity.id, order)
        now = self._hub.states.get(entity.id)
        raise ActionFailedError(f"{entity.id} did not confirm within {CONFIRM_SECONDS:g} s: {_instead(state, now)}")

    async def _ask(self, entity: Entity, order: Order, context: Context) -> None:
        assert entity.controller is not None
        if entity.controller.patient:
            await entity.controller.perform(order.action, order.data, context)
            return
        try:
            await self._hub.clock.wait_for(entity.controller.perform(order.action, order.data, context), ASK_SECONDS)
        except TimeoutError:
            raise ActionFailedError(f"{entity.id} could not be asked within {ASK_SECONDS:g} s") from None

    def _watch_for(self, entity_id: str, order: Order) -> None:
        """Note it when a device does later what it was given up for: `action_confirmed_late`."""
        self._forget(entity_id)
        owner = self._late[entity_id] = Owner(f"late confirmation of {entity_id}")
        since = self._hub.clock.monotonic()

        def look(_message: object) -> None:
            state = self._hub.states.get(entity_id)
            if state is None or not order.done(state):
                return
            self._forget(entity_id)
            seconds = round(self._hub.clock.monotonic() - since + CONFIRM_SECONDS, 1)
            _LOGGER.info("%s: %s was confirmed after %g s", entity_id, order.action, seconds)
            data = {"entity_id": entity_id, "action": order.action, "seconds": seconds}
            self._hub.fire("action_confirmed_late", data, state.context)

        self._hub.bus.subscribe(self._hub.topics.state(entity_id), look, owner)
        timer = self._hub.clock.call_later(LATE_SECONDS, lambda: self._forget(entity_id))
        owner.on_stop(timer.cancel)

    def _forget(self, entity_id: str) -> None:
        """No longer wait for what an entity was too slow for."""
        owner = self._late.pop(entity_id, None)
        if owner is not None:
            owner.release()


class Confirmation:
    """Waits until an entity's state shows that something has happened; listens from the start."""

    def __init__(self, hub: Hub, entity_id: str, done: Callable[[State], bool]) -> None:
        self._hub = hub
        self._entity_id = entity_id
        self._done = done
        self._seen = asyncio.Event()
        self._owner = Owner(f"confirmation of {entity_id}")

    def __enter__(self) -> Confirmation:
        self._hub.bus.subscribe(self._hub.topics.state(self._entity_id), lambda _message: self._look(), self._owner)
        return self

    def __exit__(self, *_: object) -> None:
        self._owner.release()

    def _look(self) -> None:
        state = self._hub.states.get(self._entity_id)
        if state is not None and self._done(state):
            self._seen.set()

    async def wait(self) -> bool:
        """Return whether it showed in time."""
        self._look()  # it may have been so before, and then no new state comes
        if self._seen.is_set():
            return True
        try:
            await self._hub.clock.wait_for(self._seen.wait(), CONFIRM_SECONDS)
        except TimeoutError:
            return False
        return True


def _several(failures: list[ActionError], asked: int) -> ActionFailedError:
    """Return one error that names each failure, and how many did what was asked."""
    done = asked - len(failures)
    more = f"; the other {'one' if done == 1 else done} did" if done else ""
    return ActionFailedError("; ".join(str(error) for error in failures) + more)


def _instead(before: State | None, now: State | None) -> str:
    """Return what is known of an entity instead of what was asked for."""
    if now is None or now.state == UNKNOWN:
        return "nothing was ever heard of it"
    if now.state == UNAVAILABLE:
        return "it has become unavailable"
    if before is not None and before.state == now.state:
        changed = " with other values" if before.attributes != now.attributes else ""
        return f"it is still {now.state}{changed}"
    return f"it is {now.state}"


def _unable(entity: Entity, lacking: frozenset[str]) -> str:
    if entity.controller is None:
        return f"{entity.id} can only be read"
    return f"{entity.id} has no {' and no '.join(sorted(lacking))}"
