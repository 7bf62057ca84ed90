"""Each documented form of Home Assistant's automations, in every spelling: it loads, with nothing said about it.

The forms are those of `reference/home-assistant.md`, A1 to A6; the examples are our own.
"""

from __future__ import annotations

import textwrap

import pytest

from arvisd.automation.checking import check_automations
from arvisd.config import load
from arvisd.home.sun import Coordinates

TRIGGERS = {
    "state": "{trigger: state, entity_id: light.a}",
    "state, the old spelling": "{platform: state, entity_id: light.a}",
    "state of several, from, to": "{trigger: state, entity_id: [light.a, light.b], from: 'off', to: ['on', dim]}",
    "state, commas": "{trigger: state, entity_id: 'light.a, light.b'}",
    "state, not from": "{trigger: state, entity_id: light.a, not_from: [unknown, unavailable]}",
    "state, not to": "{trigger: state, entity_id: light.a, not_to: unavailable}",
    "state, any but attributes": "{trigger: state, entity_id: light.a, to: null}",
    "state, attribute": "{trigger: state, entity_id: light.a, attribute: brightness, to: 255}",
    "state, for seconds": "{trigger: state, entity_id: light.a, to: 'on', for: 30}",
    "state, for a clock": "{trigger: state, entity_id: light.a, to: 'on', for: '00:05'}",
    "state, for parts": "{trigger: state, entity_id: light.a, for: {minutes: 5, seconds: 30}}",
    "state, for a template": "{trigger: state, entity_id: light.a, for: \"{{ states('input_number.n') | int }}\"}",
    "state, for parts with templates": "{trigger: state, entity_id: light.a, for: {minutes: \"{{ states('input_number.n') }}\"}}",
    "number above": "{trigger: numeric_state, entity_id: sensor.t, above: 21.5}",
    "number between, for": "{trigger: numeric_state, entity_id: [sensor.t, sensor.u], above: 17, below: 25, for: {hours: 1}}",
    "number of an attribute": "{trigger: numeric_state, entity_id: climate.a, attribute: current_temperature, below: '19'}",
    "number against an entity": "{trigger: numeric_state, entity_id: sensor.t, above: input_number.limit}",
    "number of a template": "{trigger: numeric_state, entity_id: sensor.t, value_template: '{{ state.attributes.v }}', below: 4}",
    "template": "{trigger: template, value_template: \"{{ is_state('light.a', 'on') }}\"}",
    "template, for": "{trigger: template, value_template: '{{ true }}', for: '00:01:00'}",
    "time": "{trigger: time, at: '07:30'}",
    "time, several": "{trigger: time, at: ['07:30:00', '19:30']}",
    "time of an entity": "{trigger: time, at: input_datetime.alarm}",
    "time, weekdays": "{trigger: time, at: '07:30', weekday: [mon, tue]}",
    "time, one weekday": "{trigger: time, at: '07:30', weekday: sun}",
    "time with an offset": "{trigger: time, at: {entity_id: sensor.next_alarm, offset: '-00:30:00'}}",
    "pattern": "{trigger: time_pattern, minutes: /5}",
    "pattern, numbers": "{trigger: time_pattern, hours: '*', minutes: 0, seconds: '30'}",
    "sun": "{trigger: sun, event: sunset, offset: '-00:45:00'}",
    "event": "{trigger: event, event_type: button_pressed}",
    "events with data": "{trigger: event, event_type: [a, b], event_data: {id: 7}, context: {user_id: [ann]}}",
    "mqtt": "{trigger: mqtt, topic: a/b}",
    "mqtt, wildcards": "{trigger: mqtt, topic: 'a/+/b/#', payload: 'on', qos: 1}",
    "mqtt, a part": "{trigger: mqtt, topic: a, payload: 'on', value_template: '{{ value_json.state }}', encoding: utf-8}",
    "mqtt, bytes": "{trigger: mqtt, topic: a, encoding: ''}",
    "mqtt, a variable": "{trigger: mqtt, topic: '{{ room }}/b'}",
    "start": "{trigger: homeassistant, event: start}",
    "shutdown": "{trigger: homeassistant, event: shutdown}",
    "zone": "{trigger: zone, entity_id: person.ann, zone: zone.home, event: enter}",
    "zone, several": "{trigger: zone, entity_id: [person.ann, person.bob], zone: zone.work, event: leave}",
    "webhook": "{trigger: webhook, webhook_id: some_hook, allowed_methods: [POST, PUT], local_only: true}",
    "sentence": "{trigger: conversation, command: 'turn the tree [on]'}",
    "sentences": "{trigger: conversation, command: ['play {album} by {artist}', '(start|run) it']}",
    "tag": "{trigger: tag, tag_id: A7-6B-90-5F}",
    "tags": "{trigger: tag, tag_id: [a, b], device_id: [c, d]}",
    "calendar": "{trigger: calendar, event: start, entity_id: calendar.bins, offset: '-12:00:00'}",
    "notification": "{trigger: persistent_notification, update_type: [added, removed], notification_id: low}",
    "place of an event": "{trigger: geo_location, source: fires, zone: zone.home, event: enter}",
    "of a domain": "{trigger: light.turned_on, target: {area_id: kitchen}}",
    "of a domain, options": "{trigger: light.turned_on, target: {entity_id: light.a}, options: {behavior: first, for: 5}}",
    "keys of all": '{trigger: state, entity_id: a.b, id: x, alias: X, enabled: "{{ true }}", variables: {a: 1}, note: why}',
    "lists within lists": "{triggers: [{trigger: tag, tag_id: a}, {triggers: [{trigger: tag, tag_id: b}]}]}",
}

