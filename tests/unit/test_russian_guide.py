"""The examples of the Russian guide load as they are written."""

import re
from pathlib import Path

from arvisd.inspection import inspect

PAGE = Path(__file__).parents[2] / "docs" / "ru" / "automations.md"
AREAS = "home: {areas: [{id: hall, name: H}, {id: nursery, name: N}, {id: living_room, name: L}]}\n"


def test_its_examples_load(tmp_path):
    hall, sections, triggers, helpers = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert "automation: !include automations.yaml" in sections
    (tmp_path / "configuration.yaml").write_text(
        f"automation: !include automations.yaml\n{AREAS}{helpers}", encoding="utf-8"
    )
    indented = "".join(f"  {line}\n" for line in triggers.splitlines())
    (tmp_path / "automations.yaml").write_text(f"{hall}- alias: X\n  actions: []\n{indented}", encoding="utf-8")
    assert [str(problem) for problem in inspect(tmp_path)] == []
