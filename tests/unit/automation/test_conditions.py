"""Each condition: when it is met, when it is not, when it cannot be decided."""

from __future__ import annotations

import pytest

from tests.simulators.automation_rig import AutomationRig

# the rig's clock stands at noon of a Monday
CASES = [
    ("[]", True),
    ("{condition: state, entity_id: a.on, state: 'on'}", True),
    ("{condition: state, entity_id: a.on, state: true}", True),
    ("{condition: state, entity_id: a.on, state: 'off'}", False),
    ("{condition: state, entity_id: a.on, state: [x, 'on']}", True),
    ("{condition: state, entity_id: [a.on, a.off], state: 'on'}", False),
    ("{condition: state, entity_id: [a.on, a.off], state: 'on', match: any}", True),
    ("{condition: state, entity_id: a.on, attribute: level, state: 5}", True),
    ("{condition: state, entity_id: a.on, attribute: nothing, state: 5}", False),
    ("{condition: state, entity_id: a.on, state: input_text.wanted}", True),
    ("{condition: state, entity_id: a.on, state: 'on', for: {minutes: 1}}", True),
    ("{condition: state, entity_id: a.on, state: 'on', for: {minutes: 10}}", False),
    ("{condition: state, entity_id: a.missing, state: 'on'}", False),
    ("{condition: numeric_state, entity_id: a.number, above: 20}", True),
    ("{condition: numeric_state, entity_id: a.number, above: 21.5}", False),
    ("{condition: numeric_state, entity_id: a.number, below: 30, above: 20}", True),
    ("{condition: numeric_state, entity_id: a.number, below: a.limit}", False),
    ("{condition: numeric_state, entity_id: a.on, above: 1}", False),
    ("{condition: numeric_state, entity_id: a.on, attribute: level, above: 1}", True),
    ("{condition: numeric_state, entity_id: a.on, value_template: '{{ state.attributes.level * 2 }}', above: 9}", True),
    ("{condition: template, value_template: \"{{ is_state('a.on', 'on') }}\"}", True),
    ("\"{{ is_state('a.on', 'off') }}\"", False),
    ("'{{ 1 / 0 }}'", False),
    ("['{{ true }}', '{{ 1 > 2 }}']", False),
    ("{and: ['{{ true }}', '{{ true }}']}", True),
    ("{or: ['{{ false }}', '{{ true }}']}", True),
    ("{or: ['{{ false }}', '{{ false }}']}", False),
    ("{not: ['{{ false }}', '{{ false }}']}", True),
    ("{not: ['{{ false }}', '{{ true }}']}", False),
    ("{condition: or, conditions: ['{{ false }}', {not: '{{ false }}'}]}", True),
    ("{condition: ['{{ true }}', '{{ false }}']}", False),
    ("{or: [{condition: state, entity_id: a.missing, state: x}, '{{ true }}']}", True),
    ("{or: [{condition: state, entity_id: a.missing, state: x}, '{{ false }}']}", False),
    ("{not: [{condition: state, entity_id: a.missing, state: x}]}", False),
    ("{condition: time, after: '11:00'}", True),
    ("{condition: time, before: '11:00'}", False),
    ("{condition: time, after: '12:00', before: '12:01'}", True),
    ("{condition: time, after: '22:00', before: '13:00'}", True),
    ("{condition: time, after: '22:00', before: '06:00'}", False),
    ("{condition: time, weekday: mon}", True),
    ("{condition: time, weekday: [tue, wed]}", False),
    ("{condition: time, after: input_datetime.start}", True),
    ("{condition: time, after: input_datetime.none}", False),
    ("{condition: trigger, id: door}", True),
    ("{condition: trigger, id: [x, door]}", True),
    ("{condition: trigger, id: window}", False),
    ("{condition: template, value_template: '{{ false }}', enabled: false}", True),
    ("{and: [{condition: template, value_template: '{{ false }}', enabled: '{{ false }}'}]}", True),
]


