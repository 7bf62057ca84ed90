"""What people set and press: buttons, bells, scenes, selections, texts, counters, timers, schedules, zones."""

from __future__ import annotations

from arvisd.automation.domains.comparison import (
    Anything,
    Changes,
    Chosen,
    Counts,
    Happens,
    InZone,
    Is,
    IsAs,
    NextBlock,
    Steps,
    Within,
)
from arvisd.automation.domains.description import ConditionData, Rows, TriggerData, states
from arvisd.automation.domains.source import Source

_SELECT = (Source(domain="select"), Source(domain="input_select"))
_TEXT = (Source(domain="text"), Source(domain="input_text"))
_COUNTER = (Source(domain="counter"),)
_SCHEDULE = (Source(domain="schedule"),)
_TIMER = Source(domain="timer")
_TIMERS = (Source(domain="timer", attribute="last_transition"),)
_ABROAD = (Source(domain="person"), Source(domain="device_tracker"))
_ZONE = (Source(domain="zone"),)

ROWS: Rows = (
    TriggerData(
        "button.pressed",
        (Source(domain="button"), Source(domain="input_button")),
        Anything(),
        Happens(),
        lasting=False,
    ),
    TriggerData("scene.activated", (Source(domain="scene"),), Anything(), Happens(), lasting=False),
    TriggerData(
        "doorbell.rang",
        (Source(domain="event", device_class="doorbell", attribute="event_type"),),
        Is(("ring",)),
        Happens(),
        lasting=False,
    ),
    TriggerData("select.selection_changed", _SELECT, Anything(), Changes(), lasting=False),
    ConditionData("select.is_option_selected", _SELECT, Chosen(), choice="option"),
    TriggerData("text.changed", _TEXT, Anything(), Changes(), lasting=False),
    ConditionData("text.is_equal_to", _TEXT, Chosen(), choice="value"),
    # counter
    TriggerData("counter.incremented", _COUNTER, Counts(), Steps(), lasting=False),
    TriggerData("counter.decremented", _COUNTER, Counts(), Steps(up=False), lasting=False),
    TriggerData("counter.maximum_reached", _COUNTER, IsAs("maximum"), Changes()),
    TriggerData("counter.minimum_reached", _COUNTER, IsAs("minimum"), Changes()),
    TriggerData("counter.reset", _COUNTER, IsAs("initial"), Changes()),
    ConditionData("counter.is_value", _COUNTER, Within()),
    # timer and schedule
    *(
        TriggerData(f"timer.{transition}", _TIMERS, Is((transition,)))
        for transition in ("cancelled", "finished", "paused", "restarted", "started")
    ),
    *states(_TIMER, {state: ("", f"timer.is_{state}") for state in ("active", "paused", "idle")}),
    ConditionData("calendar.is_event_active", (Source(domain="calendar"),), Is(("on",))),
    TriggerData("schedule.block_started", _SCHEDULE, Is(("on",)), NextBlock()),
    TriggerData("schedule.block_ended", _SCHEDULE, Is(("off",))),
    ConditionData("schedule.is_on", _SCHEDULE, Is(("on",))),
    ConditionData("schedule.is_off", _SCHEDULE, Is(("off",))),
    # zone
    TriggerData("zone.entered", _ABROAD, InZone(), choice="zone"),
    TriggerData("zone.left", _ABROAD, InZone(no=True), choice="zone"),
    ConditionData("zone.in_zone", _ABROAD, InZone(), choice="zone"),
    ConditionData("zone.not_in_zone", _ABROAD, InZone(no=True), choice="zone"),
    TriggerData("zone.occupancy_detected", _ZONE, Counts(least=1), target="zone"),
    TriggerData("zone.occupancy_cleared", _ZONE, Counts(most=0), target="zone"),
    ConditionData("zone.occupancy_is_detected", _ZONE, Counts(least=1), target="zone"),
    ConditionData("zone.occupancy_is_not_detected", _ZONE, Counts(most=0), target="zone"),
)
