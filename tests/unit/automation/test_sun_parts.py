"""Trigger and condition `sun`: at the event, before it, after it, in the dark months, without a place."""

from __future__ import annotations

import itertools
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from arvisd.core.hub import Hub
from arvisd.home.sun import Coordinates
from tests.simulators.automation_rig import AutomationRig, automation_rig
from tests.simulators.clock import FakeClock

BERLIN = ZoneInfo("Europe/Berlin")
HOUSE = Coordinates(52.52, 13.405)
LONGYEARBYEN = Coordinates(78.22, 15.65)
ACT = "  actions: [{action: test.note, data: {message: \"{{ trigger.now.strftime('%H:%M:%S') }}\"}}]\n"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 3, 20, 12, tzinfo=BERLIN), BERLIN)


@pytest.fixture
async def rig(clock: FakeClock, tmp_path: Path) -> AsyncIterator[AutomationRig]:
    async with automation_rig(Hub(clock), clock, tmp_path) as made:
        made.engine.library.sun.use(HOUSE)
        yield made


def automation(trigger: str) -> str:
    return f"- id: a\n  triggers: [{trigger}]\n{ACT}"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("event: sunset", ["18:19:11"]),
        ("event: sunrise", ["06:07:12"]),
        ("event: [sunset, sunrise]", ["18:19:11", "06:07:12"]),
        ('event: sunset, offset: "-00:45:00"', ["17:34:11"]),
        ("event: sunset, offset: -2700", ["17:34:11"]),
        ("event: sunset, offset: {minutes: -45}", ["17:34:11"]),
        ('event: sunset, offset: "+00:10"', ["18:29:11"]),
        ('event: sunrise, offset: "-06:00:00"', ["00:07:12"]),
        ("event: sunrise, offset: \"{{ '-00:00:06' }}\"", ["06:07:06"]),
    ],
)
async def test_when_it_fires(rig: AutomationRig, clock: FakeClock, options: str, expected: list[str]) -> None:
    assert await rig.load(automation("{trigger: sun, " + options + "}")) == []
    await clock.advance(86300)
    assert rig.notes == expected


async def test_what_templates_see(rig: AutomationRig, clock: FakeClock) -> None:
    await rig.load(
        """
        - triggers: [{trigger: sun, event: sunset, offset: "-00:45:00"}]
          actions:
            - action: test.note
              data: {message: "{{ trigger.event }} {{ trigger.offset }} {{ trigger.description }}"}
        """
    )
    await clock.advance(6 * 3600)
    assert rig.notes == ["sunset -1 day, 23:15:00 sunset - 0:45:00"]


async def test_a_whole_year(rig: AutomationRig, clock: FakeClock) -> None:
    await rig.load(automation("{trigger: sun, event: [sunrise, sunset]}"))
    schedule, sun = rig.engine.schedule, rig.engine.library.sun
    moment, rung = clock.now(), []
    while moment < clock.now() + timedelta(days=365):
        moment = min(found for found in (sun.next_sunrise(moment), sun.next_sunset(moment)) if found)
        rung.append(moment)
    assert schedule.next_of("a") == rung[0]
    assert len(rung) == 731
    assert {(later - earlier) > timedelta(hours=6) for earlier, later in itertools.pairwise(rung)} == {True}


async def test_the_house_is_moved(rig: AutomationRig, clock: FakeClock) -> None:
    await rig.load(automation("{trigger: sun, event: sunset}"))
    rig.engine.library.sun.use(Coordinates(40.7, -74.0))
    await clock.advance(6.5 * 3600)
    assert rig.notes == []
    await clock.advance(6 * 3600)
    assert rig.notes == ["00:07:58"]


async def test_a_place_that_comes_later(rig: AutomationRig, clock: FakeClock) -> None:
    rig.engine.library.sun.use(None)
    assert await rig.load(automation("{trigger: sun, event: sunset}")) == [
        (
            "automations.yaml:2:14: the trigger 'sun': it is not known where the house is: "
            "write 'latitude' and 'longitude' under 'arvisd:'"
        )
    ]
    rig.engine.library.sun.use(HOUSE)
    rig.engine.try_again()
    await clock.settle()
    assert rig.engine.problems == []
    await clock.advance(7 * 3600)
    assert rig.notes == ["18:19:11"]


async def test_where_the_sun_does_not_rise_for_months(
    rig: AutomationRig, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    rig.engine.library.sun.use(LONGYEARBYEN)
    clock.jump(timedelta(days=-80))
    await rig.load(automation("{trigger: sun, event: sunrise}"))
    assert str(rig.engine.schedule.next_of("a")) == "2026-02-16 11:17:33+01:00"
    assert caplog.records == []


async def test_an_offset_without_end_is_said(
    rig: AutomationRig, clock: FakeClock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rig.engine.library.sun, "next_event", lambda event, after: None)
    await rig.load(automation("{trigger: sun, event: sunrise}"))
    assert [record.message for record in caplog.records if record.levelno == logging.WARNING] == [
        "a: there is no sunrise within a year where the house is"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "{trigger: sun, event: noon}",
            (
                "automations.yaml:2:36: the trigger 'sun': event: expected one of 'sunrise' or 'sunset' or a list "
                "(each item one of 'sunrise' or 'sunset'), got the text 'noon'"
            ),
        ),
        ("{trigger: sun}", "automations.yaml:2:14: the key 'event' is missing in the trigger 'sun'"),
        (
            "{trigger: sun, event: sunset, offset: soon}",
            (
                "automations.yaml:2:52: the trigger 'sun': offset: 'soon' is not a length of time: "
                "give seconds, 'HH:MM:SS' or {minutes: 5}"
            ),
        ),
        (
            "{trigger: sun, event: sunset, ofset: 5}",
            "automations.yaml:2:44: unknown key 'ofset' in the trigger 'sun' (did you mean 'offset'?)",
        ),
    ],
)
async def test_what_is_refused(rig: AutomationRig, text: str, expected: str) -> None:
    assert await rig.load(automation(text)) == [expected]


