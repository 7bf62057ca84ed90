"""Actions of sirens."""

from __future__ import annotations

from typing import Annotated

import msgspec

from arvisd.core.errors import ActionDataError
from arvisd.core.states import State
from arvisd.home.actions.definition import EntityAction, Order, is_state, plain, toggle
from arvisd.home.entity import Entity

TONES, VOLUME, DURATION = "tones", "volume", "duration"
"""Features: has several tones, takes a volume, stops by itself after a time."""


class SirenTurnOn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `siren.turn_on`."""

    tone: str | int | None = None
    duration: Annotated[int, msgspec.Meta(ge=0)] | None = None
    """Seconds."""
    volume_level: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None


def _needs(data: SirenTurnOn) -> frozenset[str]:
    asked = ((TONES, data.tone), (DURATION, data.duration), (VOLUME, data.volume_level))
    return frozenset(feature for feature, value in asked if value is not None)


def _turn_on(data: SirenTurnOn, entity: Entity, state: State | None) -> Order:
    tones = state.attributes.get("available_tones") if state is not None else None
    if data.tone is not None and tones and data.tone not in tones:
        raise ActionDataError(f"{entity.id} has no tone {data.tone!r}, only {', '.join(map(str, tones))}")
    return Order("siren.turn_on", data, is_state("on"))


_OFF = plain("siren.turn_off", "off")

ACTIONS = (
    EntityAction("siren.turn_on", "Sounds sirens.", _turn_on, SirenTurnOn, _needs),
    EntityAction("siren.turn_off", "Silences sirens.", _OFF),
    EntityAction(
        "siren.toggle",
        "Sounds silent sirens and silences sounding ones.",
        toggle(lambda _data, entity, state: _turn_on(SirenTurnOn(), entity, state), _OFF),
    ),
)