CONDITIONS = {
    "state": "{condition: state, entity_id: light.a, state: 'on'}",
    "state of several, one of": "{condition: state, entity_id: [light.a, light.b], match: any, state: ['on', dim]}",
    "state, for": "{condition: state, entity_id: light.a, state: 'on', for: {minutes: 10}}",
    "state, attribute": "{condition: state, entity_id: light.a, attribute: effect, state: none}",
    "state of an entity": "{condition: state, entity_id: light.a, state: input_text.wanted}",
    "number": "{condition: numeric_state, entity_id: sensor.t, above: 17, below: input_number.most}",
    "number of a template": "{condition: numeric_state, entity_id: sensor.t, value_template: '{{ state.state }}', above: 1}",
    "template": "{condition: template, value_template: '{{ x > 1 }}'}",
    "template, short": "\"{{ is_state('a.b', 'on') }}\"",
    "template as its own name": "{condition: '{{ true }}', alias: always}",
    "time": "{condition: time, after: '15:00:00', before: '02:00:00', weekday: [mon, fri]}",
    "time of entities": "{condition: time, after: input_datetime.a, before: sensor.b}",
    "sun": "{condition: sun, after: sunset, after_offset: '-01:00:00', before: sunrise}",
    "trigger": "{condition: trigger, id: a}",
    "triggers": "{condition: trigger, id: [a, b]}",
    "zone": "{condition: zone, entity_id: person.ann, zone: [zone.home, zone.work]}",
    "and": "{condition: and, conditions: ['{{ true }}', {condition: state, entity_id: a.b, state: 'on'}]}",
    "or, short": "{or: ['{{ true }}', {not: ['{{ false }}']}]}",
    "not, short, one": "{not: {condition: state, entity_id: a.b, state: 'on'}}",
    "a list alone": "{condition: ['{{ true }}', '{{ false }}']}",
    "of a domain": "{condition: light.is_on, target: {entity_id: light.a}}",
    "switched off": "{condition: state, entity_id: a.b, state: 'on', enabled: false, alias: A}",
}

