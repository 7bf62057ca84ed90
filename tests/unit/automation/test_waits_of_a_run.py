"""Triggers of a wait: what they wait for may depend on the run, and there may be none."""

from __future__ import annotations

import pytest

from tests.simulators.automation_rig import AutomationRig


def waiting(trigger: str, more: str = "") -> str:
    return f"""
    - id: a
      triggers: [{{trigger: mqtt, topic: go}}]
      actions:
        - variables: {{name: "{{{{ trigger.payload }}}}"}}
        - wait_for_trigger: {trigger}
          timeout: 10
          {more}
        - {{action: test.note, data: {{message: "{{{{ 'met' if wait.trigger else 'in vain' }}}}"}}}}
    """


@pytest.mark.parametrize(
    ("trigger", "topic", "payload"),
    [
        ('{trigger: mqtt, topic: "answer/{{ name }}"}', "answer/hall", "x"),
        ('{trigger: mqtt, topic: answer, payload: "{{ name }}"}', "answer", "hall"),
        (
            '{trigger: event, event_type: "said_{{ name }}"}',
            "arvis/event/said_hall",
            '{"data": {}, "time": "2026-01-01T00:00:00Z", "context": {"id": "1"}}',
        ),
        (
            '{trigger: event, event_type: said, event_data: {who: "{{ name }}", run: "{{ context.id is string }}"}}',
            "arvis/event/said",
            '{"data": {"who": "hall", "run": true}, "time": "2026-01-01T00:00:00Z", "context": {"id": "1"}}',
        ),
    ],
)
async def test_the_variables_of_the_run(rig: AutomationRig, trigger: str, topic: str, payload: str) -> None:
    assert await rig.load(waiting(trigger)) == []
    rig.publish("go", "hall")
    await rig.clock.advance(1)
    rig.publish(topic.replace("hall", "yard"), payload.replace("hall", "yard"))
    await rig.clock.advance(1)
    assert rig.notes == []
    rig.publish(topic, payload)
    await rig.clock.advance(1)
    assert rig.notes == ["met"]


async def test_what_does_not_fit_in_the_end_fails_the_run_with_its_place(rig: AutomationRig) -> None:
    assert await rig.load(waiting('{trigger: mqtt, topic: "answer/{{ name }}"}')) == []
    rig.publish("go", "#/#")
    await rig.clock.advance(1)
    assert rig.outcomes("a") == ["error"]
    error = rig.traces("a")[-1].reason
    assert error == (
        "automations.yaml:5:48: the trigger 'mqtt': '#' in 'answer/#/#' must stand alone and last, as in 'a/b/#'"
    )


async def test_a_syntax_error_is_found_when_it_is_loaded(rig: AutomationRig) -> None:
    (problem,) = await rig.load(waiting('{trigger: mqtt, topic: "answer/{{ name"}'))
    assert problem.startswith("automations.yaml:5:48: template: ")


@pytest.mark.parametrize("trigger", ["[]", "{trigger: mqtt, topic: x, enabled: false}"])
async def test_without_a_trigger_it_does_not_wait(rig: AutomationRig, trigger: str) -> None:
    (problem,) = await rig.load(waiting(trigger, "continue_on_timeout: false"))
    assert problem == (
        "automations.yaml:5:25: warning: the step 'wait_for_trigger': there is no trigger: the run does not wait"
    )
    rig.publish("go", "hall")
    assert rig.notes == ["in vain"]
