"""A condition says what it compared, a trigger why it did not fire."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulators.automation_rig import AutomationRig


def automation(trigger: str, condition: str = "") -> str:
    return f"- id: one\n  triggers: [{trigger}]\n  conditions: [{condition}]\n  actions: []\n"


@pytest.mark.parametrize(
    ("condition", "result"),
    [
        (
            "{condition: numeric_state, entity_id: sensor.t, above: 20}",
            {"result": False, "entity_id": "sensor.t", "state": 19.5, "wanted_above": 20},
        ),
        (
            "{condition: numeric_state, entity_id: sensor.t, above: 10, below: sensor.most}",
            {
                "result": True,
                "entity_id": "sensor.t",
                "state": 19.5,
                "wanted_above": 10,
                "wanted_below": "sensor.most",
            },
        ),
        (
            "{condition: numeric_state, entity_id: light.x, above: 20}",
            {"result": False, "entity_id": "light.x", "state": "on", "wanted_above": 20},
        ),
        (
            "{condition: state, entity_id: light.x, state: 'off'}",
            {"result": False, "entity_id": "light.x", "state": "on", "wanted_state": "off"},
        ),
        (
            "{condition: state, entity_id: light.x, attribute: effect, state: [a, b]}",
            {"result": False, "entity_id": "light.x", "attribute": "effect", "state": "c", "wanted_state": ["a", "b"]},
        ),
        (
            "{condition: state, entity_id: light.x, state: 'on', for: 60}",
            {
                "result": False,
                "entity_id": "light.x",
                "state": "on",
                "wanted_state": "on",
                "for_seconds": 5.0,
                "wanted_for_seconds": 60.0,
            },
        ),
        (
            "{condition: time, after: '18:00', before: '06:00'}",
            {"result": False, "now": "12:00:05", "after": "18:00:00", "before": "06:00:00"},
        ),
        (
            "{condition: time, weekday: [tue, wed]}",
            {"result": False, "now": "12:00:05", "weekday": "mon", "wanted_weekday": ["tue", "wed"]},
        ),
        ("{condition: trigger, id: [b, a]}", {"result": False, "id": "0", "wanted_id": ["a", "b"]}),
        ("'{{ states(\"sensor.t\") | int - 19 }}'", {"result": False, "rendered": 0}),
        ("'{{ false }}'", {"result": False}),
        (
            "{or: [{condition: state, entity_id: light.x, state: 'off'}, {condition: trigger, id: a}]}",
            {
                "result": False,
                "conditions": [
                    {"entity_id": "light.x", "state": "on", "wanted_state": "off"},
                    {"id": "0", "wanted_id": ["a"]},
                ],
            },
        ),
        (
            "{condition: state, entity_id: light.none, state: 'on'}",
            {"result": False, "error": "state: there is no entity light.none"},
        ),
    ],
)
async def test_what_was_compared(rig: AutomationRig, condition: str, result: dict[str, Any]) -> None:
    states = rig.hub.states
    states.set("sensor.t", "19.5")
    states.set("sensor.most", "30")
    states.set("light.x", "on", {"effect": "c"})
    await rig.clock.advance(5)
    assert await rig.load(automation("{trigger: mqtt, topic: go}", condition)) == []
    rig.publish("go")
    states.set("sensor.t", "90")  # what is said is what was, not what is
    states.set("light.x", "unavailable", {})
    (trace,) = rig.traces("one")
    assert trace.steps[1].result == result
    assert trace.outcome == ("finished" if result["result"] else "failed_conditions")


async def test_the_reason_names_the_condition(rig: AutomationRig) -> None:
    rig.hub.states.set("light.x", "on")
    await rig.load(automation("{trigger: mqtt, topic: go}", "{condition: state, entity_id: light.x, state: 'off'}"))
    rig.publish("go")
    (trace,) = rig.traces("one")
    assert trace.reason == ("automations.yaml:3:16: condition state: entity_id light.x, state on, wanted state off")


async def test_a_branch_says_why_it_was_not_taken(rig: AutomationRig) -> None:
    rig.hub.states.set("light.x", "on")
    await rig.load(
        """
        - id: one
          triggers: [{trigger: mqtt, topic: go}]
          actions:
            - choose:
                - {conditions: [{condition: state, entity_id: light.x, state: "off"}], sequence: []}
              default: []
        """
    )
    rig.publish("go")
    compared = {"entity_id": "light.x", "state": "on", "wanted_state": "off"}
    assert rig.results("one")["action/0"] == {"choice": "default", "conditions": [compared]}


async def changes(rig: AutomationRig, *states: str, entity_id: str = "sensor.x") -> None:
    for state in states:
        rig.hub.states.set(entity_id, state)
        await rig.clock.advance(1)


@pytest.mark.parametrize(
    ("trigger", "states", "reason"),
    [
        ("{trigger: state, entity_id: sensor.x, to: c}", ["a", "b"], "it became 'b'"),
        ("{trigger: state, entity_id: sensor.x, from: c}", ["a", "b"], "it was 'a'"),
        (
            "{trigger: state, entity_id: sensor.x, to: b, for: 60}",
            ["a", "b", "c"],
            "it did not stay so for as long as 'for' asks: it became 'c'",
        ),
        ("{trigger: numeric_state, entity_id: sensor.x, above: 20}", ["5", "10"], "it is not within the bounds"),
        (
            "{trigger: numeric_state, entity_id: sensor.x, above: 20}",
            ["25", "30"],
            "it was within the bounds before: no bound was crossed",
        ),
        (
            "{trigger: numeric_state, entity_id: sensor.x, above: 20}",
            ["5", "unavailable"],
            "it has no number now",
        ),
        (
            "{trigger: numeric_state, entity_id: sensor.x, above: 20, for: 60}",
            ["5", "25", "10"],
            "it did not stay so for as long as 'for' asks: it is not within the bounds",
        ),
        (
            '{trigger: template, value_template: \'{{ is_state("sensor.x", "b") }}\', for: 60}',
            ["a", "b", "c"],
            "it did not stay so for as long as 'for' asks: the template is not true",
        ),
    ],
)
async def test_why_a_trigger_did_not_fire(rig: AutomationRig, trigger: str, states: list[str], reason: str) -> None:
    await changes(rig, states[0])
    assert await rig.load(automation(trigger)) == []
    await changes(rig, *states[1:])
    (trace,) = rig.traces("one")
    assert (trace.outcome, trace.reason) == ("not_triggered", reason)


@pytest.mark.parametrize(
    ("trigger", "data", "reason"),
    [
        ("{trigger: event, event_type: click, event_data: {n: 1}}", {"n": 2}, "n was 2, not 1"),
        ("{trigger: event, event_type: click, context: {user: ann}}", {}, "the context's user was None, not 'ann'"),
    ],
)
async def test_why_an_event_did_not_fit(rig: AutomationRig, trigger: str, data: dict[str, Any], reason: str) -> None:
    await rig.load(automation(trigger))
    rig.hub.fire("click", data)
    assert [trace.reason for trace in rig.traces("one")] == [reason]


async def test_a_long_payload_is_cut(rig: AutomationRig) -> None:
    await rig.load(automation("{trigger: mqtt, topic: go, payload: 'yes'}"))
    rig.publish("go", "x" * 100_000)
    (trace,) = rig.traces("one")
    assert trace.reason == f"the value was {'x' * 120!r}, not 'yes'"
