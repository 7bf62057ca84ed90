"""Traces, switches and counts over a restart: what is kept, how much of it, how soon it is written."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from arvisd.automation.traces import rows, store
from arvisd.core.actions import Target
from tests.simulators.lives import Lives

ONE = """
- id: one
  alias: Hall light
  triggers:
    - {trigger: mqtt, topic: go}
    - {trigger: mqtt, topic: only, payload: "yes"}
  conditions: "{{ trigger.payload != 'no' }}"
  trace: {stored_traces: 3}
  actions: [{action: test.note, data: {message: "{{ trigger.payload }}"}}]
"""


async def written(lives: Lives, seconds: float = 1.5) -> None:
    """Let time pass and the worker thread write."""
    await lives.rig.clock.advance(seconds)
    # what came while the worker wrote is written after that
    for _ in range(3):
        await lives.database.background(lambda connection: None)
        await lives.rig.clock.settle()


def count(lives: Lives, sql: str = "SELECT COUNT(*) FROM traces") -> Any:
    return lives.database.read(sql)[0][0]


async def act(lives: Lives, name: str, data: dict[str, Any] | None = None) -> None:
    await lives.rig.hub.actions.call(name, data, Target(entity_id="automation.hall_light"))


def payloads(lives: Lives) -> list[tuple[str, str]]:
    return [(trace.outcome, trace.trigger["payload"]) for trace in lives.rig.traces("one")]


async def test_traces_outlive_a_kill(lives: Lives) -> None:
    rig = await lives.begin(ONE)
    rig.publish("go", "a")
    rig.publish("go", "no")
    rig.publish("only", "what")
    before = rig.traces("one")
    await written(lives)
    rig = await lives.restart()
    assert rig.traces("one") == before
    assert payloads(lives) == [("finished", "a"), ("failed_conditions", "no"), ("not_triggered", "what")]
    assert rig.engine.trace_of(before[0].run) == before[0]


async def test_a_kill_loses_at_most_the_last_second(lives: Lives) -> None:
    rig = await lives.begin(ONE)
    for number in range(4):
        rig.publish("go", str(number))
        await rig.clock.advance(1)
    await lives.database.background(lambda connection: None)
    await lives.restart()
    assert ("finished", "2") in payloads(lives)


async def test_a_stop_loses_nothing(lives: Lives) -> None:
    rig = await lives.begin(ONE)
    rig.publish("only", "first")
    await written(lives)
    for number in range(3):
        rig.publish("go", str(number))
        rig.publish("only", f"not {number}")
    await lives.stop()
    await lives.begin()
    assert payloads(lives) == [
        ("finished", "0"),
        ("finished", "1"),
        ("finished", "2"),
        ("not_triggered", "not 2"),
    ]


async def test_non_runs_do_not_push_runs_out(lives: Lives) -> None:
    rig = await lives.begin(ONE)
    rig.publish("go", "a")
    for number in range(20):
        rig.publish("go", "no")
        rig.publish("only", str(number))
        await written(lives)
    rig = await lives.restart()
    outcomes = rig.outcomes("one")
    assert outcomes.count("finished") == 1
    assert outcomes.count("failed_conditions") == 3
    assert outcomes.count("not_triggered") == 1


async def test_dull_runs_do_not_push_failed_ones_out(lives: Lives) -> None:
    rig = await lives.begin(
        ONE.replace("test.note", "\"{{ 'test.fail' if trigger.payload == 'bad' else 'test.note' }}\"")
    )
    rig.publish("go", "bad")
    await rig.clock.advance(0.1)
    for number in range(20):
        rig.publish("go", str(number))
    expected = ["error", "finished", "finished", "finished"]
    assert rig.outcomes("one") == expected
    await written(lives)
    rig = await lives.restart()
    assert rig.outcomes("one") == expected


async def test_what_a_trigger_did_not_want_is_counted_and_told_once(lives: Lives) -> None:
    rig = await lives.begin(ONE)
    for number in range(1000):
        rig.publish("only", str(number))
    (trace,) = rig.traces("one")
    assert (trace.times, trace.reason) == (1000, "the value was '999', not 'yes'")
    assert (trace.trigger["topic"], trace.steps[0].place) == ("only", "automations.yaml:5:7")


async def test_mismatches_are_written_once_a_minute(lives: Lives) -> None:
    rig = await lives.begin(ONE)
    for number in range(100):
        rig.publish("only", str(number))
        await rig.clock.advance(0.5)
    await written(lives, 0)
    assert count(lives, "SELECT record FROM traces").find(b"'0'") > 0
    await written(lives, 60)
    assert count(lives, "SELECT record FROM traces").find(b"'99'") > 0
    assert count(lives) == 1


async def test_of_a_storm_few_are_written(lives: Lives, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    row_of = store.row_of
    monkeypatch.setattr(store, "row_of", lambda *given: made.append(given[0].run) or row_of(*given))
    rig = await lives.begin(ONE)
    for _ in range(50):
        for number in range(100):
            rig.publish("go", str(number))
        await rig.clock.advance(0.1)
    await written(lives)
    assert len(lives.notes) + len(rig.notes) == 5000
    assert len(made) <= 3 * 8
    assert count(lives) == 3
    assert count(lives, "SELECT runs FROM automations") == 5000


async def test_of_many_automations_a_few_each_second(lives: Lives) -> None:
    many = "".join(f"- {{id: a{n}, triggers: [{{trigger: mqtt, topic: go}}], actions: []}}\n" for n in range(300))
    rig = await lives.begin(many)
    rig.publish("go")
    await written(lives, 1.0)
    assert 0 < count(lives) <= 2 * store.STORE_RATE
    await written(lives, 10)
    assert count(lives) == 300


async def test_all_together_are_bounded(lives: Lives, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_ROWS", 4)
    monkeypatch.setattr(store, "PRUNE_EVERY", 1)
    many = "".join(f"- {{id: a{n}, triggers: [{{trigger: mqtt, topic: go/{n}}}], actions: []}}\n" for n in range(9))
    rig = await lives.begin(many)
    for number in range(9):
        rig.publish(f"go/{number}")
        await written(lives)
    assert count(lives) == 4
    monkeypatch.setattr(store, "MOST_BYTES", 600)
    rig.publish("go/0")
    await written(lives)
    assert 1 <= count(lives) <= 2


async def test_a_huge_trace_is_cut(lives: Lives) -> None:
    rig = await lives.begin(
        """
        - id: one
          triggers: [{trigger: mqtt, topic: go}]
          actions:
            - repeat: {count: 300, sequence: [{variables: {x: "{{ 'y' * 2000 }}"}}]}
        """
    )
    rig.publish("go")
    for _ in range(20):  # many passes let the event loop turn
        await rig.clock.settle()
    await written(lives)
    assert count(lives, "SELECT size FROM traces") < rows.MOST_RECORD
    rig = await lives.restart()
    (trace,) = rig.traces("one")
    assert (trace.outcome, len(trace.steps) > 1) == ("finished", True)


async def test_without_traces_nothing_is_kept(lives: Lives) -> None:
    rig = await lives.begin(ONE.replace("stored_traces: 3", "stored_traces: 0"))
    rig.publish("go", "a")
    rig.publish("only", "b")
    await written(lives)
    assert rig.traces("one") == []
    assert count(lives) == 0
    assert count(lives, "SELECT runs FROM automations") == 1


async def test_secrets_never_stand_in_a_trace(lives: Lives) -> None:
    (lives.folder / "secrets.yaml").write_text("token: hunter22\npin: 7\n")
    rig = await lives.begin(
        """
        - id: one
          triggers: [{trigger: mqtt, topic: go}]
          variables: {key: !secret token, number: !secret pin, header: "Bearer {{ key }}"}
          conditions:
            - {condition: state, entity_id: input_text.code, state: !secret token}
          actions: [{action: test.note, data: {message: "{{ header }}"}}]
        """
    )
    rig.hub.states.set("input_text.code", "hunter22")
    rig.publish("go")
    await written(lives)
    assert rig.notes == ["Bearer hunter22"]
    (trace,) = rig.traces("one")
    assert trace.steps[0].variables == {"key": "***", "number": "***", "header": "Bearer ***"}
    assert trace.steps[1].result == {
        "result": True,
        "entity_id": "input_text.code",
        "state": "***",
        "wanted_state": "***",
    }
    for (record,) in lives.database.read("SELECT record FROM traces"):
        assert b"hunter22" not in record


class TestSwitch:
    """On or off, the last run and how many there were."""

    async def test_off_stays_off(self, lives: Lives) -> None:
        rig = await lives.begin(ONE)
        await act(lives, "automation.turn_off")
        rig = await lives.restart()  # at once: a switch is written on the spot
        rig.publish("go", "a")
        assert (rig.engine.list()[0].state, rig.notes) == ("off", [])
        await act(lives, "automation.turn_on")
        rig = await lives.restart()
        rig.publish("go", "a")
        assert (rig.engine.list()[0].state, rig.notes) == ("on", ["a"])

    @pytest.mark.parametrize(("initial", "state"), [("true", "on"), ("false", "off")])
    async def test_initial_state_goes_first(self, lives: Lives, initial: str, state: str) -> None:
        await lives.begin(ONE + f"  initial_state: {initial}\n")
        await act(lives, "automation.turn_off" if state == "on" else "automation.turn_on")
        rig = await lives.restart()
        assert rig.engine.list()[0].state == state

    async def test_never_seen_is_on(self, lives: Lives) -> None:
        rig = await lives.begin(ONE)
        assert rig.engine.list()[0].state == "on"

    async def test_last_triggered_and_count(self, lives: Lives) -> None:
        rig = await lives.begin(ONE)
        rig.publish("go", "a")
        rig.publish("go", "b")
        await written(lives)
        rig = await lives.restart(off=3600)
        (info,) = rig.engine.list()
        assert (info.runs, info.last_triggered) == (2, lives.now.replace(hour=12, minute=0, second=0, microsecond=0))
        state = rig.hub.states.get("automation.hall_light")
        assert state is not None
        assert state.attributes["last_triggered"] == "2026-01-05T12:00:00+00:00"

    async def test_without_an_id_a_new_alias_is_followed(self, lives: Lives) -> None:
        rig = await lives.begin(ONE.replace("- id: one\n  alias: Hall light", "- alias: Hall light"))
        rig.publish("go", "a")
        await written(lives)
        await act(lives, "automation.turn_off")
        rig.write(ONE.replace("- id: one\n  alias: Hall light", "- alias: Hall light"))
        assert rig.engine.list()[0].state == "off"
        rig = await lives.restart()
        assert [trace.outcome for trace in rig.traces("hall_light")] == ["finished"]
        assert rig.engine.list()[0].state == "off"


async def test_a_trace_of_a_newer_arvisd_keeps_nothing_from_running(
    lives: Lives, caplog: pytest.LogCaptureFixture
) -> None:
    await lives.begin(ONE)
    await lives.kill()
    with sqlite3.connect(lives.database_path) as connection:
        connection.execute("UPDATE schema_version SET version = 99 WHERE part = 'traces'")
    connection.close()
    rig = await lives.begin()
    rig.publish("go", "a")
    assert rig.notes == ["a"]
    assert "traces are not kept" in caplog.text
    assert rig.outcomes("one") == ["finished"]
