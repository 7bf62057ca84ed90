"""The input_* helpers and the counter: what each begins with, what its actions do, what it says of wrong ones."""

from __future__ import annotations

from typing import Any

import pytest

from arvisd.core.errors import ActionError
from tests.simulators.helper_rig import HelperRig

BEGINNINGS = {
    "input_boolean:\n  a:": ("off", {"editable": False}),
    "input_boolean:\n  a:\n    name: Guest mode\n    icon: mdi:account\n    initial: true": (
        "on",
        {"editable": False, "friendly_name": "Guest mode", "icon": "mdi:account"},
    ),
    "input_button:\n  a:": ("unknown", {"editable": False}),
    "input_number:\n  a: {min: 5, max: 10}": (
        "5.0",
        {"editable": False, "initial": None, "min": 5.0, "max": 10.0, "step": 1.0, "mode": "slider"},
    ),
    "input_number:\n  a: {min: -20, max: 35, step: 0.5, mode: box, initial: 20, unit_of_measurement: °C}": (
        "20.0",
        {
            "editable": False,
            "initial": 20.0,
            "min": -20.0,
            "max": 35.0,
            "step": 0.5,
            "mode": "box",
            "unit_of_measurement": "°C",
        },
    ),
    "input_text:\n  a:": (
        "unknown",
        {"editable": False, "initial": None, "min": 0, "max": 100, "pattern": None, "mode": "text"},
    ),
    'input_text:\n  a: {initial: Hi, min: 1, max: 20, pattern: "[A-Z].*", mode: password}': (
        "Hi",
        {"editable": False, "initial": "Hi", "min": 1, "max": 20, "pattern": "[A-Z].*", "mode": "password"},
    ),
    "input_select:\n  a: {options: [Home, Away, 3]}": ("Home", {"editable": False, "options": ["Home", "Away", "3"]}),
    "input_select:\n  a: {options: [Home, Away], initial: Away}": (
        "Away",
        {"editable": False, "options": ["Home", "Away"]},
    ),
    "input_datetime:\n  a: {has_time: true}": (
        "00:00:00",
        {
            "editable": False,
            "has_date": False,
            "has_time": True,
            "hour": 0,
            "minute": 0,
            "second": 0,
            "timestamp": 0,
        },
    ),
    'input_datetime:\n  a: {has_time: true, initial: "7:30"}': (
        "07:30:00",
        {
            "editable": False,
            "has_date": False,
            "has_time": True,
            "hour": 7,
            "minute": 30,
            "second": 0,
            "timestamp": 27000,
        },
    ),
    "input_datetime:\n  a: {has_date: true}": (
        "2026-01-05",
        {
            "editable": False,
            "has_date": True,
            "has_time": False,
            "year": 2026,
            "month": 1,
            "day": 5,
            "timestamp": 1767571200.0,
        },
    ),
    'input_datetime:\n  a: {has_date: true, has_time: true, initial: "2026-05-01 07:30:00"}': (
        "2026-05-01 07:30:00",
        {
            "editable": False,
            "has_date": True,
            "has_time": True,
            "year": 2026,
            "month": 5,
            "day": 1,
            "hour": 7,
            "minute": 30,
            "second": 0,
            "timestamp": 1777620600.0,
        },
    ),
    "counter:\n  a:": ("0", {"editable": False, "initial": 0, "step": 1}),
    "counter:\n  a: {initial: 3, step: 2, minimum: 1, maximum: 9}": (
        "3",
        {"editable": False, "initial": 3, "step": 2, "minimum": 1, "maximum": 9},
    ),
}


@pytest.mark.parametrize("text", BEGINNINGS)
async def test_beginning(rig: HelperRig, text: str) -> None:
    """State and attributes are Home Assistant's."""
    state, attributes = BEGINNINGS[text]
    assert rig.load(text) == []
    entity_id = f"{text.partition(':')[0]}.a"
    assert (rig.state(entity_id), rig.attributes(entity_id)) == (state, attributes)


