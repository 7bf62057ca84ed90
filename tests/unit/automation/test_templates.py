"""Templates: what they give, as text and as values; what they may not do."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from arvisd.automation.errors import TemplateError
from arvisd.automation.templates.environment import TemplateEnvironment, limited
from arvisd.automation.templates.native import native, truth
from arvisd.automation.templates.template import Template, is_template
from arvisd.automation.templates.value import compile_value
from arvisd.config.nodes import NodeDict, Origin
from arvisd.core.hub import Hub


@pytest.fixture
def environment(hub: Hub) -> TemplateEnvironment:
    hub.states.set("light.kitchen", "on", {"brightness": 128, "friendly_name": "Kitchen"})
    hub.states.set("light.hall", "off")
    hub.states.set("sensor.out", "21.456", {"unit_of_measurement": "°C"})
    hub.states.set("sensor.gone", "unavailable")
    hub.states.set("group.all", "on", {"entity_id": ["light.kitchen", "light.hall"]})
    return TemplateEnvironment(hub.states, hub.clock)


VARIABLES: dict[str, Any] = {
    "trigger": {"payload": "x", "payload_json": {"n": 4, "items": [1, 2], "keys": 1}},
    "name": "ann",
    "nothing": None,
}

# the clock stands at 2026-01-05 12:00 UTC
GIVES: list[tuple[str, Any]] = [
    ("plain", "plain"),
    ("{{ name }}", "ann"),
    ("hello {{ name }}!", "hello ann!"),
    ("  {{ name }}  ", "ann"),
    ("{{ trigger.payload_json.n }}", 4),
    ("{{ trigger.payload_json.items }}", "<built-in method"),  # as Jinja: the method comes first
    ("{{ trigger.payload_json['items'] }}", [1, 2]),
    ("{{ nothing }}", None),
    ("{{ true }}", True),
    ("{{ 1 + 1 }}", 2),
    ("{{ 2.0 }}", 2.0),
    ("007", "007"),
    ("{{ '007' }}", "007"),
    ("{{ '1e5' }}", "1e5"),
    ("{{ '+5' }}", 5),
    ("{{ '1, 2' }}", (1, 2)),
    ("{{ [1, 'a'] }}", [1, "a"]),
    ("{{ {'a': 1} }}", {"a": 1}),
    ("{{ '\"quoted\"' }}", '"quoted"'),
    ("{{ states('light.kitchen') }}", "on"),
    ("{{ states('light.none') }}", "unknown"),
    ("{{ states('sensor.out', rounded=true, with_unit=true) }}", "21.46 °C"),
    ("{{ states.light.kitchen.state }}", "on"),
    ("{{ states.light | selectattr('state', 'eq', 'on') | map(attribute='entity_id') | list }}", ["light.kitchen"]),
    ("{{ states.light.kitchen.attributes.brightness }}", 128),
    ("{{ states.light | map(attribute='entity_id') | list }}", ["light.hall", "light.kitchen"]),
    ("{{ states | count }}", 5),
    ("{{ states['light.hall'].name }}", "hall"),
    ("{{ is_state('light.kitchen', 'on') }}", True),
    ("{{ is_state('light.kitchen', ['x', 'on']) }}", True),
    ("{{ 'light.kitchen' is is_state('off') }}", False),
    ("{{ state_attr('light.kitchen', 'brightness') }}", 128),
    ("{{ state_attr('light.none', 'brightness') }}", None),
    ("{{ is_state_attr('light.kitchen', 'brightness', 128) }}", True),
    ("{{ has_value('sensor.gone') }}", False),
    ("{{ expand('group.all') | map(attribute='state') | list }}", ["off", "on"]),
    ("{{ now().hour }}", 12),
    ("{{ utcnow().isoformat() }}", "2026-01-05T12:00:00+00:00"),
    ("{{ today_at('07:30').isoformat() }}", "2026-01-05T07:30:00+00:00"),
    ("{{ as_timestamp('2026-01-05T12:00:00+00:00') | int }}", 1767614400),
    ("{{ 1767614400 | timestamp_custom('%H:%M') }}", "12:00"),
    ("{{ as_datetime('nonsense') }}", None),
    ("{{ (now() - timedelta(hours=2, minutes=5)) | relative_time }}", "2 hours"),
    ("{{ time_since(now() - timedelta(hours=2, minutes=5), 2) }}", "2 hours 5 minutes"),
    ("{{ 'x' | int(7) }}", 7),
    ("{{ '3.7' | int }}", 3),
    ("{{ none | float(1.5) }}", 1.5),
    ("{{ 'on' | bool }}", True),
    ("{{ '5' | is_number }}", True),
    ("{{ 'nan' | is_number }}", False),
    ("{{ 3.14159 | round(2) }}", 3.14),
    ("{{ 3.6 | round }}", 4),
    ("{{ 3.2 | round(0, 'ceil') }}", 4),
    ("{{ [3, 1, 2] | max }} {{ min(3, 1) }}", "3 1"),
    ("{{ average([1, 2, 3]) }}", 2.0),
    ("{{ true | iif('yes', 'no') }}", "yes"),
    ("{{ '{\"a\": 1}' | from_json }}", {"a": 1}),
    ("{{ {'a': [1]} | to_json }}", {"a": [1]}),
    ("{{ 'Свет в зале' | slugify }}", "svet_v_zale"),
    ("{{ 'abc' | regex_replace('b', 'x') }}", "axc"),
    ("{{ 'abc' is match('a') }}", True),
    ("{{ [1, [2, [3]]] | flatten }}", [1, 2, 3]),
    ("{{ 'hi' | base64_encode }}", "aGk="),
    ("{{ 'hi' | md5 }}", "49f68a5c8493ec2c0bf489821c21fc3b"),
    ("{{ 2 | ordinal }}", "2nd"),
    ("{{ undefined_name | default('d') }}", "d"),
    ("{{ undefined_name is defined }}", False),
    ("{% set ns = namespace(x=0) %}{% for i in [1, 2] %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}", 3),
    (
        "{% for i in [1, 2, 3] %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{{ loop.last }}{% endfor %}",
        "1False3True",
    ),
    ("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m('a') ~ m(1) }}", "<a><1>"),
    ("{{ '%.1f' | format(2) }}", 2.0),
    ("{{ 'a' * 3 }}", "aaa"),
    ("{# a comment #}x", "x"),
]


@pytest.mark.parametrize(("text", "expected"), GIVES)
def test_gives(environment: TemplateEnvironment, text: str, expected: Any) -> None:
    template = Template(environment, text)
    template.check()
    given = template.native(VARIABLES)
    if isinstance(expected, str) and expected.startswith("<built-in"):
        assert str(given).startswith(expected)
    else:
        assert given == expected
        assert type(given) is type(expected)


SIMPLE = [
    "{{ name }}",
    "a {{ name }} b {{ trigger.payload }}",
    "{{ trigger.payload_json.keys }}",
    "{{ none_such }}",
    "{{ name.upper }}",
]


@pytest.mark.parametrize("text", SIMPLE)
def test_simple_templates_give_what_jinja_gives(environment: TemplateEnvironment, text: str) -> None:
    simple, compiled = Template(environment, text), Template(environment, text)
    assert simple._pieces is not None
    compiled._pieces = None
    one, other = simple.render(VARIABLES), compiled.render(VARIABLES)
    assert one.partition(" at 0x")[0] == other.partition(" at 0x")[0]


REFUSED = [
    ("{{ 1 / 0 }}", "template: ZeroDivisionError: division by zero"),
    ("{{ 'x' | int }}", "template: ValueError: int got invalid input 'x' and no default: write int(…, 0) or | int(0)"),
    ("{{ nobody.knows.this }}", "template: 'nobody' is undefined"),
    ("{{ ''.__class__.__mro__ }}", "template: access to attribute '__class__' of 'str' object is unsafe."),
    ("{{ name.__class__ }}x{{ 1/0 }}", "template: ZeroDivisionError: division by zero"),
    ("{{ [].append(1) }}", "template: access to attribute 'append' of 'list' object is unsafe."),
    ("{{ states.__init__ }}{{ 1 / 0 }}", "template: ZeroDivisionError: division by zero"),
    (
        "{{ range(10**9) }}",
        "template: OverflowError: Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).",
    ),
    ("{{ 'a' * 10**8 }}", "template: '*' would make more than 4,194,304 items"),
    ("{{ [0] * 10**8 }}", "template: '*' would make more than 500,000 items"),
    ("{{ 9 ** 999999 }}", "template: '**' would make a number that is too large"),
    ("{{ '%999999999d' | format(1) }}", "template: a width in the template's format is too large"),
    ("{{ '%999999999d' % 1 }}", "template: a width in the template's format is too large"),
    ("{{ '{:>999999999}'.format(1) }}", "template: a width in the template's format is too large"),
    ("{{ 'a'.ljust(10**9) }}", "template: ljust() would make more than 4,194,304 characters"),
    ("{{ ('a' * 100000).replace('a', 'b' * 1000) }}", "template: replace() would make more than 4,194,304 characters"),
    (
        "{% set r = range(99999) %}{% for a in r %}{% for b in r %}{% endfor %}{% endfor %}",
        "template: the template loops more than 1,000,000 times",
    ),
    (
        "{% set ns = namespace(x='ab') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "template: a text in the template grows beyond 4,194,304 characters",
    ),
    (
        "{% set ns = namespace(x='ab') %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
        "template: '+' would make more than 4,194,304 items",
    ),
    ("{% for i in range(99999) %}abcdefgh{% endfor %}", "template: it gives more than 262,144 characters"),
    ("{{ 'a' | center(10**9) }}", "template: center() takes at most 10,000 as width"),
    (
        "{{ 'a' | indent(10**9) }}{{ 'x\\ny' | indent(10**9) }}",
        "template: indent() would make more than 4,194,304 characters",
    ),
    ("{{ [1] | batch(10**9, 0) | list }}", "template: batch() takes at most 10,000 as linecount"),
    ("{{ (['a' * 99999] * 50) | join('x') }}", "template: a text in the template grows beyond 4,194,304 characters"),
    ("{{ ('a' * 99999) | replace('a', 'b' * 999) }}", "template: replace() would make more than 4,194,304 characters"),
    ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "template: the template calls itself too deeply"),
]


@pytest.mark.parametrize(("text", "error"), REFUSED)
def test_refused(environment: TemplateEnvironment, text: str, error: str) -> None:
    with pytest.raises(TemplateError) as raised:
        Template(environment, text).render(VARIABLES)
    assert str(raised.value) == error


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{{ 1 + }}", "unexpected 'end of print statement'"),
        (
            "a\n{% if x %}\nb",
            "line 2 of the template: Unexpected end of template. Jinja was looking for the following tags: 'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'.",
        ),
        ("{{ 1 | rond(2) }}", "there is no filter 'rond' (did you mean 'round'?)"),
        ("{{ 1 is nmuber }}", "there is no test 'nmuber' (did you mean 'number'?)"),
        ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "the template is nested too deeply"),
    ],
)
def test_syntax(environment: TemplateEnvironment, text: str, error: str) -> None:
    with pytest.raises(TemplateError) as raised:
        Template(environment, text).check()
    assert str(raised.value) == error


def test_an_undefined_name_is_a_warning_with_its_place_once(
    environment: TemplateEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    node = NodeDict({"value_template": "{{ nobody }}{{ trigger.nothing }}"})
    node.places["value_template"] = (Origin("a.yaml"), 3, 5, 3, 21, None)
    template = Template(environment, node["value_template"], node, "value_template")
    assert template.render(VARIABLES) == ""
    template.render(VARIABLES)
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "a.yaml:3:21: template: 'nobody' is undefined"),
        (logging.WARNING, "a.yaml:3:21: template: 'dict object' has no attribute 'nothing'"),
    ]


def test_limited(environment: TemplateEnvironment) -> None:
    narrow = limited(environment)
    assert Template(narrow, "{{ 1 + 1 }}").native({}) == 2
    for text in ("{{ states('a.b') }}", "{{ now() }}", "{{ 'a.b' | states }}", "{{ 'a.b' is is_state('on') }}"):
        with pytest.raises(TemplateError, match="cannot be used here: this template is rendered once"):
            Template(narrow, text).render({})
    assert Template(environment, "{{ states('light.hall') }}").render({}) == "off"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("on", True),
        ("True", True),
        ("1", True),
        ("yes", True),
        (1, True),
        (0, False),
        ("off", False),
        ("", False),
        (None, False),
        ("2", False),
        ([1], False),
    ],
)
def test_truth(value: Any, expected: bool) -> None:
    assert truth(value) is expected


def test_lists_are_not_shared_between_runs() -> None:
    one = native("[1, 2]")
    one.append(3)
    assert native("[1, 2]") == [1, 2]


def test_data_without_templates_is_made_once(environment: TemplateEnvironment) -> None:
    def make(text: str, container: Any, key: Any) -> Template:
        return Template(environment, text, container, key)

    fixed = compile_value({"a": [1, {"b": "x"}]}, make)
    assert fixed.constant
    assert fixed.render({}) is fixed.render({})
    mixed = compile_value({"a": 1, "b": "{{ name }}", "c": ["{{ 1 }}", 2]}, make)
    assert mixed.render(VARIABLES) == {"a": 1, "b": "ann", "c": [1, 2]}
    assert list(mixed.render(VARIABLES)) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("{{ x }}", True), ("{% if x %}", True), ("{# x #}", True), ("{x}", False), (5, False), ("", False)],
)
def test_is_template(value: Any, expected: bool) -> None:
    assert is_template(value) is expected
