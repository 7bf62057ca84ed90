"""Template functions of functions, versions, times and lengths of time; and how far a template may go."""

from __future__ import annotations

from typing import Any

import pytest

from arvisd.automation.errors import TemplateError
from arvisd.automation.templates.environment import TemplateEnvironment
from arvisd.automation.templates.template import Template
from arvisd.core.hub import Hub


@pytest.fixture
def environment(hub: Hub) -> TemplateEnvironment:
    hub.states.set("sensor.out", "21.456", {"unit_of_measurement": "°C", "suggested_display_precision": 1})
    hub.states.set("sensor.raw", "21.456", {"unit_of_measurement": "°C"})
    hub.states.set("light.a", "on", {"brightness": None})
    return TemplateEnvironment(hub.states, hub.clock)


DOUBLE = "{%- macro macro_double(x, returns) -%}{%- do returns(x * 2) -%}{%- endmacro -%}{%- set double = macro_double | as_function -%}"
EVEN = "{%- macro macro_even(x, returns) -%}{%- do returns(x % 2 == 0) -%}{%- endmacro -%}{%- set even = macro_even | as_function -%}"

# the clock stands at 2026-01-05 12:00 UTC
GIVES: list[tuple[str, Any]] = [
    (DOUBLE + "{{ double(21) }}", 42),
    (DOUBLE + "{{ [1, 2] | map('apply', double) | list }}", [2, 4]),
    (DOUBLE + "{{ 4 | apply(double) }}", 8),
    (EVEN + "{{ [1, 2, 3, 4] | select('apply', even) | list }}", [2, 4]),
    ("{{ merge_response({'a.b': {'events': [{'n': 1}, {'n': 2}]}}) }}",
     [{"n": 1, "entity_id": "a.b", "value_key": "events"}, {"n": 2, "entity_id": "a.b", "value_key": "events"}]),
    ("{{ merge_response({'a.b': {'x': 1, 'y': 2}}) }}", [{"x": 1, "y": 2, "entity_id": "a.b"}]),
    ("{{ merge_response({}) }}", []),
    ("{{ version('2026.9.1') < version('2026.10.0') }}", True),
    ("{{ '2026.10.0b2' | version < '2026.10.0' }}", True),
    ("{{ version('1.0') == '1.0.0' }}", True),
    ("{{ version('2026.10.3').minor }}", 10),
    ("{{ 'x' | is_defined }}", "x"),
    ("{{ timedelta_string(timedelta(hours=2, minutes=5)) }}", "2 hours"),
    ("{{ timedelta_string(timedelta(hours=2, minutes=5), 2) }}", "2 hours 5 minutes"),
    ("{{ timedelta(minutes=-40, seconds=-50) | timedelta_string }}", "41 minutes"),
    ("{{ timedelta_string(timedelta(minutes=59, seconds=40)) }}", "1 hour"),
    ("{{ timedelta_string(timedelta(days=1, hours=3, seconds=4), 0) }}", "1 day 3 hours 4 seconds"),
    ("{{ 'soon' | timedelta_string }}", "soon"),
    ("{{ time_since(now() - timedelta(hours=2, minutes=40)) }}", "3 hours"),
    ("{{ time_since(now() + timedelta(hours=2)).isoformat() }}", "2026-01-05T14:00:00+00:00"),
    ("{{ time_until(now() + timedelta(minutes=90), 2) }}", "1 hour 30 minutes"),
    ("{{ time_until('soon') }}", "soon"),
    ("{{ today_at().isoformat() }}", "2026-01-05T00:00:00+00:00"),
    ("{{ today_at('7:05').isoformat() }}", "2026-01-05T07:05:00+00:00"),
    ("{{ as_timedelta('PT1H5M').total_seconds() }}", 3900.0),
    ("{{ as_timedelta('-PT30S').total_seconds() }}", -30.0),
    ("{{ as_timedelta('P1DT12H').total_seconds() }}", 129600.0),
    ("{{ as_timedelta('1 day, 2:00:00').total_seconds() }}", 93600.0),
    ("{{ as_timedelta('10:30').total_seconds() }}", 37800.0),
    ("{{ as_timedelta('soon') }}", None),
    ("{{ as_datetime('soon', 'x') }}", "x"),
    ("{{ now() is datetime }}", True),
    ("{{ {'ä': 1} | to_json(ensure_ascii=true) | length }}", len('{"\\u00e4":1}')),
    ("{{ 'on' is string_like }}", True),
    ("{{ states('sensor.out', rounded=true, with_unit=true) }}", "21.5 °C"),
    ("{{ states('sensor.out', with_unit=true) }}", "21.5 °C"),
    ("{{ states('sensor.raw', with_unit=true) }}", "21.46 °C"),
    ("{{ states('sensor.out') }}", 21.456),
    ("{{ states.sensor.out.state_with_unit }}", "21.5 °C"),
    ("{{ states.sensor.out.last_updated.isoformat() }}", "2026-01-05T12:00:00+00:00"),
    ("{{ is_state_attr('light.a', 'brightness', none) }}", True),
    ("{{ is_state_attr('light.a', 'color', none) }}", False),
    ("{{ [3, 1] | shuffle(7) | sort }}", [1, 3]),
    ("{{ 'light.kitchen' | regex_replace('^(\\\\w+)\\\\.(\\\\w+)$', '\\\\2') }}", "kitchen"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), GIVES)
