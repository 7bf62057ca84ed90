"""Actions of covers: blinds, curtains, gates."""

from __future__ import annotations

from typing import Annotated

import msgspec

from arvisd.core.states import State
from arvisd.home.actions.definition import EntityAction, Order, is_state, plain, toggle
from arvisd.home.entity import Entity

POSITION, STOP = "position", "stop"
"""Features: goes to a given position, can be stopped on the way."""


class SetCoverPosition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `cover.set_cover_position`."""

    position: Annotated[int, msgspec.Meta(ge=0, le=100)]
    """0 is closed, 100 open."""


def _set_position(data: SetCoverPosition, _entity: Entity, _state: State | None) -> Order:
    def done(state: State) -> bool:
        # moving is the confirmation: a blind takes half a minute to arrive
        return state.state in ("opening", "closing") or state.attributes.get("current_position") == data.position

    return Order("cover.set_cover_position", data, done)


_OPEN = plain("cover.open_cover", "opening", "open")
_CLOSE = plain("cover.close_cover", "closing", "closed")
_STOP = plain("cover.stop_cover", "open", "closed")

ACTIONS = (
    EntityAction("cover.open_cover", "Opens covers.", _OPEN),
    EntityAction("cover.close_cover", "Closes covers.", _CLOSE),
    EntityAction("cover.stop_cover", "Stops covers on their way.", _STOP, needs=lambda _: frozenset({STOP})),
    EntityAction(
        "cover.set_cover_position",
        "Moves covers to a position: 0 is closed, 100 open.",
        _set_position,
        SetCoverPosition,
        lambda _: frozenset({POSITION}),
    ),
    EntityAction(
        "cover.toggle",
        "Opens closed covers and closes open ones.",
        toggle(_OPEN, _CLOSE, is_state("closed", "closing")),
    ),
)
