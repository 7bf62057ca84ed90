"""The user's own macros: imported by every template, read again as they are saved, said with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from arvisd.automation.checking import check_automations
from arvisd.automation.errors import TemplateError
from arvisd.automation.templates import macros
from arvisd.automation.templates.environment import TemplateEnvironment, limited
from arvisd.automation.templates.template import Template
from arvisd.config import load
from arvisd.core.hub import Hub
from tests.simulators.automation_rig import AutomationRig

TOOLS = """\
{# words #}
{% set unit = 'lx' %}
{% macro greet(name) %}Hello {{ name }}!{% endmacro %}
{% macro lamp() -%}
  {{ states('light.a') }}
{%- endmacro %}
{% macro typo() %}
{{ nmae }}
{% endmacro %}
{% macro fails(x) %}

{{ 1 // x }}
{% endmacro %}
{% macro forever() %}{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}{% endmacro %}
{% macro unsafe() %}{{ ''.__class__.__mro__ }}{% endmacro %}
{% macro sees() %}{{ trigger is defined }}{% endmacro %}
"""


@pytest.fixture
def environment(hub: Hub, tmp_path: Path) -> TemplateEnvironment:
    write(tmp_path, TOOLS)
    made = TemplateEnvironment(hub.states, hub.clock, folder=tmp_path)
    made.macros.refresh(made.parse_macros)
    return made


def write(folder: Path, text: str, name: str = "tools.jinja") -> None:
    file = folder / "custom_templates" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def render(environment: TemplateEnvironment, text: str, **variables: object) -> str:
    template = Template(environment, text)
    template.check()
    return template.render(variables)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{% from 'tools.jinja' import greet %}{{ greet('you') }}", "Hello you!"),
        ("{% from 'tools.jinja' import greet as g, unit %}{{ g(unit) }}", "Hello lx!"),
        ("{% import 'tools.jinja' as t %}{{ t.greet(t.unit) }}", "Hello lx!"),
        ("{% from 'tools.jinja' import sees %}{{ sees() }}", "False"),
        ("{% from 'tools.jinja' import sees with context %}{{ sees() }}", "True"),
        ("{% include 'tools.jinja' %}", ""),
        ("{% include 'none.jinja' ignore missing %}x", "x"),
        ("{% from 'tools.jinja' import lamp %}{{ lamp() }}", "unknown"),
    ],
)
def test_imported(environment: TemplateEnvironment, text: str, expected: str) -> None:
    assert render(environment, text, trigger=1) == expected


def test_a_folder_within(environment: TemplateEnvironment, tmp_path: Path) -> None:
    write(
        tmp_path,
        "{% from 'tools.jinja' import greet %}{% macro twice(n) %}{{ greet(n) * 2 }}{% endmacro %}",
        "more/x.jinja",
    )
    environment.macros.refresh(environment.parse_macros)
    assert render(environment, "{% from 'more/x.jinja' import twice %}{{ twice('a') }}") == "Hello a!Hello a!"


def test_what_is_set_at_the_top_is_of_now(hub: Hub, environment: TemplateEnvironment, tmp_path: Path) -> None:
    write(tmp_path, "{% set lamp = states('light.a') %}")
    environment.macros.refresh(environment.parse_macros)
    template = Template(environment, "{% from 'tools.jinja' import lamp %}{{ lamp }}")
    assert template.render({}) == "unknown"
    hub.states.set("light.a", "on")
    assert template.render({}) == "on"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{% from 'tools.jinja' import fails %}{{ fails(0) }}", "custom_templates/tools.jinja:12: ZeroDivisionError: "),
        (
            "{% from 'tools.jinja' import forever %}{{ forever() }}",
            "custom_templates/tools.jinja:14: the template loops more than 1,000,000 times",
        ),
        (
            "{% from 'tools.jinja' import unsafe %}{{ unsafe() }}",
            "custom_templates/tools.jinja:15: access to attribute '__class__'",
        ),
        (
            "{% from 'tool.jinja' import greet %}{{ greet(1) }}",
            "there is no custom_templates/tool.jinja (did you mean 'tools.jinja'?)",
        ),
        ("\n{{ 1 }}\n{{ 1 // 0 }}", "line 2 of the template: ZeroDivisionError: "),
    ],
)
def test_failures_name_file_and_line(environment: TemplateEnvironment, text: str, said: str) -> None:
    with pytest.raises(TemplateError) as failure:
        render(environment, text)
    assert str(failure.value).startswith(f"template: {said}")


def test_limited_templates_stay_limited(environment: TemplateEnvironment) -> None:
    with pytest.raises(TemplateError, match="tools.jinja:5: states\\(\\) cannot be used here"):
        render(limited(environment), "{% from 'tools.jinja' import lamp %}{{ lamp() }}")


def test_an_undefined_name_is_said_once(environment: TemplateEnvironment, caplog: pytest.LogCaptureFixture) -> None:
    for text in ("{% from 'tools.jinja' import typo %}{{ typo() }}", "{% import 'tools.jinja' as t %}{{ t.typo() }}"):
        for _ in range(3):
            render(environment, text)
    assert caplog.messages == ["custom_templates/tools.jinja:8: template: 'nmae' is undefined"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ foo }}", "template: 'foo' is undefined"),
        ("a\n{{ foo }}", "template: line 2 of the template: 'foo' is undefined"),
        ("{% set a = 1 %}\n{{ a }}\n{% if foo %}{% endif %}", "template: line 3 of the template: 'foo' is undefined"),
        (
            "{% for a in [1, 2] %}\n{{ a }}\n{{ a.b }}{% endfor %}",
            "template: line 3 of the template: 'int object' has no attribute 'b'",
        ),
    ],
)
def test_warnings_name_the_line(
    environment: TemplateEnvironment, caplog: pytest.LogCaptureFixture, text: str, said: str
) -> None:
    template = Template(environment, text)
    for _ in range(2):
        template.render({})
    assert caplog.messages == [said]


class TestFiles:
    def test_a_broken_file_keeps_its_last_good_version(self, environment: TemplateEnvironment, tmp_path: Path) -> None:
        write(tmp_path, "{% macro greet(n) %}\n{{ n }\n{% endmacro %}")
        environment.macros.refresh(environment.parse_macros)
        assert [str(problem) for problem in environment.macros.problems] == [
            "custom_templates/tools.jinja:2: template: unexpected '}'"
        ]
        assert render(environment, "{% from 'tools.jinja' import greet %}{{ greet('you') }}") == "Hello you!"

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"{% macro a() %}", "custom_templates/x.jinja:1: template: Unexpected end of template. "),
            (
                b"{{ 1 | rond }}",
                "custom_templates/x.jinja: template: there is no filter 'rond' (did you mean 'round'?)",
            ),
            (b"\xff\xfea", "custom_templates/x.jinja:1: the file is in UTF-16: save it as UTF-8"),
            (b"a\n\xff", "custom_templates/x.jinja:2: the file is not in UTF-8 (byte 0xff): save it as UTF-8"),
            (
                b" " * (macros.MAX_BYTES + 1),
                "custom_templates/x.jinja: the file has 5.0 MB, more than the 5 MB of templates",
            ),
        ],
    )
    def test_what_is_wrong(self, environment: TemplateEnvironment, tmp_path: Path, content: bytes, said: str) -> None:
        (tmp_path / "custom_templates/x.jinja").write_bytes(content)
        environment.macros.refresh(environment.parse_macros)
        (problem,) = environment.macros.problems
        assert str(problem).startswith(said)
        with pytest.raises(TemplateError, match=r"x\.jinja"):
            render(environment, "{% import 'x.jinja' as x %}{{ x.a() }}")

    def test_without_a_folder(self, hub: Hub) -> None:
        made = TemplateEnvironment(hub.states, hub.clock)
        made.macros.refresh(made.parse_macros)
        assert made.macros.problems == []


NOTE = """\
- id: a
  triggers: [{trigger: mqtt, topic: go}]
  actions:
    - action: test.note
      data: {message: "{% from 'tools.jinja' import greet %}{{ greet('you') }}"}
"""


class TestInAutomations:
    async def test_a_saved_file_is_in_force(self, rig: AutomationRig) -> None:
        write(rig.folder, TOOLS)
        assert await rig.load(NOTE) == []
        before = rig.engine.entries()[0].automation
        rig.publish("go")
        write(rig.folder, TOOLS.replace("Hello", "Hi"))
        assert await rig.reload() == []
        rig.publish("go")
        assert rig.notes == ["Hello you!", "Hi you!"]
        assert rig.engine.entries()[0].automation is before  # nothing is restarted

    async def test_what_is_missing_is_said_until_it_comes(self, rig: AutomationRig) -> None:
        assert await rig.load(NOTE) == [
            "automations.yaml:5:23: warning: template: there is no custom_templates/tools.jinja"
        ]
        write(rig.folder, "{% macro great() %}{% endmacro %}")
        assert await rig.reload() == [
            "automations.yaml:5:23: warning: template: custom_templates/tools.jinja has no 'greet' (did you mean 'great'?)"
        ]
        write(rig.folder, TOOLS)
        assert await rig.reload() == []

    async def test_a_broken_file_is_a_problem(self, rig: AutomationRig) -> None:
        write(rig.folder, "{{")
        (problem,) = await rig.load(NOTE)
        assert problem.startswith("custom_templates/tools.jinja:1: template: ")

    def test_check_names_them_too(self, tmp_path: Path) -> None:
        write(tmp_path, "{{ 1 | rond }}", "bad.jinja")
        (tmp_path / "configuration.yaml").write_text("automation: !include automations.yaml\n")
        (tmp_path / "automations.yaml").write_text(NOTE)
        problems = check_automations(load(tmp_path).tree["automation"], folder=tmp_path)
        assert [str(problem) for problem in problems] == [
            "custom_templates/bad.jinja: template: there is no filter 'rond' (did you mean 'round'?)",
            "automations.yaml:5:23: warning: template: there is no custom_templates/tools.jinja (did you mean 'bad.jinja'?)",
        ]
