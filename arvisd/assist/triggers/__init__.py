"""Triggers that belong to sites and providers: one module a kind, each with its registry entry `TYPE`."""

from __future__ import annotations

from arvisd.assist.triggers import mode_changed, provider, site, wake
from arvisd.automation.registry import TriggerType

TYPES: tuple[TriggerType, ...] = (wake.TYPE, site.TYPE, mode_changed.TYPE, provider.TYPE)
"""Registered by the daemon before automations are loaded, and known to `arvisd check`."""
