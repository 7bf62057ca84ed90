"""Conditions: one module a kind, each with its registry entry `TYPE`."""

from __future__ import annotations

from arvisd.automation.conditions import (
    device,
    logic,
    numeric_state,
    state,
    sun,
    template,
    time,
    trigger,
    zone,
)
from arvisd.automation.domains import refused
from arvisd.automation.registry import ConditionType, Types


def built_in() -> Types[ConditionType]:
    """Return the kinds that come with the engine; other parts register theirs."""
    types = [
        *logic.TYPES,
        *(module.TYPE for module in (state, numeric_state, template, time, sun, trigger, zone, device)),
    ]
    return Types("condition", types, never=refused.CONDITIONS, further=_of_domains)


def _of_domains() -> list[ConditionType]:
    from arvisd.automation.domains.catalogue import condition_types  # a hundred and fifty, which many never name

    return condition_types()
