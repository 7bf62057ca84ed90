from __future__ import annotations

import pytest

from arvisd.config.schema import DOCS, SECTIONS, configuration_schema, documents
from arvisd.config.sections import CORE_SECTIONS


@pytest.mark.parametrize("name", ["configuration.schema.json", "configuration-keys.md"])
def test_what_is_generated_is_fresh(name: str) -> None:
    if not DOCS.is_dir():
        pytest.skip("not a checkout: no docs folder")
    assert (DOCS / name).read_text(encoding="utf-8") == documents()[name], "run: make generated"


def test_every_core_section_has_a_schema() -> None:
    assert {*SECTIONS, "automation", "script"} == set(CORE_SECTIONS)
    assert set(configuration_schema()["properties"]) == set(CORE_SECTIONS)


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
