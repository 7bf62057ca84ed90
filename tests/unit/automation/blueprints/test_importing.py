"""Importing a blueprint: checked first, whole or not at all, with its address; and the command that does it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from arvisd.automation.blueprints.importing import ExistsError, import_blueprint
from arvisd.automation.blueprints.sources import Found
from arvisd.cli import main
from arvisd.config.problems import ConfigError

TEXT = """\
# Words of the author.
blueprint:
  # more words
  name: "Light: on"
  domain: automation
  author: Ann B.
  input:
    motion:
      name: Motion
      selector:
        entity: {domain: binary_sensor, multiple: true}
    level:
      selector:
        number: {min: 10, max: 90}
    kind:
      selector:
        select: {options: [{value: warm, label: Warm}]}
    wait:
      name: |
        How long
        it stays on
      default: {minutes: 2}
    plain:
actions: [!input motion, !input level, !input wait, !input kind, !input plain]
"""
URL = "https://github.com/ann/house/blob/main/light.yaml"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARVISD_CONFIG", "")  # the command sets it; this puts it back


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_written_with_its_address(tmp_path: Path) -> None:
    done = import_blueprint(Found(TEXT, "ann", "light", URL), tmp_path)
    assert (done.path, done.written) == ("ann/light.yaml", True)
    assert files(tmp_path) == ["blueprints/automation/ann/light.yaml"]
    assert done.file.read_text() == TEXT.replace('  name: "Light', f'  source_url: {URL}\n  name: "Light', 1)
    assert done.blueprint.header is not None
    assert done.blueprint.header.source_url == URL


def test_another_address_is_replaced(tmp_path: Path) -> None:
    text = TEXT.replace("  author: Ann B.", "  source_url: https://old.example/x")
    done = import_blueprint(Found(text, "ann", "light", URL), tmp_path)
    assert done.file.read_text() == TEXT.replace("  author: Ann B.", f"  source_url: {URL}")


def test_the_same_address_is_left(tmp_path: Path) -> None:
    text = TEXT.replace("  author: Ann B.", f"  source_url: '{URL}' # here")
    assert import_blueprint(Found(text, "ann", "light", URL), tmp_path).file.read_text() == text


def test_a_header_in_one_line(tmp_path: Path) -> None:
    text = "blueprint: {name: B, domain: script}\nsequence: []\n"
    done = import_blueprint(Found(text, "ann", "b", URL), tmp_path)
    assert done.file == tmp_path / "blueprints/script/ann/b.yaml"
    assert done.file.read_text() == f"# imported from {URL}\n{text}"


@pytest.mark.parametrize(
    ("author", "name", "path"),
    [
        ("", "light", "ann_b/light.yaml"),
        ("../..", "../../evil", "ann_b/evil.yaml"),
        ("a/b", ".hidden file!", "a_b/hidden_file.yaml"),
        ("example.org", "", "example.org/blueprint.yaml"),
    ],
)
def test_names_are_safe(tmp_path: Path, author: str, name: str, path: str) -> None:
    done = import_blueprint(Found(TEXT, author, name), tmp_path)
    assert done.path == path
    assert files(tmp_path) == [f"blueprints/automation/{path}"]


def test_what_is_there_stays(tmp_path: Path) -> None:
    found = Found(TEXT, "ann", "light", URL)
    done = import_blueprint(found, tmp_path)
    assert import_blueprint(found, tmp_path).written is False
    before = done.file.read_text()
    changed = Found(TEXT.replace("Motion", "Movement"), "ann", "light", URL)
    with pytest.raises(ExistsError) as failure:
        import_blueprint(changed, tmp_path)
    assert str(failure.value) == f"{done.file} is there with another content: --force replaces it"
    assert done.file.read_text() == before
    assert import_blueprint(changed, tmp_path, force=True).written
    assert "Movement" in done.file.read_text()
    assert files(tmp_path) == ["blueprints/automation/ann/light.yaml"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\n", "light.yaml:1:1: this is no blueprint: it lacks the key 'blueprint' with name, domain and input"),
        ("", "light.yaml:1:1: the file is empty"),
        ("blueprint: [\n", "light.yaml:2:1: "),
        (
            "blueprint: {name: B, domain: automation}\nactions: !input steps\n",
            "light.yaml:2:10: !input steps: the blueprint has no such input: declare it under 'blueprint: input:'",
        ),
    ],
)
def test_what_is_wrong_is_not_written(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as failure:
        import_blueprint(Found(text, "ann", "light", URL), tmp_path)
    assert str(failure.value).startswith(said)
    assert files(tmp_path) == []


SNIPPET = """\
- alias: "Light: on"
  use_blueprint:
    path: own/light.yaml
    input:
      motion: [binary_sensor.example]  # Motion
      level: 10
      kind: "warm"
      # wait: {"minutes": 2}  # How long
      plain: ""
