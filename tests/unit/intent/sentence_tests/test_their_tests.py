"""Home Assistant's own sentence tests: all of July 2025 pass, with the sentences of that release.

With the present sentences, and arvisd's own, nearly all mean the same; many are answered in other words. The floors are
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
MISUNDERSTOOD = {"en": 10, "ru": 1}
"""How many mean something else with the sentences that are installed."""
ANSWERED_ALIKE = {"en": 0.95, "ru": 0.76}
"""Share that is answered in the same words, too."""
NOMINATIVE_LOSS = 0.03
"""Share that is lost where each Russian name is given in the nominative only."""


@pytest.mark.parametrize("language", ["en", "ru"])
def test_all_pass(test_data: Path, language: str) -> None:
    report = run_tests(test_data / RELEASE, language)
    assert [str(failure) for failure in report.failures] == []
    assert report.passed == SENTENCES[language]
    assert report.unread == 0


@pytest.mark.parametrize("language", ["en", "ru"])
def test_they_mean_the_same_with_the_sentences_that_are_installed(test_data: Path, language: str) -> None:
    report = run_tests(test_data / RELEASE, language, installed=True)
    wrong = [str(failure) for failure in report.failures if not failure.only_answer]
    assert len(wrong) <= MISUNDERSTOOD[language], "\n".join(wrong)
    assert report.passed / SENTENCES[language] > ANSWERED_ALIKE[language]


def test_russian_names_in_the_nominative_only(test_data: Path) -> None:
    """Nobody writes down the cases of each name, as their fixtures do: they are derived."""
    found = find(test_data / RELEASE / "tests/ru").files
    house = _in_nominative(found[0].house)
    report = run_files([msgspec.structs.replace(file, house=house) for file in found], test_data / RELEASE)
    wrong = [str(failure) for failure in report.failures if not failure.only_answer]
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
