"""Everything that can be wrong in an automation, with the exact text and place of what is said."""

from __future__ import annotations

import pytest

from tests.simulators.automation_rig import AutomationRig

HEAD = "- id: a\n  alias: A\n"
ACT = "  actions:\n    - action: test.note\n"

CASES = {
    "no actions": (
        "- alias: A\n  triggers: []\n",
        "automations.yaml:1:3: an automation needs 'actions': what it does",
    ),
    "unknown key": (
        "- alias: A\n  aktions: []\n  triggers: []\n  actions: []\n",
        "automations.yaml:2:3: unknown key 'aktions' in automation (did you mean 'actions'?)",
    ),
    "both spellings": (
        "- alias: A\n  trigger: []\n  triggers: []\n  actions: []\n",
        "automations.yaml:2:3: an automation has both 'triggers' and 'trigger': they are the same, leave 'trigger' out",
    ),
    "blueprint": (
        "- alias: A\n  use_blueprint:\n    path: a.yaml\n",
        (
            "automations.yaml:3:11: there is no blueprint blueprints/automation/a.yaml: "
            "'arvisd blueprint list' names them"
        ),
    ),
    "mode": (
        "- alias: A\n  mode: paralel\n  actions: []\n",
        (
            "automations.yaml:2:9: automation: mode: expected one of 'parallel', 'queued', 'restart' or 'single', "
            "got the text 'paralel' (did you mean 'parallel'?)"
        ),
    ),
    "max": ("- alias: A\n  mode: queued\n  max: 1\n  actions: []\n", "automations.yaml:3:8: max must be at least 2"),
    "max_exceeded": (
        "- alias: A\n  max_exceeded: loud\n  actions: []\n",
        (
            "automations.yaml:2:17: automation: max_exceeded: expected one of 'critical', 'debug', 'error', 'fatal', "
            "'info', 'notset', 'silent', 'warn' or 'warning', got the text 'loud'"
        ),
    ),
    "trigger_variables": (
        "- alias: A\n  trigger_variables: {a: '{{ now() }}'}\n  actions: []\n",
        (
            "automations.yaml:2:26: trigger_variables: template: now() cannot be used here: "
            "this template is rendered once, when the automation is loaded"
        ),
    ),
    "two conditions of a branch": (
        HEAD + "  actions:\n    - choose: {conditions: [], condition: [], sequence: []}\n",
        (
            "automations.yaml:4:32: the step 'choose': a branch has both 'conditions' and 'condition': "
            "they are the same, leave one out"
        ),
    ),
    "two names of an action": (
        HEAD + "  actions:\n    - action: test.note\n      service: test.note\n",
        "automations.yaml:5:16: the step 'action': 'action' and 'service' are the same: leave one out",
    ),
    "not a mapping": ("- 5\n", "automations.yaml:1:3: an automation must be a mapping, not 5"),
    "trigger without kind": (
        HEAD + "  triggers:\n    - topic: a\n" + ACT,
        "automations.yaml:4:7: a trigger needs 'trigger': which kind it is",
    ),
    "trigger of two spellings": (
        HEAD + "  triggers:\n    - trigger: mqtt\n      platform: mqtt\n      topic: a\n" + ACT,
        "automations.yaml:5:7: a trigger has both 'trigger' and 'platform': they are the same, leave 'platform' out",
    ),
    "unknown trigger": (
        HEAD + "  triggers:\n    - trigger: mqqt\n      topic: a\n" + ACT,
        "automations.yaml:4:16: there is no trigger 'mqqt' (did you mean 'mqtt'?)",
    ),
    "refused trigger": (
        HEAD + "  triggers:\n    - platform: call\n      number: 112\n" + ACT,
        "automations.yaml:4:17: the trigger 'call' is not supported: the integration 'sim7600' brings it, and does not run here",
    ),
    "trigger option": (
        HEAD + "  triggers:\n    - trigger: mqtt\n      topik: a\n      topic: b\n" + ACT,
        "automations.yaml:5:7: unknown key 'topik' in the trigger 'mqtt' (did you mean 'topic'?)",
    ),
    "trigger without topic": (
        HEAD + "  triggers:\n    - trigger: mqtt\n" + ACT,
        "automations.yaml:4:7: the key 'topic' is missing in the trigger 'mqtt'",
    ),
    "topic": (
        HEAD + "  triggers:\n    - trigger: mqtt\n      topic: a/#/b\n" + ACT,
        "automations.yaml:5:14: the trigger 'mqtt': '#' in 'a/#/b' must stand alone and last, as in 'a/b/#'",
    ),
    "payload without quotes": (
        HEAD + "  triggers:\n    - trigger: mqtt\n      topic: a\n      payload: ON\n" + ACT,
        (
            "automations.yaml:6:16: warning: the trigger 'mqtt': YAML reads a bare ON, yes or true as true: "
            "it fires on the text 'True': put the payload in quotes"
        ),
    ),
    "encoding": (
        HEAD + "  triggers:\n    - trigger: mqtt\n      topic: a\n      encoding: utf-9\n" + ACT,
        "automations.yaml:6:17: the trigger 'mqtt': there is no encoding 'utf-9': 'utf-8' is the usual one",
    ),
    "entity id": (
        HEAD + "  triggers:\n    - trigger: state\n      entity_id: kitchen\n" + ACT,
        "automations.yaml:5:18: the trigger 'state': 'kitchen' is not the id of an entity, such as light.kitchen",
    ),
    "to and not_to": (
        HEAD + "  triggers:\n    - trigger: state\n      entity_id: a.b\n      to: x\n      not_to: y\n" + ACT,
        "automations.yaml:7:15: the trigger 'state': 'to' and 'not_to' exclude each other",
    ),
    "for": (
        HEAD + "  triggers:\n    - trigger: state\n      entity_id: a.b\n      for: {minuts: 5}\n" + ACT,
        (
            "automations.yaml:6:12: the trigger 'state': for: 'minuts' is not a unit of time: "
            "days, hours, minutes, seconds, milliseconds are"
        ),
    ),
    "no bounds": (
        HEAD + "  triggers:\n    - trigger: numeric_state\n      entity_id: a.b\n" + ACT,
        "automations.yaml:4:7: the trigger 'numeric_state': 'above' or 'below' is needed",
    ),
    "impossible bounds": (
        HEAD
        + "  triggers:\n    - trigger: numeric_state\n      entity_id: a.b\n      above: 9\n      below: 5\n"
        + ACT,
        "automations.yaml:6:14: the trigger 'numeric_state': nothing is above 9 and below 5 at once",
    ),
    "time": (
        HEAD + "  triggers:\n    - trigger: time\n      at: '25:00'\n" + ACT,
        "automations.yaml:5:11: the trigger 'time': '25:00' is neither a time, such as '07:30', nor the id of an entity",
    ),
    "weekday": (
        HEAD + "  triggers:\n    - trigger: time\n      at: '05:00'\n      weekday: monday\n" + ACT,
        (
            "automations.yaml:6:16: the trigger 'time': weekday: expected one of 'fri', 'mon', 'sat', 'sun', 'thu', 'tue' "
            "or 'wed' or a list (each item one of 'fri', 'mon', 'sat', 'sun', 'thu', 'tue' or 'wed'), got the text 'monday'"
        ),
    ),
    "pattern": (
        HEAD + "  triggers:\n    - trigger: time_pattern\n      minutes: /90\n" + ACT,
        (
            "automations.yaml:5:16: the trigger 'time_pattern': minutes: '/90' must be '*', a number from 0 to 59, "
            "or '/5' for every fifth"
        ),
    ),
    "event type": (
        HEAD + "  triggers:\n    - trigger: event\n      event_type: a/+\n" + ACT,
        "automations.yaml:5:19: the trigger 'event': 'a/+' cannot be the type of an event",
    ),
    "lifecycle": (
        HEAD + "  triggers:\n    - trigger: homeassistant\n      event: started\n" + ACT,
        (
            "automations.yaml:5:14: the trigger 'homeassistant': event: expected one of 'shutdown' or 'start', "
            "got the text 'started' (did you mean 'start'?)"
        ),
    ),
    "sentence": (
        HEAD + "  triggers:\n    - trigger: conversation\n      command: 'open (the'\n" + ACT,
        "automations.yaml:5:16: the trigger 'conversation': the sentence 'open (the' cannot be read: ",
    ),
    "condition": (
        HEAD + "  conditions:\n    - condition: stat\n      entity_id: a.b\n" + ACT,
        "automations.yaml:4:18: there is no condition 'stat' (did you mean 'state'?)",
    ),
    "refused condition": (
        HEAD + "  conditions:\n    - condition: moon.is_phase\n" + ACT,
        "automations.yaml:4:18: the condition 'moon.is_phase' is not supported: arvisd does not follow the moon",
    ),
    "condition within or": (
        HEAD + "  conditions:\n    - or:\n        - condition: state\n          entity_id: a.b\n" + ACT,
        "automations.yaml:5:11: the key 'state' is missing in the condition 'state'",
    ),
    "plain text as condition": (
        HEAD + "  conditions: is it on\n" + ACT,
        "automations.yaml:3:15: 'is it on' is not a condition: a template needs '{{ … }}'",
    ),
    "template": (
        HEAD + "  conditions: \"{{ states('a.b' }}\"\n" + ACT,
        "automations.yaml:3:15: template: unexpected '}', expected ')'",
    ),
    "filter": (
        HEAD + "  conditions: '{{ 1 | rond }}'\n" + ACT,
        "automations.yaml:3:15: template: there is no filter 'rond' (did you mean 'round'?)",
    ),
    "step": (
        HEAD + "  actions:\n    - dalay: 5\n",
        "automations.yaml:4:7: there is no step 'dalay' (did you mean 'delay'?)",
    ),
    "refused step": (
        HEAD + "  actions:\n    - device_id: abc\n      type: turn_on\n",
        (
            "automations.yaml:4:7: the step 'device_id': 'domain' is missing: "
            "without Home Assistant's registry nothing tells what the device does"
        ),
    ),
    "step of nothing": (
        HEAD + "  actions:\n    - data: {}\n",
        "automations.yaml:4:7: no step has the keys 'data': an action's step needs 'action'",
    ),
    "name of an action": (
        HEAD + "  actions:\n    - action: turn on the light\n",
        "automations.yaml:4:15: the step 'action': 'turn on the light' is not the name of an action, such as light.turn_on",
    ),
    "target": (
        HEAD + "  actions:\n    - action: test.note\n      target: {entity: a.b}\n",
        "automations.yaml:5:16: the step 'action': unknown key 'entity' in its target (did you mean 'entity_id'?)",
    ),
    "delay": (
        HEAD + "  actions:\n    - delay: soon\n",
        (
            "automations.yaml:4:14: the step 'delay': delay: 'soon' is not a length of time: "
            "give seconds, 'HH:MM:SS' or {minutes: 5}"
        ),
    ),
    "branch": (
        HEAD + "  actions:\n    - choose:\n        - sequence: []\n",
        "automations.yaml:5:11: the step 'choose': a branch needs 'conditions' and 'sequence'",
    ),
    "repeat": (
        HEAD + "  actions:\n    - repeat:\n        sequence: []\n",
        "automations.yaml:5:9: the step 'repeat': exactly one of 'count', 'for_each', 'while' and 'until' is needed",
    ),
    "repeat without steps": (
        HEAD + "  actions:\n    - repeat:\n        count: 3\n",
        "automations.yaml:5:9: the key 'sequence' is missing in the step 'repeat'",
    ),
    "repeat with a template that is none": (
        HEAD + "  actions:\n    - repeat:\n        count: '{{ 3'\n        sequence: []\n",
        "automations.yaml:5:16: template: unexpected end of template, expected 'end of print statement'.",
    ),
    "stop": (
        HEAD + "  actions:\n    - stop: x\n      error: true\n      response_variable: y\n",
        "automations.yaml:6:26: the step 'stop': 'error: true' and 'response_variable' exclude each other",
    ),
    "input outside of a blueprint": (
        HEAD + "  actions:\n    - action: test.note\n      data:\n        message: !input text\n",
        "automations.yaml:6:18: !input text: only a blueprint may hold this",
    ),
    "enabled": (
        HEAD + "  actions:\n    - action: test.note\n      enabled: \"{{ states('a.b') }}\"\n",
        (
            "automations.yaml:5:16: the step 'action': template: states() cannot be used here: "
            "this template is rendered once, when the automation is loaded"
        ),
    ),
}


