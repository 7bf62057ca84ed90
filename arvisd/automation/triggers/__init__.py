"""Triggers: one module a kind, each with its registry entry `TYPE`."""

from __future__ import annotations

from arvisd.automation.domains import refused
from arvisd.automation.registry import TriggerType, Types
from arvisd.automation.triggers import (
    calendar,
    conversation,
    device,
    event,
    geo_location,
    intent,
    lifecycle,
    mqtt,
    numeric_state,
    persistent_notification,
    state,
    sun,
    tag,
    template,
    time,
    time_pattern,
    webhook,
    zone,
)

NOT_YET: tuple[str, ...] = ()
"""Known, and not done yet."""

BROUGHT = dict.fromkeys(("call", "sms", "dtmf"), "the integration 'sim7600' brings it, and does not run here")
"""Triggers of integrations that people will look for, and who brings them."""


def built_in() -> Types[TriggerType]:
    """Return the kinds that come with the engine; other parts register theirs."""
    modules = (
        mqtt,
        intent,
        conversation,
        state,
        numeric_state,
        template,
        time,
        time_pattern,
        sun,
        calendar,
        event,
        lifecycle,
        zone,
        geo_location,
        webhook,
        tag,
        persistent_notification,
        device,
    )
    types = [module.TYPE for module in modules]
    return Types("trigger", types, NOT_YET, {**BROUGHT, **refused.TRIGGERS}, _of_domains)


def _of_domains() -> list[TriggerType]:
    from arvisd.automation.domains.catalogue import trigger_types  # two hundred, which many a house never names

    return trigger_types()
