"""What is said of a template's names before it runs: functions that cannot exist, and no false alarm."""

from __future__ import annotations

import pytest

from arvisd.automation.templates.environment import TemplateEnvironment
from arvisd.automation.templates.template import Template
from arvisd.core.hub import Hub
from tests.simulators.automation_rig import AutomationRig

DOUBTFUL = [
    ("{{ sates('light.a') }}", ["there is no function 'sates' (did you mean 'states'?)"]),
    (
        "{{ is_stat('a.b', 'on') and is_stat('a.b', 'off') }}",
        ["there is no function 'is_stat' (did you mean 'is_state'?)"],
    ),
    ("{{ quatsch() }}", ["there is no function 'quatsch'"]),
    ("{{ upper('a') }}", ["there is no function 'upper': it is a filter, as in '{{ value | upper }}'"]),
    (
        "{% if a %}\n{{ nwo() }}\n{% endif %}",
        ["line 2 of the template: there is no function 'nwo' (did you mean 'now'?)"],
    ),
]

CLEAR = [
    "{{ whatever }}",
    "{{ whatever.name.deep() }}",
    "{{ states.light.a.state }}",
    "{{ trigger.payload_json.x }} {{ this.state }} {{ wait.completed }} {{ repeat.item }}",
    "{% macro f(x) %}{{ x }}{% endmacro %}{{ f(1) }}",
    "{% macro f(g) %}{{ g(1) }}{% endmacro %}{{ f(now) }}",
    "{% set f = states %}{{ f('a.b') }}",
    "{% for f in [now, utcnow] %}{{ f() }}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% from 'x.jinja' import f, g as h %}{{ f() }}{{ h() }}",
    "{% import 'x.jinja' as x %}{{ x.f() }}",
    "{% macro m() %}{{ caller() }}{{ varargs }}{% endmacro %}{% call m() %}x{% endcall %}",
    "{% call(user) m() %}{{ user() }}{% endcall %}{% macro m() %}{% endmacro %}",
    "{% set ns = namespace(a=1) %}{{ ns.a }}{{ dict(a=1) }}{{ range(3) | list }}{{ cycler(1).next() }}{{ joiner()() }}",
    "{{ (states)('a.b') }}",
    "{% raw %}{{ f() }}{% endraw %}{{ now() }}",
]


@pytest.fixture
def environment(hub: Hub) -> TemplateEnvironment:
    return TemplateEnvironment(hub.states, hub.clock)


@pytest.mark.parametrize(("text", "expected"), DOUBTFUL)
def test_doubtful(environment: TemplateEnvironment, text: str, expected: list[str]) -> None:
    for _ in range(2):  # another template of the same text says so too
        template = Template(environment, text)
        template.check()
        assert template.doubts() == expected


@pytest.mark.parametrize("text", CLEAR)
def test_no_false_alarm(environment: TemplateEnvironment, text: str) -> None:
    template = Template(environment, text)
    template.check()
    assert template.doubts() == []


async def test_said_with_its_place(rig: AutomationRig) -> None:
    assert await rig.load(
        """
        - id: a
          conditions: "{{ sates('light.a') == 'on' }}"
          actions:
            - action: test.note
              data:
                message: |
                  It is
                  {{ nwo() }}
        """
    ) == [
        "automations.yaml:2:15: warning: template: there is no function 'sates' (did you mean 'states'?)",
        "automations.yaml:6:18: warning: template: line 2 of the template: there is no function 'nwo' (did you mean 'now'?)",
    ]
    assert rig.engine.list()[0].state == "on"
