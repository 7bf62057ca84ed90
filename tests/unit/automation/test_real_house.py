"""The automations of a real house, written for Home Assistant over years, load as they are."""

from __future__ import annotations

import re
from pathlib import Path

from arvisd.automation.checking import check_automations
from arvisd.automation.engine import AutomationEngine
from arvisd.config import load
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner

KNOWN_WARNING = "nothing is above 74 and below 65 at once"
"""An oversight of the house's owner, which Home Assistant takes in silence."""


def house(test_data: Path, folder: Path) -> Path:
    """Lay out a configuration folder that includes the house's automations, with secrets of the right names."""
    automations = test_data / "ha_automations" / "renemarc" / "automations"
    (folder / "configuration.yaml").write_text("automation: !include_dir_merge_list automations/\n")
    (folder / "automations").symlink_to(automations)
    names = {name for file in automations.rglob("*.yaml") for name in re.findall(r"!secret (\w+)", file.read_text())}
    (folder / "secrets.yaml").write_text("".join(f"{name}: hush\n" for name in sorted(names)))
    return folder


def test_checked(test_data: Path, tmp_path: Path) -> None:
    loaded = load(house(test_data, tmp_path))
    assert loaded.problems == ()
    assert len(loaded.tree["automation"]) == 79
    problems = check_automations(loaded.tree["automation"])
    assert [problem.message for problem in problems if problem.severity == "error"] == []
    assert len(problems) == 1
    assert problems[0].message.endswith(KNOWN_WARNING)


async def test_loaded(test_data: Path, tmp_path: Path) -> None:
    hub = Hub()
    async with Owner("automations") as owner:
        engine = AutomationEngine(hub, None, owner)
        await engine.load(load(house(test_data, tmp_path)).tree["automation"])
        infos = engine.list()
        assert len({info.entity_id for info in infos}) == 79
        assert {info.state for info in infos} == {"on", "off"}  # some have initial_state: false
        for info in infos:  # each runs to an end, though nobody here offers its actions
            engine.trigger(info.entity_id)
        await engine.stop()
    outcomes = {trace.outcome for info in infos for trace in engine.traces(info.entity_id)}
    assert outcomes <= {"finished", "error", "cancelled", "aborted"}
