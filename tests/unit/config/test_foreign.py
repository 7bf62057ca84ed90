"""Files that somebody else wrote: what they may include, and what they never see."""

from __future__ import annotations

from pathlib import Path

import pytest

from arvisd.config import Broken
from arvisd.config.foreign import load_foreign


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_yaml", ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_file_and_what_it_includes(tmp_path: Path) -> None:
    write(tmp_path, given__a_yaml="x: !include more/b.yaml\ny: !include_dir_list more\n", given__more__b_yaml="1\n")
    loaded = load_foreign(tmp_path, tmp_path / "given/a.yaml", tmp_path / "given")
    assert loaded.value == {"x": 1, "y": [1]}
    assert loaded.problems == ()
    assert {path.name for path in loaded.files} == {"a.yaml", "b.yaml"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("!secret pin", "given/a.yaml:1:4: !secret is not given to a file that others wrote: make it an input"),
        ("!env_var HOME", "given/a.yaml:1:4: !env_var is not given to a file that others wrote: make it an input"),
        (
            "!include ../secrets.yaml",
            "given/a.yaml:1:4: !include: a file that others wrote may only include what lies in given/",
        ),
        (
            "!include_dir_named /etc",
            "given/a.yaml:1:4: !include_dir_named: a file that others wrote may only include what lies in given/",
        ),
        (
            "!include link.yaml",
            "given/a.yaml:1:4: !include: a file that others wrote may only include what lies in given/",
        ),
        ("!include none.yaml", "given/a.yaml:1:4: given/none.yaml is not there"),
    ],
)
def test_refused(tmp_path: Path, text: str, said: str) -> None:
    write(tmp_path, given__a_yaml=f"x: {text}\n", secrets_yaml="pin: hush\n")
    (tmp_path / "given/link.yaml").symlink_to(tmp_path / "secrets.yaml")
    loaded = load_foreign(tmp_path, tmp_path / "given/a.yaml", tmp_path / "given")
    assert [str(problem).partition(" (did")[0] for problem in loaded.problems] == [said]
    assert isinstance(loaded.value["x"], Broken) or loaded.value["x"] == {}
    assert "hush" not in str(loaded)


def test_one_that_is_absent(tmp_path: Path) -> None:
    loaded = load_foreign(tmp_path, tmp_path / "a.yaml", tmp_path)
    assert isinstance(loaded.value, Broken)
    assert [str(problem) for problem in loaded.problems] == ["a.yaml: the file is not there"]
