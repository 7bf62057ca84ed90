"""Template entities: what they show, when they are rendered, what their actions do, what is said of wrong ones."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from arvisd.core.context import Context
from arvisd.core.errors import ActionError
from tests.simulators.helper_rig import HelperRig

SHOWN: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    # the entity as YAML, its id, its state, its attributes
    "a sum": ("sensor: {name: Sum, state: '{{ 1 + 1 }}'}", "sensor.sum", "2", {"friendly_name": "Sum"}),
    "a constant": ("sensor: {name: C, state: 5}", "sensor.c", "5", {"friendly_name": "C"}),
    "a text": ("sensor: {name: T, state: 'a {{ 0 }}'}", "sensor.t", "a 0", {"friendly_name": "T"}),
    "leading zeros": ("sensor: {name: T, state: \"{{ '007' }}\"}", "sensor.t", "007", {"friendly_name": "T"}),
    "nothing": ("sensor: {name: N, state: '{{ none }}'}", "sensor.n", "unknown", {"friendly_name": "N"}),
    "all that a sensor has": (
        (
            "sensor: {name: Power, unique_id: p1, state: '{{ 3.5 }}', unit_of_measurement: W, device_class: power, "
            "state_class: measurement, icon: 'mdi:{{ 1 }}', picture: /p.png, attributes: {a: '{{ [1, 2] }}', b: x}}"
        ),
        "sensor.power",
        "3.5",
        {
            "a": [1, 2],
            "b": "x",
            "friendly_name": "Power",
            "icon": "mdi:1",
            "entity_picture": "/p.png",
            "unit_of_measurement": "W",
            "device_class": "power",
            "state_class": "measurement",
        },
    ),
    "a unit wants a number": (
        "sensor: {name: P, state: warm, unit_of_measurement: °C}",
        "sensor.p",
        "unknown",
        {"friendly_name": "P", "unit_of_measurement": "°C"},
    ),
    "a unit and unavailable": (
        "sensor: {name: P, state: unavailable, unit_of_measurement: °C}",
        "sensor.p",
        "unavailable",
        {"friendly_name": "P", "unit_of_measurement": "°C"},
    ),
    "not available": (
        "sensor: {name: P, state: 5, availability: '{{ 1 > 2 }}', attributes: {a: 1}}",
        "sensor.p",
        "unavailable",
        {"friendly_name": "P"},
    ),
    "a name that is rendered": (
        "sensor: {name: 'Room {{ 1 + 1 }}', unique_id: room, state: 5}",
        "sensor.room",
        "5",
        {"friendly_name": "Room 2"},
    ),
    "an id of its own": (
        "sensor: {name: Long name, default_entity_id: sensor.short, state: 5}",
        "sensor.short",
        "5",
        {"friendly_name": "Long name"},
    ),
    "variables": (
        "variables: {a: 2, b: '{{ a * 3 }}'}\n    sensor: {name: V, state: '{{ b + c }}', variables: {c: '{{ b + 1 }}'}}",
        "sensor.v",
        "13",
        {"friendly_name": "V"},
    ),
    "on": ("binary_sensor: {name: B, state: '{{ 1 < 2 }}'}", "binary_sensor.b", "on", {"friendly_name": "B"}),
    "on by a word": ("binary_sensor: {name: B, state: 'yes'}", "binary_sensor.b", "on", {"friendly_name": "B"}),
    "off": (
        "binary_sensor: {name: B, state: '{{ 0 }}', device_class: door}",
        "binary_sensor.b",
        "off",
        {"friendly_name": "B", "device_class": "door"},
    ),
    "neither": ("binary_sensor: {name: B, state: maybe}", "binary_sensor.b", "unknown", {"friendly_name": "B"}),
    "a select": (
        "select: {name: S, state: b, options: \"{{ ['a', 'b'] }}\", select_option: []}",
        "select.s",
        "b",
        {"friendly_name": "S", "options": ["a", "b"]},
    ),
    "a select of something else": (
        "select: {name: S, state: c, options: [a, b], select_option: []}",
        "select.s",
        "unknown",
        {"friendly_name": "S", "options": ["a", "b"]},
    ),
    "a number": (
        "number: {name: N, state: 4, min: 1, max: '{{ 8 }}', step: 0.5, set_value: [], unit_of_measurement: s}",
        "number.n",
        "4",
        {"friendly_name": "N", "min": 1.0, "max": 8.0, "step": 0.5, "unit_of_measurement": "s"},
    ),
    "a cover by its position": (
        "cover: {name: C, position: 40, open_cover: [], close_cover: []}",
        "cover.c",
        "open",
        {"friendly_name": "C", "current_position": 40},
    ),
    "a cover by its word": (
        "cover: {name: C, state: opening, open_cover: [], close_cover: [], device_class: blind}",
        "cover.c",
        "opening",
        {"friendly_name": "C", "device_class": "blind"},
    ),
    "a cover by truth": (
        "cover: {name: C, state: '{{ false }}', open_cover: [], close_cover: []}",
        "cover.c",
        "closed",
        {"friendly_name": "C"},
    ),
    "a lock": (
        "lock: {name: L, state: '{{ true }}', lock: [], unlock: []}",
        "lock.l",
        "locked",
        {"friendly_name": "L"},
    ),
    "a fan": (
        "fan: {name: F, state: 'on', percentage: 50, turn_on: [], turn_off: [], set_percentage: []}",
        "fan.f",
        "on",
        {"friendly_name": "F", "percentage": 50.0},
    ),
    "a light": (
        (
            "light: {name: L, state: 'on', level: 128, temperature: 250, hs: '{{ [120, 100] }}', turn_on: [], turn_off: [],"
            " set_level: [], set_temperature: [], set_hs: []}"
        ),
        "light.l",
        "on",
        {
            "friendly_name": "L",
            "supported_color_modes": ["color_temp", "hs"],
            "min_color_temp_kelvin": 2000,
            "max_color_temp_kelvin": 6535,
            "brightness": 128,
            "color_temp_kelvin": 4000,
            "hs_color": [120.0, 100.0],
            "rgb_color": [0, 255, 0],
        },
    ),
    "a light that is off": (
        "light: {name: L, state: 'off', level: 128, turn_on: [], turn_off: [], set_level: []}",
        "light.l",
        "off",
        {"friendly_name": "L", "supported_color_modes": ["brightness"]},
    ),
}


@pytest.mark.parametrize("name", SHOWN)
async def test_shown(rig: HelperRig, name: str) -> None:
    """State and attributes of one entity."""
    text, entity_id, state, attributes = SHOWN[name]
    assert rig.load(f"template:\n  - {text}\n") == []
    assert {id_: (s.state, s.attributes) for id_, s in rig.hub.states} == {entity_id: (state, attributes)}


OLD = {
    "sensor:\n  - platform: template\n    sensors:\n      a: {friendly_name: A, value_template: '{{ 2 }}', "
    "unit_of_measurement: W, icon_template: mdi:x, attribute_templates: {b: '{{ 3 }}'}, entity_id: sensor.y}\n": (
        "sensor.a",
        "2",
        {"b": 3, "friendly_name": "A", "icon": "mdi:x", "unit_of_measurement": "W"},
    ),
    "binary_sensor:\n  - platform: template\n    sensors:\n      a: {value_template: '{{ true }}', delay_off: 5, "
    "device_class: motion}\n": ("binary_sensor.a", "on", {"device_class": "motion"}),
    "switch:\n  - platform: template\n    switches:\n      a: {value_template: '{{ false }}', turn_on: [], turn_off: []}\n": (
        "switch.a",
        "off",
        {},
    ),
    "light:\n  - platform: template\n    lights:\n      a: {value_template: 'on', level_template: 9, turn_on: [], "
    "turn_off: [], set_level: []}\n": ("light.a", "on", {"supported_color_modes": ["brightness"], "brightness": 9}),
    "cover:\n  - platform: template\n    covers:\n      a: {position_template: '{{ 0 }}', open_cover: [], close_cover: []}\n": (
        "cover.a",
        "closed",
        {"current_position": 0},
    ),
    "lock:\n  - platform: template\n    name: Door\n    value_template: '{{ true }}'\n    lock: []\n    unlock: []\n": (
        "lock.door",
        "locked",
        {"friendly_name": "Door"},
    ),
}


@pytest.mark.parametrize("text", OLD)
async def test_shown_in_the_old_spelling(rig: HelperRig, text: str) -> None:
    """`platform: template`, as years of houses have it."""
    assert rig.load(text) == []
    entity_id, state, attributes = OLD[text]
    assert {id_: (s.state, s.attributes) for id_, s in rig.hub.states} == {entity_id: (state, attributes)}


PROBLEMS = {
    "template: 5\n": "configuration.yaml:1:11: template: expected a mapping, got a number",
    "template:\n  - sensors: []\n": "configuration.yaml:2:5: template: unknown key 'sensors' (did you mean 'sensor'?)",
    "template:\n  - weather: []\n": "configuration.yaml:2:5: template: 'weather' is not supported yet",
    "template:\n  - use_blueprint: {}\n": (
        "configuration.yaml:2:5: template: blueprints of template entities are not supported yet"
    ),
    "template:\n  - sensor: 5\n": "configuration.yaml:2:13: template: sensor: expected a mapping, got a number",
    "template:\n  - sensor: {name: A}\n": (
        "configuration.yaml:2:5: sensor.a: it needs 'state': a template of its value"
    ),
    "template:\n  - sensor: {name: A, state: '{{ x'}\n": (
        "configuration.yaml:2:30: template: unexpected end of template, expected 'end of print statement'."
    ),
    "template:\n  - sensor: {name: A, state: '{{ 1 | roundd }}'}\n": (
        "configuration.yaml:2:30: template: there is no filter 'roundd' (did you mean 'round'?)"
    ),
    "template:\n  - sensor: {name: A, state: 1, unit: W}\n": (
        "configuration.yaml:2:33: unknown key 'unit' in sensor.a"
    ),
    "template:\n  - switch: {name: A, turn_on: []}\n": (
        "configuration.yaml:2:13: the key 'turn_off' is missing in switch.a"
    ),
    "template:\n  - switch: {name: A, turn_on: {actoin: x}, turn_off: []}\n": (
        "configuration.yaml:2:32: there is no step 'actoin' (did you mean 'action'?)"
    ),
    "template:\n  - cover: {name: A}\n": (
        "configuration.yaml:2:5: cover.a: it needs 'open_cover' and 'close_cover', or 'set_cover_position'"
    ),
    "template:\n  - binary_sensor: {name: A, state: 1, delay_on: soon}\n": (
        "configuration.yaml:2:50: binary_sensor.a: delay_on: 'soon' is not a length of time: "
        "give seconds, 'HH:MM:SS' or {minutes: 5}"
    ),
    "template:\n  - triggers: {trigger: evnt}\n    sensor: [{name: A, state: 1}, {name: B, state: 1}]\n": (
        "configuration.yaml:2:25: there is no trigger 'evnt' (did you mean 'event'?)"
    ),
    "sensor:\n  - platform: mqtt\n": (
        "configuration.yaml:2:15: warning: sensor: the platform 'mqtt' is of former times: "
        "write it under 'mqtt:', as 'sensor:'"
    ),
    "sensor:\n  - name: x\n": "configuration.yaml:2:5: sensor: an item needs 'platform', as in 'platform: template'",
    "switch:\n  - platform: template\n": (
        "configuration.yaml:2:5: switch: the platform 'template' needs 'switches': its entities by id"
    ),
}


@pytest.mark.parametrize("text", PROBLEMS)
async def test_problem(rig: HelperRig, text: str) -> None:
    """What is wrong is said once, with its place; the helper beside it works."""
    said = rig.load(f"{text}counter:\n  well:\n")
    assert [problem.replace(" (valid: ", " (did you mean ") for problem in said] == [PROBLEMS[text]]
    assert [entity_id for entity_id, _ in rig.hub.states] == ["counter.well"]


async def test_rendered_when_what_it_reads_changes(rig: HelperRig) -> None:
    """Only then, and with the context of what changed."""
    rig.load(
        "template:\n  - sensor: {name: S, state: \"{{ states('light.a') if is_state('switch.x', 'on') else 0 }}\"}\n"
    )
    assert rig.state("sensor.s") == "0"
    rig.hub.states.set("light.a", "off")
    assert rig.state("sensor.s") == "0"
    context = Context()
    rig.hub.states.set("switch.x", "on", {}, context)
    assert (rig.state("sensor.s"), rig.whole("sensor.s").context.id) == ("off", context.id)
    rig.hub.states.set("light.a", "on")
    assert rig.state("sensor.s") == "on"


async def test_rendered_every_minute_where_it_asks_for_the_time(rig: HelperRig) -> None:
    rig.load("template:\n  - sensor: {name: S, state: '{{ now().minute }}'}\n")
    await rig.clock.advance(59)
    assert rig.state("sensor.s") == "0"
    await rig.clock.advance(1)
    assert rig.state("sensor.s") == "1"
    await rig.clock.advance(120)
    assert rig.state("sensor.s") == "3"


async def test_whole_domains_are_read_once_a_second(rig: HelperRig) -> None:
    """A house that talks much must not be rendered with every word; the last value is shown all the same."""
    rig.load(
        "template:\n  - sensor: {name: N, state: \"{{ states.light | selectattr('state', 'eq', 'on') | list | count }}\"}\n"
    )
    await rig.clock.advance(1)
    for number in range(5):
        rig.hub.states.set(f"light.l{number}", "on")
    assert rig.state("sensor.n") == "1"
    await rig.clock.advance(1)
    assert rig.state("sensor.n") == "5"


async def test_all_states_are_read_once_a_minute(rig: HelperRig) -> None:
    rig.load("template:\n  - sensor: {name: N, state: '{{ states | count }}'}\n")
    before = int(rig.state("sensor.n"))
    rig.hub.states.set("light.a", "on")
    await rig.clock.advance(59)
    assert int(rig.state("sensor.n")) == before
    await rig.clock.advance(1)
    assert int(rig.state("sensor.n")) == 2


async def test_two_that_read_each_other_come_to_rest(rig: HelperRig, caplog: pytest.LogCaptureFixture) -> None:
    """A circle is slowed down and said, and the daemon goes on."""
    rig.load(
        """
        template:
          - sensor:
              - {name: A, state: "{{ states('sensor.b') | int(0) + 1 }}"}
              - {name: B, state: "{{ states('sensor.a') | int(0) + 1 }}"}
        """
    )
    value = int(rig.state("sensor.a"))
    assert value < 500
    await rig.clock.advance(0.5)
    assert int(rig.state("sensor.a")) == value
    assert "is rendered more than 100 times a second: does it read what depends on it?" in caplog.text


async def test_what_fails_is_said_once_and_only_after_the_start(
    rig: HelperRig, caplog: pytest.LogCaptureFixture
) -> None:
    """Before that, what it reads may not have been there yet."""
    caplog.set_level(logging.WARNING)
    text = "template:\n  - sensor: {name: S, state: \"{{ states('sensor.x') | float }}\", attributes: {a: 1}}\n"
    rig.load(text, started=False)
    assert (rig.state("sensor.s"), caplog.text) == ("unknown", "")
    assert rig.attributes("sensor.s") == {"a": 1, "friendly_name": "S"}
    rig.engine.started()
    rig.hub.states.set("sensor.x", "unavailable")
    rig.hub.states.set("sensor.x", "unknown")
    assert (
        caplog.text.count("sensor.s: configuration.yaml:2:30: template: ") == 2
    )  # one for each word that is no number
    rig.hub.states.set("sensor.x", "5")
    assert rig.state("sensor.s") == "5.0"


async def test_this_is_the_entity_itself(rig: HelperRig) -> None:
    """It may read what it was, and is not rendered again by its own change."""
    rig.load(
        """
        template:
          - sensor:
              name: Highest
              state: "{{ [this.state | float(0), states('sensor.x') | float(0)] | max }}"
        """
    )
    for value in ("3", "7", "5"):
        rig.hub.states.set("sensor.x", value)
    assert rig.state("sensor.highest") == "7.0"


async def test_delays_of_a_binary_sensor(rig: HelperRig) -> None:
    """On after it was true for a while, off after it was false for a while."""
    rig.load(
        """
        template:
          - binary_sensor:
              name: B
              state: "{{ states('sensor.x') | float(0) > 5 }}"
              delay_on: {minutes: 1}
              delay_off: "00:00:{{ 10 + 20 }}"
        """
    )
    states: list[str] = []
    for value, seconds in (("6", 59), ("7", 2), ("1", 20), ("9", 60), ("1", 29), ("2", 1), ("8", 30), ("1", 60)):
        rig.hub.states.set("sensor.x", value)
        await rig.clock.advance(seconds)
        states.append(rig.state("binary_sensor.b"))
    assert states == ["off", "on", "on", "on", "on", "off", "off", "off"]


SWITCH = """
    input_boolean:
      pump:
    template:
      - switch:
          name: Pump
          state: "{{ is_state('input_boolean.pump', 'on') }}"
          turn_on:
            - action: input_boolean.turn_on
              target: {entity_id: input_boolean.pump}
          turn_off:
            action: input_boolean.turn_off
            target: {entity_id: input_boolean.pump}