NUMBER = "input_number:\n  a: {min: 0, max: 1, step: 0.1, initial: 0.2}"
SELECT = "input_select:\n  a: {options: [x, y, z]}"
BOTH = 'input_datetime:\n  a: {has_date: true, has_time: true, initial: "2026-05-01 07:30:00"}'
TIME = 'input_datetime:\n  a: {has_time: true, initial: "07:30:00"}'
DATE = 'input_datetime:\n  a: {has_date: true, initial: "2026-05-01"}'
COUNTER = "counter:\n  a: {initial: 3, step: 2, minimum: 1, maximum: 6}"

Calls = list[tuple[str, dict[str, Any]]]
DOINGS: dict[str, tuple[str, Calls, str]] = {
    "on": ("input_boolean:\n  a:", [("turn_on", {})], "on"),
    "off": ("input_boolean:\n  a: {initial: true}", [("turn_off", {})], "off"),
    "toggled": ("input_boolean:\n  a:", [("toggle", {})], "on"),
    "toggled twice": ("input_boolean:\n  a:", [("toggle", {}), ("toggle", {})], "off"),
    "pressed": ("input_button:\n  a:", [("press", {})], "2026-01-05T12:00:00+00:00"),
    "number": (NUMBER, [("set_value", {"value": 0.75})], "0.75"),
    "number as text": (NUMBER, [("set_value", {"value": "1"})], "1.0"),
    "number up": (NUMBER, [("increment", {})], "0.3"),
    "number up to the bound": (NUMBER, [("set_value", {"value": 0.95}), ("increment", {})], "1.0"),
    "number down to the bound": (NUMBER, [("decrement", {})] * 3, "0.0"),
    "text": ("input_text:\n  a:", [("set_value", {"value": "hello"})], "hello"),
    "text of a number": ("input_text:\n  a:", [("set_value", {"value": 5})], "5"),
    "text emptied": ("input_text:\n  a: {initial: x}", [("set_value", {"value": ""})], ""),
    "chosen": (SELECT, [("select_option", {"option": "y"})], "y"),
    "first": (SELECT, [("select_option", {"option": "y"}), ("select_first", {})], "x"),
    "last": (SELECT, [("select_last", {})], "z"),
    "next": (SELECT, [("select_next", {})], "y"),
    "next after the last": (SELECT, [("select_last", {}), ("select_next", {})], "x"),
    "next without cycle": (SELECT, [("select_last", {}), ("select_next", {"cycle": False})], "z"),
    "previous": (SELECT, [("select_previous", {})], "z"),
    "previous without cycle": (SELECT, [("select_previous", {"cycle": False})], "x"),
    "other options": (SELECT, [("set_options", {"options": ["p", "q"]}), ("select_next", {})], "q"),
    "other options with the chosen one": (
        SELECT,
        [("select_last", {}), ("set_options", {"options": ["a", "z"]})],
        "z",
    ),
    "date of both": (BOTH, [("set_datetime", {"date": "2027-01-02"})], "2027-01-02 07:30:00"),
    "time of both": (BOTH, [("set_datetime", {"time": "23:59"})], "2026-05-01 23:59:00"),
    "date and time": (BOTH, [("set_datetime", {"date": "2027-01-02", "time": "6:07:08"})], "2027-01-02 06:07:08"),
    "datetime": (BOTH, [("set_datetime", {"datetime": "2027-01-02 06:07:08"})], "2027-01-02 06:07:08"),
    "datetime with a zone": (
        BOTH,
        [("set_datetime", {"datetime": "2027-01-02T06:07:08+02:00"})],
        "2027-01-02 04:07:08",
    ),
    "timestamp": (BOTH, [("set_datetime", {"timestamp": 1767614400})], "2026-01-05 12:00:00"),
    "timestamp for a time": (TIME, [("set_datetime", {"timestamp": 1767614400.5})], "12:00:00"),
    "time": (TIME, [("set_datetime", {"time": "08:00:00"})], "08:00:00"),
    "datetime for a date": (DATE, [("set_datetime", {"datetime": "2027-01-02 06:07:08"})], "2027-01-02"),
    "counted up": (COUNTER, [("increment", {})], "5"),
    "counted up to the bound": (COUNTER, [("increment", {})] * 3, "6"),
    "counted down to the bound": (COUNTER, [("decrement", {})] * 3, "1"),
    "counter set": (COUNTER, [("set_value", {"value": 4})], "4"),
    "counter reset": (COUNTER, [("increment", {}), ("reset", {})], "3"),
    "counter without bounds": ("counter:\n  a:", [("decrement", {})] * 3, "-3"),
}


