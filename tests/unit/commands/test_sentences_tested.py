"""`arvisd sentences test`: what it prints and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from arvisd import cli

TESTS = """language: en
entities: [{name: Kiln, domain: switch}]
tests:
  - sentences: ["turn on the kiln"]
    slots: {name: Kiln}
  - sentences: ["turn off the kiln"]
    slots: {name: Kiln}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ARVISD_CONFIG", str(tmp_path / "config"))
    (tmp_path / "HassTurnOn").mkdir()
    (tmp_path / "HassTurnOn/name_only.yaml").write_text(TESTS)
    return tmp_path


def test_failures_are_printed_and_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sentences", "test", str(folder), "--language", "en"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        (
            f"{folder}/HassTurnOn/name_only.yaml:6: 'turn off the kiln' (HassTurnOn name='Kiln'):"
            " expected HassTurnOn, got HassTurnOff name='kiln'"
        ),
        "1 passed, 1 failed",
    ]


def test_each_file_is_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["sentences", "test", str(folder), "--verbose"])
    first = capsys.readouterr().out.splitlines()[0]
    assert first == f"{folder}/HassTurnOn/name_only.yaml: 1 passed, 1 FAILED"


def test_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sentences", "test", str(folder), "--json"]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert (printed["passed"], printed["failed"]) == (1, 1)
    assert printed["failures"] == [
        {
            "file": f"{folder}/HassTurnOn/name_only.yaml",
            "line": 6,
            "language": "en",
            "sentence": "turn off the kiln",
            "expected": "HassTurnOn name='Kiln'",
            "message": "expected HassTurnOn, got HassTurnOff name='kiln'",
            "only_answer": False,
        }
    ]


def test_all_passed_is_success(folder: Path) -> None:
    file = folder / "HassTurnOn/name_only.yaml"
    file.write_text(TESTS.replace("turn off", "switch on"))
    assert cli.main(["sentences", "test", str(file)]) == 0


def test_nothing_to_test_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sentences", "test", str(folder), "--language", "ru"]) == 1
    assert capsys.readouterr().err == (
        f"arvisd: there are no tests in 'ru' in {folder}: a file of tests holds 'language:' and 'tests:'\n"
    )
    assert cli.main(["sentences", "test", str(folder / "nowhere")]) == 1
    assert capsys.readouterr().err == f"arvisd: there is no {folder}/nowhere\n"