@pytest.mark.parametrize("case", CASES)
async def test_said_with_its_place(rig: AutomationRig, case: str) -> None:
    text, expected = CASES[case]
    problems = await rig.load(text)
    assert len(problems) == 1, problems
    assert problems[0] == expected or (expected.endswith(": ") and problems[0].startswith(expected))


KEYS = (
    "alias: 5\ndescription:\nnote: {a: 1}\nactions: []",
    "id: 7\nmode: queued\nmax: 2\nmax_exceeded: WARNING\nactions: []",
    "max_exceeded: Silent\nactions: []",
    "initial_state: 'off'\nhide_entity: true\ntrace: {stored_traces: 0}\nactions: []",
    "triggers:\nconditions:\nactions:",
    "trigger: {platform: mqtt, topic: a, id: 5, alias: x, note: y, variables: {a: 1}}\naction: []",
    "trigger_variables: {t: x}\ntriggers: {trigger: mqtt, topic: '{{ t }}', enabled: '{{ t == \"x\" }}'}\nactions: []",
    "triggers: {trigger: mqtt, topic: a, enabled: 'false'}\nactions: []",
    "conditions: [{condition: state, entity_id: a.b, state: x, enabled: '{{ 1 == 2 }}', alias: q, note: z}]\nactions: []",
    "actions: [{delay: 5, enabled: '{{ false }}', note: x, alias: y, continue_on_error: true}]",
    "triggers: [{triggers: [{trigger: mqtt, topic: a}]}, {triggers: {trigger: mqtt, topic: b}}]\nactions: []",
    "variables: {a: [1, '{{ 2 }}']}\nactions: [{action: test.note, metadata: {x: 1}, data: {message: x}}]",
)


