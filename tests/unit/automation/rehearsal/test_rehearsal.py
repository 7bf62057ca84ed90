"""Tests of automations: what may be given, what may happen, what may be expected; each failure with its place."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from arvisd.automation.rehearsal.document import read_suite
from arvisd.automation.rehearsal.house import House, Repertoire
from arvisd.automation.rehearsal.rehearsal import Result, rehearse, untested

HALL = """
- id: hall
  alias: Hall light
  triggers:
    - trigger: state
      entity_id: binary_sensor.motion
      to: "on"
    - {trigger: mqtt, topic: hall/button, id: button}
    - {trigger: webhook, webhook_id: hall, id: hook}
    - {trigger: event, event_type: knock, id: knock}
    - {trigger: intent, intent: Light, id: said}
    - {trigger: conversation, command: "light [please]", language: en, id: spoken}
    - {trigger: time, at: "18:00", id: evening}
    - {trigger: homeassistant, event: start, id: start}
  conditions:
    - condition: numeric_state
      entity_id: sensor.light
      below: 50
  actions:
    - action: light.turn_on
      target: {entity_id: light.hall}
      data: {brightness_pct: 40}
      response_variable: answer
    - set_conversation_response: "by {{ trigger.id }}"
    - delay: "00:01:00"
    - action: light.turn_off
      target: {area_id: hall}
