"""Timers set by voice: entities, events, ringing, commands for later, and what a restart leaves of them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from arvisd.core.bus import Message
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.storage.database import Database
from tests.simulators.clock import FakeClock
from tests.simulators.house import TestHouse


@pytest.fixture
def kept(empty_house: TestHouse) -> TestHouse:
    """A house with a lamp and timers."""
    empty_house.keep()
    empty_house.add("light.lamp", "Lamp", "Лампа", state="on")
    return empty_house


def events(house: TestHouse) -> list[tuple[str, str]]:
    """Collect the events of timers."""
    seen: list[tuple[str, str]] = []

    def note(message: Message) -> None:
        payload: Any = message.payload
        seen.append((message.topic.rpartition("/")[2], payload.data["entity_id"]))

    house.hub.bus.subscribe("arvis/event/+", note, house.owner)
    return seen


async def test_an_entity_and_its_events(kept: TestHouse, clock: FakeClock) -> None:
    seen = events(kept)
    await kept.say("set a pasta timer for ten minutes")
    await kept.say("set a timer for 1 hour")
    state = kept.hub.states.get("timer.voice_pasta")
    assert state is not None
    assert (state.state, state.attributes["duration"], state.attributes["remaining"]) == (
        "active",
        "0:10:00",
        "0:10:00",
    )
    assert state.attributes["finishes_at"] == "2026-01-05T12:10:00+00:00"
    await clock.advance(60)
    await kept.say("pause the pasta timer")
    paused = kept.hub.states.get("timer.voice_pasta")
    assert paused is not None
    assert (paused.state, paused.attributes["remaining"]) == ("paused", "0:09:00")
    await clock.advance(3000)
    assert kept.spoken == []
    await kept.say("resume the pasta timer")
    await kept.say("cancel the 1 hour timer")
    await clock.advance(541)
    assert kept.spoken == [("room", "Your 10 minute pasta timer is done")]
    assert seen == [
        ("timer.started", "timer.voice_pasta"),
        ("timer.started", "timer.voice_1"),
        ("timer.paused", "timer.voice_pasta"),
        ("timer.restarted", "timer.voice_pasta"),
        ("timer.cancelled", "timer.voice_1"),
        ("timer.finished", "timer.voice_pasta"),
    ]


async def test_it_rings_until_somebody_says_stop(kept: TestHouse, clock: FakeClock) -> None:
    await kept.say("поставь таймер макароны на пять минут")
    await clock.advance(300 + 45)
    assert kept.spoken == [("room", "Таймер «макароны» на 5 минут сработал")] * 3
    assert (await kept.say("хватит")).reply == "Остановлено"
    await clock.advance(600)
    assert len(kept.spoken) == 3
    assert kept.hub.states.ids("timer") == []


async def test_it_does_not_ring_for_ever(kept: TestHouse, clock: FakeClock) -> None:
    await kept.say("set a timer for 1 minute")
    await clock.advance(3600)
    assert len(kept.spoken) == 9
    assert kept.hub.states.ids("timer") == []


async def test_stop_at_its_site_silences_it(kept: TestHouse, clock: FakeClock) -> None:
    await kept.say("set a timer for 1 minute")
    await clock.advance(61)
    kept.hub.bus.publish("arvis/site/elsewhere/stop", {})
    assert kept.hub.states.ids("timer") != []
    kept.hub.bus.publish("arvis/site/room/stop", {})
    assert kept.hub.states.ids("timer") == []


async def test_a_command_for_later_is_done_then(kept: TestHouse, clock: FakeClock) -> None:
    assert (await kept.say("turn off the lamp in five minutes")).reply == "I will do that in 5 minutes"
    await clock.advance(299)
    assert kept.state("light.lamp") == "on"
    await clock.advance(2)
    assert (kept.state("light.lamp"), kept.spoken) == ("off", [])


async def test_what_went_wrong_later_is_said_where_it_was_asked_for(kept: TestHouse, clock: FakeClock) -> None:
    await kept.say("выключи лампу через пять минут")
    kept.controllers["light.lamp"].failure = "the bridge is gone"
    await clock.advance(301)
    assert kept.spoken == [("room", "Не получилось: лампа не отвечает")]


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("sing a song in five minutes", "I would not know what to do then: sing a song"),
        ("спой песню через пять минут", "Мне непонятно, что тогда сделать: спой песню"),
    ],
)
async def test_what_nobody_would_understand_then_is_refused_now(kept: TestHouse, said: str, reply: str) -> None:
    answer = await kept.say(said)
    assert (answer.reply, answer.ok) == (reply, False)
    assert kept.hub.states.ids("timer") == []


async def test_a_lock_is_asked_for_now_and_opened_then(kept: TestHouse, clock: FakeClock) -> None:
    kept.add("lock.door", "Front door", "Входная дверь", state="locked")
    assert (await kept.say("unlock the front door in a minute")).reply != ""
    asked = await kept.say("unlock the front door in 2 minutes")
    assert (asked.reply, asked.expects_answer) == ("Unlock the front door?", True)
    await kept.say("yes")
    assert kept.state("lock.door") == "locked"
    await clock.advance(121)
    assert kept.state("lock.door") == "unlocked"


async def test_without_a_yes_nothing_is_set(kept: TestHouse, clock: FakeClock) -> None:
    kept.add("lock.door", "Front door", state="locked")
    await kept.say("unlock the front door in 2 minutes")
    await kept.say("no")
    await clock.advance(200)
    assert kept.state("lock.door") == "locked"
    assert kept.hub.states.ids("timer") == []


RESTARTS = [
    # seconds off, what is said at once, whether it still rings
    (60.0, [], 0),
    (310.0, [("room", "Your 5 minute tea timer is done")], 1),
    (601.0, [("room", "While I was off, your 5 minute tea timer ended at 12:05 PM")], 0),
]


@pytest.mark.parametrize(("off", "spoken", "ringing"), RESTARTS)
async def test_after_a_restart(
    tmp_path: Path, clock: FakeClock, off: float, spoken: list[tuple[str, str]], ringing: int
) -> None:
    database = Database(tmp_path / "a.db").open()
    async with Owner("first") as owner:
        house = TestHouse(Hub(clock), owner)
        house.keep(database)
        await house.say("set a tea timer for 5 minutes")
    database.close()
    clock.jump(timedelta(seconds=off))
    database = Database(tmp_path / "a.db").open()
    async with Owner("second") as owner:
        house = TestHouse(Hub(clock), owner)
        kept = house.keep(database)
        await clock.settle()
        await house.understanding.languages.get("en")
        await clock.advance(1)
        assert house.spoken == spoken
        assert len(kept.timers.ringing()) == ringing
    database.close()


async def test_a_command_missed_for_long_is_said_and_not_done(tmp_path: Path, clock: FakeClock) -> None:
    database = Database(tmp_path / "a.db").open()
    async with Owner("first") as owner:
        house = TestHouse(Hub(clock), owner)
        house.keep(database)
        house.add("light.lamp", "Lamp", "Лампа", state="on")
        await house.say("turn off the lamp in 5 minutes")
    clock.jump(timedelta(hours=2))
    async with Owner("second") as owner:
        house = TestHouse(Hub(clock), owner)
        house.add("light.lamp", "Lamp", "Лампа", state="on")
        await house.understanding.languages.get("en")
        house.keep(database)
        await clock.advance(1)
        for _ in range(500):  # its language is read in a thread
            if house.spoken:
                break
            await asyncio.sleep(0.01)
        assert house.state("light.lamp") == "on"
        assert house.spoken == [("room", "While I was off, it got 12:05 PM, and I did not do this: turn off the lamp")]
    database.close()