def test_what_it_gives(environment: TemplateEnvironment, text: str, expected: Any) -> None:
    assert Template(environment, text).native({}) == expected


FAILS: list[tuple[str, str]] = [
    ("{{ nobody | is_defined }}", "'nobody' is undefined"),
    ("{{ as_datetime(none) }}",
     "ValueError: as_datetime got invalid input None and no default: write as_datetime(…, 0) or | as_datetime(0)"),
    ("{{ today_at('noon') }}", "ValueError: 'noon' is not a time of the day"),
    ("{{ 4 | as_function }}", "TypeError: as_function takes a macro, not int"),
    ("{{ merge_response([]) }}", "TypeError: merge_response takes what an action gave back: a mapping by entity"),
    ("{{ merge_response({'a': {'entity_id': 1}}) }}", "ValueError: merge_response: what a gave already has an 'entity_id'"),
    ("{{ 'x' | regex_match('(') }}", "ValueError: '(' is not a regular expression: missing ), unterminated subpattern at position 0"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), FAILS)
def test_what_it_refuses(environment: TemplateEnvironment, text: str, message: str) -> None:
    with pytest.raises(TemplateError) as raised:
        Template(environment, text).render({})
    assert str(raised.value) == f"template: {message}"


TOO_MUCH: list[str] = [
    "{{ 'a'.center(10**9) }}",
    "{{ 'a' | center(10**9) }}",
    "{{ 'a'.ljust(10**9) }}",
    "{{ '{:1000000000}'.format('a') }}",
    "{{ '{:{w}}'.format('a', w=10**9) }}",
    "{{ '%1000000000d' % 4 }}",
    "{{ '%*d' % (10**9, 4) }}",
    "{{ range(10**12) | list }}",
    "{{ 9 ** (9 ** 9) }}",
    "{{ (10 ** 4000) * (10 ** 400000) }}",
    "{{ 'a' * 10**9 }}",
    "{{ ([0] * 1000) * 1000 }}",
    "{{ 'x' | indent(10**9) }}",
    "{{ [1] | batch(10**9, 0) | list }}",
    "{{ [1] | tojson(indent=10**9) }}",
    "{{ pack(1, '2000000000x') }}",
    "{{ lipsum(10**6) }}",
    "{% set b = 'x' * 4000000 %}{{ b.join(['a'] * 100000) }}",
    "{% set b = 'x' * 4000000 %}{{ ('a' * 100000).translate({97: b}) }}",
    "{% set b = 'x' * 4000000 %}{{ ('a' * 1000) | regex_replace('a', b) }}",
    "{% set b = 'x' * 4000000 %}{% set c %}{% for i in range(100) %}{{ b }}{% endfor %}{% endset %}{{ c | length }}",
    "{% macro m() %}{% for i in range(100) %}{{ 'x' * 1000000 }}{% endfor %}{% endmacro %}{{ m() | length }}",
    "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(40) }}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% for a in range(99) %}{{ range(99999) | map('string') | list | length }}{% endfor %}",
    ("{{ range(99999) | map('string') | map('int') | map('string') | map('int') | map('string') | map('int') | map('string')"
    " | map('int') | map('string') | map('int') | map('string') | sum }}"),
    "{{ ('a' * 40 ~ 'b') | regex_match('(a+)+$') }}",
    "{{ ('a' * 40) | regex_match('(a|a)*b') }}",
    "{{ ('a' * 5000) | regex_search('(.*)(.*)(.*)(.*)b') }}",
    "{{ 'x' | regex_match('a' * 5000) }}",
    DOUBLE + "{%- macro macro_loop(x, returns) -%}{%- do returns(f(x)) -%}{%- endmacro -%}{%- set ns = namespace() -%}{%- set f = macro_loop | as_function -%}{{ f(1) }}",
]  # fmt: skip


@pytest.mark.parametrize("text", TOO_MUCH)
def test_it_is_cut_off(environment: TemplateEnvironment, text: str) -> None:
    """Nothing takes the memory or the time: without a limit none of these would end, or be survived."""
    with pytest.raises(TemplateError):
        Template(environment, text).render({})
