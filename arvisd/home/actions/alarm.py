"""Actions of alarm panels."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.home.actions.definition import EntityAction, plain

ARM = {
    "arm_home": "armed_home",
    "arm_away": "armed_away",
    "arm_night": "armed_night",
    "arm_vacation": "armed_vacation",
    "arm_custom_bypass": "armed_custom_bypass",
}
"""Features, each a way to arm, with the state that it ends in."""
TRIGGER = "trigger"
"""Feature: can be set off."""


class AlarmCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of the actions of alarm panels."""

    code: str | None = None
    """The panel's code, where it wants one."""


def _needs(feature: str) -> Any:
    return lambda _: frozenset({feature})


ACTIONS = (
    *(
        EntityAction(
            f"alarm_control_panel.alarm_{feature}",
            f"Arms alarm panels: {feature.removeprefix('arm_').replace('_', ' ')}.",
            plain(f"alarm_control_panel.alarm_{feature}", state, "arming"),
            AlarmCode,
            _needs(feature),
        )
        for feature, state in ARM.items()
    ),
    EntityAction(
        "alarm_control_panel.alarm_disarm",
        "Disarms alarm panels.",
        plain("alarm_control_panel.alarm_disarm", "disarmed", "disarming"),
        AlarmCode,
    ),
    EntityAction(
        "alarm_control_panel.alarm_trigger",
        "Sets alarm panels off.",
        plain("alarm_control_panel.alarm_trigger", "triggered", "pending"),
        AlarmCode,
        _needs(TRIGGER),
    ),
)
