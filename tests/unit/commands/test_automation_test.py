"""`arvisd automation test` as people and their CI call it; the tests of the automations that come with arvisd pass."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from arvisd.cli import main
from arvisd.config import load

SHIPPED = Path(__file__).parents[3] / "automations"

AUTOMATION = """\
- id: hall
  alias: Hall light
  triggers: {trigger: event, event_type: knock}
  actions: {action: light.turn_on, target: {entity_id: light.hall}}
- {id: bell, alias: Bell, triggers: [], actions: []}
"""
TESTS = """\
- name: somebody knocks
  automation: hall
  when: {event: knock}
  expect: [light.turn_on]
"""
FAILING = """\
- name: nobody is heard
  automation: hall
  when: {event: knock}
  expect: none
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration with its tests beside its automations; the current folder, as in a checkout."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ARVISD_CONFIG", raising=False)
    (tmp_path / "configuration.yaml").write_text("automation: !include_dir_merge_list automations\n")
    (tmp_path / "automations").mkdir()
    (tmp_path / "automations" / "hall.yaml").write_text(AUTOMATION)
    (tmp_path / "automations" / "hall.test.yaml").write_text(TESTS)
    return tmp_path


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.test.yaml")), ids=lambda file: file.name)
def test_what_is_shipped(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["automation", "test", str(file)])
    assert code == 0, capsys.readouterr().out
    assert "without a test" not in capsys.readouterr().out


def test_each_shipped_automation_has_tests() -> None:
    files = {file.name for file in SHIPPED.glob("*.yaml")}
    assert {name for name in files if not name.endswith(".test.yaml")} == {
        name.replace(".test.yaml", ".yaml") for name in files if name.endswith(".test.yaml")
    }


def test_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert load(folder).problems == ()  # the tests are not taken for automations
    assert main(["automation", "test", "automations"]) == 0
    assert capsys.readouterr().out == "1 passed\nwithout a test: Bell (automations/hall.yaml:5)\n"


def test_a_failure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "more.test.yaml").write_text(FAILING)
    assert main(["automation", "test", "."]) == 1
    lines = capsys.readouterr().out.splitlines()
    run = lines[3].split()
    assert lines[:3] == [
        "✗ nobody is heard  more.test.yaml:1",
        "  more.test.yaml:4:11: expected no action, but 1 came",
        "      1. light.turn_on entity_id light.hall",
    ]
    assert run[:4] == ["✓", "12:00:00", "automation.hall_light", "run"]
    assert lines[4:7] == [
        "    ├ ✓ trigger/0 event  automations/hall.yaml:3:13",
        "    │      event knock",
        "    └ ✓ action/0 light.turn_on 0.00 ms  automations/hall.yaml:4:12",
    ]
    assert lines[-2:] == ["1 passed, 1 failed", "without a test: Bell (automations/hall.yaml:5)"]


def test_verbose_shows_what_passes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["automation", "test", "automations", "--verbose"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("✓ somebody knocks  automations/hall.test.yaml:1\n    ✓ 12:00:00 automation.hall_light run")


def test_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "more.test.yaml").write_text(FAILING)
    assert main(["automation", "test", ".", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["passed"], report["failed"], report["skipped"]) == (1, 1, 0)
    assert report["untested"] == [{"automation": "Bell", "file": "automations/hall.yaml", "line": 5}]
    failed = next(test for test in report["tests"] if test["outcome"] == "failed")
    assert failed["failures"] == [
        {
            "file": "more.test.yaml",
            "line": 4,
            "column": 11,
            "message": "expected no action, but 1 came",
            "came": ["1. light.turn_on entity_id light.hall"],
        }
    ]
    assert failed["traces"][0]["outcome"] == "finished"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tests: [\n", "wrong.test.yaml:2:1: "),
        ("", "wrong.test.yaml:1:1: a test file holds 'tests:', a list of them: see docs/automation-tests.md"),
        ("tests:\n  - {name: x, whn: 1}\n", "wrong.test.yaml:2:15: unknown key 'whn' in test (did you mean 'when'?)"),
        ("tests:\n  - {when: {event: a}}\n", "wrong.test.yaml:2:5: the key 'name' is missing in test"),
        ("tests: []\n", ""),
        ("file: none.yaml\ntests: []\n", "none.yaml: the file is not there"),
    ],
)
def test_a_file_that_cannot_be_used(text: str, said: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "wrong.test.yaml").write_text(text)
    assert main(["automation", "test", "wrong.test.yaml"]) == 2
    assert capsys.readouterr().err.startswith(said)


def test_paths_that_hold_no_tests(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "empty").mkdir()
    assert main(["automation", "test", "empty"]) == 2
    assert main(["automation", "test", "gone.test.yaml"]) == 2
    assert capsys.readouterr().err == (
        "arvisd: empty: no file in it ends in .test.yaml or .test.yml\narvisd: gone.test.yaml is not there\n"
    )


def test_another_configuration(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "configuration.yaml").write_text("automation: [{id: hall, triggers: [], actions: []}]\n")
    assert main(["automation", "test", "automations", "--config", str(other)]) == 1
    assert "expected the action: light.turn_on" in capsys.readouterr().out
