"""What the nodes of a trace are called, and where they are written."""

from __future__ import annotations

import pytest

from tests.simulators.automation_rig import AutomationRig

DOCUMENT = """
- alias: All of it
  triggers:
    - triggers:
        - {trigger: mqtt, topic: a}
        - {trigger: mqtt, topic: go, alias: Somebody knocks}
  condition: "{{ true }}"
  actions:
    - alias: First of all
      action: test.note
    - if: "{{ true }}"
      then:
        - delay: 0
      else: {stop: never}
    - choose:
        - conditions: []
          sequence: {variables: {a: 1}}
    - repeat:
        count: 2
        sequence: [{event: x}]
    - parallel:
        - sequence: [{action: test.note}]
        - {action: test.note}
    - condition: template
      value_template: "{{ true }}"
    - "{{ true }}"
    - and: ["{{ true }}"]
"""


@pytest.fixture
async def nodes(rig: AutomationRig) -> dict[str, tuple[str, str]]:
    assert await rig.load(DOCUMENT) == []
    rig.publish("go")
    await rig.clock.advance(1)
    (trace,) = rig.traces("automation.all_of_it")
    assert trace.outcome == "finished"
    return {step.path: (step.name, step.place.removeprefix("automations.yaml:")) for step in trace.steps}


async def test_names_and_places(nodes: dict[str, tuple[str, str]]) -> None:
    assert nodes == {
        "trigger/1": ("Somebody knocks", "5:11"),
        "condition/0": ("template", "6:14"),
        "action/0": ("First of all", "8:7"),
        "action/1": ("if", "10:7"),
        "action/1/then/0": ("delay", "12:11"),
        "action/2": ("choose", "14:7"),
        "action/2/choose/0/sequence/0": ("variables", "16:21"),
        "action/3": ("repeat", "17:7"),
        "action/3/repeat/sequence/0": ("event", "19:20"),
        "action/4": ("parallel", "20:7"),
        "action/4/parallel/0/sequence/0": ("action", "21:22"),
        "action/4/parallel/1/0": ("action", "22:11"),
        "action/5": ("condition template", "23:7"),
        "action/6": ("template", "25:7"),
        "action/7": ("and", "26:7"),
    }
