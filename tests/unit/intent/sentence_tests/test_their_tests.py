"""Home Assistant's own sentence tests: all of July 2025 pass, with the sentences of that release.

Their present sentences ask for less (hardly any sensor by its class), so with those fewer can pass: the floors below are
what passed when this was written, and a change that loses one of them shows.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from arvisd.intent.sentence_tests.reading import find
from arvisd.intent.sentence_tests.run import run_files, run_tests

RELEASE = Path("intents/home-assistant-intents-2025-07")
SENTENCES = {"en": 1089, "ru": 447}
FLOORS = {"en": 0.68, "ru": 0.35}
"""Share that passes with the sentences that are installed."""
NOMINATIVE_LOSS = 0.03
"""Share that is lost where each Russian name is given in the nominative only."""


@pytest.mark.parametrize("language", ["en", "ru"])
def test_all_pass(test_data: Path, language: str) -> None:
    report = run_tests(test_data / RELEASE, language)
    assert [str(failure) for failure in report.failures] == []
    assert report.passed == SENTENCES[language]
    assert report.unread == 0


@pytest.mark.parametrize("language", ["en", "ru"])
def test_share_with_the_sentences_that_are_installed(test_data: Path, language: str) -> None:
    report = run_tests(test_data / RELEASE, language, installed=True)
    share = report.passed / (report.passed + report.failed)
    print("\n".join(map(str, report.failures)), f"= {language}: {share:.3f}", sep="\n")
    assert share >= FLOORS[language]


def test_russian_names_in_the_nominative_only(test_data: Path) -> None:
    """Nobody writes down the cases of each name, as their fixtures do: they are derived."""
    found = find(test_data / RELEASE / "tests/ru").files
    house = _in_nominative(found[0].house)
    report = run_files([msgspec.structs.replace(file, house=house) for file in found], test_data / RELEASE)
    wrong = [str(failure) for failure in report.failures if "the answer should be" not in failure.message]
    assert len(wrong) / SENTENCES["ru"] < NOMINATIVE_LOSS, "\n".join(wrong)


def _in_nominative(house: dict[str, Any]) -> dict[str, Any]:
    named = {
        key: [{**item, "name": nominative(item["name"])} for item in house.get(key, [])]
        for key in ("floors", "areas", "entities")
    }
    return {**house, **named}


def nominative(template: str) -> str:
    """Return a name as it stands in a dictionary: the first of each choice, nothing of what may be left out."""
    chosen, before = template, ""
    while chosen != before:
        before = chosen
        chosen = re.sub(r"\(([^()|\[\]]*)\|[^()\[\]]*\)", r"\1", re.sub(r"\[[^\[\]()]*\]", "", chosen))
    return " ".join(chosen.partition("|")[0].split())