"""
GIVEN = "given: {states: {sensor.light: 10, light.hall: {state: off, area: hall}}}"


async def play(tmp_path: Path, tests: str, automations: str = HALL, house: House | None = None) -> list[Result]:
    (tmp_path / "a.yaml").write_text(automations)
    (tmp_path / "a.test.yaml").write_text("file: a.yaml\n" + textwrap.dedent(tests).lstrip("\n"))
    suite = read_suite(tmp_path, tmp_path / "a.test.yaml")
    assert suite.problems == []
    results = await rehearse(suite, house or House(), tmp_path, {})
    assert suite.problems == []
    return results


def failures(results: list[Result]) -> list[str]:
    return [
        f"{failure.line}:{failure.column}: {failure.message}" + "".join(f" | {line}" for line in failure.came)
        for result in results
        for failure in result.failures
    ]


@pytest.mark.parametrize(
    ("happens", "by"),
    [
        ("state: {binary_sensor.motion: on}", "0"),
        ("mqtt: {topic: hall/button, payload: press}", "button"),
        ("webhook: hall", "hook"),
        ("webhook: {webhook_id: hall, method: PUT, json: {a: 1}}", "hook"),
        ("event: knock", "knock"),
        ("event: {event_type: knock, event_data: {a: 1}}", "knock"),
        ("intent: Light", "said"),
        ("intent: {intent: Light, slots: {room: hall}, site: attic}", "said"),
        ("sentence: Light, please!", "spoken"),
        ("sentence: {text: light, language: en, site: hall}", "spoken"),
        ("until: '18:00'", "evening"),
        ("until: 2026-01-05T18:00", "evening"),
        ("wait: {hours: 6}", "evening"),
        ("homeassistant: start", "start"),
        ("trigger: button", "button"),
        ("trigger: {id: knock, automation: hall}", "knock"),
    ],
)
async def test_what_may_happen(happens: str, by: str, tmp_path: Path) -> None:
    tests = f"""
    {GIVEN}
    tests:
      - name: it happens
        when:
          - {happens}
          - wait: "00:01:00"
        expect:
          exactly:
            - action: light.turn_on
              target: {{entity_id: light.hall}}
              data: {{brightness_pct: 40}}
            - action: light.turn_off
              target: {{entity_id: light.hall}}
          outcome: finished
          runs: 1
          response: by {by}
    """
    results = await play(tmp_path, tests)
    assert failures(results) == []
    assert [result.outcome for result in results] == ["passed"]


FAILING = [
    (
        "expect: none",
        '5:13: expected no action, but 1 came | 1. light.turn_on entity_id light.hall {"brightness_pct":40}',
    ),
    (
        "expect: []",
        '5:13: expected no action, but 1 came | 1. light.turn_on entity_id light.hall {"brightness_pct":40}',
    ),
    (
        "expect: [light.turn_on, light.turn_off]",
        '5:29: expected action 2: light.turn_off | 1. light.turn_on entity_id light.hall {"brightness_pct":40}',
    ),
    (
        "expect: {action: light.turn_on, data: {brightness_pct: 50}}",
        '5:13: expected the action: light.turn_on {"brightness_pct":50} | 1. light.turn_on entity_id light.hall {"brightness_pct":40}',
    ),
    (
        "expect: {actions: [light.turn_on, {action: light.turn_on, entity_id: light.b}]}",
        '5:39: expected the action light.turn_on entity_id light.b after light.turn_on | 1. light.turn_on entity_id light.hall {"brightness_pct":40}',
    ),
    (
        "expect: {unordered: [light.turn_off]}",
        '5:26: expected the action light.turn_off | 1. light.turn_on entity_id light.hall {"brightness_pct":40}',
    ),
    (
        "expect_not: light.turn_on",
        '5:17: the action was not to be called: light.turn_on | 1. light.turn_on entity_id light.hall {"brightness_pct":40}',
    ),
    (
        "expect: {not: [{action: light.turn_on}]}",
        '5:20: the action was not to be called: light.turn_on | 1. light.turn_on entity_id light.hall {"brightness_pct":40}',
    ),
    ("expect: {published: [{topic: a}]}", '5:26: expected the message {"topic":"a"} | no message was sent'),
    ("expect: {outcome: finished}", "5:23: expected the outcome finished | running"),
    ("expect: {runs: 2}", "5:20: expected 2 runs to begin | 1 began"),
    ("expect: {response: hello}", "5:24: expected the response hello | it was 'by button'"),
    ("expect: {states: {light.hall: on}}", "5:35: expected light.hall to be on | it is off"),
    (
        "expect: {states: {light.hal: on}}",
        "5:34: expected light.hal to be on, but it has no state (did you mean 'light.hall'?)",
    ),
    ("expect: {outcom: finished}", "5:14: unknown key 'outcom' in expect (did you mean 'outcome'?)"),
    ("expect: something", "5:13: expect: 'something' is neither 'none' nor a list of actions"),
]


@pytest.mark.parametrize(("expect", "said"), FAILING, ids=[expect for expect, _ in FAILING])
async def test_what_is_said_of_what_did_not_come(expect: str, said: str, tmp_path: Path) -> None:
    tests = f"{GIVEN}\ntests:\n  - name: x\n    {expect}\n    when: {{mqtt: {{topic: hall/button}}}}\n"
    results = await play(tmp_path, tests)
    assert failures(results) == [said]
    assert results[0].traces[-1].entity_id == "automation.hall_light"
    assert results[0].traces[-1].steps[0].path.startswith("trigger")


WRONG = [
    ("when: {mqqt: {topic: a}}", "5:11: unknown key 'mqqt' in when (did you mean 'mqtt'?)"),
    ("when: knock", "5:11: each item under 'when' is a mapping with one key, as in '- mqtt: {topic: …, payload: …}'"),
    ("when: {mqtt: {topic: 'a/#'}}", "5:11: "),
    ("when: {mqtt: {topic: a, payload: on}}", '5:11: the payload is true or false: write it in quotes, "true"'),
    ("when: {wait: soon}", "5:11: 'soon' is not a length of time: give seconds, 'HH:MM:SS' or {minutes: 5}"),
    (
        "when: {until: 2025-01-01T12:00}",
        "5:11: it is 2026-01-05T12:00:00 already: time does not go back to 2025-01-01T12:00",
    ),
    ("when: {until: sunset}", "5:11: where is the house? Write 'given: {location: {latitude: …, longitude: …}}'"),
    (
        "when: {trigger: {id: bell}}",
        "5:11: there is no trigger with the id 'bell', only 0, button, hook, knock, said, spoken, evening, start",
    ),
    ("automation: hal", "4:5: there is no automation 'hal' (did you mean 'hall'?)"),
    ("script: film", "4:5: there is no script 'film'"),
    ("given: {states: {hall: on}}", "4:5: 'hall' is not the id of an entity, such as light.kitchen"),
    ("given: {time: noon}", "4:5: 'noon' is not a time: write 2026-03-29T21:30 or 21:30"),
    ("given: {timezone: Mars/Base}", "4:5: given.timezone: there is no time zone 'Mars/Base'"),
    (
        "given: {responses: {light.turn_on: {return: 1}}}",
        "4:5: given.responses: unknown key 'return' in light.turn_on (did you mean 'returns'?)",
    ),
]


@pytest.mark.parametrize(("line", "said"), WRONG, ids=[line for line, _ in WRONG])
async def test_what_is_said_of_a_test_that_cannot_be_done(line: str, said: str, tmp_path: Path) -> None:
    (found,) = failures(await play(tmp_path, f"tests:\n  - name: before\n  - name: x\n    {line}\n"))
    assert found.startswith(said)


async def test_conditions_and_why(tmp_path: Path) -> None:
    tests = """
    given: {states: {sensor.light: 80}}
    tests:
      - name: too bright
        when: {mqtt: {topic: hall/button}}
        expect: {exactly: [], outcome: failed_conditions, reason: sensor.light}
      - name: nothing that it waits for
        when: {mqtt: {topic: other}}
        expect: {outcome: none, runs: 0}
      - name: the wrong way round
        when: {state: {binary_sensor.motion: "off"}}
        expect: {outcome: not_triggered}
      - name: a wrong reason
        when: {mqtt: {topic: hall/button}}
        expect: {outcome: failed_conditions, reason: sensor.dark}
    """
    results = await play(tmp_path, tests)
    assert [result.outcome for result in results] == ["passed", "passed", "passed", "failed"]
    (said,) = failures(results)
    assert said.startswith("15:50: expected the reason to say 'sensor.dark' | failed_conditions: a.yaml:16:7: ")


async def test_a_condition_that_is_left_out_does_not_move_the_others(tmp_path: Path) -> None:
    automation = """
