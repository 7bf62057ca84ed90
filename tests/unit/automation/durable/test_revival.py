"""What becomes of a run after a restart: late, changed, gone, switched off, in another mode."""

from __future__ import annotations

import pytest

from arvisd.automation.trace import TraceRecord
from tests.simulators.lives import Lives

WAITS = """
- id: a
  alias: Hall
  {head}
  triggers: [{{trigger: mqtt, topic: go}}]
  actions:
    - {{action: test.note, data: {{message: "{{{{ trigger.payload }}}} begins"}}}}
    - delay: 600
    - {{action: test.note, data: {{message: "{{{{ trigger.payload }}}} ends"}}}}
"""


def waits(head: str = "mode: single") -> str:
    return WAITS.format(head=head)


async def begun(lives: Lives, head: str = "mode: single", payloads: str = "1") -> None:
    """Kill a daemon ten seconds after triggers set an automation off."""
    rig = await lives.begin(waits(head))
    for payload in payloads:
        rig.publish("go", payload)
    await rig.clock.advance(10)
    await lives.kill()


class TestLate:
    async def test_due_after_the_start(self, lives: Lives) -> None:
        await begun(lives)
        rig = await lives.begin(off=500)
        await rig.clock.advance(89)
        assert rig.notes == []
        await rig.clock.advance(1)
        assert rig.notes == ["1 ends"]
        (trace,) = rig.traces("a")
        assert (trace.outcome, trace.reason) == ("finished", "")
        assert trace.finished is not None
        assert (trace.finished - trace.started).total_seconds() == 600
        assert [step.path for step in trace.steps] == ["trigger/0", "action/0", "action/1", "action/1", "action/2"]
        assert trace.steps[3].result == {"resumed": True, "due": "2026-01-05T12:10:00+00:00", "left": 90.0}
        assert lives.records() == []

    @pytest.mark.parametrize(
        ("head", "off", "notes", "outcome", "reason"),
        [
            ("mode: single", 890 - 1, ["1 ends"], "finished", ""),
            (
                "mode: single",
                890,
                [],
                "missed",
                "missed 2026-01-05T12:10:00+00:00, 5 min late: arvisd was off; 'missed: run' would run it all the same",
            ),
            ("missed: run", 86400, ["1 ends"], "finished", ""),
            (
                "missed: skip",
                591,
                [],
                "missed",
                "missed 2026-01-05T12:10:00+00:00, 1 s late: arvisd was off; it says 'missed: skip'",
            ),
            ("missed: skip", 589, ["1 ends"], "finished", ""),
        ],
    )
    async def test_due_while_off(
        self,
        lives: Lives,
        caplog: pytest.LogCaptureFixture,
        head: str,
        off: float,
        notes: list[str],
        outcome: str,
        reason: str,
    ) -> None:
        await begun(lives, head)
        rig = await lives.begin(off=off)
        await rig.clock.advance(5)
        assert rig.notes == notes
        (trace,) = rig.traces("a")
        assert (trace.outcome, trace.reason) == (outcome, reason)
        assert (f"Hall: {reason}" in caplog.messages) == bool(reason)
        assert lives.records() == []

    async def test_a_branch_that_is_too_late_ends_the_run_when_the_others_are_done(self, lives: Lives) -> None:
        rig = await lives.begin(
            """
            - id: a
              triggers: [{trigger: mqtt, topic: go}]
              actions:
                - parallel:
                    - sequence: [{delay: 10}, {action: test.note, data: {message: late}}]
                    - sequence: [{delay: 1000}, {action: test.note, data: {message: in time}}]
                - {action: test.note, data: {message: after}}
            """
        )
        rig.publish("go")
        await rig.clock.settle()
        await lives.kill()
        rig = await lives.begin(off=900)
        await rig.clock.advance(50)
        rig = await lives.restart()
        await rig.clock.advance(500)
        assert rig.notes == ["in time"]
        assert rig.outcomes("a") == ["missed"]

    async def test_a_wait_that_was_over_while_off(self, lives: Lives) -> None:
        steps = """
              triggers: [{trigger: mqtt, topic: go}]
              actions:
                - wait_template: "{{ is_state('light.x', 'on') }}"
                  timeout: 60
                - {action: test.note, data: {message: "{{ wait.completed }} {{ wait.remaining }}"}}
        """
        rig = await lives.begin(f"- id: a{steps}\n- id: b\n  missed: run{steps}".replace("              ", "  "))
        assert lives.problems == []
        rig.publish("go")
        await rig.clock.settle()
        await lives.kill()
        rig = await lives.begin(off=30)
        await rig.clock.advance(1)
        assert (rig.notes, rig.engine.list()[0].current) == ([], 1)
        await lives.kill()
        rig = await lives.begin(off=1000)
        assert rig.notes == ["False 0.0"]
        assert (rig.outcomes("a"), rig.outcomes("b")) == (["missed"], ["finished"])