"""


async def test_switch_does_its_steps(rig: HelperRig) -> None:
    """By its own actions and by the general ones; the context goes all the way."""
    assert rig.load(SWITCH) == []
    assert await rig.do("switch.turn_on", "switch.pump") == {"entities": ["switch.pump"]}
    assert (rig.state("switch.pump"), rig.state("input_boolean.pump")) == ("on", "on")
    assert rig.whole("input_boolean.pump").context.parent_id is not None
    await rig.do("homeassistant.toggle", "switch.pump")
    assert (rig.state("switch.pump"), rig.state("input_boolean.pump")) == ("off", "off")


async def test_switch_without_a_template_is_what_was_asked_for(rig: HelperRig) -> None:
    """And that outlives a restart."""
    text = "template:\n  - switch: {name: S, turn_on: [], turn_off: []}\n"
    rig.load(text)
    assert rig.state("switch.s") == "off"
    await rig.do("switch.turn_on", "switch.s")
    assert rig.state("switch.s") == "on"
    await rig.clock.advance(1)
    rig.crash()
    assert rig.state("switch.s") == "on"


async def test_step_that_fails_is_the_failure_of_the_action(rig: HelperRig) -> None:
    rig.load("template:\n  - switch: {name: S, turn_on: {action: no.where}, turn_off: []}\n")
    with pytest.raises(ActionError) as raised:
        await rig.do("switch.turn_on", "switch.s")
    assert str(raised.value) == "switch.s.turn_on: configuration.yaml:2:32: there is no action 'no.where'"


NOTE = "{action: input_text.set_value, target: {entity_id: input_text.t}, data: {value: '%s'}}"
ORDERS: dict[str, tuple[str, str, dict[str, Any], str, str]] = {
    # the entity; the action and its data; what the steps wrote; the state
    "number": (
        "number: {name: A, set_value: " + NOTE % "{{ value }}" + "}",
        "number.set_value",
        {"value": 7},
        "7.0",
        "7.0",
    ),
    "select": (
        "select: {name: A, options: [x, y], select_option: " + NOTE % "{{ option }}" + "}",
        "select.select_option",
        {"option": "y"},
        "y",
        "y",
    ),
    "button": (
        "button: {name: A, press: " + NOTE % "pressed" + "}",
        "button.press",
        {},
        "pressed",
        "2026-01-05T12:00:00+00:00",
    ),
    "lock": ("lock: {name: A, lock: " + NOTE % "locked" + ", unlock: []}", "lock.lock", {}, "locked", "locked"),
    "cover": (
        "cover: {name: A, open_cover: " + NOTE % "up" + ", close_cover: []}",
        "cover.open_cover",
        {},
        "up",
        "open",
    ),
    "cover by position": (
        "cover: {name: A, set_cover_position: " + NOTE % "{{ position }}" + "}",
        "cover.set_cover_position",
        {"position": 30},
        "30",
        "open",
    ),
    "cover closed by position": (
        "cover: {name: A, set_cover_position: " + NOTE % "{{ position }}" + "}",
        "cover.close_cover",
        {},
        "0",
        "closed",
    ),
    "fan": (
        "fan: {name: A, turn_on: [], turn_off: [], set_percentage: " + NOTE % "{{ percentage }}" + "}",
        "fan.set_percentage",
        {"percentage": 40},
        "40",
        "on",
    ),
    "light": ("light: {name: A, turn_on: " + NOTE % "plain" + ", turn_off: []}", "light.turn_on", {}, "plain", "on"),
    "light with a level": (
        "light: {name: A, turn_on: [], turn_off: [], set_level: " + NOTE % "{{ brightness }}" + "}",
        "light.turn_on",
        {"brightness_pct": 50},
        "128",
        "on",
    ),
    "light with a temperature": (
        "light: {name: A, turn_on: [], turn_off: [], set_temperature: "
        + NOTE % "{{ color_temp }} {{ color_temp_kelvin }}"
        + "}",
        "light.turn_on",
        {"color_temp_kelvin": 4000},
        "250 4000",
        "on",
    ),
    "light with a colour": (
        "light: {name: A, turn_on: [], turn_off: [], set_rgb: " + NOTE % "{{ r }} {{ g }} {{ b }}" + "}",
        "light.turn_on",
        {"color_name": "red"},
        "255 0 0",
        "on",
    ),
    "light with a hue": (
        "light: {name: A, turn_on: [], turn_off: [], set_hs: " + NOTE % "{{ h | round }} {{ s | round }}" + "}",
        "light.turn_on",
        {"rgb_color": [0, 0, 255]},
        "240 100",
        "on",
    ),
}


@pytest.mark.parametrize("name", ORDERS)
async def test_order(rig: HelperRig, name: str) -> None:
    """An action comes to the steps with its variables; without a template the order counts as done."""
    text, action, data, written, state = ORDERS[name]
    assert rig.load(f"input_text:\n  t:\ntemplate:\n  - {text}\n") == []
    entity_id = f"{action.partition('.')[0]}.a"
    await rig.do(action, entity_id, **data)
    assert (rig.state("input_text.t"), rig.state(entity_id)) == (written, state)


TRIGGERED = """
    input_number:
      runs: {min: 0, max: 99}
    template:
      - triggers:
          - trigger: event
            event_type: hit
        conditions: "{{ trigger.event.data.n > 0 }}"
        variables:
          twice: "{{ trigger.event.data.n * 2 }}"
        actions:
          - action: input_number.increment
            target: {entity_id: input_number.runs}
          - variables: {thrice: "{{ trigger.event.data.n * 3 }}"}
        sensor:
          - {name: Twice, state: "{{ twice }}", attributes: {n: "{{ trigger.event.data.n }}"}}
          - {name: Thrice, state: "{{ thrice }}"}
        binary_sensor:
          - {name: Hit, state: "{{ true }}", auto_off: 5}
