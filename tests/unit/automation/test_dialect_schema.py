"""The JSON Schema of the dialect takes what the reader takes, and refuses what editors should underline."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from arvisd.automation.checking import check_automations
from arvisd.automation.rehearsal.document import read_yaml
from arvisd.config import load

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "docs" / "automations.schema.json"


def validator(definition: str = "automations") -> Any:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator({**schema, "$ref": f"#/$defs/{definition}"})


def misfits(node: Any, definition: str = "automations") -> list[str]:
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in validator(definition).iter_errors(node)
    ]


def parsed(tmp_path: Path, text: str) -> Any:
    (tmp_path / "automations.yaml").write_text(text)
    node, problems = read_yaml(tmp_path, tmp_path / "automations.yaml")
    assert problems == []
    return node


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "file",
    [file for file in sorted((ROOT / "automations").rglob("*.yaml")) if not file.name.endswith(".test.yaml")],
    ids=lambda file: file.name,
)
def test_what_is_shipped_fits(file: Path) -> None:
    node, problems = read_yaml(ROOT, file)
    assert problems == []
    assert misfits(node) == []


def test_what_the_documentation_shows_fits(tmp_path: Path) -> None:
    shown = 0
    for page in ("automations.md", "automation-tests.md", "editors.md", "ru/automations.md"):
        path = ROOT / "docs" / page
        if not path.is_file():
            continue
        for block in re.findall(r"```yaml\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
            (tmp_path / "block.yaml").write_text(block)
            node, _ = read_yaml(tmp_path, tmp_path / "block.yaml")
            if isinstance(node, list) and node and isinstance(node[0], dict) and {"triggers", "trigger"} & set(node[0]):
                shown += 1
                assert misfits(node) == [], block
    assert shown


def test_a_real_house_fits(test_data: Path, tmp_path: Path) -> None:
    house = test_data / "ha_automations" / "renemarc"
    (tmp_path / "configuration.yaml").write_text(
        "automation: !include_dir_merge_list automations/\nscript: !include_dir_named scripts/\n"
    )
    for part in ("automations", "scripts"):
        (tmp_path / part).symlink_to(house / part)
    names = {name for file in house.rglob("*.yaml") for name in re.findall(r"!secret (\w+)", file.read_text())}
    (tmp_path / "secrets.yaml").write_text("".join(f"{name}: hush\n" for name in sorted(names)))
    tree = load(tmp_path).tree
    assert misfits(tree["automation"]) == []
    assert misfits(tree["script"], "scripts") == []


GOOD = {
    "older spellings": "- trigger: {platform: state, entity_id: light.a}\n  action: {service: light.turn_on, entity_id: light.b}\n",
    "one of each": "triggers: {trigger: time, at: '07:00'}\nactions: {delay: 5}\n",
    "a nested list of triggers": "- triggers: [{triggers: [{trigger: tag, tag_id: a}]}]\n  actions: []\n",
    "bare templates": "- triggers: []\n  conditions: '{{ true }}'\n  actions: ['{{ false }}', {if: '{{ true }}', then: []}]\n",
    "conditions in short": "- triggers: []\n  conditions: [{or: ['{{ 1 }}', {not: [{condition: state, entity_id: a.b, state: on}]}]}]\n  actions: []\n",
    "a condition that is a template, with an alias": "- conditions: [{condition: '{{ true }}', alias: x}]\n  actions: []\n",
    "numbers as text": "- mode: queued\n  max: '5'\n  triggers: {trigger: numeric_state, entity_id: sensor.a, above: '5'}\n  actions: {repeat: {count: '{{ 2 }}', sequence: []}}\n",
    "words for true": "- initial_state: 'on'\n  triggers: {trigger: webhook, webhook_id: a, local_only: 'no'}\n  actions: []\n",
    "enabled by a template": "- triggers: [{trigger: tag, tag_id: a, enabled: '{{ false }}'}]\n  actions: [{delay: 1, enabled: false}]\n",
    "a domain's trigger": "- triggers: [{trigger: light.turned_on, target: {area_id: kitchen}, options: {for: '00:01:00'}}]\n  actions: []\n",
    "of a blueprint": "- use_blueprint: {path: arvisd/say_at.yaml, input: {at: '07:00'}}\n",
    "options among automations": "- on_error: stop\n- triggers: []\n  actions: []\n",
    "every step": (
        "- triggers: []\n  actions:\n"
        "    - {wait_template: '{{ 1 }}', timeout: {minutes: 1}, continue_on_timeout: false}\n"
        "    - {wait_for_trigger: {trigger: event, event_type: a}}\n"
        "    - choose: {conditions: '{{ 1 }}', sequence: {delay: 1}}\n      default: []\n"
        "    - {choose: [{condition: '{{ 1 }}', sequence: []}]}\n"
        "    - parallel: [{sequence: []}, {delay: 1}, [{delay: 1}, {stop: done, error: true}]]\n"
        "    - {variables: {a: 1}}\n    - {set_conversation_response: '{{ a }}'}\n    - {event: a, event_data: {b: 1}}\n"
        "    - {scene: scene.a}\n    - {sequence: [{delay: '{{ x }}'}]}\n    - {condition: template, value_template: '{{ 1 }}'}\n"
        "    - {repeat: {while: '{{ 1 }}', sequence: {delay: 1}}}\n    - {repeat: {for_each: [1, 2], sequence: []}}\n"
        "    - {action: my.own, data: {a: 1}, target: {entity_id: [a.b]}, response_variable: x, continue_on_error: true}\n"
        "    - {device_id: x, domain: light, type: turn_on, entity_id: light.a}\n"
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_fits(name: str, tmp_path: Path) -> None:
    node = parsed(tmp_path, GOOD[name])
    assert [str(each) for each in check_automations(node) if each.severity == "error" and "blueprint" not in name] == []
    assert misfits(node) == []


WRONG = {
    "no actions": ("- triggers: []\n", "is not valid under any of the given schemas"),
    "a slip in a key": ("- trigers: []\n  actions: []\n", "'trigers' was unexpected"),
    "a mode that is none": ("- mode: twice\n  actions: []\n", "'twice' is not one of"),
    "both spellings": ("- triggers: []\n  trigger: []\n  actions: []\n", "should not be valid under"),
    "both spellings of a trigger's kind": (
        "- triggers: {trigger: state, platform: state, entity_id: a.b}\n  actions: []\n",
        "should not be valid under",
    ),
    "a trigger that is none": ("- triggers: {trigger: stat, entity_id: a.b}\n  actions: []\n", "'stat' is not one of"),
    "a trigger without what it needs": (
        "- triggers: {trigger: mqtt}\n  actions: []\n",
        "'topic' is a required property",
    ),
    "a key of another trigger": (
        "- triggers: {platform: mqtt, topic: a, entity_id: a.b}\n  actions: []\n",
        "'entity_id' was unexpected",
    ),
    "an event of the sun that is none": (
        "- triggers: {trigger: sun, event: noon}\n  actions: []\n",
        "is not valid under any",
    ),
    "a condition that is no template": ("- conditions: nobody\n  actions: []\n", "'nobody' does not match"),
    "a condition that is none": ("- conditions: {condition: stat}\n  actions: []\n", "is not valid under any"),
    "a condition without what it needs": (
        "- conditions: {condition: state, entity_id: a.b}\n  actions: []\n",
        "'state' is a required property",
    ),
    "a step that is none": ("- actions: {dely: 5}\n", "'action' is a required property"),
    "a key too many in a step": ("- actions: {delay: 5, until: 7}\n", "'until' was unexpected"),
    "a unit that is none": ("- actions: {delay: {minuts: 5}}\n", "is not valid under any"),
    "a target that is none": ("- actions: {action: light.turn_on, target: {entity: a.b}}\n", "is not valid under any"),
    "a branch without steps": ("- actions: {choose: [{conditions: '{{ 1 }}'}]}\n", "'sequence' is a required property"),
    "two ways to end a loop": (
        "- actions: {repeat: {count: 1, while: '{{ 1 }}', sequence: []}}\n",
        "is valid under each of",
    ),
    "deep inside": ("- actions: {if: '{{ 1 }}', then: {parallel: [[{delay: 1, x: 2}]]}}\n", "'x' was unexpected"),
    "an option of a domain's trigger": (
        "- triggers: {trigger: light.turned_on, target: {area_id: a}, options: {fr: 5}}\n  actions: []\n",
        "'fr' was unexpected",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_does_not_fit(name: str, tmp_path: Path) -> None:
    text, expected = WRONG[name]
    node = parsed(tmp_path, text)
    assert [each for each in check_automations(node) if each.severity == "error"], "the reader takes it"
    found = misfits(node)
    assert any(expected in each for each in found), found


def test_scripts() -> None:
    fields = {"room": {"required": True, "default": 3, "selector": {"text": None}}}
    script = {"film": {"fields": fields, "mode": "restart", "sequence": [{"delay": 1}]}}
    assert misfits(script, "scripts") == []
    assert misfits({"film": {"sequenc": []}}, "scripts")
    assert misfits({"Film night": {"sequence": []}}, "scripts")


def test_an_include_is_text_to_an_editor() -> None:
    included = {"triggers": "triggers.yaml", "conditions": ["a.yaml"], "actions": ["steps/night.yaml", {"delay": 1}]}
    assert misfits([included, "more/"]) == []
    assert misfits([{**included, "actions": "nothing"}])


def test_the_configuration_holds_it(tmp_path: Path) -> None:
    """`automation:` and `script:` of configuration.yaml point to it; an `!include` is text to an editor."""
    from referencing import Registry, Resource

    address = "https://example.org/docs/"
    registry = Registry().with_resources(
        (address + file.name, Resource.from_contents(json.loads(file.read_text(encoding="utf-8"))))
        for file in (ROOT / "docs").glob("*.schema.json")
    )
    schema = {**json.loads((ROOT / "docs" / "configuration.schema.json").read_text()), "$id": address + "c.json"}
    fits = jsonschema.Draft202012Validator(schema, registry=registry)
    assert fits.is_valid({"automation": "automations.yaml", "script": None})
    assert fits.is_valid({"automation": [{"triggers": [], "actions": []}], "script": {"a": {"sequence": []}}})
    assert not fits.is_valid({"automation": [{"triggers": []}]})
    assert not fits.is_valid({"script": {"a": {"sequnce": []}}})


def test_a_start_does_without_it() -> None:
    """Nothing that the daemon imports makes the schema."""
    code = "import sys, arvisd.daemon; print([n for n in sys.modules if 'dialect_schema' in n or 'rehearsal' in n])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