class TestCannotGoOn:
    @pytest.mark.parametrize(
        ("after", "reason"),
        [
            (waits("mode: restart"), "its document was changed while arvisd was off"),
            ("[]", "there is no such automation any more"),
            (
                "- {id: a, alias: Hall, triggers: [{trigger: mqqt}], actions: []}",
                "it is invalid now: automations.yaml:1:45: there is no trigger 'mqqt' (did you mean 'mqtt'?)",
            ),
        ],
    )
    async def test_it_says_why(self, lives: Lives, caplog: pytest.LogCaptureFixture, after: str, reason: str) -> None:
        await begun(lives)
        rig = await lives.begin(after)
        told: list[TraceRecord] = []
        rig.hub.bus.subscribe("arvis/automation/#", lambda message: told.append(message.decode(TraceRecord)), rig.owner)
        await rig.clock.advance(30)
        assert rig.notes == []
        (trace,) = told
        assert (trace.automation, trace.outcome, trace.reason) == ("a", "lost", reason)
        assert any(message.endswith(reason) for message in caplog.messages)
        assert lives.records() == []

    async def test_a_variable_that_cannot_be_kept(self, lives: Lives) -> None:
        rig = await lives.begin(waits())
        rig.engine.trigger("a", {"odd": object(), "trigger": 1})
        await rig.clock.advance(10)
        assert lives.records() == [("automation.hall", "unkeepable")]
        rig = await lives.restart()
        (trace,) = rig.traces("a")
        assert (trace.outcome, trace.reason) == (
            "lost",
            "the variable 'odd' holds 'object', which cannot be written down",
        )
        assert lives.records() == []

    async def test_too_much_to_keep(self, lives: Lives) -> None:
        rig = await lives.begin(waits())
        rig.engine.trigger("a", {"large": "x" * 3_000_000})
        await rig.clock.advance(10)
        rig = await lives.restart()
        assert rig.traces("a")[0].reason == "its variables take 3.0 MB, more than 2 MB"

    @pytest.mark.parametrize(
        ("column", "value", "reason"),
        [
            ("head", b"{", "its record cannot be read: Input data was truncated"),
            ("head", b'{"trigger":{},"context":{},"started":"2026-01-05T12:00:00Z","format":9}',
             "another version of arvisd has written its record"),
            ("position", b'{"path":"action","own":{},"step":7}', "its record cannot be used: the step action/7 is not there"),
            ("position", b'{"path":"action/9","own":{},"step":1}',
             "its record cannot be used: the steps 'action/9' are not 'action'"),
            ("position", b'{"path":"action","own":{"a":{"$":"sett","v":[]}},"step":1}',
             "its record cannot be used: a value of the kind 'sett' is not known"),
            ("position", b'{"path":"action","own":{},"step":1,"held":{"due":"soon"}}',
             "its record cannot be used: Invalid isoformat string: 'soon'"),
        ],
    )  # fmt: skip
    async def test_a_record_that_nobody_here_has_written(
        self, lives: Lives, caplog: pytest.LogCaptureFixture, column: str, value: bytes, reason: str
    ) -> None:
        rig = await lives.begin(waits())
        rig.publish("go", "1")
        await rig.clock.advance(10)
        lives.database.write(f"UPDATE run SET {column} = ?", (value,))
        rig = await lives.restart()
        await rig.clock.advance(30)
        assert any(message.endswith(f"does not go on: {reason}") for message in caplog.messages), caplog.messages
        assert lives.records() == []
        assert rig.engine.list()[0].current == 0

    async def test_an_automation_that_is_switched_off(self, lives: Lives) -> None:
        rig = await lives.begin(waits("initial_state: false"))
        rig.engine.trigger("a")
        await rig.clock.advance(5)
        rig = await lives.restart()
        await rig.clock.advance(1000)
        assert [(t.outcome, t.reason) for t in rig.traces("a")] == [
            ("cancelled", "the automation is switched off"),
        ]


