"""Actions of covers: blinds, curtains, gates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import msgspec

from arvisd.core.states import State
from arvisd.home.actions.definition import EntityAction, Order, is_state, plain, toggle
from arvisd.home.entity import Entity

POSITION, STOP, TILT = "position", "stop", "tilt"
"""Features: goes to a given position, can be stopped on the way, has slats that turn."""


TOLERANCE = 2
"""By how many percent a reported position may differ: motors count in steps of their own."""


class SetCoverPosition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `cover.set_cover_position`."""

    position: Annotated[int, msgspec.Meta(ge=0, le=100)]
    """0 is closed, 100 open."""


class SetCoverTiltPosition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `cover.set_cover_tilt_position`."""

    tilt_position: Annotated[int, msgspec.Meta(ge=0, le=100)]
    """0 is closed, 100 open."""


def _tilt(position: int) -> Callable[[object, Entity, State | None], Order]:
    return lambda _data, entity, state: _set_tilt(SetCoverTiltPosition(position), entity, state)


def _set_tilt(data: SetCoverTiltPosition, _entity: Entity, _state: State | None) -> Order:
    def done(state: State) -> bool:
        reported = state.attributes.get("current_tilt_position")
        return reported is None or abs(reported - data.tilt_position) <= TOLERANCE

    return Order("cover.set_cover_tilt_position", data, done)


def to_position(action: str) -> Callable[[Any, Entity, State | None], Order]:
    """Return the order of an action that moves something to `position`: that it moves confirms it."""

    def order(data: Any, _entity: Entity, _state: State | None) -> Order:
        def done(state: State) -> bool:
            # moving is the confirmation: a blind takes half a minute to arrive
            reported = state.attributes.get("current_position")
            near = reported is not None and abs(reported - data.position) <= TOLERANCE
            return near or state.state in ("opening", "closing")

        return Order(action, data, done)

    return order


_OPEN = plain("cover.open_cover", "opening", "open")
_CLOSE = plain("cover.close_cover", "closing", "closed")
_TILTS: Callable[[object], frozenset[str]] = lambda _: frozenset({TILT})  # noqa: E731
_STOP = plain("cover.stop_cover", "open", "closed")

ACTIONS = (
    EntityAction("cover.open_cover", "Opens covers.", _OPEN),
    EntityAction("cover.close_cover", "Closes covers.", _CLOSE),
    EntityAction("cover.stop_cover", "Stops covers on their way.", _STOP, needs=lambda _: frozenset({STOP})),
    EntityAction(
        "cover.set_cover_position",
        "Moves covers to a position: 0 is closed, 100 open.",
        to_position("cover.set_cover_position"),
        SetCoverPosition,
        lambda _: frozenset({POSITION}),
    ),
    EntityAction(
        "cover.toggle",
        "Opens closed covers and closes open ones.",
        toggle(_OPEN, _CLOSE, is_state("closed", "closing")),
    ),
    EntityAction("cover.open_cover_tilt", "Opens the slats of covers.", _tilt(100), needs=_TILTS),
    EntityAction("cover.close_cover_tilt", "Closes the slats of covers.", _tilt(0), needs=_TILTS),
    EntityAction(
        "cover.set_cover_tilt_position",
        "Turns the slats of covers: 0 is closed, 100 open.",
        _set_tilt,
        SetCoverTiltPosition,
        _TILTS,
    ),
)