- triggers: {trigger: event, event_type: go}
  conditions:
    - {condition: state, entity_id: light.a, state: "on", enabled: false}
    - {condition: state, entity_id: light.b, state: "on"}
  actions: []
"""
    tests = """
    tests:
      - name: x
        given: {states: {light.b: off}}
        when: {event: go}
        expect: {outcome: failed_conditions, reason: "a.yaml:5:7: condition state"}
    """
    assert failures(await play(tmp_path, tests, automation)) == []


async def test_a_run_that_fails_fails_the_test(tmp_path: Path) -> None:
    tests = f"""
    {GIVEN}
    tests:
      - name: not expected
        given: {{responses: {{light.turn_on: {{fails: the bulb is gone}}}}}}
        when: {{mqtt: {{topic: hall/button}}}}
      - name: expected
        given: {{responses: {{light.turn_on: {{fails: the bulb is gone}}}}}}
        when: {{mqtt: {{topic: hall/button}}}}
        expect: {{outcome: error, reason: the bulb is gone}}
      - name: data that the action does not take
        automation: typo
        when: {{event: go}}
    """
    typo = "- {id: typo, triggers: {trigger: event, event_type: go}, actions: {action: light.turn_on, data: {brightnes: 1}}}\n"
    results = await play(tmp_path, tests, HALL + typo)
    assert [result.outcome for result in results] == ["failed", "passed", "failed"]
    assert failures(results) == [
        "4:5: automation.hall_light failed: a.yaml:20:7: the bulb is gone",
        "11:5: automation.typo failed: a.yaml:28:67: light.turn_on: Object contains unknown field `brightnes`",
    ]


async def test_an_automation_that_cannot_be_used(tmp_path: Path) -> None:
    results = await play(
        tmp_path, "tests: [{name: x, when: {event: go}}]\n", "- triggers: {trigger: stat}\n  actions: []\n"
    )
    assert failures(results) == ["1:23: there is no trigger 'stat' (did you mean 'state'?)"]


RESPONSES = """
- triggers: {trigger: event, event_type: go}
  actions:
    - {action: weather.get, response_variable: now}
    - {action: weather.get, response_variable: then, continue_on_error: true}
    - action: lock.lock
      target: {entity_id: lock.door}
    - wait_template: "{{ is_state('lock.door', 'locked') }}"
    - {action: notify.phone, data: {message: "{{ now.degrees }} {{ states('lock.door') }}"}}
