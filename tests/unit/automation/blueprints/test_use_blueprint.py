"""Automations and scripts that are made of blueprints: what runs, where each part is said to stand, what a save reloads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from arvisd.automation.blueprints.shelf import Shelf
from arvisd.config import NodeDict, Pieces, key_mark_of, load, mark_of, secret_of
from tests.simulators.automation_rig import AutomationRig

ECHO = """\
blueprint:
  name: Echo
  domain: automation
  input:
    topic:
      name: Topic
      selector:
        text:
    text:
      default: nothing
    number:
      default: 1
      selector:
        number: {min: 0, max: 9}
    then:
      default: []
      selector: {action: }
mode: queued
variables:
  text: !input text
triggers:
  - trigger: mqtt
    topic: !input topic
actions:
  - action: test.note
    data:
      message: "{{ text }}"
      number: !input number
  - sequence: !input then
"""
USE = """\
- id: a
  alias: A
  use_blueprint:
    path: echo.yaml
    input:
      topic: go
      text: said
"""


@pytest.fixture
def echo(rig: AutomationRig) -> AutomationRig:
    blueprint(rig, ECHO)
    return rig


def blueprint(rig: AutomationRig, text: str, name: str = "echo.yaml", domain: str = "automation") -> None:
    rig.write(text, f"blueprints/{domain}/{name}")


def expanded(folder: Path, domain: str = "automation") -> Any:
    """Return the first automation of a folder with its blueprint in it."""
    node = load(folder).tree["automation"][0]
    result = Shelf(folder).expand(node, domain)
    assert result.valid, result.problems
    return result.node


async def test_it_runs(echo: AutomationRig) -> None:
    assert await echo.load(USE) == []
    echo.publish("go")
    assert echo.notes == ["said"]
    assert echo.calls[0].data.number == 1
    assert [(info.id, info.entity_id, info.mode, info.file, info.line) for info in echo.engine.list()] == [
        ("a", "automation.a", "queued", "automations.yaml", 1)
    ]


async def test_values_are_put_in_as_they_are(echo: AutomationRig) -> None:
    steps = USE + '      then:\n        - action: test.note\n          data: {message: "{{ text }} again"}\n'
    assert await echo.load(steps) == []
    echo.publish("go")
    assert echo.notes == ["said", "said again"]


async def test_a_template_is_rendered_when_it_runs(echo: AutomationRig) -> None:
    assert await echo.load(USE.replace("text: said", 'text: "{{ trigger.payload }}!"')) == []
    echo.publish("go", "hey")
    assert echo.notes == ["hey!"]


async def test_what_the_automation_writes_itself_goes_before(echo: AutomationRig) -> None:
    own = (
        '  mode: single\n  variables: {text: mine}\n  action: {action: test.note, data: {message: "own {{ text }}"}}\n'
    )
    assert await echo.load(USE + own) == []
    echo.publish("go")
    assert echo.notes == ["own mine"]
    assert echo.engine.list()[0].mode == "single"


async def test_both_spellings_in_the_automation_stay_an_error(echo: AutomationRig) -> None:
    assert await echo.load(USE + "  action: []\n  actions: []\n") == [
        "automations.yaml:8:3: an automation has both 'actions' and 'action': they are the same, leave 'action' out"
    ]


def test_marks_lead_to_where_each_part_is_written(echo: AutomationRig) -> None:
    echo.write("automation: !include automations.yaml\n", "configuration.yaml")
    echo.write(USE + "      then: [{delay: 5}]\n      number: !secret nine\n")
    echo.write("nine: 9\n", "secrets.yaml")
    node = expanded(echo.folder)
    assert isinstance(node, NodeDict)
    assert str(mark_of(node)) == "automations.yaml:1:3"
    trigger = node["triggers"][0]
    assert str(mark_of(trigger)) == "blueprints/automation/echo.yaml:22:5"
    assert str(key_mark_of(trigger, "topic")) == "blueprints/automation/echo.yaml:23:5"
    assert str(mark_of(trigger, "topic")) == "automations.yaml:6:14"
    assert str(mark_of(node["variables"], "text")) == "automations.yaml:7:13"
    data = node["actions"][0]["data"]
    assert str(mark_of(data, "message")) == "blueprints/automation/echo.yaml:27:16"
    assert str(mark_of(data, "number")) == "automations.yaml:9:15"
    assert secret_of(data, "number") == "nine"
    assert secret_of(data, "message") is None
    assert str(mark_of(node["actions"][1], "sequence")) == "automations.yaml:8:13"
    assert str(mark_of(node, "alias")) == "automations.yaml:2:10"
    assert str(mark_of(node, "mode")) == "blueprints/automation/echo.yaml:18:7"


def test_a_default_stands_in_the_blueprint(echo: AutomationRig) -> None:
    echo.write("automation: !include automations.yaml\n", "configuration.yaml")
    echo.write(USE)
    node = expanded(echo.folder)
    assert str(mark_of(node["actions"][0]["data"], "number")) == "blueprints/automation/echo.yaml:12:16"


def test_holes_in_lists_and_through_aliases_are_filled(rig: AutomationRig) -> None:
    head = "blueprint: {name: L, domain: automation, input: {x: }}\n"
    blueprint(rig, head + "variables: &v {a: !input x, b: [1, !input x]}\nmore: *v\nactions: []\n")
    rig.write("automation: [{use_blueprint: {path: echo.yaml, input: {x: {deep: 1}}}}]\n", "configuration.yaml")
    node = expanded(rig.folder)
    assert node["variables"] == {"a": {"deep": 1}, "b": [1, {"deep": 1}]} == node["more"]
    assert node["variables"] is node["more"]


async def test_errors_stand_where_the_fault_is(echo: AutomationRig) -> None:
    echo.write(ECHO.replace("trigger: mqtt", "trigger: mqqt"), "blueprints/automation/echo.yaml")
    assert await echo.load(USE) == [
        "blueprints/automation/echo.yaml:22:14: there is no trigger 'mqqt' (did you mean 'mqtt'?)"
    ]
    echo.write(ECHO, "blueprints/automation/echo.yaml")
    assert await echo.load(USE.replace("topic: go", "topic: a/#/b")) == [
        "automations.yaml:6:14: the trigger 'mqtt': '#' in 'a/#/b' must stand alone and last, as in 'a/b/#'"
    ]
    assert await echo.load(USE + "      then: [{dalay: 5}]\n") == [
        "automations.yaml:8:14: there is no step 'dalay' (did you mean 'delay'?)"
    ]


GIVEN = {
    "missing": (
        USE.replace("      topic: go\n", ""),
        ["automations.yaml:6:7: the blueprint 'echo.yaml' needs the input 'topic' (Topic)"],
    ),
    "none given": (
        "- use_blueprint: {path: echo.yaml}\n",
        ["automations.yaml:1:18: the blueprint 'echo.yaml' needs the input 'topic' (Topic)"],
    ),
    "unknown": (
        USE.replace("text: said", "txt: said"),
        [
            "automations.yaml:7:7: warning: the blueprint 'echo.yaml' has no input 'txt' (did you mean 'text'?): it is ignored"
        ],
    ),
    "unknown and far": (
        USE.replace("text: said", "zzzzz: said"),
        [
            "automations.yaml:7:7: warning: the blueprint 'echo.yaml' has no input 'zzzzz' (inputs: topic, text, number, then): it is ignored"
        ],
    ),
    "wrong value": (
        USE + "      number: 12\n",
        ["automations.yaml:8:15: warning: the input 'number': expected a number from 0 to 9, got the number 12"],
    ),
    "inputs in a list": (
        "- use_blueprint: {path: echo.yaml, input: [go]}\n",
        ["automations.yaml:1:43: use_blueprint.input: expected a mapping of inputs, got a list"],
    ),
    "hole in an automation": (
        USE.replace("said", "!input said"),
        ["automations.yaml:7:13: the input 'text': !input said: only a blueprint may hold this"],
    ),
    "no path": (
        "- use_blueprint: {input: {}}\n",
        ["automations.yaml:1:18: the key 'path' is missing in use_blueprint"],
    ),
    "unknown key": (
        "- use_blueprint: {path: echo.yaml, inputs: {}}\n",
        ["automations.yaml:1:36: unknown key 'inputs' in use_blueprint (did you mean 'input'?)"],
    ),
    "no mapping": (
        "- use_blueprint: echo.yaml\n",
        ["automations.yaml:1:18: use_blueprint: expected a mapping ('key: …'), got the text 'echo.yaml'"],
    ),
    "no such blueprint": (
        USE.replace("echo.yaml", "eco.yaml"),
        [
            (
                "automations.yaml:4:11: there is no blueprint blueprints/automation/eco.yaml (did you mean 'echo.yaml'?): "
                "'arvisd blueprint list' names them"
            )
        ],
    ),
    "no yaml": (
        USE.replace("echo.yaml", "echo"),
        ["automations.yaml:4:11: use_blueprint.path: 'echo' must end in .yaml"],
    ),
    "outside": (
        USE.replace("echo.yaml", "../../automations.yaml"),
        [
            (
                "automations.yaml:4:11: use_blueprint.path: '../../automations.yaml' must be a path below "
                "blueprints/automation/, without '..'"
            )
        ],
    ),
    "of a script": (
        USE.replace("echo.yaml", "steps.yaml"),
        ["automations.yaml:4:11: the blueprint 'steps.yaml' makes a script, not an automation"],
    ),
}


@pytest.mark.parametrize("case", GIVEN)
async def test_what_is_wrong_with_what_is_given(echo: AutomationRig, case: str) -> None:
    blueprint(echo, "blueprint: {name: S, domain: script}\nsequence: []\n", "steps.yaml", "script")
    text, expected = GIVEN[case]
    assert await echo.load(text) == expected
    runs = all(": warning: " in problem for problem in expected)
    assert echo.engine.list()[0].state == ("on" if runs else "unavailable")


async def test_a_broken_value_is_said_once(echo: AutomationRig) -> None:
    assert await echo.load(USE.replace("text: said", "text: !secret nope")) == [
        "automations.yaml:7:13: the secret 'nope' is not in secrets.yaml"
    ]


@pytest.mark.parametrize("empty", ['""', "[]", "{}", "null"])
async def test_an_optional_input_may_be_left_open(echo: AutomationRig, empty: str) -> None:
    text = ECHO.replace(
        "then:\n      default: []\n      selector: {action: }", "then:\n      default: []\n      selector: {entity: }"
    )
    blueprint(echo, text)
    problems = await echo.load(USE + f"      then: {empty}\n")
    assert [problem for problem in problems if "the input" in problem] == []


VISIBLE = """\
blueprint:
  name: V
  domain: automation
  input:
    kind: {default: short}
    detail:
      default: plain
      visible: {field: kind, value: long}
    section:
      visible: {field: kind, operator: in, value: [long, longer]}
      input:
        inner: {visible: {field: detail, operator: exists}}