@pytest.mark.parametrize("text", KEYS)
async def test_keys_that_are_taken(rig: AutomationRig, text: str) -> None:
    assert await rig.load("- " + text.replace("\n", "\n  ") + "\n") == []
    assert rig.engine.list()[0].state != "unavailable"


async def test_every_problem_of_an_automation_is_said(rig: AutomationRig) -> None:
    problems = await rig.load(
        """
        - alias: A
          triggers:
            - trigger: mqqt
            - trigger: state
              entity_id: x
          conditions: nonsense
          actions:
            - delay: soon
            - if: "{{"
              then: []
        """
    )
    assert [problem.split(": ")[0] for problem in problems] == [
        "automations.yaml:3:16",
        "automations.yaml:5:18",
        "automations.yaml:6:15",
        "automations.yaml:8:14",
        "automations.yaml:9:11",
    ]


async def test_too_deep(rig: AutomationRig) -> None:
    nested = "{and: [" * 45 + "'{{ true }}'" + "]}" * 45
    (problem,) = await rig.load(f"- alias: A\n  conditions: {nested}\n  actions: []\n")
    assert problem.endswith("conditions and steps are nested more than 40 deep")


async def test_doubled_id(rig: AutomationRig) -> None:
    problems = await rig.load("- {id: a, actions: []}\n- {id: a, actions: []}\n")
    assert problems == [
        "automations.yaml:2:3: the id 'a' is taken by automations.yaml:1:3: give this automation another"
    ]
    assert len(rig.engine.list()) == 1


async def test_the_rest_of_the_file_runs(rig: AutomationRig) -> None:
    await rig.load(
        """
        - alias: Bad
          triggers: [{trigger: call}]
          actions: []
        - alias: Good
          triggers: [{trigger: mqtt, topic: go}]
          actions: [{action: test.note, data: {message: ran}}]
        """
    )
    rig.publish("go")
    assert rig.notes == ["ran"]
    bad = rig.hub.states.get("automation.bad")
    assert bad is not None
    assert bad.state == "unavailable"
    assert bad.attributes == {
        "id": "bad",
        "friendly_name": "Bad",
        "error": "automations.yaml:2:24: the trigger 'call' is not supported: the integration 'sim7600' brings it, and does not run here",
        "last_good_version_runs": False,
    }