"""


async def test_responses(tmp_path: Path) -> None:
    tests = """
    tests:
      - name: answers, one for each call; devices that report
        given:
          states: {lock.door: unlocked}
          responses:
            weather.get: [{returns: {degrees: 21}}, {fails: no network}]
            lock.lock: {after: 2, states: {lock.door: locked}}
            never.called: {returns: 1}
        steps:
          - when: {event: go}
            expect: [weather.get, weather.get, lock.lock]
          - when: {wait: 1}
            expect: {exactly: [], outcome: running}
          - when: {wait: 1}
            expect:
              exactly: [{action: notify.phone, data: {message: 21 locked}}]
              states: {lock.door: locked}
              outcome: finished
    """
    (result,) = await play(tmp_path, tests, RESPONSES)
    assert failures([result]) == []
    assert result.warnings == [
        "there is no action 'notify.phone' here: what it is told was not checked",
        "there is no action 'weather.get' here: what it is told was not checked",
        "the action 'never.called' was never called: its response was not needed",
    ]


HOUSE = """
input_boolean: {film: {}, away: {}}
counter: {visits: {}}
timer: {door: {duration: 60}}
automation:
  - id: visit
    triggers: {trigger: event, event_type: visit}
    actions:
      - {action: counter.increment, target: {entity_id: counter.visits}}
      - {action: timer.start, target: {entity_id: timer.door}}
      - {action: script.film, data: {room: hall}}
  - id: late
    triggers: {trigger: event, event_type: timer.finished}
    actions: {action: mqtt.publish, data: {topic: door, payload: {open: true}, retain: true}}
script:
  film:
    fields: {room: {required: true}}
    sequence:
      - {action: input_boolean.turn_on, target: {entity_id: input_boolean.film}}
      - {action: tts.speak, data: {message: "film in {{ room }}"}}
      - {variables: {answer: {room: "{{ room }}"}}}
      - {stop: done, response_variable: answer}
"""


async def test_helpers_and_scripts_are_really_there(tmp_path: Path) -> None:
    tests = """
    tests:
      - name: an automation that calls a script
        automation: [visit, late]
        given: {helpers: {input_boolean: {other: }}, states: {input_boolean.other: "on"}}
        steps:
          - when: {event: visit}
            expect:
              exactly:
                - counter.increment
                - timer.start
                - {action: script.film, data: {room: hall}}
                - input_boolean.turn_on
                - {action: tts.speak, data: {message: {matches: "^film in"}}}
              states: {counter.visits: 1, input_boolean.film: on, input_boolean.other: on, timer.door: active}
          - when: {wait: "00:01:00"}
            expect:
              published: [{topic: door, payload: {open: true}, retain: true}]
              states: {timer.door: idle}
      - name: a script by itself
        script: film
        when: {call: {action: script.film, data: {room: attic}}}
        expect:
          exactly: [input_boolean.turn_on, {action: tts.speak, data: {message: film in attic}}]
          result: {room: attic}
          outcome: finished
      - name: its field is missing
        script: film
        when: {call: script.film}
      - name: variables
        script: film
        given: {variables: {room: cellar}}
        when: [{call: script.film}, {call: {action: counter.increment, target: {entity_id: counter.visits}}}]
        expect: {actions: [{action: tts.speak, data: {message: film in cellar}}], states: {counter.visits: 1}}
    """
    results = await play(tmp_path, tests, HOUSE)
    assert failures(results) == ["27:5: the call failed: script.film needs 'room' in 'data'"]


async def test_how_long_something_has_been_so(tmp_path: Path) -> None:
    automation = """
- triggers: {trigger: event, event_type: go}
  conditions: {condition: state, entity_id: light.a, state: "on", for: "00:10:00"}
  actions: {action: light.turn_off, target: {entity_id: light.a}}
"""
    tests = """
    tests:
      - name: for long
        given: {states: {light.a: on}}
        when: {event: go}
        expect: [light.turn_off]
      - name: not for long
        given: {states: {light.a: {state: on, since: "00:09:00"}}}
        steps:
          - {when: {event: go}, expect: {outcome: failed_conditions}}
          - {when: [{wait: 60}, {event: go}], expect: [light.turn_off]}
    """
    assert failures(await play(tmp_path, tests, automation)) == []


async def test_sunset_and_the_end_of_summer_time(tmp_path: Path) -> None:
    automation = """