STEPS = {
    "action": "{action: light.turn_on, target: {entity_id: light.a}, data: {brightness_pct: 40}}",
    "service": "{service: light.turn_on, entity_id: light.a}",
    "action of a template": "{action: \"light.turn_{{ 'on' }}\", data: {entity_id: all}}",
    "service_template": "{service_template: 'light.turn_{{ x }}', data_template: {brightness: '{{ 5 }}'}}",
    "target of all kinds": "{action: light.turn_off, target: {area_id: [a], floor_id: b, label_id: c, device_id: d}}",
    "target of a template": "{action: light.turn_off, target: {entity_id: \"{{ ['light.a'] }}\"}}",
    "data of a template": "{action: light.turn_on, data: \"{{ {'brightness': 5} }}\"}",
    "response": "{action: calendar.get_events, target: {entity_id: calendar.a}, response_variable: found}",
    "goes on after errors": "{action: light.turn_on, continue_on_error: true, alias: A, enabled: true, note: why}",
    "delay": "{delay: 5}",
    "delay of a clock": "{delay: '00:01:00'}",
    "delay of parts": "{delay: {hours: 1, minutes: '{{ 5 }}', milliseconds: 10}}",
    "delay of a template": "{delay: \"{{ states('input_number.n') | int }}\"}",
    "wait for a template": "{wait_template: \"{{ is_state('a.b', 'on') }}\", timeout: '00:01:00', continue_on_timeout: false}",
    "wait for a trigger": "{wait_for_trigger: {trigger: state, entity_id: a.b}, timeout: {minutes: '{{ 5 }}'}}",
    "wait for triggers of the run": '{wait_for_trigger: [{platform: event, event_type: "{{ trigger.id }}"}]}',
    "repeat": "{repeat: {count: 3, sequence: [{delay: 1}]}}",
    "repeat a template": "{repeat: {count: '{{ 3 }}', sequence: {delay: 1}}}",
    "repeat for each": "{repeat: {for_each: [{a: 1}, b], sequence: [{event: seen}]}}",
    "repeat while": "{repeat: {while: ['{{ repeat.index < 3 }}'], sequence: []}}",
    "repeat until": "{repeat: {sequence: [{delay: 1}], until: {condition: state, entity_id: a.b, state: 'on'}}}",
    "choose": "{choose: [{conditions: '{{ true }}', sequence: [{delay: 1}], alias: first}], default: [{stop: enough}]}",
    "choose one": "{choose: {conditions: [], sequence: {delay: 1}}}",
    "if": "{if: '{{ true }}', then: {delay: 1}, else: [{delay: 2}]}",
    "parallel": "{parallel: [{delay: 1}, {sequence: [{delay: 1}, {delay: 2}]}]}",
    "sequence": "{sequence: [{delay: 1}], alias: together}",
    "variables": "{variables: {a: 1, b: '{{ a + 1 }}', c: {d: '{{ b }}'}}}",
    "event": "{event: done, event_data: {a: '{{ 1 }}'}}",
    "event, the old spelling": "{event: done, event_data_template: {a: '{{ 1 }}'}}",
    "scene": "{scene: scene.evening}",
    "stop": "{stop: enough}",
    "stop with an error": "{stop: 'it {{ 1 }}', error: true}",
    "stop with a response": "{stop: done, response_variable: found}",
    "reply": "{set_conversation_response: 'it is {{ states(\"sensor.t\") }} degrees'}",
    "no reply": "{set_conversation_response: null}",
    "condition": "{condition: numeric_state, entity_id: sensor.t, below: 5}",
    "condition, short": "'{{ true }}'",
    "conditions": "{and: ['{{ true }}']}",
    "device": "{domain: light, type: turn_on, device_id: lamp, entity_id: light.a}",
}

DOCUMENTS = {
    "both lists": "{triggers: [], conditions: [], actions: []}",
    "the old spelling": "{trigger: {platform: tag, tag_id: a}, condition: [], action: []}",
    "no list": "{triggers: {trigger: tag, tag_id: a}, conditions: '{{ true }}', actions: {delay: 1}}",
    "modes": "{mode: queued, max: 20, max_exceeded: silent, triggers: [], actions: []}",
    "mode parallel": "{mode: parallel, max_exceeded: warning, triggers: [], actions: []}",
    "variables": "{variables: {a: '{{ 1 }}'}, trigger_variables: {room: hall}, triggers: [], actions: []}",
    "begins off": "{initial_state: false, triggers: [], actions: []}",
    "traces": "{trace: {stored_traces: 20}, triggers: [], actions: []}",
    "names": "{id: '1600000000000', alias: Ночной свет, description: long, triggers: [], actions: []}",
    "a number as id": "{id: 1600000000000, triggers: [], actions: []}",
    "category": "{triggers: [], actions: [], note: kept}",
}

