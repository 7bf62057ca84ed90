"""The other steps: what each does, what it leaves behind, how it fails."""

from __future__ import annotations

import pytest

from tests.simulators.automation_rig import AutomationRig, run_steps


class TestFlow:
    async def test_delay(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            """
    - delay: "{{ trigger.payload | int }}"
    - {action: test.note, data: {message: one}}
    - delay: {minutes: 1}
    - {action: test.note, data: {message: two}}
            """,
            "5",
        )
        await rig.clock.advance(4.9)
        assert rig.notes == []
        await rig.clock.advance(0.2)
        assert rig.notes == ["one"]
        await rig.clock.advance(60)
        assert rig.notes == ["one", "two"]

    @pytest.mark.parametrize(("payload", "expected"), [("1", "one"), ("2", "two"), ("3", "other")])
    async def test_choose(self, rig: AutomationRig, payload: str, expected: str) -> None:
        await run_steps(
            rig,
            """
    - choose:
        - conditions: "{{ trigger.payload == '1' }}"
          sequence: {action: test.note, data: {message: one}}
        - alias: two
          conditions: [{condition: template, value_template: "{{ trigger.payload == '2' }}"}]
          sequence: [{action: test.note, data: {message: two}}]
      default: [{action: test.note, data: {message: other}}]
            """,
            payload,
        )
        assert rig.notes == [expected]
        assert rig.results("a")["action/0"] == {"choice": {"1": 0, "2": 1, "3": "default"}[payload]}

    @pytest.mark.parametrize(("payload", "expected"), [("1", ["then"]), ("2", ["else"])])
    async def test_if(self, rig: AutomationRig, payload: str, expected: list[str]) -> None:
        await run_steps(
            rig,
            """
    - if: ["{{ trigger.payload == '1' }}"]
      then: {action: test.note, data: {message: then}}
      else: [{action: test.note, data: {message: else}}]
            """,
            payload,
        )
        assert rig.notes == expected

    async def test_a_condition_ends_its_own_block_only(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            """
    - sequence:
        - "{{ false }}"
        - {action: test.note, data: {message: never}}
    - repeat:
        count: 3
        sequence:
          - "{{ repeat.index != 2 }}"
          - {action: test.note, data: {message: "{{ repeat.index }}"}}
    - condition: template
      value_template: "{{ false }}"
    - {action: test.note, data: {message: never}}
            """,
        )
        assert rig.notes == ["1", "3"]
        (trace,) = rig.traces("a")
        assert (trace.outcome, trace.reason) == ("aborted", "a condition among the steps is not met")

    async def test_a_condition_after_a_wait(self, rig: AutomationRig) -> None:
        await run_steps(rig, "    - delay: 1\n    - '{{ false }}'\n    - {action: test.note}")
        await rig.clock.advance(2)
        assert rig.notes == []
        assert rig.outcomes("a") == ["aborted"]

    @pytest.mark.parametrize(
        ("stop", "outcome"), [("stop: enough", "finished"), ("stop: enough\n          error: true", "aborted")]
    )
    async def test_stop_ends_the_whole_run(self, rig: AutomationRig, stop: str, outcome: str) -> None:
        await run_steps(
            rig,
            f"""
    - if: "{{{{ true }}}}"
      then:
        - {stop}
    - {{action: test.note, data: {{message: never}}}}
            """,
        )
        assert rig.notes == []
        (trace,) = rig.traces("a")
        assert (trace.outcome, trace.reason) == (outcome, "enough")

    async def test_disabled_steps_are_left_out(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            """
    - {action: test.note, enabled: false, data: {message: never}}
    - {action: test.note, enabled: "{{ 1 == 1 }}", data: {message: once}}
    - {condition: template, value_template: "{{ false }}", enabled: false}
    - {action: test.note, data: {message: twice}}
            """,
        )
        assert rig.notes == ["once", "twice"]

    async def test_event(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            "    - {event: rang, event_data: {door: '{{ trigger.payload }}'}, event_data_template: {n: '{{ 1 }}'}}",
            "front",
        )
        listener = "- triggers: {trigger: event, event_type: rang}\n  actions: [{action: test.note, data: {message: '{{ trigger.event.data }}'}}]\n"
        rig.write((rig.folder / "automations.yaml").read_text() + listener)
        await rig.reload()
        rig.publish("go", "back")
        assert rig.notes == ["{'door': 'back', 'n': 1}"]

    async def test_scene(self, rig: AutomationRig) -> None:
        create = {"scene_id": "evening", "entities": {"automation.a": "off"}}
        await rig.hub.actions.call("scene.create", create)
        await run_steps(rig, "    - {scene: scene.evening, metadata: {}}")
        await rig.clock.settle()
        state = rig.hub.states.get("automation.a")
        assert state is not None
        assert state.state == "off"


