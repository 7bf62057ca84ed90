"""Every example of docs/scripts.md loads without a word, and every action that it speaks of is offered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from arvisd.inspection import inspect

PAGE = Path(__file__).parents[4] / "docs" / "scripts.md"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_example(number: int, tmp_path: Path) -> None:
    """As a reader copies it."""
    (tmp_path / "configuration.yaml").write_text(EXAMPLES[number])
    (tmp_path / "secrets.yaml").write_text("bell: hush\n")
    assert [str(problem) for problem in inspect(tmp_path)] == []


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 5
