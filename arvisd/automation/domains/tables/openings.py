"""What opens and closes: covers by their class, doors, windows, gates, garage doors, valves, locks."""

from __future__ import annotations

from arvisd.automation.domains.description import Rows, opened, states
from arvisd.automation.domains.source import Source

_TOLD = {"closed": True, "open": False, "opening": False, "closing": False}
"""`is_closed` of a cover that does not say it: most that are reached over MQTT only have a state."""


def _cover(device_class: str) -> Source:
    return Source(domain="cover", device_class=device_class, attribute="is_closed", told=_TOLD)


def _sensor(device_class: str) -> Source:
    return Source(domain="binary_sensor", device_class=device_class)


_COVERS = tuple(
    row
    for kind in ("awning", "blind", "curtain", "shade", "shutter")
    for row in opened(
        (_cover(kind),),
        (f"cover.{kind}_opened", f"cover.{kind}_closed"),
        (f"cover.{kind}_is_open", f"cover.{kind}_is_closed"),
    )
)


def _opening(domain: str, *sources: Source) -> Rows:
    return opened(sources, (f"{domain}.opened", f"{domain}.closed"), (f"{domain}.is_open", f"{domain}.is_closed"))


ROWS: Rows = (
    *_COVERS,
    *_opening("door", _sensor("door"), _cover("door")),
    *_opening("window", _sensor("window"), _cover("window")),
    *_opening("garage_door", _sensor("garage_door"), _cover("garage")),
    *_opening("gate", _cover("gate")),
    *_opening("valve", Source(domain="valve", attribute="is_closed", told=_TOLD)),
    *states(
        Source(domain="lock"),
        {
            "jammed": ("lock.jammed", "lock.is_jammed"),
            "locked": ("lock.locked", "lock.is_locked"),
            "open": ("lock.opened", "lock.is_open"),
            "unlocked": ("lock.unlocked", "lock.is_unlocked"),
        },
    ),
)
