"""The JSON Schema of test files takes what the reader takes; what the documentation shows can be read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from arvisd.automation.rehearsal.document import read_suite, read_yaml

ROOT = Path(__file__).parents[4]
SCHEMA = ROOT / "docs" / "automation-tests.schema.json"


def misfits(node: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(node)]


@pytest.mark.parametrize("file", sorted((ROOT / "automations").glob("*.test.yaml")), ids=lambda file: file.name)
def test_what_is_shipped_fits(file: Path) -> None:
    node, problems = read_yaml(ROOT, file)
    assert problems == []
    assert misfits(node) == []


def test_what_the_documentation_shows(tmp_path: Path) -> None:
    shown = 0
    for page in ("automation-tests.md", "automations.md"):
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        for block in re.findall(r"```yaml\n(tests:.*?)```", text, re.DOTALL):
            (tmp_path / "block.yaml").write_text(block)
            suite = read_suite(tmp_path, tmp_path / "block.yaml")
            assert suite.problems == []
            assert suite.tests
            assert misfits(read_yaml(tmp_path, tmp_path / "block.yaml")[0]) == []
            shown += 1
    assert shown == 2


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ({"tests": [{"nam": "x"}]}, "'nam' was unexpected"),
        ({"test": []}, "'tests' is a required property"),
        ([{"name": "x", "when": {"mqqt": {}}}], "'mqqt' was unexpected"),
        ([{"name": "x", "when": [{"mqtt": {"payload": 1}}]}], "0/when/0/mqtt: "),
        ([{"name": "x", "expect": {"outcome": "well"}}], "0/expect/outcome: "),
        ([{"name": "x", "expect": "nothing"}], "'none' was expected"),
        ([{"name": "x", "expect": [{"action": "light.turn_on", "dta": {}}]}], "'dta' was unexpected"),
        ([{"name": "x", "steps": [{"wen": {}}]}], "'wen' was unexpected"),
        ([{"name": "x", "given": {"responses": {"a.b": {"return": 1}}}}], "'return' was unexpected"),
    ],
)
def test_does_not_fit(node: Any, said: str) -> None:
    found = misfits(node)
    assert any(said in each for each in found), found