class TestVariables:
    async def test_in_order(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            """
    - variables: {x: "{{ trigger.payload | int }}", y: "{{ x + 1 }}", z: [1, "{{ y }}"]}
    - {action: test.note, data: {message: "{{ x }} {{ y }} {{ z }}"}}
            """,
            "4",
        )
        assert rig.notes == ["4 5 [1, 5]"]

    async def test_of_the_automation(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            "    - {action: test.note, data: {message: '{{ x }} {{ y }}'}}",
            "4",
            variables="{x: '{{ trigger.payload }}', y: '{{ x * 2 }}'}",
        )
        assert rig.notes == ["4 8"]

    async def test_blocks_have_their_own_and_change_those_around(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            """
    - variables: {outer: 1}
    - if: "{{ true }}"
      then:
        - variables: {outer: 2, inner: 3}
    - {action: test.note, data: {message: "{{ outer }} {{ inner is defined }}"}}
            """,
        )
        assert rig.notes == ["2 False"]

    async def test_branches_do_not_disturb_each_other(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            """
    - variables: {x: 1}
    - parallel:
        - sequence: [{variables: {x: 2}}, {delay: 1}, {action: test.note, data: {message: "{{ x }}"}}]
        - sequence: [{variables: {x: 3}}, {delay: 1}, {action: test.note, data: {message: "{{ x }}"}}]
    - {action: test.note, data: {message: "{{ x }}"}}
            """,
        )
        await rig.clock.advance(2)
        assert rig.notes == ["2", "3", "1"]

    async def test_this_and_context(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            "    - {action: test.note, data: {message: '{{ this.entity_id }} {{ this.state }} {{ this.attributes.mode }} {{ context.id | length }}'}}",
        )
        assert rig.notes == ["automation.a on single 16"]

    async def test_an_error_in_them_is_a_failed_run(self, rig: AutomationRig) -> None:
        await run_steps(rig, "    - {action: test.note}", variables="{x: '{{ 1 / 0 }}'}")
        (trace,) = rig.traces("a")
        assert trace.outcome == "error"
        assert trace.reason == "automations.yaml:4:18: template: ZeroDivisionError: division by zero"
        assert rig.notes == []


class TestRepeat:
    @pytest.mark.parametrize(
        ("loop", "expected"),
        [
            ("count: 3", ["1", "2", "3"]),
            ("count: '{{ trigger.payload }}'", ["1", "2"]),
            ("count: 0", []),
            ("while: '{{ repeat.index <= 2 }}'", ["1", "2"]),
            ("while: '{{ false }}'", []),
            ("until: '{{ repeat.index >= 3 }}'", ["1", "2", "3"]),
            ("until: '{{ true }}'", ["1"]),
        ],
    )
    async def test_loops(self, rig: AutomationRig, loop: str, expected: list[str]) -> None:
        await run_steps(
            rig,
            f"    - repeat:\n        {loop}\n        sequence: [{{action: test.note, data: {{message: '{{{{ repeat.index }}}}'}}}}]",
            "2",
        )
        assert rig.notes == expected

    async def test_for_each(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            """
    - repeat:
        for_each: [{n: a}, {n: "{{ trigger.payload }}"}, {n: c}]
        sequence: [{action: test.note, data: {message: "{{ repeat.item.n }} {{ repeat.first }} {{ repeat.last }}"}}]
            """,
            "b",
        )
        assert rig.notes == ["a True False", "b False False", "c False True"]

    async def test_with_waits(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            "    - repeat: {count: 3, sequence: [{delay: 1}, {action: test.note, data: {message: '{{ repeat.index }}'}}]}",
        )
        await rig.clock.advance(2.5)
        assert rig.notes == ["1", "2"]
        await rig.clock.advance(1)
        assert rig.notes == ["1", "2", "3"]

    async def test_many_passes_let_others_go_on(self, rig: AutomationRig) -> None:
        await run_steps(rig, "    - repeat: {count: 100, sequence: [{action: test.note, data: {message: x}}]}")
        assert 0 < len(rig.notes) < 100
        await rig.clock.settle()
        await rig.clock.settle()
        assert len(rig.notes) == 100

    async def test_one_without_end_is_aborted(self, rig: AutomationRig, caplog: pytest.LogCaptureFixture) -> None:
        await run_steps(rig, "    - repeat: {while: '{{ true }}', sequence: []}")
        for _ in range(220):
            await rig.clock.settle()
        (trace,) = rig.traces("a")
        assert trace.outcome == "aborted"
        assert trace.reason == "a 'repeat' made 10000 passes: its condition does not end it"
        assert "A: a 'repeat' has made 5000 passes and goes on" in caplog.messages

    @pytest.mark.parametrize(
        ("loop", "error"),
        [
            ("count: '{{ \"x\" }}'", "repeat: count must be a number, not 'x'"),
            ("for_each: '{{ 5 }}'", "repeat: for_each must give a list, not 5"),
        ],
    )
    async def test_errors(self, rig: AutomationRig, loop: str, error: str) -> None:
        await run_steps(rig, f"    - repeat:\n        {loop}\n        sequence: []")
        assert rig.traces("a")[0].reason == f"automations.yaml:5:7: {error}"


