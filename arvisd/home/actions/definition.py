"""What is known of one action on entities: the whole of it in one registry entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from arvisd.core.actions import NoData
from arvisd.core.errors import ActionDataError
from arvisd.core.states import State
from arvisd.home.entity import Entity


class Order(msgspec.Struct, frozen=True):
    """What a controller is asked for in the end."""

    action: str
    """A basic action of the domain."""
    data: Any
    """An instance of its schema."""
    done: Callable[[State], bool]
    """Whether a state shows that it has happened."""


class EntityAction(msgspec.Struct, frozen=True):
    """An action on entities of one domain."""

    name: str
    """`domain.name`."""
    description: str
    """One sentence."""
    order: Callable[[Any, Entity, State | None], Order]
    """From the caller's data to the order for one entity in its present state; raises ActionDataError."""
    schema: type[msgspec.Struct] = NoData
    needs: Callable[[Any], frozenset[str]] = lambda _data: frozenset()
    """Which features an entity must have for this data."""
    stand_ins: Mapping[str, str] = msgspec.field(default_factory=dict)
    """By feature, another that does instead of it: any colour temperature is a colour."""

    def lacks(self, needs: frozenset[str], entity: Entity) -> frozenset[str]:
        """Return what an entity would need and neither has nor can replace."""
        missing = needs - entity.features
        return frozenset(f for f in missing if self.stand_ins.get(f) not in entity.features) if missing else missing

    @property
    def domain(self) -> str:
        """Domain of the entities that it is for."""
        return self.name.partition(".")[0]


def is_state(*states: str) -> Callable[[State], bool]:
    """Return a test for one of these states."""
    return lambda state: state.state in states


def plain(action: str, *states: str) -> Callable[[Any, Entity, State | None], Order]:
    """Return the order of an action that passes its data on as it is and ends in one of these states."""
    return lambda data, _entity, _state: Order(action, data, is_state(*states))


def choice(action: str, key: str, options: str) -> Callable[[Any, Entity, State | None], Order]:
    """Return the order of an action that chooses one of some names.

    Args:
        action: the basic action.
        key: field of the data and attribute of the state that hold the choice: `fan_mode`.
        options: attribute with the names that there are.
    """

    def order(data: Any, entity: Entity, state: State | None) -> Order:
        wanted = getattr(data, key)
        known = state.attributes.get(options) if state is not None else None
        if known and wanted not in known:
            raise ActionDataError(f"{entity.id} has no {key} {wanted!r}, only {', '.join(map(str, known))}")
        return Order(action, data, lambda after: after.attributes.get(key) == wanted)

    return order


def reaches(action: str, key: str, attribute: str = "") -> Callable[[Any, Entity, State | None], Order]:
    """Return the order of an action whose one value comes back in an attribute."""
    name = attribute or key
    return lambda data, _entity, _state: Order(
        action, data, lambda after: bool(after.attributes.get(name) == getattr(data, key))
    )


def asks(action: str) -> Callable[[Any, Entity, State | None], Order]:
    """Return the order of an action that no state confirms: being asked is all that there is."""
    return lambda data, _entity, _state: Order(action, data, lambda _after: True)


IS_OFF = is_state("off")


def toggle(
    on: Callable[[Any, Entity, State | None], Order],
    off: Callable[[Any, Entity, State | None], Order],
    is_off: Callable[[State], bool] = IS_OFF,
) -> Callable[[Any, Entity, State | None], Order]:
    """Return the order that switches to the other of two states; an unknown one counts as on, as off is safer."""
    return lambda data, entity, state: (on if state is not None and is_off(state) else off)(data, entity, state)