NIGHT = "{condition: sun, before: sunrise, after: sunset}"
# sunrise 06:08, sunset 18:20
CONDITIONS = [
    (
        "{condition: sun, after: sunset}",
        [("05:00", False), ("12:00", False), ("18:19", False), ("18:21", True), ("23:59", True)],
    ),
    ("{condition: sun, before: sunset}", [("00:01", True), ("18:19", True), ("18:21", False)]),
    ("{condition: sun, after: sunrise}", [("00:01", False), ("06:07", False), ("06:10", True), ("23:00", True)]),
    ("{condition: sun, before: sunrise}", [("00:01", True), ("06:07", True), ("06:10", False), ("23:00", False)]),
    (NIGHT, [("00:01", True), ("06:07", True), ("06:10", False), ("18:19", False), ("18:21", True)]),
    (
        "{condition: sun, after: sunrise, before: sunset}",
        [("00:01", False), ("06:07", False), ("06:10", True), ("18:19", True), ("18:21", False)],
    ),
    (
        '{condition: sun, before: sunrise, before_offset: "01:00:00", after: sunset, after_offset: "-01:00"}',
        [("07:07", True), ("07:10", False), ("17:19", False), ("17:21", True)],
    ),
    (
        "{condition: sun, after: sunset, after_offset: {minutes: -30}, before: sunset, before_offset: 1800}",
        [("17:49", False), ("17:51", True), ("18:49", True), ("18:51", False)],
    ),
]


@pytest.mark.parametrize(("condition", "times"), CONDITIONS)
async def test_conditions(rig: AutomationRig, clock: FakeClock, condition: str, times: list[tuple[str, bool]]) -> None:
    text = f"- id: a\n  triggers: []\n  conditions: [{condition}]\n  actions: [{{action: test.note}}]\n"
    assert await rig.load(text) == []
    told = []
    for wall, _ in times:
        hour, minute = map(int, wall.split(":"))
        clock.jump(clock.now().replace(hour=hour, minute=minute) - clock.now())
        told.append((wall, rig.engine.trigger("a", skip_condition=False) is not None))
    assert told == times


@pytest.mark.parametrize(
    ("days", "condition", "met"),
    [
        (-70, "{condition: sun, after: sunset}", True),
        (-70, "{condition: sun, before: sunrise}", True),
        (-70, "{condition: sun, after: sunrise}", False),
        (-70, "{condition: sun, before: sunset}", False),
        (-70, NIGHT, True),
        (90, "{condition: sun, after: sunset}", False),
        (90, "{condition: sun, before: sunrise}", False),
        (90, "{condition: sun, after: sunrise}", True),
        (90, "{condition: sun, before: sunset}", True),
        (90, NIGHT, False),
    ],
)
async def test_in_the_polar_night_and_day(
    rig: AutomationRig, clock: FakeClock, days: int, condition: str, met: bool
) -> None:
    rig.engine.library.sun.use(LONGYEARBYEN)
    clock.jump(timedelta(days=days))
    text = f"- id: a\n  triggers: []\n  conditions: [{condition}]\n  actions: [{{action: test.note}}]\n"
    await rig.load(text)
    assert (rig.engine.trigger("a", skip_condition=False) is not None) is met


async def test_at_sunset_it_is_after_sunset(rig: AutomationRig, clock: FakeClock) -> None:
    await rig.load(
        automation("{trigger: sun, event: sunset}").replace(
            "  actions", "  conditions: [{condition: sun, after: sunset}]\n  actions"
        )
    )
    await clock.advance(30 * 86400)
    assert len(rig.notes) == 30


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{condition: sun}", "automations.yaml:3:16: the condition 'sun': 'before' or 'after' is needed"),
        (
            "{condition: sun, after: dusk}",
            (
                "automations.yaml:3:40: the condition 'sun': after: expected one of 'sunrise' or 'sunset', "
                "got the text 'dusk'"
            ),
        ),
        (
            "{condition: sun, after: sunset, after_offset: {minuts: 5}}",
            (
                "automations.yaml:3:62: the condition 'sun': after_offset: 'minuts' is not a unit of time: "
                "days, hours, minutes, seconds, milliseconds are"
            ),
        ),
    ],
)
async def test_conditions_that_are_refused(rig: AutomationRig, text: str, expected: str) -> None:
    assert await rig.load(f"- id: a\n  triggers: []\n  conditions: [{text}]\n  actions: []\n") == [expected]


async def test_a_condition_without_a_place(rig: AutomationRig) -> None:
    rig.engine.library.sun.use(None)
    assert await rig.load(f"- id: a\n  triggers: []\n  conditions: [{NIGHT}]\n  actions: []\n") == [
        (
            "automations.yaml:3:16: the condition 'sun': it is not known where the house is: "
            "write 'latitude' and 'longitude' under 'arvisd:'"
        )
    ]