class TestNothingTwice:
    async def test_an_action_that_was_under_way_is_not_done_again(self, lives: Lives) -> None:
        rig = await lives.begin(
            """
            - id: a
              triggers: [{trigger: mqtt, topic: go}]
              actions:
                - {action: test.slow, response_variable: answer}
                - {action: test.note, data: {message: "{{ answer is defined }}"}}
            """
        )
        rig.publish("go")
        await rig.clock.advance(0.04)
        assert lives.records() == []  # a quick answer writes nothing
        await rig.clock.advance(0.5)
        assert lives.records() == [("automation.a", "running")]
        rig = await lives.restart()
        assert [call.name for call in rig.calls] == ["test.note"]
        assert rig.notes == ["False"]
        assert [(step.path, step.result) for step in rig.traces("a")[0].steps[1:3]] == [
            ("action/0", {"action": "test.slow", "data": {}, "target": {}}),
            ("action/0", {"resumed": "the daemon stopped while this was being done: it is not done again"}),
        ]

    async def test_quick_runs_write_nothing(self, lives: Lives) -> None:
        rig = await lives.begin(
            """
            - id: a
              mode: queued
              triggers: [{trigger: mqtt, topic: go}]
              actions:
                - {action: test.note}
                - repeat: {count: 30, sequence: [{action: test.note}]}
                - parallel: [{action: test.note}, {event: x}]
            """
        )
        for _ in range(5):
            rig.publish("go")
        await rig.clock.advance(1)
        assert len(rig.notes) == 5 * 32
        assert rig.engine._parts.book.writes == 0