- triggers: [{trigger: sun, event: sunset}, {trigger: time, at: "02:30"}]
  actions: {action: light.turn_on, target: {entity_id: light.a}, data: {brightness: "{{ now().hour }}"}}
"""
    tests = """
    given: {timezone: Europe/Berlin, location: {latitude: 52.5, longitude: 13.4}}
    tests:
      - name: the sun
        given: {time: "2026-06-21T12:00"}
        steps:
          - {when: {until: "21:00"}, expect: none}
          - {when: {until: sunset}, expect: [{action: light.turn_on, data: {brightness: 21}}]}
      - name: an hour that is there twice comes once
        given: {time: "2026-10-25T00:00"}
        when: {until: "2026-10-25T12:00"}
        expect: [{action: light.turn_on, data: {brightness: 2}}]
    """
    assert failures(await play(tmp_path, tests, automation)) == []


async def test_a_blueprint(tmp_path: Path) -> None:
    tests = """
    tests:
      - name: light while somebody moves
        blueprint:
          path: arvisd/motion_light.yaml
          input: {motion: binary_sensor.hall, light: {entity_id: light.hall}, wait: {minutes: 2}}
        given: {states: {binary_sensor.hall: "off", light.hall: "off"}}
        steps:
          - when: {state: {binary_sensor.hall: "on"}}
            expect: [{action: light.turn_on, entity_id: light.hall}]
          - when: [{state: {binary_sensor.hall: "off"}}, {wait: {minutes: 2}}]
            expect: [{action: light.turn_off, entity_id: light.hall}]
      - name: one that is not there
        blueprint: {path: arvisd/motion.yaml}
      - name: an input that is none
        blueprint: {path: arvisd/motion_light.yaml, input: {motion: binary_sensor.hall, light: {}, wat: 1}}
    """
    results = await play(tmp_path, tests)
    assert [result.outcome for result in results] == ["passed", "failed", "passed"], failures(results)
    assert failures(results) == [
        (
            "14:23: there is no blueprint blueprints/automation/arvisd/motion.yaml (did you mean "
            "'arvisd/motion_light.yaml'?): 'arvisd blueprint list' names them"
        )
    ]
    assert "did you mean 'wait'?" in results[2].warnings[0]


async def test_steps_end_where_one_fails(tmp_path: Path) -> None:
    tests = f"""
    {GIVEN}
    tests:
      - name: x
        steps:
          - {{when: {{mqtt: {{topic: hall/button}}}}, expect: none}}
          - {{when: {{wait: 60}}, expect: none}}
      - name: an expectation among what happens
        when:
          - mqtt: {{topic: hall/button}}
          - expect: [light.turn_on]
          - wait: 60
        expect: [light.turn_off]
      - name: left out
        skip: not done yet
        when: {{nonsense: 1}}
    """
    results = await play(tmp_path, tests)
    assert [result.outcome for result in results] == ["failed", "passed", "skipped"]
    assert [said.partition(":")[0] for said in failures(results)] == ["6"]


async def test_which_automations_have_no_test(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(HALL + "- {id: other, alias: Other one, triggers: [], actions: []}\n")
    (tmp_path / "a.test.yaml").write_text("file: a.yaml\nautomation: hall\ntests: [{name: x, when: {event: y}}]\n")
    known: dict[str, Repertoire] = {}
    await rehearse(read_suite(tmp_path, tmp_path / "a.test.yaml"), House(), tmp_path, known)
    assert [(name, str(mark)) for name, mark in untested([*known.values()])] == [("Other one", "a.yaml:28:3")]


async def test_each_test_begins_anew(tmp_path: Path) -> None:
    tests = "tests:\n" + "".join(
        f"  - name: number {number}\n    automation: visit\n    when: {{event: visit}}\n"
        "    expect: {actions: [counter.increment], states: {counter.visits: 1}}\n"
        for number in range(30)
    )
    results = await play(tmp_path, tests, HOUSE)
    assert {result.outcome for result in results} == {"passed"}
