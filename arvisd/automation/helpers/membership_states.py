"""What counts as on in a group: a person who is home, a cover that is open, a lock that is not locked."""

from __future__ import annotations

from collections.abc import Iterable

from arvisd.core.states import UNAVAILABLE, UNKNOWN, State

PLAIN = ("on", "off")
PAIRS: dict[str, tuple[str, str]] = {
    "person": ("home", "not_home"),
    "device_tracker": ("home", "not_home"),
    "cover": ("open", "closed"),
    "valve": ("open", "closed"),
    "lock": ("unlocked", "locked"),
    "plant": ("problem", "ok"),
}
"""By domain: what the group is called when it is on and when it is off, after Home Assistant's domains."""
ON: dict[str, frozenset[str]] = {
    "person": frozenset({"home"}),
    "device_tracker": frozenset({"home"}),
    "cover": frozenset({"open", "opening", "closing"}),
    "valve": frozenset({"open", "opening", "closing"}),
    "lock": frozenset({"unlocked", "unlocking", "locking", "open", "opening"}),
    "plant": frozenset({"problem"}),
    "climate": frozenset({"on", "heat", "cool", "heat_cool", "auto", "dry", "fan_only"}),
    "water_heater": frozenset({"on", "eco", "electric", "gas", "heat_pump", "high_demand", "performance"}),
    "media_player": frozenset({"on", "playing", "paused", "idle", "buffering"}),
    "vacuum": frozenset({"on", "cleaning", "returning", "error"}),
    "alarm_control_panel": frozenset(
        {
            "armed_away",
            "armed_custom_bypass",
            "armed_home",
            "armed_night",
            "armed_vacation",
            "triggered",
        }
    ),
}
"""By domain: which states count as on; of other domains `on` alone."""
_ON_PLAIN = frozenset({"on"})
_NAMES = {pair[0]: pair for pair in PAIRS.values()} | {pair[1]: pair for pair in PAIRS.values()}


def group_state(members: Iterable[tuple[str, State | None]], *, every: bool) -> str:
    """Return the state of a group.

    Args:
        members: ids and states, None for one that is not there.
        every: on only where all of them are, instead of any.

    With nobody available it is unavailable; with nobody known unknown, with `every` also with somebody unknown.
    """
    on: list[bool] = []
    pairs: set[tuple[str, str]] = set()
    uncertain = 0
    available = False
    for entity_id, state in members:
        value = UNAVAILABLE if state is None else state.state
        available = available or value != UNAVAILABLE
        if value in (UNAVAILABLE, UNKNOWN):
            uncertain += 1
            continue
        domain = entity_id.partition(".")[0]
        if domain == "group":
            pair = _NAMES.get(value, PLAIN)
            on.append(value == pair[0])
        else:
            pair = PAIRS.get(domain, PLAIN)
            on.append(value in ON.get(domain, _ON_PLAIN))
        pairs.add(pair)
    if not available:
        return UNAVAILABLE
    if not on or (every and uncertain):
        return UNKNOWN
    words = pairs.pop() if len(pairs) == 1 else PLAIN
    return words[0] if (all(on) if every else any(on)) else words[1]