@pytest.mark.parametrize("name", DOINGS)
async def test_doing(rig: HelperRig, name: str) -> None:
    """What an action leaves is the state, and what a restart finds."""
    text, calls, state = DOINGS[name]
    assert rig.load(text) == []
    domain = text.partition(":")[0]
    for action, data in calls:
        await rig.do(f"{domain}.{action}", f"{domain}.a", **data)
    assert rig.state(f"{domain}.a") == state


REFUSALS: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "number too great": (NUMBER, "set_value", {"value": 2}, "input_number.a takes 0 to 1, not 2"),
    "number that is none": (NUMBER, "set_value", {"value": "nan"}, "input_number.a takes 0 to 1, not nan"),
    "text for a number": (
        NUMBER,
        "set_value",
        {"value": "warm"},
        "input_number.set_value: Expected `float`, got `str` - at `$.value`",
    ),
    "text too long": (
        "input_text:\n  a: {max: 3}",
        "set_value",
        {"value": "long"},
        "input_text.a takes 0 to 3 characters, not 4",
    ),
    "text against the pattern": (
        'input_text:\n  a: {pattern: "[0-9]+"}',
        "set_value",
        {"value": "x1"},
        "input_text.a takes a text that fits '[0-9]+', not 'x1'",
    ),
    "no option": (
        "input_select:\n  a: {options: [Home, Away]}",
        "select_option",
        {"option": "home"},
        "input_select.a has no option 'home' (did you mean 'Home'?): it has Home, Away",
    ),
    "no options": (SELECT, "set_options", {"options": []}, "input_select.a: at least one option is needed"),
    "options twice": (SELECT, "set_options", {"options": ["a", "a"]}, "input_select.a: the option 'a' is there twice"),
    "no time": (
        TIME,
        "set_datetime",
        {"time": "25:00"},
        (
            "input_datetime.a: hour must be in 0..23: write a date as 2026-05-01, a time as 07:30 or 07:30:00, "
            "both as 2026-05-01 07:30:00"
        ),
    ),
    "date for a time": (
        TIME,
        "set_datetime",
        {"date": "2026-05-01"},
        "input_datetime.a holds a time: nothing of that was given",
    ),
    "nothing": (BOTH, "set_datetime", {}, "input_datetime.a holds date and time: nothing of that was given"),
    "two ways": (
        BOTH,
        "set_datetime",
        {"timestamp": 1, "time": "07:00"},
        (
            "input_datetime.a: date and time are given beside datetime or timestamp: write a date as 2026-05-01, "
            "a time as 07:30 or 07:30:00, both as 2026-05-01 07:30:00"
        ),
    ),
    "counter too great": (COUNTER, "set_value", {"value": 7}, "counter.a goes up to 6, not to 7"),
    "counter too small": (COUNTER, "set_value", {"value": 0}, "counter.a goes down to 1, not to 0"),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_refusal(rig: HelperRig, name: str) -> None:
    """A wrong value changes nothing and is said."""
    text, action, data, message = REFUSALS[name]
    assert rig.load(text) == []
    domain = text.partition(":")[0]
    before = rig.whole(f"{domain}.a")
    with pytest.raises(ActionError) as raised:
        await rig.do(f"{domain}.{action}", f"{domain}.a", **data)
    assert str(raised.value) == message
    assert rig.whole(f"{domain}.a") is before


