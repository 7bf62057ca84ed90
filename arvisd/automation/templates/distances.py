"""Template functions of places: `distance` in kilometres, `closest`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from arvisd.automation.places import HOME, Spot, metres_between, spot_of
from arvisd.automation.templates.states import StateFunctions, TemplateState

_LOGGER = logging.getLogger("arvisd.automation.templates")


class PlaceFunctions:
    """Places of entities; home is the zone `zone.home`."""

    def __init__(self, states: StateFunctions) -> None:
        self._states = states

    def distance(self, *points: Any) -> float | None:
        """Return the kilometres between two points, or from home to one; a point is an entity, or two numbers."""
        waiting = list(points)
        spots: list[Spot] = []
        while waiting:
            spot = self._spot(waiting)
            if spot is None:
                return None
            spots.append(spot)
        home = self._home() if len(spots) == 1 else None
        if home is not None:
            spots.append(home)
        return metres_between(spots[0], spots[1]) / 1000 if len(spots) > 1 else None

    def closest(self, *args: Any) -> TemplateState | None:
        """Return the nearest of some entities, to home or to a point given before them."""
        if not args:
            raise TypeError("closest takes entities, and before them a point if it is not home that is meant")
        *point, among = args
        spot = self._spot(point) if point else self._home()
        if spot is None:
            return None
        near = [
            (metres_between(spot, at), s) for s in self._states.expand(among) if (at := spot_of(s.source)) is not None
        ]
        return min(near, key=lambda found: found[0])[1] if near else None

    def closest_filter(self, among: Any, *point: Any) -> TemplateState | None:
        """Do the same with the entities first, as a filter has them."""
        return self.closest(*point, among)

    def functions(self) -> dict[str, Any]:
        """Return what templates call."""
        return {"distance": self.distance, "closest": self.closest}

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters."""
        return {"closest": self.closest_filter}

    def _home(self) -> Spot | None:
        state = self._states.find(HOME)
        if state is None:
            _LOGGER.warning("template: it is not known where home is: there is no %s", HOME)
        return None if state is None else spot_of(state.source)

    def _spot(self, waiting: list[Any]) -> Spot | None:
        """Take the next point: an entity, or two numbers."""
        first = waiting.pop(0)
        state = first if isinstance(first, TemplateState) else None
        if state is None and isinstance(first, str) and "." in first and not _is_number(first):
            state = self._states.find(first)
            if state is None:
                _LOGGER.warning("template: there is no entity %r", first)
                return None
        if state is not None:
            spot = spot_of(state.source)
            if spot is None:
                _LOGGER.warning("template: it is not known where %s is", state.entity_id)
            return spot
        if waiting and _is_number(first) and _is_number(waiting[0]):
            return Spot(float(first), float(waiting.pop(0)))
        _LOGGER.warning("template: %r is no point: give an entity, or latitude and longitude", first)
        return None


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True