class TestParallel:
    async def test_at_once(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            """
    - parallel:
        - [{delay: 3}, {action: test.note, data: {message: slow}}]
        - {action: test.note, data: {message: at once}}
        - sequence: [{delay: 1}, {action: test.note, data: {message: soon}}]
    - {action: test.note, data: {message: after}}
            """,
        )
        assert rig.notes == ["at once"]
        await rig.clock.advance(4)
        assert rig.notes == ["at once", "soon", "slow", "after"]

    async def test_every_branch_ends_before_the_error_is_raised(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            """
    - parallel:
        - {action: test.fail}
        - [{delay: 1}, {action: test.note, data: {message: done}}]
    - {action: test.note, data: {message: never}}
            """,
        )
        await rig.clock.advance(2)
        assert rig.notes == ["done"]
        (trace,) = rig.traces("a")
        assert (trace.outcome, trace.reason) == ("error", "automations.yaml:6:11: the lamp does not answer")


class TestWait:
    async def test_for_a_template(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            """
    - wait_template: "{{ is_state('a.b', 'on') }}"
    - {action: test.note, data: {message: "{{ wait.completed }} {{ wait.remaining }}"}}
            """,
        )
        await rig.clock.advance(100)
        assert rig.notes == []
        rig.hub.states.set("a.b", "on")
        await rig.clock.settle()
        assert rig.notes == ["True None"]

    async def test_for_what_is_true_already(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            "    - {wait_template: '{{ true }}', timeout: 5}\n    - {action: test.note, data: {message: '{{ wait.remaining }}'}}",
        )
        assert rig.notes == ["5.0"]

    @pytest.mark.parametrize(
        ("goes_on", "notes", "outcome"), [("true", ["False 0.0"], "finished"), ("false", [], "aborted")]
    )
    async def test_timeout(self, rig: AutomationRig, goes_on: str, notes: list[str], outcome: str) -> None:
        await run_steps(
            rig,
            f"""
    - wait_template: "{{{{ false }}}}"
      timeout: "00:00:05"
      continue_on_timeout: {goes_on}
    - {{action: test.note, data: {{message: "{{{{ wait.completed }}}} {{{{ wait.remaining }}}}"}}}}
            """,
        )
        await rig.clock.advance(6)
        assert rig.notes == notes
        assert rig.outcomes("a") == [outcome]

    async def test_for_a_trigger(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            """
    - wait_for_trigger:
        - {trigger: mqtt, topic: "answer/{{ 1 }}", id: first}
        - {trigger: state, entity_id: a.b, to: "on"}
      timeout: 10
    - {action: test.note, data: {message: "{{ wait.trigger.id }} {{ wait.trigger.payload }} {{ wait.remaining }}"}}
            """,
        )
        await rig.clock.advance(4)
        rig.publish("answer/1", "yes")
        await rig.clock.settle()
        assert rig.notes == ["first yes 6.0"]
        assert "answer/1" not in rig.hub.bus.remote_filters

    async def test_for_a_trigger_in_vain(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            "    - {wait_for_trigger: {trigger: mqtt, topic: x}, timeout: 1}\n    - {action: test.note, data: {message: '{{ wait.trigger }}'}}",
        )
        await rig.clock.advance(2)
        assert rig.notes == ["None"]

    async def test_an_answer_that_comes_at_once_is_not_missed(self, rig: AutomationRig) -> None:
        rig.hub.bus.subscribe("ask", lambda _: rig.hub.bus.publish("answer", b"here"), rig.owner)
        await run_steps(
            rig,
            """
    - {action: mqtt.publish, data: {topic: ask}}
    - {wait_for_trigger: {trigger: mqtt, topic: answer}, timeout: 1}
    - {action: test.note, data: {message: "{{ wait.trigger.payload }}"}}
            """,
        )
        await rig.clock.settle()
        assert rig.notes == ["here"]

    async def test_a_stopped_run_listens_no_more(self, rig: AutomationRig) -> None:
        await run_steps(rig, "    - {wait_for_trigger: {trigger: mqtt, topic: x}}")
        await rig.load("[]")
        await rig.clock.settle()
        assert rig.hub.bus.remote_filters == []
