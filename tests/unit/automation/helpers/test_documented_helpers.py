"""Every example of docs/helpers.md loads without a word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from arvisd.automation.helpers.kinds import KINDS
from tests.simulators.helper_rig import HelperRig

PAGE = Path(__file__).parents[4] / "docs" / "helpers.md"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
async def test_example(rig: HelperRig, number: int) -> None:
    """As a reader copies it."""
    assert rig.load(EXAMPLES[number]) == []
    assert rig.helpers.entity_ids


def test_every_action_is_documented() -> None:
    """The tables name each action of the kinds that the page is about."""
    page = PAGE.read_text(encoding="utf-8")
    described = ("input_", "counter", "timer", "group")
    missing = [
        f"{kind.domain}.{action.name}"
        for kind in KINDS
        if kind.domain.startswith(described)
        for action in kind.actions
        if f"`{action.name}`" not in page and f"`{kind.domain}.{action.name}`" not in page
    ]
    assert missing == []