variables: {detail: !input detail, inner: !input inner}
triggers: [{trigger: mqtt, topic: go}]
actions:
  - action: test.note
    data: {message: "{{ detail }} {{ inner }}"}
"""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("kind: long, detail: rich, inner: deep", "rich deep"),
        ("kind: short, detail: rich, inner: deep", "plain None"),
        ("kind: longer, detail: rich, inner: deep", "plain None"),
    ],
)
async def test_what_others_hide_has_its_default(rig: AutomationRig, given: str, said: str) -> None:
    blueprint(rig, VISIBLE)
    assert await rig.load(f"- {{id: a, use_blueprint: {{path: echo.yaml, input: {{{given}}}}}}}\n") == []
    rig.publish("go")
    assert rig.notes == [said]


class TestSaving:
    TWO = (
        USE
        + "- id: b\n  triggers: [{trigger: mqtt, topic: b}]\n  actions: [{delay: 10}, {action: test.note, data: {message: b}}]\n"
    )

    async def test_a_saved_blueprint_reloads_those_that_use_it(self, echo: AutomationRig) -> None:
        await echo.load(self.TWO)
        before = {entry.id: entry.automation for entry in echo.engine.entries()}
        echo.publish("b")
        blueprint(echo, ECHO.replace('"{{ text }}"', '"new {{ text }}"'))
        assert await echo.reload() == []
        after = {entry.id: entry.automation for entry in echo.engine.entries()}
        assert after["a"] is not before["a"]
        assert after["b"] is before["b"]
        echo.publish("go")
        await echo.clock.advance(10)
        assert echo.notes == ["new said", "b"]

    async def test_a_comment_changes_nothing(self, echo: AutomationRig) -> None:
        await echo.load(self.TWO)
        before = [entry.automation for entry in echo.engine.entries()]
        blueprint(echo, "# words\n" + ECHO)
        assert await echo.reload() == []
        assert [entry.automation for entry in echo.engine.entries()] == before

    async def test_a_broken_one_makes_only_its_own_invalid(self, echo: AutomationRig) -> None:
        await echo.load(self.TWO)
        blueprint(echo, ECHO.replace("triggers:", "triggers: ["))
        (problem,) = await echo.reload()
        assert problem.startswith("blueprints/automation/echo.yaml:22:3: ")
        assert [info.state for info in echo.engine.list()] == ["unavailable", "on"]
        echo.publish("go")
        assert echo.notes == ["said"]  # its last good version
        blueprint(echo, ECHO.replace("mode: queued", "mode: !input mood"))
        assert await echo.reload() == [
            (
                "blueprints/automation/echo.yaml:18:7: !input mood: the blueprint has no such input: "
                "declare it under 'blueprint: input:'"
            )
        ]
        assert echo.engine.list()[0].error.startswith("blueprints/automation/echo.yaml:18:7")
        blueprint(echo, ECHO)
        assert await echo.reload() == []
        assert [info.state for info in echo.engine.list()] == ["on", "on"]

    async def test_one_that_was_missing_comes(self, rig: AutomationRig) -> None:
        (problem,) = await rig.load(USE)
        assert "there is no blueprint" in problem
        blueprint(rig, ECHO)
        assert await rig.reload() == []
        rig.publish("go")
        assert rig.notes == ["said"]

    async def test_an_included_file_counts_too(self, rig: AutomationRig) -> None:
        rig.write("- {trigger: mqtt, topic: one}\n", "blueprints/automation/parts/triggers.yml")
        blueprint(
            rig,
            ECHO.replace("  - trigger: mqtt\n    topic: !input topic\n", "")
            .replace("triggers:", "triggers: !include parts/triggers.yml")
            .replace("    topic:\n      name: Topic\n      selector:\n        text:\n", ""),
        )
        use = USE.replace("      topic: go\n", "")
        assert await rig.load(use) == []
        rig.write("- {trigger: mqtt, topic: two}\n", "blueprints/automation/parts/triggers.yml")
        assert await rig.reload() == []
        rig.publish("one")
        rig.publish("two")
        assert rig.notes == ["said"]


async def test_one_broken_blueprint_is_said_once_by_check(echo: AutomationRig) -> None:
    from arvisd.automation.checking import check_automations

    blueprint(echo, ECHO.replace("mode: queued", "mode: queud"))
    echo.write("automation: !include automations.yaml\n", "configuration.yaml")
    echo.write(USE + USE.replace("id: a", "id: b"))
    problems = check_automations(load(echo.folder).tree["automation"], folder=echo.folder)
    assert [str(problem).split(": ")[0] for problem in problems] == ["blueprints/automation/echo.yaml:18:7"]


def test_the_same_again_is_the_same_node(tmp_path: Path) -> None:
    file = tmp_path / "blueprints/automation/echo.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(ECHO)
    (tmp_path / "configuration.yaml").write_text("automation: !include automations.yaml\n")
    (tmp_path / "automations.yaml").write_text(USE + USE.replace("id: a", "id: b"))
    pieces, shelf = Pieces(), Shelf(tmp_path)

    def nodes() -> list[Any]:
        shelf.refresh()
        return [shelf.expand(node, "automation").node for node in load(tmp_path, pieces=pieces).tree["automation"]]

    before = nodes()
    (tmp_path / "automations.yaml").write_text("# words\n" + USE + USE.replace("id: a", "id: b").replace("said", "new"))
    after = nodes()
    assert after[0] is before[0]  # so that a reload costs what changed
    assert str(mark_of(after[0]["triggers"][0], "topic")) == "automations.yaml:7:14"  # though it stands elsewhere
    assert after[1] is not before[1]
    file.write_text(ECHO + "# words\n")
    assert nodes() == after
    assert nodes()[0] is not before[0]


def test_scripts_are_expanded_too(rig: AutomationRig) -> None:
    blueprint(
        rig,
        "blueprint: {name: S, domain: script, input: {t: }}\nsequence: [{delay: !input t}]\nmode: restart\n",
        "s.yaml",
        "script",
    )
    node = {"alias": "Mine", "use_blueprint": {"path": "s.yaml", "input": {"t": 5}}}
    result = Shelf(rig.folder).expand(node, "script")
    assert result.valid
    assert result.path == "s.yaml"
    assert result.node == {"sequence": [{"delay": 5}], "mode": "restart", "alias": "Mine"}
    assert "use_blueprint" in node  # what was written is not changed


def test_ones_own_goes_before_what_comes_along(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shipped = shelf.find("automation", "arvisd/answer.yaml")
    assert shipped is not None
    assert not shipped.is_relative_to(tmp_path)
    own = tmp_path / "blueprints/automation/arvisd/answer.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(ECHO)
    shelf.refresh()
    assert shelf.find("automation", "arvisd/answer.yaml") == own
    assert [file for _, path, file in shelf.all() if path == "arvisd/answer.yaml"] == [own]


async def test_the_watch_sees_blueprints_and_macros(tmp_path: Path) -> None:
    from arvisd.config.snapshot import NOTHING, take_snapshot

    for name in ("blueprints/automation/me/x.yaml", "custom_templates/x.jinja"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a: 1\n")
    before = take_snapshot(tmp_path, (), NOTHING, frozenset())
    (tmp_path / "blueprints/automation/me/x.yaml").write_text("a: 23\n")
    (tmp_path / "custom_templates/x.jinja").write_text("b\n")
    now = take_snapshot(tmp_path, (), before, frozenset())
    assert now.changes(before) == {"blueprints/automation/me/x.yaml", "custom_templates/x.jinja"}


OPTIONAL = """\
blueprint:
  name: O
  domain: automation
  input:
    window: {default: [], selector: {entity: {multiple: true}}}
    lux: {default: [], selector: {entity: }}
triggers:
  - trigger: mqtt
    topic: go
  - trigger: state
    entity_id: !input window
    to: "on"
  - trigger: numeric_state
    entity_id: !input lux
    below: 5
conditions:
  - condition: state
    entity_id: !input window
    state: "on"
  - condition: numeric_state
    entity_id: !input lux
    below: 5
actions:
  - action: test.note
    data: {message: ran}
  - action: test.note
    target: {entity_id: !input window}
    data: {message: ran}
"""


async def test_an_entity_that_need_not_be_given_is_none(rig: AutomationRig) -> None:
    blueprint(rig, OPTIONAL)
    assert await rig.load("- use_blueprint: {path: echo.yaml}\n") == []
    rig.publish("go")
    assert rig.notes == ["ran", "ran"]
