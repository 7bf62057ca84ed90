"""The timer: its states, events and attributes, and how it outlives the daemon."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from arvisd.automation.helpers.timer import clock_text
from arvisd.core.errors import ActionError
from tests.simulators.helper_rig import HelperRig

TIMER = 'timer:\n  tea: {duration: "00:05:00"}'
TEA = "timer.tea"


async def test_runs_to_its_end(rig: HelperRig) -> None:
    """Idle, active with the end in its attributes, idle again, with an event at each turn."""
    assert rig.load(TIMER) == []
    assert rig.attributes(TEA) == {"editable": False, "duration": "0:05:00", "restore": True}
    await rig.do("timer.start", TEA)
    assert rig.state(TEA) == "active"
    assert rig.attributes(TEA) == {
        "editable": False,
        "duration": "0:05:00",
        "remaining": "0:05:00",
        "finishes_at": "2026-01-05T12:05:00+00:00",
        "last_transition": "started",
        "restore": True,
    }
    await rig.clock.advance(299)
    assert rig.state(TEA) == "active"
    await rig.clock.advance(1)
    assert rig.state(TEA) == "idle"
    assert rig.attributes(TEA) == {
        "editable": False,
        "duration": "0:05:00",
        "last_transition": "finished",
        "restore": True,
    }
    assert rig.events == [
        ("timer.started", {"entity_id": TEA}),
        ("timer.finished", {"entity_id": TEA, "finished_at": "2026-01-05T12:05:00+00:00"}),
    ]


STORIES: dict[str, tuple[list[tuple[float, str, dict[str, Any]]], str, str | None, list[str]]] = {
    # seconds before each action; then state, remaining, events
    "paused": ([(0, "start", {}), (60, "pause", {})], "paused", "0:04:00", ["started", "paused"]),
    "goes on": (
        [(0, "start", {}), (60, "pause", {}), (600, "start", {})],
        "active",
        "0:04:00",
        ["started", "paused", "restarted"],
    ),
    "paused twice": (
        [(0, "start", {}), (60, "pause", {}), (9, "start", {}), (60, "pause", {}), (9, "pause", {})],
        "paused",
        "0:03:00",
        ["started", "paused", "restarted", "paused"],
    ),
    "started anew": ([(0, "start", {}), (60, "start", {})], "active", "0:05:00", ["started", "restarted"]),
    "another duration": ([(0, "start", {"duration": "00:01:30"})], "active", "0:01:30", ["started"]),
    "a duration in seconds": ([(0, "start", {"duration": 90})], "active", "0:01:30", ["started"]),
    "a duration in parts": ([(0, "start", {"duration": {"hours": 26}})], "active", "26:00:00", ["started"]),
    "a duration of nothing": ([(0, "start", {"duration": 0})], "active", "0:05:00", ["started"]),
    "cancelled": ([(0, "start", {}), (60, "cancel", {})], "idle", None, ["started", "cancelled"]),
    "cancelled while paused": (
        [(0, "start", {}), (60, "pause", {}), (0, "cancel", {})],
        "idle",
        None,
        ["started", "paused", "cancelled"],
    ),
    "cancelled while idle": ([(0, "cancel", {})], "idle", None, []),
    "finished by hand": ([(0, "start", {}), (60, "finish", {})], "idle", None, ["started", "finished"]),
    "finished while paused": (
        [(0, "start", {}), (60, "pause", {}), (0, "finish", {})],
        "idle",
        None,
        ["started", "paused", "finished"],
    ),
    "finished while idle": ([(0, "finish", {})], "idle", None, []),
    "paused while idle": ([(0, "pause", {})], "idle", None, []),
    "shorter": ([(0, "start", {}), (60, "change", {"duration": -60})], "active", "0:03:00", ["started", "changed"]),
    "longer": (
        [(0, "start", {}), (60, "change", {"duration": "00:00:30"})],
        "active",
        "0:04:30",
        ["started", "changed"],
    ),
    "shorter than nothing": (
        [(0, "start", {}), (60, "change", {"duration": -600})],
        "idle",
        None,
        ["started", "changed", "finished"],
    ),
}


@pytest.mark.parametrize("name", STORIES)
async def test_story(rig: HelperRig, name: str) -> None:
    """A sequence of actions and times."""
    story, state, remaining, events = STORIES[name]
    rig.load(TIMER)
    for seconds, action, data in story:
        await rig.clock.advance(seconds)
        await rig.do(f"timer.{action}", TEA, **data)
    assert (rig.state(TEA), rig.attributes(TEA).get("remaining")) == (state, remaining)
    assert [event.removeprefix("timer.") for event, _ in rig.events] == events


REFUSALS: dict[str, tuple[list[tuple[str, dict[str, Any]]], str]] = {
    "changed while idle": (
        [("change", {"duration": 5})],
        "timer.tea is idle: only an active timer can be changed",
    ),
    "changed while paused": (
        [("start", {}), ("pause", {}), ("change", {"duration": 5})],
        "timer.tea is paused: only an active timer can be changed",
    ),
    "beyond the duration": (
        [("start", {}), ("change", {"duration": 5})],
        "timer.tea cannot be changed beyond its duration of 0:05:00",
    ),
    "no duration": (
        [("start", {"duration": "soon"})],
        "timer.tea: duration: expected a duration, as in 5 (seconds), '00:00:05', '500 ms' or {minutes: 5}",
    ),
    "negative": ([("start", {"duration": -5})], "timer.tea: duration: it must not be negative"),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_refusal(rig: HelperRig, name: str) -> None:
    """The last action of each is refused."""
    story, message = REFUSALS[name]
    rig.load(TIMER)
    for action, data in story[:-1]:
        await rig.do(f"timer.{action}", TEA, **data)
    with pytest.raises(ActionError) as raised:
        await rig.do(f"timer.{story[-1][0]}", TEA, **story[-1][1])
    assert str(raised.value) == message


@pytest.mark.parametrize("end", ["restart", "crash"])
async def test_goes_on_after_a_restart(rig: HelperRig, end: str) -> None:
    """It ends at the time that it had said, though the daemon was off for a while."""
    rig.load(TIMER)
    await rig.do("timer.start", TEA)
    await rig.clock.advance(60)
    assert getattr(rig, end)(seconds=120) == []
    assert rig.state(TEA) == "active"
    assert rig.attributes(TEA)["finishes_at"] == "2026-01-05T12:05:00+00:00"
    await rig.clock.advance(119)
    assert rig.state(TEA) == "active"
    await rig.clock.advance(1)
    assert rig.state(TEA) == "idle"
    assert rig.events[-1] == ("timer.finished", {"entity_id": TEA, "finished_at": "2026-01-05T12:05:00+00:00"})
    assert [event for event, _ in rig.events] == ["timer.started", "timer.finished"]


async def test_paused_one_waits_over_a_restart(rig: HelperRig) -> None:
    """What is left stays what it was."""
    rig.load(TIMER)
    await rig.do("timer.start", TEA, duration="00:10:00")
    await rig.clock.advance(60)
    await rig.do("timer.pause", TEA)
    await rig.clock.advance(1)
    rig.crash(seconds=86400)
    assert (rig.state(TEA), rig.attributes(TEA)["remaining"]) == ("paused", "0:09:00")
    await rig.do("timer.start", TEA)
    assert rig.attributes(TEA)["duration"] == "0:10:00"
    await rig.clock.advance(540)
    assert rig.state(TEA) == "idle"


async def test_end_while_off_is_told_when_automations_listen(rig: HelperRig) -> None:
    """Its event comes once, after the start, with the time at which it was due."""
    rig.load(TIMER)
    await rig.do("timer.start", TEA)
    await rig.clock.advance(1)
    rig.events.clear()
    rig.crash(seconds=3600, started=False)
    assert (rig.state(TEA), rig.events) == ("active", [])
    rig.engine.started()
    assert rig.state(TEA) == "idle"
    assert rig.events == [("timer.finished", {"entity_id": TEA, "finished_at": "2026-01-05T12:05:00+00:00"})]
    await rig.clock.advance(7200)
    assert len(rig.events) == 1


async def test_not_restored_where_the_user_wants_that(rig: HelperRig) -> None:
    rig.load("timer:\n  tea: {duration: 300, restore: false}")
    await rig.do("timer.start", TEA)
    await rig.clock.advance(1)
    rig.restart()
    assert rig.state(TEA) == "idle"
    await rig.clock.advance(600)
    assert [event for event, _ in rig.events] == ["timer.started"]


async def test_clock_set_forward_ends_it(rig: HelperRig) -> None:
    """The machine slept for ten minutes: the end is told within half a minute of waking."""
    rig.load(TIMER)
    await rig.do("timer.start", TEA)
    rig.clock.jump(timedelta(minutes=10))
    await rig.clock.advance(30)
    assert rig.state(TEA) == "idle"
    assert rig.events[-1][1]["finished_at"] == "2026-01-05T12:05:00+00:00"


async def test_edit_of_its_settings_keeps_it_running(rig: HelperRig) -> None:
    """A new default duration is for the next start."""
    rig.load(TIMER)
    await rig.do("timer.start", TEA)
    await rig.clock.advance(60)
    rig.load('timer:\n  tea: {duration: "00:01:00", name: Tea}')
    assert rig.state(TEA) == "active"
    await rig.clock.advance(239)
    assert rig.state(TEA) == "active"
    await rig.clock.advance(1)
    assert (rig.state(TEA), rig.attributes(TEA)["duration"]) == ("idle", "0:01:00")
    assert [event for event, _ in rig.events] == ["timer.started", "timer.finished"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00:00"), (59.5, "0:00:59.5"), (3600, "1:00:00"), (90061, "25:01:01"), (0.1234, "0:00:00.123")],
)
def test_clock_text(seconds: float, text: str) -> None:
    assert clock_text(timedelta(seconds=seconds)) == text
