from __future__ import annotations

import pytest

from arvisd.config.schema import SECTIONS, TARGET, configuration_schema, schema_text
from arvisd.config.sections import CORE_SECTIONS


def test_the_schema_in_docs_is_fresh() -> None:
    if not TARGET.parent.is_dir():
        pytest.skip("not a checkout: no docs folder")
    assert TARGET.read_text(encoding="utf-8") == schema_text(), "run: python -m arvisd.config.schema"


def test_every_core_section_has_a_schema() -> None:
    assert {*SECTIONS, "automation"} == set(CORE_SECTIONS)
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
