"""Actions of valves: water, gas."""

from __future__ import annotations

from typing import Annotated

import msgspec

from arvisd.home.actions.cover import POSITION, STOP, to_position
from arvisd.home.actions.definition import EntityAction, is_state, plain, toggle


class SetValvePosition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `valve.set_valve_position`."""

    position: Annotated[int, msgspec.Meta(ge=0, le=100)]
    """0 is closed, 100 open."""


_OPEN = plain("valve.open_valve", "opening", "open")
_CLOSE = plain("valve.close_valve", "closing", "closed")

ACTIONS = (
    EntityAction("valve.open_valve", "Opens valves.", _OPEN),
    EntityAction("valve.close_valve", "Closes valves.", _CLOSE),
    EntityAction(
        "valve.stop_valve",
        "Stops valves on their way.",
        plain("valve.stop_valve", "open", "closed"),
        needs=lambda _: frozenset({STOP}),
    ),
    EntityAction(
        "valve.set_valve_position",
        "Moves valves to a position: 0 is closed, 100 open.",
        to_position("valve.set_valve_position"),
        SetValvePosition,
        lambda _: frozenset({POSITION}),
    ),
    EntityAction(
        "valve.toggle",
        "Opens closed valves and closes open ones.",
        toggle(_OPEN, _CLOSE, is_state("closed", "closing")),
    ),
)
