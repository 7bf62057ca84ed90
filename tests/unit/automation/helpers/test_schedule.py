"""The schedule: on and off over the week, the next change, attributes of a block, daylight saving."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.simulators.clock import FakeClock
from tests.simulators.helper_rig import HelperRig

BERLIN = ZoneInfo("Europe/Berlin")
HEAT = """
schedule:
  heat:
    name: Heating
    monday:
      - {from: "17:00", to: "21:00:00", data: {degrees: 22}}
      - {from: "06:00", to: "08:30"}
    friday: [{from: "22:00", to: "24:00"}]
    saturday: [{from: "00:00", to: "01:00"}]
"""
HEATING = "schedule.heat"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 1, 5, 5, tzinfo=BERLIN), BERLIN)  # a Monday


async def test_a_week(rig: HelperRig) -> None:
    assert rig.load(HEAT) == []
    seen: list[tuple[str, str]] = []
    rig.hub.bus.subscribe(
        "arvis/state/schedule/heat", lambda m: seen.append((f"{rig.clock.now():%a %H:%M}", m.payload.state)), rig.owner
    )
    assert rig.state(HEATING) == "off"
    await rig.clock.advance(8 * 86400)
    assert seen == [
        ("Mon 06:00", "on"),
        ("Mon 08:30", "off"),
        ("Mon 17:00", "on"),
        ("Mon 21:00", "off"),
        ("Fri 22:00", "on"),
        ("Sat 00:00", "on"),  # one block ends, the next begins
        ("Sat 01:00", "off"),
        ("Mon 06:00", "on"),
        ("Mon 08:30", "off"),
        ("Mon 17:00", "on"),
        ("Mon 21:00", "off"),
    ]


async def test_attributes(rig: HelperRig) -> None:
    rig.load(HEAT)
    assert rig.attributes(HEATING) == {
        "editable": False,
        "friendly_name": "Heating",
        "next_event": "2026-01-05T06:00:00+01:00",
    }
    await rig.clock.advance(12.5 * 3600)
    assert rig.attributes(HEATING) == {
        "degrees": 22,
        "editable": False,
        "friendly_name": "Heating",
        "next_event": "2026-01-05T21:00:00+01:00",
    }


async def test_the_machine_slept_over_a_change(rig: HelperRig) -> None:
    rig.load(HEAT)
    rig.clock.jump(timedelta(hours=13))
    await rig.clock.advance(31)
    assert rig.state(HEATING) == "on"
    rig.clock.jump(timedelta(hours=-3))
    await rig.clock.advance(31)
    assert rig.state(HEATING) == "off"


async def test_what_it_answers(rig: HelperRig) -> None:
    rig.load(HEAT)
    answer = await rig.do("schedule.get_schedule", HEATING)
    assert answer[HEATING]["monday"] == [
        {"from": "06:00:00", "to": "08:30:00"},
        {"from": "17:00:00", "to": "21:00:00", "data": {"degrees": 22}},
    ]
    assert answer[HEATING]["friday"] == [{"from": "22:00:00", "to": "24:00:00"}]
    assert answer[HEATING]["sunday"] == []


async def test_an_empty_one_never_changes(rig: HelperRig) -> None:
    assert rig.load("schedule: {never: }") == []
    assert rig.state("schedule.never") == "off"
    assert rig.attributes("schedule.never")["next_event"] is None


async def test_numbers_of_seconds_as_older_yaml_reads_them(rig: HelperRig) -> None:
    assert rig.load("schedule: {a: {monday: [{from: 21600, to: 86400}]}}") == []
    assert rig.attributes("schedule.a")["next_event"] == "2026-01-05T06:00:00+01:00"


@pytest.mark.parametrize(
    ("day", "times", "expected"),
    [
        ("2026-03-29", ("02:15", "02:45"), []),  # the clocks skip the hour
        ("2026-03-29", ("01:30", "03:30"), [("01:30", "on"), ("03:30", "off")]),
        ("2026-03-29", ("02:30", "04:00"), [("03:00", "on"), ("04:00", "off")]),
        ("2026-10-25", ("02:15", "02:45"), [("02:15", "on"), ("02:45", "off")]),  # the first time only
        ("2026-10-25", ("01:30", "03:30"), [("01:30", "on"), ("03:30", "off")]),
    ],
)
async def test_daylight_saving(
    rig: HelperRig, day: str, times: tuple[str, str], expected: list[tuple[str, str]]
) -> None:
    rig.clock.jump(datetime.fromisoformat(day).replace(tzinfo=BERLIN) - rig.clock.now())
    rig.load(f'schedule: {{a: {{sunday: [{{from: "{times[0]}", to: "{times[1]}"}}]}}}}')
    seen: list[tuple[str, str]] = []

    def changed(message: object) -> None:
        state = rig.state("schedule.a")
        if (seen[-1][1] if seen else "off") != state:
            seen.append((f"{rig.clock.now():%H:%M}", state))

    rig.hub.bus.subscribe("arvis/state/schedule/a", changed, rig.owner)
    await rig.clock.advance(6 * 3600)
    assert seen == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'monday: [{from: "08:00", to: "07:00"}]',
            ("configuration.yaml:3:14: schedule.a.monday[0]: 'to' must be after 'from': 08:00:00 to 07:00:00 is not"),
        ),
        (
            'monday: [{from: "08:00", to: "10:00"}, {from: "09:00", to: "11:00"}]',
            "configuration.yaml:3:5: schedule.a: monday: 08:00:00 to 10:00:00 and 09:00:00 to 11:00:00 overlap",
        ),
        (
            'monday: [{from: "8 am", to: "10:00"}]',
            (
                "configuration.yaml:3:21: schedule.a.monday[0].from: '8 am' is no time of day: "
                "write '07:30' or '07:30:00', '24:00' for the end of the day"
            ),
        ),
        (
            'moonday: [{from: "08:00", to: "10:00"}]',
            "configuration.yaml:3:5: unknown key 'moonday' in schedule.a (did you mean 'monday'?)",
        ),
    ],
)
async def test_what_is_refused(rig: HelperRig, text: str, expected: str) -> None:
    assert rig.load(f"schedule:\n  a:\n    {text}\n") == [expected]
