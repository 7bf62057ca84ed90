"""Automations of every kind of step that waits, with what they do from their beginning to their end."""

from __future__ import annotations


def automation(steps: str, head: str = "") -> str:
    """Return one automation of these steps, each line indented as it stands under `actions`."""
    lines = ["- id: a", "  alias: A", "  triggers: [{trigger: mqtt, topic: go}]", "  mode: parallel"]
    lines += [f"  {line}" for line in head.splitlines()]
    return "\n".join([*lines, "  actions:", *(f"    {line}" for line in steps.strip("\n").splitlines())]) + "\n"


def note(text: str) -> str:
    return f'{{action: test.note, data: {{message: "{text}"}}}}'


TABLE = {
    "delay": (
        f"""
- {note("1")}
- delay: 10
- {note("2")}
""",
        ["1", "2"],
    ),
    "variables": (
        f"""
- variables: {{a: 1, b: "{{{{ [1, 2.5, 'x'] }}}}", c: "{{{{ trigger.payload }}}}"}}
- delay: 10
- variables: {{a: "{{{{ a + 1 }}}}"}}
- {note("{{ a }} {{ b }} {{ c }} {{ trigger.topic }} {{ this.entity_id }} {{ context.id | length }}")}
""",
        ["2 [1, 2.5, 'x'] hello go automation.a 16"],
    ),
    "repeat count": (
        f"""
- repeat:
    count: 3
    sequence:
      - {note("{{ repeat.index }} {{ repeat.first }} {{ repeat.last }}")}
      - delay: 10
- {note("end")}
""",
        ["1 True False", "2 False False", "3 False True", "end"],
    ),
    "repeat for_each": (
        f"""
- variables: {{sum: 0}}
- repeat:
    for_each: [{{n: 1}}, {{n: 2}}, {{n: 3}}]
    sequence:
      - delay: 5
      - variables: {{sum: "{{{{ sum + repeat.item.n }}}}"}}
      - {note("{{ repeat.item.n }} of {{ sum }}")}
      - delay: 5
- {note("{{ sum }}")}
""",
        ["1 of 1", "2 of 3", "3 of 6", "6"],
    ),
    "repeat while": (
        f"""
- repeat:
    while: "{{{{ repeat.index <= 3 }}}}"
    sequence:
      - delay: 10
      - {note("{{ repeat.index }}")}
""",
        ["1", "2", "3"],
    ),
    "repeat until": (
        f"""
- repeat:
    until: "{{{{ repeat.index == 3 }}}}"
    sequence:
      - {note("{{ repeat.index }}")}
      - delay: 10
""",
        ["1", "2", "3"],
    ),
    "many passes": (
        f"""
- repeat:
    count: 45
    sequence:
      - if: "{{{{ repeat.index in (22, 44) }}}}"
        then: [{{delay: 10}}, {note("{{ repeat.index }}")}]
""",
        ["22", "44"],
    ),
    "choose": (
        f"""
- choose:
    - conditions: "{{{{ false }}}}"
      sequence: [{note("no")}]
    - conditions: "{{{{ states('sensor.absent') == 'unknown' }}}}"
      sequence:
        - {note("chosen")}
        - delay: 10
        - {note("still chosen")}
  default: [{note("default")}]
- choose: []
  default: [{{delay: 10}}, {note("default")}]
- {note("after")}
""",
        ["chosen", "still chosen", "default", "after"],
    ),
    "if": (
        f"""
- if: "{{{{ true }}}}"
  then: [{{delay: 10}}, {note("then")}]
  else: [{note("never")}]
- if: "{{{{ false }}}}"
  then: [{note("never")}]
  else: [{{delay: 10}}, {note("else")}]
""",
        ["then", "else"],
    ),
    "sequence": (
        f"""
- sequence:
    - variables: {{inner: 1}}
    - delay: 10
    - {note("{{ inner }}")}
- {note("{{ inner is defined }}")}
""",
        ["1", "False"],
    ),
    "condition": (
        f"""
- sequence:
    - delay: 10
    - "{{{{ false }}}}"
    - {note("never")}
- delay: 10
- {note("after")}
- "{{{{ false }}}}"
- {note("never")}
""",
        ["after"],
    ),
    "parallel": (
        f"""
- variables: {{a: 0}}
- parallel:
    - sequence:
        - {note("x1")}
        - delay: 12
        - variables: {{a: 1}}
        - {note("x2 {{ a }}")}
        - delay: 12
        - {note("x3 {{ a }}")}
    - sequence:
        - delay: 7
        - {note("y1 {{ a }}")}
        - delay: 10
        - variables: {{a: 2}}
        - {note("y2 {{ a }}")}
    - {note("z")}
- {note("joined {{ a }}")}
""",
        ["x1", "z", "y1 0", "x2 1", "y2 2", "x3 1", "joined 0"],
    ),
    "nested": (
        f"""
- repeat:
    for_each: [1, 2]
    sequence:
      - variables: {{outer: "{{{{ repeat.item }}}}"}}
      - parallel:
          - repeat:
              count: 2
              sequence:
                - delay: 5
                - choose:
                    - conditions: "{{{{ repeat.first }}}}"
                      sequence:
                        - if: "{{{{ true }}}}"
                          then: [{{delay: 1}}, {note("{{ outer }}.{{ repeat.index }} first")}]
                  default: [{note("{{ outer }}.{{ repeat.index }} last")}]
          - sequence:
              - delay: 8
              - {note("{{ outer }} beside")}
- {note("end")}
""",
        ["1.1 first", "1 beside", "1.2 last", "2.1 first", "2 beside", "2.2 last", "end"],
    ),
    "stop": (
        f"""
- parallel:
    - sequence: [{{stop: enough}}]
    - sequence: [{{delay: 10}}, {note("beside")}]
- {note("never")}
""",
        ["beside"],
    ),
    "error and continue_on_error": (
        f"""
- parallel:
    - {{action: test.fail}}
    - sequence: [{{delay: 10}}, {note("beside")}]
  continue_on_error: true
- delay: 10
- {{action: test.fail, continue_on_error: true}}
- {note("after")}
""",
        ["beside", "after"],
    ),
    "response variables": (
        f"""
- action: test.note
  data: {{message: one}}
  response_variable: answer
- delay: 10
- {note("{{ answer.noted }}")}
- stop: done
  response_variable: answer
""",
        ["one", "one"],
    ),
    "wait_template": (
        f"""
- wait_template: "{{{{ is_state('light.x', 'on') }}}}"
  timeout: 15
- {note("{{ wait.completed }} {{ wait.remaining | round }}")}
- wait_template: "{{{{ is_state('light.x', 'off') }}}}"
""",
        ["False 0"],
    ),
    "wait_for_trigger": (
        f"""
- wait_for_trigger: [{{trigger: mqtt, topic: answer}}]
  timeout: 15
- {note("{{ wait.trigger }} {{ wait.remaining | round }}")}
- wait_for_trigger: [{{trigger: mqtt, topic: answer}}]
  timeout: 15
  continue_on_timeout: false
- {note("never")}
""",
        ["None 0"],
    ),
}
