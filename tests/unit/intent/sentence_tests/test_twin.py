"""A small set of our own in both layouts: what runs passes, what is wrong is said with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from arvisd.intent.sentence_tests.run import run_tests

TWIN = Path(__file__).parent / "twin"


@pytest.mark.parametrize(
    ("folder", "language", "sentences"),
    [
        ("older", "en", 8),
        ("older", "ru", 5),
        ("newer", "en", 6),
        ("newer", "ru", 2),
        ("older/en/light_HassTurnOn.yaml", "", 4),
        ("newer/en/HassTimerStatus", "", 2),
        ("newer", "", 8),
    ],
)
def test_all_pass(folder: str, language: str, sentences: int) -> None:
    report = run_tests(TWIN / folder, language)
    assert [str(failure) for failure in report.failures] == []
    assert (report.passed, report.unread) == (sentences, 0)
    assert all(origin.startswith("home-assistant-intents 20") for origin in report.sentences.values())


def test_what_is_wrong_is_said() -> None:
    report = run_tests(TWIN / "wrong")
    file = TWIN / "wrong/en/HassTurnOn/name_only.yaml"
    assert [str(failure).replace(str(file), "FILE") for failure in report.failures] == [
        "FILE:7: 'turn on the kiln' (HassTurnOn name='Lathe'): name should be 'Lathe', is 'Kiln'",
        "FILE:8: 'turn off the lathe' (HassTurnOn name='Lathe'): expected HassTurnOn, got HassTurnOff name='lathe'",
        "FILE:9: 'polish the kiln' (HassTurnOn name='Lathe'): it was not understood",
        "FILE:11: 'turn on the lathe' (HassTurnOn name='Lathe' area='Shed'): area should be 'Shed', is missing",
        (
            "FILE:13: 'turn on the kiln' (HassTurnOn name='Kiln'): the answer should be 'The kiln is hot',"
            " is 'Turned on the switch'"
        ),
    ]
    assert [str(problem).replace(str(file), "FILE") for problem in report.problems] == [
        "FILE:16:5: a test needs 'sentences:' with a list of sentences"
    ]
    assert (report.passed, report.failed, report.unread) == (0, 5, 1)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("language: en\ntests: [")
    (tmp_path / "mute.yaml").write_text("tests:\n  - sentences: [hello]\n    intent: {name: HassRespond}\n")
    (tmp_path / "other.yaml").write_text("something: else\n")
    report = run_tests(tmp_path)
    assert [str(problem).replace(f"{tmp_path}/", "") for problem in report.problems] == [
        "broken.yaml:3:1: a value is missing here",
        "mute.yaml:1:1: say the language of these tests: 'language: en'",
    ]
    assert report.unread == 2


def test_sentences_of_the_user_are_tested_the_same_way(tmp_path: Path) -> None:
    config = tmp_path / "config"
    (config / "sentences/en").mkdir(parents=True)
    (config / "sentences/en/kiln.yaml").write_text(
        """intents:
  FireKiln:
    data: [{sentences: ["fire [up] [the] {name} to {heat} [degrees]"]}]
lists:
  heat: {range: {from: 0, to: 1300}}
responses:
  intents:
    FireKiln: {default: "{{ name }} goes to {{ slots.heat }}"}
"""
    )
    tests = tmp_path / "tests.yaml"
    tests.write_text(
        """language: en
intent: FireKiln
entities: [{name: Kiln, domain: switch}]
tests:
  - sentences: ["fire up the kiln to nine hundred degrees", "Fire kiln to 900"]
    slots: {name: Kiln, heat: 900}
    response: ["Kiln goes to 900", "Kiln goes to nine hundred"]
"""
    )
    report = run_tests(tests, "", config)
    assert [str(failure) for failure in report.failures] == []
    assert report.passed == 2
    assert run_tests(tests, "").failed == 2  # without the user's sentences