REFUSED = {
    "a trigger that there is none of": (
        "{triggers: [{trigger: mqqt, topic: a}], actions: []}",
        "1:25: there is no trigger 'mqqt' (did you mean 'mqtt'?)",
    ),
    "a device that only Home Assistant knows": (
        "{triggers: [{trigger: device, domain: zha, device_id: 5a, type: press, subtype: a}], actions: []}",
        (
            "1:41: the trigger 'device': devices of 'zha' are known only to one Home Assistant: "
            "write 'trigger: mqtt' with the topic of the device, which zigbee2mqtt knows"
        ),
    ),
    "no kind": ("{triggers: [{entity_id: a.b}], actions: []}", "1:15: a trigger needs 'trigger': which kind it is"),
    "both spellings": (
        "{triggers: [], trigger: [], actions: []}",
        "1:18: an automation has both 'triggers' and 'trigger': they are the same, leave 'trigger' out",
    ),
    "no step": (
        "{triggers: [], actions: [{entity_id: light.a}]}",
        "1:28: no step has the keys 'entity_id': an action's step needs 'action'",
    ),
    "a to-do list": (
        "{triggers: [{trigger: todo.item_added}], actions: []}",
        "1:25: the trigger 'todo.item_added' is not supported: arvisd keeps no to-do lists",
    ),
}


def problems(tmp_path_factory: pytest.TempPathFactory, document: str) -> list[str]:
    folder = tmp_path_factory.mktemp("house")
    (folder / "configuration.yaml").write_text("automation: !include automations.yaml\n")
    (folder / "automations.yaml").write_text(f"- {textwrap.dedent(document)}\n")
    loaded = load(folder)
    found = [
        *loaded.problems,
        *check_automations(loaded.tree.get("automation"), folder, coordinates=Coordinates(52, 13)),
    ]
    return [str(problem).removeprefix("automations.yaml:") for problem in found]


@pytest.mark.parametrize("case", TRIGGERS)
def test_triggers(tmp_path_factory: pytest.TempPathFactory, case: str) -> None:
    wanted = f"{{trigger_variables: {{room: hall}}, triggers: [{TRIGGERS[case]}], actions: []}}"
    assert problems(tmp_path_factory, wanted) == []
    assert problems(tmp_path_factory, wanted.replace("triggers: [{", "trigger: [{", 1)) == []


@pytest.mark.parametrize("case", CONDITIONS)
def test_conditions(tmp_path_factory: pytest.TempPathFactory, case: str) -> None:
    written = CONDITIONS[case]
    for form in (
        f"{{triggers: [], conditions: [{written}], actions: []}}",
        f"{{trigger: [], condition: {written}, action: []}}",
        f"{{triggers: [], actions: [{written}]}}",
        f"{{triggers: [], actions: [{{if: [{written}], then: []}}]}}",
    ):
        if case == "a list alone" and "actions: [{cond" in form:
            continue
        assert problems(tmp_path_factory, form) == [], form


@pytest.mark.parametrize("case", STEPS)
def test_steps(tmp_path_factory: pytest.TempPathFactory, case: str) -> None:
    assert problems(tmp_path_factory, f"{{triggers: [], actions: [{STEPS[case]}]}}") == []
    assert problems(tmp_path_factory, f"{{trigger: [], action: {STEPS[case]}}}") == []


@pytest.mark.parametrize("case", DOCUMENTS)
def test_documents(tmp_path_factory: pytest.TempPathFactory, case: str) -> None:
    assert problems(tmp_path_factory, DOCUMENTS[case]) == []


@pytest.mark.parametrize("case", REFUSED)
def test_refused(tmp_path_factory: pytest.TempPathFactory, case: str) -> None:
    document, expected = REFUSED[case]
    assert problems(tmp_path_factory, document) == [expected]
