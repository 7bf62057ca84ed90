from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from arvisd.config import ConfigError, load
from arvisd.config.first_start import FILES, write_first_configuration
from arvisd.config.sections import check_sections
from arvisd.config.settings import ArvisdSettings
from arvisd.config.validate import validate_section
from arvisd.home.settings import HomeSettings
from arvisd.inspection import inspect


def test_the_first_configuration_is_without_a_problem(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "arvisd"
    assert write_first_configuration(folder) == tuple(FILES)
    loaded = load(folder)
    assert loaded.problems == ()
    assert check_sections(loaded.tree, []) == []
    assert validate_section(loaded.tree, "arvisd", ArvisdSettings).require() == ArvisdSettings()
    home = validate_section(loaded.tree, "home", HomeSettings).require()
    assert {area.id for area in home.areas} >= {"kitchen", "living_room", "bedroom"}
    assert all(area.name_in(language) for area in home.areas for language in ("en", "ru"))
    assert len({automation["id"] for automation in loaded.tree["automation"]}) == len(loaded.tree["automation"]) == 2


def test_what_stands_in_comments_works_when_it_is_uncommented(tmp_path: Path) -> None:
    write_first_configuration(tmp_path)
    for name in ("configuration.yaml", "secrets.yaml"):
        file = tmp_path / name
        file.write_text(re.sub(r"^( *)# (?= *[a-z_]+:)", r"\1", file.read_text(), flags=re.MULTILINE))
    assert "stop_silence" in load(tmp_path).tree["assist"]["endpoint"]
    assert inspect(tmp_path) == []


def test_what_is_there_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "home.yaml").write_text("areas: []\n")
    assert "home.yaml" not in write_first_configuration(tmp_path)
    assert (tmp_path / "home.yaml").read_text() == "areas: []\n"
    assert (tmp_path / "configuration.yaml").exists()
    assert write_first_configuration(tmp_path) == ()


def test_a_broken_link_as_configuration_counts_as_one(tmp_path: Path) -> None:
    (tmp_path / "configuration.yaml").symlink_to("store/gone.yaml")
    assert write_first_configuration(tmp_path) == ()


def test_secrets_are_for_the_owner_alone_and_kept_out_of_git(tmp_path: Path) -> None:
    write_first_configuration(tmp_path)
    assert stat.S_IMODE((tmp_path / "secrets.yaml").stat().st_mode) == 0o600
    assert (tmp_path / ".gitignore").read_text() == "secrets.yaml\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


def test_a_start_that_was_cut_off_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = __import__("os").link

    def cut_off(source, target):
        if Path(target).name == "secrets.yaml":
            raise KeyboardInterrupt
        link(source, target)

    monkeypatch.setattr("arvisd.config.first_start.os.link", cut_off)
    with pytest.raises(KeyboardInterrupt):
        write_first_configuration(tmp_path)
    assert not (tmp_path / "configuration.yaml").exists()
    monkeypatch.undo()
    assert write_first_configuration(tmp_path) == ("secrets.yaml", ".gitignore", "configuration.yaml")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError) as caught:
        write_first_configuration(tmp_path / "file")
    assert str(caught.value) == (
        f"a first configuration cannot be written to {tmp_path}/file: File exists. "
        "Make the folder writable, or name another one with --config or ARVISD_CONFIG"
    )