"""


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "light.yaml"
    source.write_text(TEXT.replace("  author: Ann B.\n", ""))
    folder = tmp_path / "config"
    folder.mkdir()
    assert main(["blueprint", "import", str(source), "--config", str(folder)]) == 0
    out, err = capsys.readouterr()
    assert out == SNIPPET
    assert err == (
        f"{folder}/blueprints/automation/own/light.yaml: written\n"
        "Now write this to your automations, with your own values:\n"
    )
    (folder / "configuration.yaml").write_text("automation: !include automations.yaml\n")
    # what is printed can be used as it is
    (folder / "automations.yaml").write_text(out)
    assert main(["blueprint", "list", "--config", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "automation  own/light.yaml            Light: on; used by Light: on"
    assert "automation  arvisd/motion_light.yaml  Light by motion; not used" in lines


def test_the_command_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "s.yaml"
    source.write_text(
        "blueprint: {name: Steps, domain: script, input: {t: {default: 5}}}\nsequence: [{delay: !input t}]\n"
    )
    assert main(["blueprint", "import", str(source), "--config", str(tmp_path), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == {
        "path": "own/s.yaml",
        "name": "Steps",
        "domain": "script",
        "file": f"{tmp_path}/blueprints/script/own/s.yaml",
        "written": True,
        "inputs": [{"name": "t", "title": "t", "required": False, "selector": None}],
        "problems": [],
        "snippet": 'steps:\n  alias: "Steps"\n  use_blueprint:\n    path: own/s.yaml\n    # input:\n      # t: 5\n',
    }


def test_the_list_names_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "blueprints/automation/me/bad.yaml"
    bad.parent.mkdir(parents=True)
    bad.write_text("blueprint: {name: Bad, domain: automation}\nactions: !input x\n")
    (tmp_path / "configuration.yaml").write_text(
        "automation:\n  - {alias: A, use_blueprint: {path: me/gone.yaml}}\n  - {alias: B, use_blueprint: {path: me/bad.yaml}}\n"
        "script:\n  s: {use_blueprint: {path: me/none.yaml}}\n"
    )
    assert main(["blueprint", "list", "--config", str(tmp_path), "--json"]) == 0
    listed = {(one["domain"], one["path"]): one for one in json.loads(capsys.readouterr().out)}
    assert listed["automation", "me/bad.yaml"]["used_by"] == ["B"]
    assert listed["automation", "me/bad.yaml"]["problems"] == [
        (
            "blueprints/automation/me/bad.yaml:2:10: !input x: the blueprint has no such input: "
            "declare it under 'blueprint: input:'"
        )
    ]
    assert listed["automation", "me/gone.yaml"]["problems"] == ["the file is not there"]
    assert listed["script", "me/none.yaml"]["used_by"] == ["s"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["import"],
            "arvisd: import what? Give a file, or the address of a blueprint: arvisd blueprint import FILE|URL\n",
        ),
        (
            ["list", "x"],
            "arvisd: 'arvisd blueprint list' takes nothing more; did you mean 'arvisd blueprint import'?\n",
        ),
        (["import", "/nowhere/x.yaml"], "arvisd: /nowhere/x.yaml is not there\n"),
    ],
)
def test_wrong_calls(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert main(["blueprint", *arguments, "--config", str(tmp_path)]) == 1
    assert capsys.readouterr().err == said