TARGETS = {
    "input_boolean.b": "there is no entity 'input_boolean.b' (did you mean input_boolean.a?)",
    "counter.c": "input_boolean.turn_on is not for counter.c: it takes a input_boolean",
    "": "input_boolean.turn_on needs a target: entity_id, area_id, floor_id, label_id or device_id",
}


@pytest.mark.parametrize("target", TARGETS)
async def test_wrong_target(rig: HelperRig, target: str) -> None:
    """Who is not there cannot be set."""
    rig.load("input_boolean:\n  a:\ncounter:\n  c:")
    with pytest.raises(ActionError) as raised:
        await rig.do("input_boolean.turn_on", target)
    assert str(raised.value) == TARGETS[target]


async def test_context_of_an_action_is_that_of_the_state(rig: HelperRig) -> None:
    """The thread that answers 'why'."""
    from arvisd.core.actions import Target
    from arvisd.core.context import Context

    rig.load("input_number:\n  a: {min: 0, max: 9}")
    context = Context(user="anna")
    await rig.hub.actions.call("input_number.set_value", {"value": 3}, Target(entity_id="input_number.a"), context)
    assert rig.whole("input_number.a").context == context


WRITTEN = """
    input_boolean:
      a:
      b: {initial: true}
    input_number:
      a: {min: 0, max: 9}
      b: {min: 0, max: 9, initial: 5}
    input_text:
      a:
    input_select:
      a: {options: [x, y]}
    input_datetime:
      a: {has_date: true, has_time: true}
    input_button:
      a:
    counter:
      a:
      b: {restore: false, initial: 7}
"""


@pytest.mark.parametrize("end", ["restart", "crash"])
async def test_values_outlive_the_daemon(rig: HelperRig, end: str) -> None:
    """Each is what it was, unless `initial` or `restore` say otherwise."""
    assert rig.load(WRITTEN) == []
    for action, entity_id, data in (
        ("input_boolean.turn_on", "input_boolean.a", {}),
        ("input_boolean.turn_off", "input_boolean.b", {}),
        ("input_number.set_value", "input_number.a", {"value": 4.5}),
        ("input_number.set_value", "input_number.b", {"value": 4.5}),
        ("input_text.set_value", "input_text.a", {"value": "noted"}),
        ("input_select.select_last", "input_select.a", {}),
        ("input_datetime.set_datetime", "input_datetime.a", {"datetime": "2030-02-03 04:05:06"}),
        ("input_button.press", "input_button.a", {}),
        ("counter.increment", "counter.a", {}),
        ("counter.increment", "counter.b", {}),
    ):
        await rig.do(action, entity_id, **data)
    await rig.clock.advance(0.2)
    assert getattr(rig, end)(seconds=60) == []
    assert {entity_id: state.state for entity_id, state in rig.hub.states} == {
        "input_boolean.a": "on",
        "input_boolean.b": "on",
        "input_number.a": "4.5",
        "input_number.b": "5.0",
        "input_text.a": "noted",
        "input_select.a": "y",
        "input_datetime.a": "2030-02-03 04:05:06",
        "input_button.a": "2026-01-05T12:00:00+00:00",
        "counter.a": "1",
        "counter.b": "7",
    }


async def test_saved_value_that_fits_no_more(rig: HelperRig) -> None:
    """The settings changed while the daemon was off: it begins anew."""
    rig.load("input_number:\n  a: {min: 0, max: 9}\ninput_select:\n  a: {options: [x, y]}\ncounter:\n  a:")
    await rig.do("input_number.set_value", "input_number.a", value=8)
    await rig.do("input_select.select_last", "input_select.a")
    for _ in range(5):
        await rig.do("counter.increment", "counter.a")
    await rig.clock.advance(1)
    rig.write(
        "input_number:\n  a: {min: 0, max: 5}\ninput_select:\n  a: {options: [p, q]}\ncounter:\n  a: {maximum: 3}"
    )
    rig.restart()
    assert (rig.state("input_number.a"), rig.state("input_select.a"), rig.state("counter.a")) == ("0.0", "p", "3")
