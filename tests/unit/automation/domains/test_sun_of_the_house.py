"""Triggers and conditions of the sun: its times, its twilights, its height; timers that have so much left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from arvisd.core.hub import Hub
from arvisd.home.sun import Coordinates
from tests.simulators.automation_rig import AutomationRig, automation_rig
from tests.simulators.clock import FakeClock

BERLIN = ZoneInfo("Europe/Berlin")
HOUSE = Coordinates(52.52, 13.405)
TROMSO = Coordinates(69.65, 18.96)
ACT = "  actions: {action: test.note, data: {message: \"{{ trigger.now.strftime('%m-%d %H:%M') }}\"}}\n"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 3, 20, 12, 30, tzinfo=BERLIN), BERLIN)


@pytest.fixture
async def rig(clock: FakeClock, tmp_path: Path) -> AsyncIterator[AutomationRig]:
    async with automation_rig(Hub(clock), clock, tmp_path) as made:
        made.engine.library.sun.use(HOUSE)
        yield made


# the times are those that astral gives for the same place and elevation
TIMES: list[tuple[str, list[str]]] = [
    ("sun.sunrise", ["03-21 06:07"]),
    ("sun.sunset", ["03-20 18:19"]),
    ("sun.sunset\n      options: {offset: '-00:30:00'}", ["03-20 17:49"]),
    ("sun.sunset\n      options: {offset: {minutes: 30}, offset_type: before}", ["03-20 17:49"]),
    ("sun.solar_noon", ["03-21 12:13"]),
    ("sun.solar_midnight", ["03-21 00:13"]),
    ("sun.dawn", ["03-21 05:32"]),
    ("sun.dawn\n      options: {type: astronomical}", ["03-21 04:10"]),
    ("sun.dusk\n      options: {type: nautical}", ["03-20 19:34"]),
    ("sun.golden_hour_started", ["03-20 17:35", "03-21 05:45"]),
    ("sun.golden_hour_started\n      options: {period: morning}", ["03-21 05:45"]),
    ("sun.golden_hour_ended\n      options: {period: evening}", ["03-20 18:40"]),
    ("sun.blue_hour_started\n      options: {period: evening}", ["03-20 18:40"]),
    ("sun.blue_hour_ended\n      options: {period: evening}", ["03-20 18:53"]),
    ("sun.midnight_sun_started", []),
]


@pytest.mark.parametrize(("trigger", "expected"), TIMES)
async def test_within_a_day(rig: AutomationRig, trigger: str, expected: list[str]) -> None:
    assert await rig.load(f"- id: a\n  triggers:\n    - trigger: {trigger}\n{ACT}") == []
    for _ in range(24):
        await rig.clock.advance(3600)
    assert rig.notes == expected


POLAR: list[tuple[str, str]] = [
    ("sun.midnight_sun_started", "05-19"),
    ("sun.midnight_sun_ended", "07-26"),
    ("sun.polar_night_started", "11-27"),
    ("sun.polar_night_ended", "01-15"),
]


@pytest.mark.parametrize(("trigger", "expected"), POLAR)
async def test_the_long_days_and_nights(rig: AutomationRig, trigger: str, expected: str) -> None:
    rig.engine.library.sun.use(TROMSO)
    await rig.load(f"- id: a\n  triggers:\n    - trigger: {trigger}\n{ACT}")
    (info,) = rig.engine.list()
    assert info.next_due is not None
    assert info.next_due.strftime("%m-%d") == expected


async def test_how_high_it_stands(rig: AutomationRig) -> None:
    rig.hub.states.set("sun.sun", "above_horizon", {"elevation": 8.0})
    options = "{threshold: {type: below, value: 5}, for: 60}"
    trigger = f"sun.elevation_crossed_threshold\n      options: {options}"
    assert await rig.load(f"- id: a\n  triggers:\n    - trigger: {trigger}\n  actions: {{action: test.note}}\n") == []
    rig.hub.states.set("sun.sun", "above_horizon", {"elevation": 4.0})
    await rig.clock.advance(59)
    assert rig.calls == []
    await rig.clock.advance(1)
    assert len(rig.calls) == 1


# at which hour which condition is met; the sun rises at 6:07 and sets at 18:19, the clock stands at 12:30
POSITIONS: list[tuple[str, float, bool]] = [
    ("sun.is_up", 12.5, True),
    ("sun.is_up", 20, False),
    ("sun.is_set", 20, True),
    ("sun.is_descending", 12.5, True),
    ("sun.is_ascending", 25, True),
    ("sun.is_night", 20, False),
    ("sun.is_night", 22, True),
    ("sun.is_golden_hour", 18, True),
    ("sun.is_golden_hour\n      options: {period: morning}", 18, False),
    ("sun.is_golden_hour\n      options: {period: evening}", 18, True),
    ("sun.is_blue_hour", 18.75, True),
    ("sun.is_evening_twilight", 19.75, True),
    ("sun.is_evening_twilight\n      options: {type: civil}", 18.5, True),
    ("sun.is_evening_twilight\n      options: {type: civil}", 19, False),
    ("sun.is_evening_twilight\n      options: {type: nautical}", 19, True),
    ("sun.is_morning_twilight", 19, False),
    ("sun.is_morning_twilight", 29, True),
    ("sun.is_midnight_sun", 12.5, False),
    ("sun.is_polar_night", 12.5, False),
    ("sun.elevation\n      options: {threshold: {type: above, value: 30}}", 12.5, True),
    ("sun.elevation\n      options: {threshold: {type: above, value: 30}}", 17, False),
]


@pytest.mark.parametrize(("condition", "hour", "met"), POSITIONS)
async def test_where_it_stands(rig: AutomationRig, condition: str, hour: float, met: bool) -> None:
    text = f"- id: a\n  triggers: {{trigger: mqtt, topic: go}}\n  conditions:\n    - condition: {condition}\n"
    assert await rig.load(text + "  actions: {action: test.note}\n") == []
    await rig.clock.advance((hour - 12.5) * 3600)
    rig.publish("go")
    assert bool(rig.calls) is met


async def test_the_day_that_does_not_end(rig: AutomationRig) -> None:
    rig.engine.library.sun.use(TROMSO)
    text = "- id: a\n  triggers: {trigger: mqtt, topic: go}\n  conditions: {condition: sun.is_midnight_sun}\n"
    await rig.load(text + "  actions: {action: test.note}\n")
    rig.publish("go")
    assert rig.calls == []
    await rig.clock.advance(90 * 24 * 3600)
    rig.publish("go")
    assert len(rig.calls) == 1


async def test_nobody_said_where_the_house_is(rig: AutomationRig) -> None:
    rig.engine.library.sun.use(None)
    problems = await rig.load("- id: a\n  triggers: {trigger: sun.dawn}\n  actions: []\n")
    place = "it is not known where the house is: write 'latitude' and 'longitude' under 'arvisd:'"
    assert problems == [f"automations.yaml:2:13: the trigger 'sun.dawn': {place}"]


async def test_a_timer_has_so_much_left(rig: AutomationRig) -> None:
    text = """
        - id: a
          triggers:
            - trigger: timer.remaining_time_reached
              target: {entity_id: timer.tea}
              options: {remaining: {seconds: 30}}
          actions: {action: test.note, data: {message: "{{ trigger.remaining }}"}}
        """
    assert await rig.load(text) == []
    rig.hub.states.set("timer.tea", "active", {"finishes_at": "2026-03-20T11:31:40+00:00"})
    await rig.clock.advance(69)
    assert rig.notes == []
    await rig.clock.advance(1)
    assert rig.notes == ["0:00:30"]
    rig.hub.states.set("timer.tea", "active", {"finishes_at": "2026-03-20T11:40:00+00:00"})
    rig.hub.states.set("timer.tea", "paused", {})
    await rig.clock.advance(3600)
    assert len(rig.notes) == 1
