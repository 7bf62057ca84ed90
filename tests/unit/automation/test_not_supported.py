"""The page says exactly what is refused by name: it is held against the tables that refuse."""

from __future__ import annotations

import re
from pathlib import Path

from arvisd.automation import conditions, steps, triggers
from arvisd.automation.domains import refused
from arvisd.automation.helpers.template.platforms import NOT_YET

DOCS = Path(__file__).parents[3] / "docs"


def section() -> str:
    text = (DOCS / "automations.md").read_text()
    return text.partition("## What is not supported yet")[2].partition("\n## ")[0]


def test_template_entities() -> None:
    (row,) = [line for line in section().splitlines() if line.startswith("| template entities of the kinds")]
    assert set(re.findall(r"`([a-z_]+)`", row)) == NOT_YET


def test_what_integrations_bring() -> None:
    (row,) = [line for line in section().splitlines() if line.startswith("| the triggers `")]
    assert set(re.findall(r"`([a-z_]+)`", row)) == set(triggers.BROUGHT)


def test_no_kind_of_part_is_promised_for_later() -> None:
    for types in (triggers.built_in(), conditions.built_in(), steps.built_in()):
        assert not types.refused, f"name them in the page: {types.refused}"


def test_what_is_refused_of_a_domain() -> None:
    page = (DOCS / "automations-domains.md").read_text().partition("## Not here")[2]
    named = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", page))
    assert named >= {*refused.TRIGGERS, *refused.CONDITIONS}