class TestModes:
    async def test_queued_runs_keep_their_turns(self, lives: Lives) -> None:
        await begun(lives, "mode: queued", "123")
        rig = await lives.begin(off=100)
        assert rig.engine.list()[0].current == 3
        rig.publish("go", "4")
        await rig.clock.advance(500)
        assert rig.notes == ["1 ends", "2 begins"]
        rig = await lives.restart(100)
        assert lives.records() == [("automation.hall", "running"), *[("automation.hall", "queued")] * 2]
        await rig.clock.advance(1700)
        assert rig.notes == ["2 ends", "3 begins", "3 ends", "4 begins", "4 ends"]
        assert lives.records() == []

    async def test_a_queue_whose_first_run_has_just_ended(self, lives: Lives) -> None:
        await begun(lives, "mode: queued", "12")
        lives.database.open()
        lives.database.write("DELETE FROM run WHERE status = 'running'")
        lives.database.close()
        rig = await lives.begin()
        assert rig.notes == ["2 begins"]

    async def test_parallel(self, lives: Lives) -> None:
        await begun(lives, "mode: parallel", "123")
        rig = await lives.begin()
        await rig.clock.advance(600)
        assert rig.notes == ["1 ends", "2 ends", "3 ends"]

    async def test_restart_leaves_one(self, lives: Lives) -> None:
        await begun(lives, "mode: restart", "12")
        assert lives.notes == ["1 begins", "2 begins"]
        rig = await lives.begin(started=False)
        rig.publish("go", "3")  # before everything is started
        rig.engine.started()
        await rig.clock.advance(700)
        assert rig.notes == ["3 begins", "3 ends"]
        assert rig.outcomes("a")[-2:] == ["cancelled", "finished"]
        assert lives.records() == []

    async def test_single_goes_on_before_anything_new(self, lives: Lives) -> None:
        await begun(lives)
        rig = await lives.begin(started=False)
        rig.publish("go", "2")
        await rig.clock.advance(1)
        assert rig.notes == []
        rig.engine.started()
        await rig.clock.advance(600)
        assert rig.notes == ["1 ends"]
        assert "failed_single" in rig.outcomes("a")

    async def test_a_stopped_run_does_not_come_back(self, lives: Lives) -> None:
        rig = await lives.begin(waits())
        rig.publish("go", "1")
        await rig.clock.advance(10)
        rig.engine.switch(rig.engine.find("a"), on=False)
        assert lives.records() == []
        await lives.kill()
        rig = await lives.begin()
        await rig.clock.advance(1000)
        assert rig.notes == []

    async def test_a_reload_while_the_run_rests(self, lives: Lives) -> None:
        await begun(lives)
        rig = await lives.begin(started=False)
        await rig.load(waits("mode: queued"))
        rig.engine.started()
        await rig.clock.advance(1000)
        assert rig.notes == []
        assert lives.records() == []

    async def test_a_reload_that_changes_it_ends_it(self, lives: Lives) -> None:
        rig = await lives.begin(waits("mode: queued"))
        for payload in "12":
            rig.publish("go", payload)
        await rig.clock.advance(10)
        assert len(lives.records()) == 2
        await rig.load(waits("mode: single"))
        assert lives.records() == []
        await lives.kill()
        rig = await lives.begin()
        await rig.clock.advance(1000)
        assert rig.notes == []

    async def test_a_queue_of_an_automation_that_is_switched_off(self, lives: Lives) -> None:
        rig = await lives.begin(waits("mode: queued\n  initial_state: false"))
        for _ in "12":
            rig.engine.trigger("a", {"trigger": {"payload": "x"}})
        await rig.clock.advance(5)
        assert [status for _, status in lives.records()] == ["running", "queued"]
        rig = await lives.restart()
        await rig.clock.advance(1000)
        assert rig.notes == []
        assert rig.outcomes("a") == ["cancelled", "cancelled"]
        assert lives.records() == []

    async def test_steps_that_are_left_out_do_not_shift_the_others(self, lives: Lives) -> None:
        text = """
        - id: a
          triggers: [{trigger: mqtt, topic: go}]
          actions:
            - {delay: 1, enabled: "{{ 1 == 1 }}"}
            - {delay: 600}
            - {action: test.note, data: {message: end}}
        """
        rig = await lives.begin(text)
        rig.publish("go", "1")
        await rig.clock.advance(10)
        await lives.kill()
        rig = await lives.begin(started=False)
        entry = rig.engine.find("a")
        assert entry.automation is not None
        (run,) = entry.automation.runner.runs
        assert run.scope.step == 1
        rig.engine.started()
        await rig.clock.advance(600)
        assert rig.notes == ["end"]

    async def test_a_reload_of_another_automation(self, lives: Lives) -> None:
        await begun(lives)
        rig = await lives.begin()
        await rig.load(waits() + "- {id: b, triggers: [], actions: []}\n")
        await rig.clock.advance(1000)
        assert rig.notes == ["1 ends"]


class TestRoom:
    async def test_a_kept_run_waits_until_the_broker_takes_more(self, lives: Lives) -> None:
        rig = await lives.begin(waits())
        rig.publish("go", "1")
        await rig.clock.advance(10)
        busy = True
        rig.hub.bus.is_busy = lambda: busy
        await rig.clock.advance(590.5)
        assert rig.notes == ["1 begins"]
        rig = await lives.restart()  # the action was not begun: it is done now
        assert rig.notes == ["1 ends"]

    async def test_a_run_that_will_wait_is_written_down_before_what_cannot_be_sent(self, lives: Lives) -> None:
        rig = await lives.begin(waits())
        rig.hub.bus.is_busy = lambda: True
        rig.publish("go", "1")
        await rig.clock.advance(0.5)
        assert (rig.notes, lives.records()) == ([], [("automation.hall", "running")])
        rig = await lives.restart()
        assert rig.notes == ["1 begins"]

    async def test_a_run_without_waits_does_not_wait_for_the_broker(self, lives: Lives) -> None:
        rig = await lives.begin(
            "- {id: a, triggers: [{trigger: mqtt, topic: go}], actions: [{if: '{{ true }}', then: [{action: test.note}]}]}"
        )
        rig.hub.bus.is_busy = lambda: True
        rig.publish("go")
        assert len(rig.notes) == 1

    async def test_but_no_longer_than_five_seconds(self, lives: Lives) -> None:
        rig = await lives.begin(waits())
        rig.publish("go", "1")
        await rig.clock.advance(10)
        rig.hub.bus.is_busy = lambda: True
        await rig.clock.advance(594)
        assert rig.notes == ["1 begins"]
        await rig.clock.advance(2)
        assert rig.notes == ["1 begins", "1 ends"]
        assert lives.records() == []
