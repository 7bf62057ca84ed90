"""What `for:` waits for and what the clock had due, over kills, stops, reloads, edits and a clock that is set."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from arvisd.core.actions import Target
from tests.simulators.lives import Lives, lives_in

LAMP = "light.kitchen"


@pytest.fixture
async def lives(tmp_path: Path) -> AsyncIterator[Lives]:
    async with lives_in(tmp_path) as made:
        yield made


def automation(trigger: str, more: str = "", said: str = "{{ trigger.to_state.state }}") -> str:
    """Return an automation of one trigger that notes a text."""
    action = '{action: test.note, data: {message: "' + said + '"}}'
    return f"- id: a\n  triggers:\n    - {trigger}\n  actions: [{action}]\n{more}"


STATE = "{trigger: state, entity_id: light.kitchen, to: 'on', for: 600}"
NUMBER = "{trigger: numeric_state, entity_id: light.kitchen, above: 5, for: {minutes: 10}}"
TEMPLATE = "{trigger: template, value_template: \"{{ is_state('light.kitchen', 'on') }}\", for: '00:10:00'}"
KINDS = [
    pytest.param(STATE, "off", "on", id="state"),
    pytest.param(NUMBER, "3", "7", id="numeric_state"),
    pytest.param(TEMPLATE, "off", "on", id="template"),
]


async def seen(lives: Lives, trigger: str, before: str, after: str, more: str = "") -> None:
    """Begin a life in which a dwell of ten minutes has been running for two."""
    rig = await lives.begin(automation(trigger, more))
    assert lives.problems == []
    rig.hub.states.set(LAMP, before)
    rig.hub.states.set(LAMP, after)
    await rig.clock.advance(120)


class TestDwell:
    @pytest.mark.parametrize("how", ["kill", "stop"])
    @pytest.mark.parametrize(("trigger", "before", "after"), KINDS)
    async def test_goes_on_to_its_due_time(self, lives: Lives, trigger: str, before: str, after: str, how: str) -> None:
        """Two minutes in the first life, one without, the rest in the second: the entity is known some seconds late."""
        await seen(lives, trigger, before, after)
        await (lives.kill() if how == "kill" else lives.stop())
        rig = await lives.begin(off=60)
        await rig.clock.advance(5)
        rig.hub.states.set(LAMP, "unknown")
        await rig.clock.advance(5)
        rig.hub.states.set(LAMP, after)
        await rig.clock.advance(409)
        assert rig.notes == []
        await rig.clock.advance(1)
        assert rig.notes == [after]
        await rig.clock.advance(3600)
        assert rig.notes == [after]

    @pytest.mark.parametrize(("trigger", "before", "after"), KINDS)
    async def test_what_templates_see_is_the_same(self, lives: Lives, trigger: str, before: str, after: str) -> None:
        said = "{{ trigger.platform }} {{ trigger.entity_id }} {{ trigger.from_state.state }} {{ trigger.for }}"
        rig = await lives.begin(automation(trigger, said=said))
        rig.hub.states.set(LAMP, before)
        rig.hub.states.set(LAMP, after)
        rig = await lives.restart(off=60)
        rig.hub.states.set(LAMP, after)
        await rig.clock.advance(600)
        platform = trigger.partition("trigger: ")[2].partition(",")[0]
        assert rig.notes == [f"{platform} light.kitchen {before} 0:10:00"]

    @pytest.mark.parametrize(("trigger", "before", "after"), KINDS)
    async def test_ends_where_it_holds_no_more(self, lives: Lives, trigger: str, before: str, after: str) -> None:
        await seen(lives, trigger, before, after)
        rig = await lives.restart(off=60)
        rig.hub.states.set(LAMP, before)
        await rig.clock.advance(3600)
        assert rig.notes == []
        reason = {
            STATE: "it became 'off' while arvisd was off",
            NUMBER: "it became '3', which is not within the bounds, while arvisd was off",
            TEMPLATE: "the template became false while arvisd was off",
        }[trigger]
        assert reason in [trace.reason for trace in rig.traces("a")]
        assert lives.database.read("SELECT * FROM dwells") == []

    @pytest.mark.parametrize(("trigger", "before", "after"), KINDS)
    async def test_never_fires_on_what_is_unknown(self, lives: Lives, trigger: str, before: str, after: str) -> None:
        await seen(lives, trigger, before, after)
        rig = await lives.restart(off=60)
        await rig.clock.advance(300)
        rig.hub.states.set(LAMP, "unavailable")
        await rig.clock.advance(3600)
        assert rig.notes == []

    @pytest.mark.parametrize(
        ("off", "missed", "notes"),
        [
            (480 + 299, "", ["on"]),
            (480 + 301, "", []),
            (86400, "  missed: run\n", ["on"]),
            (481, "  missed: skip\n", []),
            (479, "  missed: skip\n", ["on"]),
        ],
    )
    @pytest.mark.parametrize(("trigger", "before", "after"), [KINDS[0], KINDS[2]])
    async def test_what_fell_due_while_off(
        self, lives: Lives, trigger: str, before: str, after: str, off: int, missed: str, notes: list[str]
    ) -> None:
        await seen(lives, trigger, before, after, missed)
        await lives.kill()
        rig = await lives.begin(off=off)
        rig.hub.states.set(LAMP, after)
        await rig.clock.advance(1)
        assert rig.notes == notes
        assert lives.database.read("SELECT * FROM dwells") == []

    async def test_what_is_skipped_is_said(self, lives: Lives) -> None:
        await seen(lives, STATE, "off", "on")
        rig = await lives.restart(off=7200)
        rig.hub.states.set(LAMP, "on")
        (trace,) = rig.traces("a")
        assert trace.reason == (
            "its 'for' missed 2026-01-05T12:10:00+00:00, 1 h 52 min late: arvisd was off; "
            "'missed: run' would run it all the same"
        )

    async def test_what_is_late_waits_until_everything_runs(self, lives: Lives) -> None:
        await seen(lives, STATE, "off", "on")
        await lives.kill()
        rig = await lives.begin(off=500, started=False)
        rig.hub.states.set(LAMP, "on")
        await rig.clock.advance(2)
        assert rig.notes == []
        rig.engine.started()
        assert rig.notes == ["on"]

    async def test_it_is_done_once_in_many_lives(self, lives: Lives) -> None:
        await seen(lives, STATE, "off", "on")
        for _ in range(6):
            rig = await lives.restart(off=10)
            rig.hub.states.set(LAMP, "on")
            await rig.clock.advance(100)
        await lives.kill()
        assert lives.notes == ["on"]

    async def test_an_edit_of_something_else_keeps_it(self, lives: Lives) -> None:
        """The complaint core#79022: any unrelated edit ended every `for`."""
        await seen(lives, STATE, "off", "on")
        await lives.rig.load("- id: b\n  triggers: []\n  actions: []\n" + automation(STATE, said="edited"))
        await lives.rig.clock.advance(479)
        assert lives.rig.notes == []
        await lives.rig.clock.advance(1)
        assert lives.rig.notes == ["edited"]

    async def test_an_edit_of_the_trigger_ends_it(self, lives: Lives) -> None:
        await seen(lives, STATE, "off", "on")
        await lives.rig.load(automation(STATE.replace("600", "660")))
        await lives.rig.clock.advance(3600)
        assert lives.rig.notes == []
        assert lives.database.read("SELECT * FROM dwells") == []

    async def test_an_edit_made_while_off_ends_it(self, lives: Lives) -> None:
        await seen(lives, STATE, "off", "on")
        await lives.kill()
        rig = await lives.begin(automation(STATE.replace("600", "660")), off=10)
        assert lives.database.read("SELECT * FROM dwells") == []
        rig.hub.states.set(LAMP, "on")
        await rig.clock.advance(540)
        assert rig.notes == []

    async def test_one_that_is_gone_is_said(self, lives: Lives, caplog: pytest.LogCaptureFixture) -> None:
        await seen(lives, STATE, "off", "on")
        await lives.kill()
        await lives.begin("[]\n", off=10)
        assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == [
            "a: it waited in a 'for' when arvisd stopped and is there no more"
        ]
        assert lives.database.read("SELECT * FROM dwells") == []

    async def test_one_that_is_switched_off_forgets(self, lives: Lives) -> None:
        await seen(lives, STATE, "off", "on")
        await lives.rig.hub.actions.call("automation.turn_off", {}, Target(entity_id="automation.a"))
        assert lives.database.read("SELECT * FROM dwells") == []

    async def test_another_id_by_alias(self, lives: Lives) -> None:
        rig = await lives.begin(automation(STATE).replace("id: a", "alias: First"))
        rig.hub.states.set(LAMP, "off")
        rig.hub.states.set(LAMP, "on")
        await rig.clock.advance(30)
        rig = await lives.restart(off=10)
        rig.hub.states.set(LAMP, "on")
        await rig.clock.advance(560)
        assert rig.notes == ["on"]

    async def test_what_is_waited_for_with_no_state(self, lives: Lives) -> None:
        """`to: unavailable` holds when the entity is unavailable after the restart, and waits while it is not there."""
        await seen(lives, STATE.replace("'on'", "unavailable"), "on", "unavailable")
        rig = await lives.restart(off=10)
        await rig.clock.advance(10)
        rig.hub.states.set(LAMP, "unavailable")
        await rig.clock.advance(460)
        assert rig.notes == ["unavailable"]

    async def test_several_entities(self, lives: Lives) -> None:
        trigger = "{trigger: state, entity_id: [light.a, light.b, light.c], to: 'on', for: 60}"
        rig = await lives.begin(automation(trigger, said="{{ trigger.entity_id }}"))
        for name in "abc":
            rig.hub.states.set(f"light.{name}", "off")
        for name in "abc":
            await rig.clock.advance(5)
            rig.hub.states.set(f"light.{name}", "on")
        rig.hub.states.set("light.b", "off")
        assert len(lives.database.read("SELECT * FROM dwells")) == 2
        rig = await lives.restart(off=5)
        for name in "abc":
            rig.hub.states.set(f"light.{name}", "on")
        await rig.clock.advance(59)
        assert rig.notes == ["light.a", "light.c"]

    async def test_short_ones_are_not_written(self, lives: Lives) -> None:
        rig = await lives.begin(automation(STATE.replace("600", "2.5")))
        rig.hub.states.set(LAMP, "off")
        rig.hub.states.set(LAMP, "on")
        assert lives.database.read("SELECT * FROM dwells") == []

    async def test_the_attributes_of_huge_states_are_left_out(self, lives: Lives) -> None:
        rig = await lives.begin(automation(STATE))
        rig.hub.states.set(LAMP, "off")
        rig.hub.states.set(LAMP, "on", {"picture": "x" * 20_000})
        ((length,),) = lives.database.read("SELECT length(kept) FROM dwells")
        assert length < 500

    async def test_a_suspend_counts(self, lives: Lives) -> None:
        await seen(lives, STATE, "off", "on")
        lives.rig.clock.suspend(3600)
        await lives.rig.clock.advance(31)
        assert lives.rig.notes == ["on"]

    async def test_a_clock_that_is_set_does_not(self, lives: Lives) -> None:
        await seen(lives, STATE, "off", "on")
        lives.rig.clock.jump(timedelta(hours=-2))
        await lives.rig.clock.advance(60)
        rig = await lives.restart(off=30)
        rig.hub.states.set(LAMP, "on")
        await rig.clock.advance(389)
        assert rig.notes == []
        await rig.clock.advance(2)
        assert rig.notes == ["on"]

    async def test_what_cannot_be_read_is_said(self, lives: Lives, caplog: pytest.LogCaptureFixture) -> None:
        await seen(lives, STATE, "off", "on")
        lives.database.write("UPDATE dwells SET kept = '{'")
        await lives.restart(off=5)
        assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == [
            "a: what a 'for' waited for cannot be read: Input data was truncated"
        ]


