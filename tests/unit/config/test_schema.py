from __future__ import annotations

import json
from pathlib import Path

import pytest

from arvisd.automation.helpers.kinds import KINDS
from arvisd.config.schema import DOCS, SECTIONS, configuration_schema, documents
from arvisd.config.sections import CORE_SECTIONS


@pytest.mark.parametrize(
    "name",
    [
        "configuration.schema.json",
        "automations.schema.json",
        "automation-tests.schema.json",
        "configuration-keys.md",
    ],
)
def test_what_is_generated_is_fresh(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == documents()[name], "run: make generated"


def test_every_core_section_has_a_schema() -> None:
    assert {*SECTIONS, "automation", "script"} == set(CORE_SECTIONS)
    helpers = {kind.domain for kind in KINDS if kind.section}
    assert set(configuration_schema()["properties"]) == {*CORE_SECTIONS, *helpers}


def test_sections_of_helpers() -> None:
    """By id, in a list, or in short: as each kind is written."""
    properties = configuration_schema()["properties"]
    item = properties["input_number"]["additionalProperties"]["anyOf"]
    assert item == [{"$ref": "#/$defs/InputNumberSettings"}, {"type": "null"}]
    assert properties["group"]["additionalProperties"]["anyOf"][1] == {"type": ["array", "string"]}
    assert properties["zone"]["anyOf"][0] == {"type": "array", "items": {"$ref": "#/$defs/ZoneSettings"}}
    counter = configuration_schema()["$defs"]["CounterSettings"]
    assert counter["properties"]["step"]["minimum"] == 1
    assert counter["properties"]["minimum"]["anyOf"] == [{"type": "integer"}, {"type": "null"}]


def test_what_editors_need_is_there() -> None:
    definitions = configuration_schema()["$defs"]
    assert definitions["ArvisdSettings"]["properties"]["language"]["enum"] == ["en", "ru"]
    assert definitions["ArvisdSettings"]["additionalProperties"] is False
    assert definitions["ModelsSettings"]["properties"]["path"]["type"] == [
        "array",
        "string",
        "number",
        "boolean",
        "object",
    ]
    assert definitions["ArvisdSettings"]["properties"]["elevation"]["description"] == "Of the house, in metres."


@pytest.mark.parametrize("file", sorted(DOCS.glob("*.schema.json")), ids=lambda file: file.name)
def test_no_reference_leads_nowhere(file: Path) -> None:
    schemas = {each.name: json.loads(each.read_text(encoding="utf-8")) for each in DOCS.glob("*.schema.json")}
    pending = [(file.name, schemas[file.name])]
    while pending:
        where, node = pending.pop()
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                name, _, pointer = node["$ref"].partition("#/$defs/")
                assert not pointer or pointer in schemas[name or file.name]["$defs"], f"{where}: {node['$ref']}"
            pending += [(f"{where}/{key}", value) for key, value in node.items()]
        elif isinstance(node, list):
            pending += [(where, value) for value in node]
