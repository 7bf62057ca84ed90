"""Templates made of everything that templates may use, in sizes that nobody needs."""

from __future__ import annotations

from functools import cache
from typing import Any

from arvisd.automation.templates.environment import TemplateEnvironment, limited
from arvisd.core.hub import Hub
from arvisd.home.registry import HomeRegistry
from tests.fuzz.choices import NUMBERS, Choices, a_text
from tests.simulators.clock import FakeClock

DEPTH = 5
NAMES = ("x", "y", "items", "text", "trigger", "this", "ns", "loop", "states", "nothing", "self", "varargs")
VARIABLES: dict[str, Any] = {
    "x": 3,
    "y": "on",
    "items": [1, "a", None, {"k": 1.5}],
    "text": "kitchen light 21.5",
    "trigger": {"payload_json": {"n": 4}, "to_state": None},
}
OPERATORS = ("+", "-", "*", "**", "/", "//", "%", "~", "==", "<", "in", "and", "or", "is not")
PATTERNS = ("'(a+)+$'", "'(a|a)*b'", "'.*.*.*x'", "'['", "'(?P<x>a)'", "'a{1000}{1000}'")
FORMATS = ("'%999999999d'", "'{:>99999999}'", "'%s'", "'%H:%M'", "'{0.__class__}'", "'%%%s'")


@cache
def environment() -> TemplateEnvironment:
    """Return the sandbox, with a few states."""
    hub = Hub(FakeClock())
    for number in range(20):
        hub.states.set(f"light.l{number}", "on" if number % 2 else "off", {"brightness": number})
    hub.states.set("sensor.t", "21.5", {"unit_of_measurement": "°C"})
    return TemplateEnvironment(hub.states, hub.clock, HomeRegistry(hub.states))


@cache
def narrow() -> TemplateEnvironment:
    """Return the sandbox of what is rendered once."""
    return limited(environment())


@cache
def _functions() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    known = environment()
    return (
        tuple(sorted(name for name in known.globals if not name.startswith("_"))),
        tuple(sorted(name for name in known.filters if not name.startswith("_"))),
        tuple(sorted(known.tests)),
    )


def a_template(choices: Choices) -> str:
    """Return the text of a template, mostly one that can be parsed."""
    return "".join(_piece(choices, DEPTH) for _ in range(1 + choices.number(3)))


def _piece(choices: Choices, depth: int) -> str:
    kind = choices.number(12 if depth > 0 else 3)
    inner = depth - 1
    if kind == 0:
        return a_text(choices)
    if kind in (1, 2, 3):
        return "{{ " + _value(choices, depth) + " }}"
    if kind in (4, 5):
        body = _piece(choices, inner)
        return f"{{% for {choices.of(NAMES)} in {_value(choices, inner)} %}}{body}{{% endfor %}}"
    if kind == 6:
        return f"{{% if {_value(choices, inner)} %}}{_piece(choices, inner)}{{% else %}}{_piece(choices, inner)}{{% endif %}}"
    if kind == 7:
        return f"{{% set {choices.of(NAMES)} = {_value(choices, inner)} %}}"
    if kind == 8:
        name = choices.of(("m", "x", "f"))
        called = f"{name}({_value(choices, inner)})"
        return f"{{% macro {name}(a=1) %}}{_piece(choices, inner)}{{{{ {called} }}}}{{% endmacro %}}{{{{ {called} }}}}"
    if kind == 9:
        return f"{{% set {choices.of(NAMES)} %}}{_piece(choices, inner)}{{% endset %}}"
    if kind == 10:
        return f"{{% filter {choices.of(_functions()[1])} %}}{_piece(choices, inner)}{{% endfilter %}}"
    return (
        "{% set ns = namespace(v=" + _value(choices, inner) + ") %}{% for i in range("
        + str(choices.of(NUMBERS)) + ") %}{% set ns.v = ns.v " + choices.of(OPERATORS) + " ns.v %}{% endfor %}{{ ns.v }}"
    )  # fmt: skip


def _value(choices: Choices, depth: int) -> str:
    kind = choices.number(14 if depth > 0 else 5)
    inner = depth - 1
    functions, filters, tests = _functions()
    if kind == 0:
        return choices.of(NAMES)
    if kind == 1:
        return str(choices.of(NUMBERS))
    if kind == 2:
        return choices.of(("'a'", "''", "'on'", "'{\"a\": [1]}'", "'light.l1'", *PATTERNS, *FORMATS))
    if kind == 3:
        return repr(a_text(choices))
    if kind == 4:
        return choices.of(
            ("states.light", "states", "[]", "{}", "range(1000000)", "range(99999)", "[0] * 99999", "'x' * 99999")
        )
    if kind in (5, 6):
        given = ", ".join(_value(choices, inner) for _ in choices.several(3))
        return f"{choices.of(functions)}({given})"
    if kind in (7, 8, 9):
        given = ", ".join(_value(choices, inner) for _ in choices.several(2))
        return f"({_value(choices, inner)}) | {choices.of(filters)}" + (f"({given})" if given else "")
    if kind == 10:
        return f"({_value(choices, inner)}) {choices.of(OPERATORS)} ({_value(choices, inner)})"
    if kind == 11:
        return f"({_value(choices, inner)}) is {choices.of(tests)}"
    if kind == 12:
        return "[" + ", ".join(_value(choices, inner) for _ in choices.several(3)) + "]"
    method = choices.of(("items", "format", "join", "replace", "center", "split", "__class__", "append", "encode", "k"))
    return f"({_value(choices, inner)}).{method}({_value(choices, inner)})"
