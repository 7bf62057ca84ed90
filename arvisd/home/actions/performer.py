"""Carries out an action on each of its entities and waits for the states that confirm it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from arvisd.core.actions import ActionCall, Handler
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError, ActionError, ActionFailedError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.states import UNAVAILABLE, State
from arvisd.home.actions.definition import EntityAction, Order
from arvisd.home.entity import Entity
from arvisd.home.registry import HomeRegistry
from arvisd.home.targets import as_list, resolve

CONFIRM_SECONDS = 5.0
"""How long a device may take to report its new state; battery-powered Zigbee devices need up to 3 s."""


class Performer:
    """Does entity actions; an action is done when every entity has reported it."""

    def __init__(self, hub: Hub, home: HomeRegistry) -> None:
        self._hub = hub
        self._home = home

    def handler(self, action: EntityAction) -> Handler:
        """Return the handler to register for an action."""

        async def handle(call: ActionCall) -> dict[str, Any]:
            return await self.perform(action, call)

        return handle

    async def perform(self, action: EntityAction, call: ActionCall) -> dict[str, Any]:
        """Do it on every entity of the target; return `{"entities": [ids]}`.

        Raises:
            ActionDataError: the target or the data does not fit; nothing was done.
            ActionFailedError: at least one entity did not do it; the text names each.
        """
        orders = [
            (entity, action.order(call.data, entity, self._hub.states.get(entity.id)))
            for entity in self._able(action, call)
        ]
        outcomes = await asyncio.gather(*(self._attempt(entity, order, call.context) for entity, order in orders))
        failures = [outcome for outcome in outcomes if outcome is not None]
        if failures:
            raise failures[0] if len(orders) == 1 else ActionFailedError("; ".join(str(error) for error in failures))
        return {"entities": [entity.id for entity, _ in orders]}

    def _able(self, action: EntityAction, call: ActionCall) -> list[Entity]:
        """Return the entities that can do it; one named by id must be able to, of a place some must be."""
        entities = resolve(self._home, call.target, (action.domain,), action.name)
        needs = action.needs(call.data)
        able = [entity for entity in entities if entity.controller is not None and needs <= entity.features]
        named = set(as_list(call.target.entity_id))
        for entity in entities:
            if entity not in able and (entity.id in named or not able):
                raise ActionDataError(_unable(entity, needs))
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
        assert entity.controller is not None
        if entity.assumed_state:
            await entity.controller.perform(order.action, order.data, context)
            return
        expecting = self._hub.states.expecting(entity.id, order.done, context)
        with expecting, Confirmation(self._hub, entity.id, order.done) as confirmation:
            await entity.controller.perform(order.action, order.data, context)
            await confirmation.wait()


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

    async def wait(self) -> None:
        """Return when it shows; raise ActionFailedError when it takes too long."""
        self._look()  # it may have been so before, and then no new state comes
        if self._seen.is_set():
            return
        try:
            await self._hub.clock.wait_for(self._seen.wait(), CONFIRM_SECONDS)
        except TimeoutError:
            raise ActionFailedError(f"{self._entity_id} did not confirm within {CONFIRM_SECONDS:g} s") from None


def _unable(entity: Entity, needs: frozenset[str]) -> str:
    if entity.controller is None:
        return f"{entity.id} can only be read"
    return f"{entity.id} has no {' and no '.join(sorted(needs - entity.features))}"
