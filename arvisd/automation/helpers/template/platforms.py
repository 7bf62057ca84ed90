"""The kinds of template entities, by domain."""

from __future__ import annotations

from typing import Any

from arvisd.automation.helpers.kind import HelperKind
from arvisd.automation.helpers.template import (
    binary_sensor,
    button,
    cover,
    fan,
    light,
    lock,
    number,
    select,
    sensor,
    switch,
)

PLATFORMS: dict[str, HelperKind[Any]] = {
    module.KIND.domain: module.KIND
    for module in (sensor, binary_sensor, switch, light, cover, fan, lock, number, select, button)
}

NOT_YET = frozenset({"alarm_control_panel", "device_tracker", "event", "image", "text", "update", "vacuum", "weather"})
"""Template entities of Home Assistant that are refused by name."""