@pytest.mark.parametrize(("condition", "met"), CASES)
async def test_met(rig: AutomationRig, condition: str, met: bool) -> None:
    rig.hub.states.set("a.on", "on", {"level": 5})
    await rig.clock.advance(120)
    rig.hub.states.set("a.off", "off")
    rig.hub.states.set("a.number", "21.5")
    rig.hub.states.set("a.limit", "10")
    rig.hub.states.set("input_text.wanted", "on")
    rig.hub.states.set("input_datetime.start", "09:00:00")
    problems = await rig.load(
        f"""
        - id: a
          triggers: [{{trigger: mqtt, topic: go, id: door}}]
          conditions: {condition}
          actions: [{{action: test.note, data: {{message: ran}}}}]
        """.replace("'12:01'", "'12:03'")
    )
    assert problems == []
    rig.publish("go")
    assert rig.notes == (["ran"] if met else [])
    assert rig.outcomes("a") == ["finished" if met else "failed_conditions"]


async def test_an_undecided_condition_says_why(rig: AutomationRig, caplog: pytest.LogCaptureFixture) -> None:
    await rig.load(
        """
        - alias: Hall
          triggers: [{trigger: mqtt, topic: go}]
          conditions:
            - or:
                - {condition: state, entity_id: a.missing, state: x}
                - "{{ false }}"
                - "{{ 1 / 0 }}"
          actions: []
        """
    )
    rig.publish("go")
    assert caplog.messages == [
        (
            "Hall: or: item 1: state: there is no entity a.missing; "
            "item 3: automations.yaml:7:11: template: ZeroDivisionError: division by zero"
        )
    ]


async def test_the_trace_tells_which_one(rig: AutomationRig) -> None:
    await rig.load(
        """
        - id: a
          triggers: [{trigger: mqtt, topic: go}]
          conditions: ["{{ true }}", "{{ 1 / 0 }}", "{{ true }}"]
          actions: []
        """
    )
    rig.publish("go")
    results = rig.results("a")
    assert results["condition/0"] == {"result": True}
    assert results["condition/1"]["result"] is False
    assert "division by zero" in results["condition/1"]["error"]
    assert "condition/2" not in results


async def test_bounds_that_no_number_meets_are_a_warning(rig: AutomationRig) -> None:
    problems = await rig.load(
        """
        - id: a
          conditions: {condition: numeric_state, entity_id: a.b, above: 9, below: 5}
          actions: []
        """
    )
    assert problems == [
        "automations.yaml:2:65: warning: the condition 'numeric_state': nothing is above 9 and below 5 at once"
    ]
    assert rig.engine.list()[0].state == "on"


class TestTemplateInPlaceOfAKind:
    """`condition: "{{ … }}"`, as people write it who want an alias beside it."""

    async def test_is_a_template_condition(self, rig: AutomationRig) -> None:
        written = """
        - alias: a
          triggers: [{trigger: mqtt, topic: go}]
          conditions:
            - {alias: not no, condition: "{{ trigger.payload != 'no' }}"}
            - {enabled: "{{ false }}", condition: "{{ false }}"}
          actions:
            - {condition: "{{ trigger.payload != 'neither' }}"}
            - {action: test.note, data: {message: "{{ trigger.payload }}"}}
        """
        assert await rig.load(written) == []
        for payload in ("yes", "no", "neither"):
            rig.publish("go", payload)
        assert rig.notes == ["yes"]

    async def test_what_is_wrong_in_it_has_its_place(self, rig: AutomationRig) -> None:
        written = "[{alias: a, triggers: [], conditions: [{condition: '{{ 1 + }}', fo: 5}], actions: []}]"
        assert await rig.load(written) == [
            (
                "automations.yaml:1:65: unknown key 'fo' in the condition 'template'"
                " (valid: alias, enabled, note, condition, value_template)"
            )
        ]
