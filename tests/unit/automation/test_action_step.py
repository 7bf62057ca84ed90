"""The step `action`: what it calls, with which data and targets, how it fails."""

from __future__ import annotations

import pytest

from arvisd.core.actions import Action, ActionCall, Target
from tests.simulators.automation_rig import AutomationRig, NoteData, run_steps


class TestAction:
    async def test_target_and_data(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            """
    - action: test.note
      target: {entity_id: [light.a, light.b], area_id: kitchen}
      data: {message: hello}
            """,
        )
        (call,) = rig.calls
        assert call.data == NoteData(message="hello")
        assert call.target == Target(entity_id=["light.a", "light.b"], area_id="kitchen")

    @pytest.mark.parametrize(
        "written",
        [
            "action: test.note, data: {entity_id: light.a, message: x}",
            "service: test.note, entity_id: light.a, data: {message: x}",
            "service: TEST.note, data: {message: x}, target: {entity_id: light.a}",
            "service_template: '{{ \"test.note\" }}', data: {entity_id: light.a}, data_template: {message: x}",
            'action: test.note, data: {message: x}, target: \'{{ {"entity_id": "light.a"} }}\'',
            'action: test.note, data: \'{{ {"message": "x"} }}\', target: {entity_id: light.a}, metadata: {}',
        ],
    )
    async def test_every_spelling(self, rig: AutomationRig, written: str) -> None:
        await run_steps(rig, f"    - {{{written}}}")
        (call,) = rig.calls
        assert call.data.message == "x"
        assert call.target == Target(entity_id="light.a")

    async def test_several_ids_in_one_text(self, rig: AutomationRig) -> None:
        await run_steps(rig, "    - {action: test.note, data: {entity_id: 'light.a, light.b'}}")
        assert rig.calls[0].target == Target(entity_id=["light.a", "light.b"])

    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            ("message: '{{ 5 }}'", NoteData(message="5")),  # a field of text takes the text
            ("message: 5", NoteData(message="5")),
            ("number: '{{ 2 + 3 }}'", NoteData(number=5)),
            ("number: '{{ trigger.payload }}'", NoteData(number=7)),
            ("items: '{{ [1, 2] }}'", NoteData(items=[1, 2])),
            ("items: {a: '{{ 1 }}', b: [x, '{{ true }}']}", NoteData(items={"a": 1, "b": ["x", True]})),
            ("items: {'{{ \"k\" }}': 1}", NoteData(items={"k": 1})),
        ],
    )
    async def test_data_by_its_schema(self, rig: AutomationRig, data: str, expected: NoteData) -> None:
        await run_steps(rig, f"    - {{action: test.note, data: {{{data}}}}}", "7")
        assert rig.calls[0].data == expected

    async def test_a_payload_stays_as_it_is_written(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            '    - {action: mqtt.publish, data: {topic: out, payload: \'{"n": {{ trigger.payload }}, "s": 1.50}\'}}',
            "7",
        )
        assert rig.sent[-1] == ("out", b'{"n": 7, "s": 1.50}')

    async def test_response(self, rig: AutomationRig) -> None:
        await run_steps(
            rig,
            """
    - {action: test.note, data: {message: x}, response_variable: answer}
    - {action: test.slow, response_variable: later}
    - {action: test.note, data: {message: "{{ answer.noted }} {{ later.slept }}"}}
            """,
        )
        await rig.clock.advance(2)
        assert rig.notes == ["x", "x 1"]

    async def test_one_that_waits(self, rig: AutomationRig) -> None:
        await run_steps(rig, "    - {action: test.slow}\n    - {action: test.note, data: {message: after}}")
        assert rig.notes == []
        await rig.clock.advance(1.1)
        assert rig.notes == ["after"]

    @pytest.mark.parametrize(
        ("step", "error"),
        [
            (
                "action: test.nothing",
                "automations.yaml:5:7: there is no action 'test.nothing' (did you mean test.note?)",
            ),
            (
                "action: test.note, data: {mesage: x}",
                "automations.yaml:5:7: test.note: Object contains unknown field `mesage`",
            ),
            ("action: test.fail", "automations.yaml:5:7: the lamp does not answer"),
            ("action: test.crash", "automations.yaml:5:7: unforeseen"),
            (
                "action: test.note, data: {message: '{{ 1 / 0 }}'}",
                "automations.yaml:5:43: template: ZeroDivisionError: division by zero",
            ),
        ],
    )
    async def test_errors(self, rig: AutomationRig, step: str, error: str) -> None:
        await run_steps(rig, f"    - {{{step}}}\n    - {{action: test.note, data: {{message: after}}}}")
        (trace,) = rig.traces("a")
        assert (trace.outcome, trace.reason) == ("error", error)
        assert trace.steps[-1].error == error
        assert rig.notes == []

    async def test_an_unforeseen_error_comes_with_its_traceback(
        self, rig: AutomationRig, caplog: pytest.LogCaptureFixture
    ) -> None:
        await run_steps(rig, "    - {action: test.crash}")
        assert "RuntimeError: unforeseen" in caplog.text
        caplog.clear()
        await run_steps(rig, "    - {action: test.fail}")
        assert "Traceback" not in caplog.text
        assert "A: automations.yaml:5:7: the lamp does not answer" in caplog.text

    @pytest.mark.parametrize("failing", ["test.fail", "test.crash", "test.nothing"])
    async def test_continue_on_error(self, rig: AutomationRig, failing: str) -> None:
        steps = f"    - {{action: {failing}, continue_on_error: true}}\n    - {{action: test.note, data: {{message: after}}}}"
        await run_steps(rig, steps)
        assert rig.notes == ["after"]
        assert rig.outcomes("a") == ["finished"]

    async def test_an_action_that_is_offered_later(self, rig: AutomationRig) -> None:
        await run_steps(rig, "    - {action: late.come, data: {message: '{{ 5 }}'}}")
        assert rig.outcomes("a") == ["error"]
        seen: list[ActionCall] = []
        rig.hub.actions.register(Action("late.come", NoteData, "Comes late.", sync_handler=seen.append), rig.owner)
        rig.publish("go")
        assert [call.data.message for call in seen] == ["5"]

    async def test_unknown_actions_are_warned_of_once_everything_runs(self, rig: AutomationRig) -> None:
        await run_steps(rig, "    - {action: test.nope}")
        warning = (
            "automations.yaml:5:16: warning: there is no action 'test.nope' (did you mean 'test.note'?): "
            "the step fails unless an integration offers it"
        )
        assert [str(problem) for problem in rig.engine.started()] == [warning]
        assert await rig.load("- {id: b, actions: [{action: test.nope}]}") == [warning.replace("5:16", "1:30")]

    async def test_secrets_stay_out_of_traces(self, rig: AutomationRig) -> None:
        (rig.folder / "secrets.yaml").write_text("key: hush\n")
        await run_steps(rig, "    - {action: test.note, data: {message: !secret key}}")
        assert rig.notes == ["hush"]
        assert rig.results("a")["action/0"]["data"] == {"message": "***"}