def daily(at: str, more: str = "") -> str:
    return automation("{trigger: time, at: " + at + "}", more, "{{ trigger.now.strftime('%a %H:%M') }}")


class TestMissedTimes:
    @pytest.mark.parametrize("how", ["kill", "stop"])
    @pytest.mark.parametrize(
        ("at", "off", "missed", "notes"),
        [
            pytest.param("'12:10'", 900, "", [], id="five minutes late"),
            pytest.param("'12:10'", 899, "", ["Mon 12:10"], id="less than that"),
            pytest.param("'12:10'", 599, "", [], id="not missed yet"),
            pytest.param("'12:10'", 7200, "  missed: run\n", ["Mon 12:10"], id="run"),
            pytest.param("'12:10'", 601, "  missed: skip\n", [], id="skip"),
            pytest.param("'12:10'", 3 * 86400, "  missed: run\n", ["Wed 12:10"], id="only the latest"),
            pytest.param("['12:10', '12:20']", 1300, "", ["Mon 12:20"], id="each for itself"),
            pytest.param("['12:18', '12:20']", 1300, "", ["Mon 12:18", "Mon 12:20"], id="in their order"),
            pytest.param("'11:59'", 3600, "  missed: run\n", [], id="it was before"),
        ],
    )
    async def test_while_off(self, lives: Lives, at: str, off: int, missed: str, notes: list[str], how: str) -> None:
        await lives.begin(daily(at, "  mode: parallel\n" + missed))
        await (lives.kill() if how == "kill" else lives.stop())
        rig = await lives.begin(off=off)
        assert lives.problems == []
        assert rig.notes == notes
        await lives.kill()
        rig = await lives.begin()
        assert rig.notes == []

    async def test_what_is_skipped_is_said(self, lives: Lives, caplog: pytest.LogCaptureFixture) -> None:
        await lives.begin(daily("'12:10'"))
        rig = await lives.restart(off=3 * 3600)
        text = (
            "missed 2026-01-05T12:10:00+00:00, 2 h 50 min late: arvisd was off; 'missed: run' would run it all the same"
        )
        assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == [f"a: {text}"]
        (trace,) = rig.traces("a")
        assert (trace.outcome, trace.reason, trace.trigger["description"]) == ("not_triggered", text, "time 12:10:00")

    async def test_skip_is_said_too(self, lives: Lives) -> None:
        await lives.begin(daily("'12:10'", "  missed: skip\n"))
        rig = await lives.restart(off=660)
        (trace,) = rig.traces("a")
        assert trace.reason == "missed 2026-01-05T12:10:00+00:00, 1 min late: arvisd was off; it says 'missed: skip'"

    async def test_it_waits_until_everything_runs(self, lives: Lives) -> None:
        await lives.begin(daily("'12:10'"))
        await lives.kill()
        rig = await lives.begin(off=660, started=False)
        assert rig.notes == []
        rig.engine.started()
        assert rig.notes == ["Mon 12:10"]

    async def test_killed_while_it_starts_it_is_not_lost(self, lives: Lives) -> None:
        await lives.begin(daily("'12:10'"))
        await lives.kill()
        await lives.begin(off=660, started=False)
        await lives.kill()
        rig = await lives.begin(off=10)
        assert rig.notes == ["Mon 12:10"]

    async def test_killed_right_after_it_ran_it_does_not_run_again(self, lives: Lives) -> None:
        rig = await lives.begin(daily("'12:10'"))
        await rig.clock.advance(600)
        assert rig.notes == ["Mon 12:10"]
        rig = await lives.restart(off=5)
        assert rig.notes == []

    async def test_one_that_is_new_missed_nothing(self, lives: Lives) -> None:
        await lives.begin("[]\n")
        rig = await lives.restart(off=660)
        await rig.load(daily("'12:10'", "  missed: run\n"))
        assert rig.notes == []

    async def test_patterns_miss_nothing(self, lives: Lives) -> None:
        await lives.begin(automation("{trigger: time_pattern, minutes: /5}", "  missed: run\n"))
        rig = await lives.restart(off=6000)
        assert rig.notes == []
        assert rig.traces("a") == []

    async def test_an_entity_that_is_known_later(self, lives: Lives) -> None:
        at = "{trigger: time, at: sensor.alarm}"
        rig = await lives.begin(automation(at, said="{{ trigger.now.strftime('%H:%M') }}"))
        rig.hub.states.set("sensor.alarm", "2026-01-05T12:10:00+00:00")
        rig = await lives.restart(off=660)
        await rig.clock.advance(20)
        assert rig.notes == []
        rig.hub.states.set("sensor.alarm", "2026-01-05T12:10:00+00:00")
        assert rig.notes == ["12:10"]
        rig.hub.states.set("sensor.alarm", "2026-01-05T12:10:30+00:00")
        assert rig.notes == ["12:10"]

    async def test_the_sun(self, lives: Lives) -> None:
        from arvisd.home.sun import Coordinates, Sun

        text = automation("{trigger: sun, event: sunset}", said="{{ trigger.now.strftime('%H:%M') }}")
        (lives.folder / "automations.yaml").write_text(text)
        sunset = Sun(Coordinates(52.5, 13.4)).next_sunset

        async def life(off: float) -> list[str]:
            rig = await lives.begin("[]\n", off=off, started=False)
            rig.engine.library.sun.use(Coordinates(52.5, 13.4))
            await rig.load(text)
            rig.engine.started()
            return rig.notes

        await life(0)
        now = lives.rig.clock.now()
        due = sunset(now)
        assert due is not None
        await lives.kill()
        assert await life((due - now).total_seconds() + 100) == ["15:07"]

    async def test_the_first_life_missed_nothing(self, lives: Lives, caplog: pytest.LogCaptureFixture) -> None:
        rig = await lives.begin(daily("'11:59'", "  missed: run\n"))
        assert rig.notes == []
        assert caplog.records == []

    async def test_a_board_that_starts_in_the_past(self, lives: Lives, caplog: pytest.LogCaptureFixture) -> None:
        """Without a battery for its clock: it begins in January, hours before it was switched off, until it hears better."""
        rig = await lives.begin(daily("['12:10', '14:00']"))
        await rig.clock.advance(1200)
        await lives.kill()
        rig = await lives.begin(off=-7200)
        rig.clock.jump(timedelta(hours=3, minutes=42))
        await rig.clock.advance(31)
        assert rig.notes == ["Mon 14:00"]
        assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []
        assert lives.notes == ["Mon 12:10"]

    async def test_a_clock_set_forward_over_several_days(self, lives: Lives) -> None:
        rig = await lives.begin(daily("'12:10'", "  missed: run\n"))
        rig.clock.jump(timedelta(days=4))
        await rig.clock.advance(31)
        assert rig.notes == ["Thu 12:10"]
        await rig.clock.advance(600)
        assert rig.notes == ["Thu 12:10", "Fri 12:10"]

    async def test_a_disk_that_is_full_is_said(
        self, lives: Lives, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from arvisd.storage.errors import StorageError

        rig = await lives.begin(daily("'12:10'"))

        def full(*_: object) -> None:
            raise StorageError("arvisd.db: database or disk is full")

        monkeypatch.setattr(lives.database, "write", full)
        await rig.clock.advance(61)
        assert [record.message for record in caplog.records if "arvisd.automation.alive" in record.name] == [
            "that arvisd is at work cannot be written down: arvisd.db: database or disk is full"
        ]
        await rig.clock.advance(600)
        assert rig.notes == ["Mon 12:10"]
