"""What the tables say of one trigger or one condition."""

from __future__ import annotations

import msgspec

from arvisd.automation.domains.comparison import (
    Beginning,
    Comparison,
    Enters,
    EntersFromKnown,
    Is,
    NumberChanges,
    Within,
)
from arvisd.automation.domains.source import Source


class TriggerData(msgspec.Struct, frozen=True):
    """One trigger of a domain."""

    name: str
    """`light.turned_on`."""
    sources: tuple[Source, ...]
    """The entities it is about."""
    becomes: Comparison
    """What they become."""
    begins: Beginning = Enters()
    """Which changes to that count."""
    lasting: bool = True
    """It takes `behavior` and `for`."""
    choice: str = ""
    """Option that names what is asked for: `hvac_mode`."""
    target: str = "target"
    """`target`, or the option that names its one entity, or that entity."""


class ConditionData(msgspec.Struct, frozen=True):
    """One condition of a domain."""

    name: str
    """`light.is_on`."""
    sources: tuple[Source, ...]
    """The entities it is about."""
    is_: Comparison
    """What they must be."""
    choice: str = ""
    """Option that names what is asked for."""
    target: str = "target"
    """`target`, or the option that names its one entity, or that entity."""


Rows = tuple[TriggerData | ConditionData, ...]
"""Of a table."""


def states(source: Source, rows: dict[str, tuple[str, str]]) -> Rows:
    """Return a trigger and a condition for each state: `{"locked": ("lock.locked", "lock.is_locked")}`; empty: none."""
    made: list[TriggerData | ConditionData] = []
    for state, (trigger, condition) in rows.items():
        if trigger:
            made.append(TriggerData(trigger, (source,), Is((state,))))
        if condition:
            made.append(ConditionData(condition, (source,), Is((state,))))
    return tuple(made)


def switched(domain: str, *domains: str) -> Rows:
    """Return what there is of things that are on or off."""
    sources = tuple(Source(domain=each) for each in (domain, *domains))
    return (
        TriggerData(f"{domain}.turned_on", sources, Is(("on",))),
        TriggerData(f"{domain}.turned_off", sources, Is(("off",))),
        ConditionData(f"{domain}.is_on", sources, Is(("on",))),
        ConditionData(f"{domain}.is_off", sources, Is(("off",))),
    )


def detected(device_class: str, triggers: tuple[str, str], conditions: tuple[str, str]) -> Rows:
    """Return what there is of a binary sensor: the names for on and for off."""
    sources = (Source(domain="binary_sensor", device_class=device_class),)
    names = zip(("on", "off"), triggers, conditions, strict=True)
    return tuple(
        row
        for state, trigger, condition in names
        for row in (
            TriggerData(trigger, sources, Is((state,))),
            ConditionData(condition, sources, Is((state,))),
        )
    )


def measured(sources: tuple[Source, ...], changed: str, crossed: str, condition: str) -> Rows:
    """Return what there is of a number."""
    return (
        TriggerData(changed, sources, Within(), NumberChanges(), lasting=False),
        TriggerData(crossed, sources, Within()),
        ConditionData(condition, sources, Within()),
    )


def opened(sources: tuple[Source, ...], triggers: tuple[str, str], conditions: tuple[str, str]) -> Rows:
    """Return what there is of something that opens: the names for open and for closed."""
    rows: list[TriggerData | ConditionData] = []
    # `is_closed` of a cover, the state of a binary sensor
    for trigger, condition, values in zip(triggers, conditions, ((False, "on"), (True, "off")), strict=True):
        rows.append(TriggerData(trigger, sources, Is(values), EntersFromKnown()))
        rows.append(ConditionData(condition, sources, Is(values)))
    return tuple(rows)