"""


async def test_triggered(rig: HelperRig) -> None:
    """The entities of a block are rendered when its triggers fire; steps are done once for all of them."""
    assert rig.load(TRIGGERED) == []
    assert [rig.state(f"sensor.{name}") for name in ("twice", "thrice")] == ["unknown", "unknown"]
    rig.hub.fire("hit", {"n": 0})
    assert rig.state("sensor.twice") == "unknown"
    rig.hub.fire("hit", {"n": 4})
    await rig.clock.settle()
    assert [rig.state(f"sensor.{name}") for name in ("twice", "thrice")] == ["8", "12"]
    assert rig.attributes("sensor.twice") == {"n": 4, "friendly_name": "Twice"}
    assert (rig.state("input_number.runs"), rig.state("binary_sensor.hit")) == ("1.0", "on")
    await rig.clock.advance(5)
    assert rig.state("binary_sensor.hit") == "off"
    assert [id_ for id_, _ in rig.hub.states if id_.startswith("template.")] == []


@pytest.mark.parametrize("end", ["restart", "crash"])
async def test_triggered_outlives_a_restart(rig: HelperRig, end: str) -> None:
    """Until the next trigger it is what it was; so are its attributes."""
    rig.load(TRIGGERED)
    rig.hub.fire("hit", {"n": 4})
    await rig.clock.advance(1)
    getattr(rig, end)()
    assert (rig.state("sensor.twice"), rig.attributes("sensor.twice")["n"]) == ("8", 4)
    rig.hub.fire("hit", {"n": 5})
    assert rig.state("sensor.twice") == "10"


async def test_reload_of_a_block(rig: HelperRig) -> None:
    """An edit of one entity leaves the others and the triggers alone; one of the triggers renews all."""
    rig.load(TRIGGERED)
    rig.hub.fire("hit", {"n": 4})
    hit, twice = rig.helpers.find("binary_sensor.hit"), rig.helpers.find("sensor.twice")
    assert rig.load(TRIGGERED.replace('"{{ thrice }}"', '"{{ thrice + 1 }}"')) == []
    assert (rig.helpers.find("binary_sensor.hit"), rig.helpers.find("sensor.twice")) == (hit, twice)
    assert rig.state("sensor.thrice") == "12"
    rig.hub.fire("hit", {"n": 1})
    assert (rig.state("sensor.thrice"), rig.state("input_number.runs")) == ("4", "2.0")
    assert rig.load(TRIGGERED.replace("event_type: hit", "event_type: tap")) == []
    assert rig.helpers.find("sensor.twice") is not twice
    assert rig.state("sensor.twice") == "2"
    rig.hub.fire("hit", {"n": 9})
    assert rig.state("sensor.twice") == "2"
    rig.hub.fire("tap", {"n": 9})
    assert (rig.state("sensor.twice"), rig.state("input_number.runs")) == ("18", "3.0")


async def test_update_entity_renders(rig: HelperRig) -> None:
    rig.load("template:\n  - sensor: {name: S, state: '{{ now().second }}'}\n")
    await rig.clock.advance(7)
    await rig.do("homeassistant.update_entity", "sensor.s")
    assert rig.state("sensor.s") == "7"


async def test_same_name_twice(rig: HelperRig) -> None:
    """As in Home Assistant, the second one gets a number."""
    rig.load("template:\n  - sensor: [{name: S, state: 1}, {name: S, state: 2}]\n")
    assert (rig.state("sensor.s"), rig.state("sensor.s_2")) == ("1", "2")


LASTING = """
    input_text:
      t:
    template:
      - switch:
          name: S
          turn_on:
            - variables: {said: "{{ this.entity_id }}"}
            - delay: {minutes: 10}
            - action: input_text.set_value
              target: {entity_id: input_text.t}
              data: {value: "{{ said }}"}
          turn_off: []
"""


@pytest.mark.parametrize("end", ["restart", "crash"])
async def test_steps_that_wait_go_on_after_a_restart(rig: HelperRig, end: str) -> None:
    """As those of automations do."""
    import asyncio

    assert rig.load(LASTING) == []
    await rig.engine.load([])
    asked = asyncio.ensure_future(rig.do("switch.turn_on", "switch.s"))
    await rig.clock.advance(60)
    assert not asked.done()
    old = rig.owner
    getattr(rig, end)(seconds=60, started=False)
    asked.cancel()
    async with rig.owner:
        await rig.engine.load([])
        rig.engine.started()
        await rig.clock.advance(470)
        assert rig.state("input_text.t") == "unknown"
        await rig.clock.advance(20)
        assert rig.state("input_text.t") == "switch.s"
    assert old is not rig.owner
