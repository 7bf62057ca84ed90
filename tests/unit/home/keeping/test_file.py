"""Editing home.yaml: comments, order and style stay; nothing of others' edits is lost; nothing is half written."""

import pytest

from arvisd.config import load
from arvisd.core.errors import ActionFailedError
from arvisd.home.keeping import edits
from arvisd.home.keeping.file import HouseFile, house_file
from arvisd.home.settings import Exposure

EDITS = [
    (
        "# top\nareas:\n  # cooking\n  - id: kitchen   # the big one\n\n  # sleeping\n  - {id: bedroom}\n\n# end\n",
        lambda s: edits.name(s, "areas", "kitchen", "Kitchen"),
        "# top\nareas:\n  # cooking\n  - id: kitchen   # the big one\n    name: Kitchen\n\n  # sleeping\n  - {id: bedroom}\n\n# end\n",
    ),
    (
        "areas:\n- id: kitchen\n  name: 'Kitchen'\n  # last\n- id: b\n",
        lambda s: edits.name(s, "areas", "kitchen", "Кухня", "ru"),
        "areas:\n- id: kitchen\n  names: {ru: Кухня}\n  name: 'Kitchen'\n  # last\n- id: b\n",
    ),
    (
        "entities: []\n",
        lambda s: edits.name(s, "entities", "light.a", "off"),
        'entities:\n  - id: light.a\n    name: "off"\n',
    ),
    (
        "",
        lambda s: edits.expose(s, "light.a", Exposure(except_=["guests"])),
        ("# Rooms and names of things, in the languages in which you speak of them: docs/home.md\n"
        "entities:\n  - id: light.a\n    expose: {except: [guests]}\n"),
    ),
    ("# only a comment\n", lambda s: edits.place(s, "entities", "light.a", "b"), "# only a comment\nentities:\n  - id: light.a\n    area: b\n"),
    (
        "entities:\n  - id: light.a\n    aliases: [One, two]\n",
        lambda s: edits.alias(s, "entities", "light.a", "one", remove=True),
        "entities:\n  - id: light.a\n    aliases: [two]\n",
    ),
    (
        "entities:\n    - id: light.a\n      name: !secret lamp\n",
        lambda s: edits.alias(s, "entities", "light.a", "x"),
        "entities:\n    - id: light.a\n      aliases: [x]\n      name: !secret lamp\n",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("before", "edit", "after"), EDITS)
def test_what_is_written(tmp_path, before, edit, after):
    file = tmp_path / "home.yaml"
    file.write_text(before)
    assert HouseFile(file).edit(edit)
    assert file.read_text() == after
    assert not HouseFile(file).edit(edit)
    assert file.read_text() == after


def test_the_files_mode_stays_and_nothing_is_left_behind(tmp_path):
    file = tmp_path / "home.yaml"
    file.write_text("areas: []\n")
    file.chmod(0o600)
    HouseFile(file).edit(lambda s: edits.add_area(s, "attic", "Attic"))
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["home.yaml"]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.yaml").write_text("areas: []\n")
    (tmp_path / "home.yaml").symlink_to("real.yaml")
    HouseFile(tmp_path / "home.yaml").edit(lambda s: edits.add_area(s, "attic", "Attic"))
    assert (tmp_path / "home.yaml").is_symlink()
    assert "attic" in (tmp_path / "real.yaml").read_text()


def test_an_edit_of_somebody_else_meanwhile_is_not_lost(tmp_path):
    file = tmp_path / "home.yaml"
    file.write_text("areas: []\n")
    times = []

    def edit(section):
        if not times:
            file.write_text("areas: [{id: theirs}]\n")
        times.append(1)
        edits.add_area(section, "ours", "Ours")

    assert HouseFile(file).edit(edit)
    assert len(times) == 2
    assert "theirs" in file.read_text()
    assert "ours" in file.read_text()


def test_a_file_that_never_rests_is_given_up(tmp_path):
    file = tmp_path / "home.yaml"
    times = []

    def edit(section):
        times.append(1)
        file.write_text(f"areas: [{{id: a{len(times)}}}]\n")
        edits.add_area(section, "ours", "Ours")

    with pytest.raises(ActionFailedError, match=r"^home.yaml is being written all the time: try again$"):
        HouseFile(file).edit(edit)
    assert "ours" not in file.read_text()


REFUSED = [
    ("- a\n", "home.yaml must hold 'areas:', 'entities:' and so on"),
    ("areas: [\n", "home.yaml is not valid YAML (line 2): mend it first"),
    ("areas: [{id: attic, floor: x}]\n", "home.yaml would not be valid: the area 'attic' names a floor 'x' that is not among the floors"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_cannot_be_edited_stays_as_it_is(tmp_path, text, message):
    file = tmp_path / "home.yaml"
    file.write_text(text)
    with pytest.raises(ActionFailedError) as caught:
        HouseFile(file).edit(lambda s: edits.add_area(s, "attic", "Attic"))
    assert str(caught.value) == message
    assert file.read_text() == text


PLACES = [
    ({"configuration.yaml": "home: !include home.yaml\n", "home.yaml": "areas: []\n"}, "home.yaml", ""),
    ({"configuration.yaml": "home: !include 'rooms.yaml'  # ours\n", "rooms.yaml": ""}, "rooms.yaml", ""),
    ({"configuration.yaml": "home:\n  areas: []\n"}, "configuration.yaml", "home"),
    ({"configuration.yaml": "arvisd: {}\n"}, "home.yaml", ""),
    ({"configuration.yaml": "arvisd: {}\n", "home.yaml": "areas: [{id: a}]\n"}, "home.yaml", ""),
    ({"configuration.yaml": "home:\n"}, "configuration.yaml", "home"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "name", "key"), PLACES)
def test_where_the_section_is_written(tmp_path, files, name, key):
    for file, text in files.items():
        (tmp_path / file).write_text(text)
    found = house_file(tmp_path, load(tmp_path))
    assert (found.path.name, found.key) == (name, key)
    found.edit(lambda s: edits.add_area(s, "attic", "Attic"))
    loaded = load(tmp_path)
    assert loaded.problems == ()
    assert loaded.tree["home"]["areas"][-1] == {"id": "attic", "name": "Attic"}


def test_home_yaml_beside_is_read_where_nothing_else_is(tmp_path):
    (tmp_path / "home.yaml").write_text("areas: [{id: a}]\n")
    (tmp_path / "configuration.yaml").write_text("arvisd: {}\n")
    assert load(tmp_path).tree["home"]["areas"] == [{"id": "a"}]
    (tmp_path / "configuration.yaml").write_text("home: {areas: [{id: b}]}\n")
    assert load(tmp_path).tree["home"]["areas"] == [{"id": "b"}]
    (tmp_path / "configuration.yaml").write_text("arvisd: {}\nhomeassistant: {packages: {mine: !include home.yaml}}\n")
    assert "areas" not in (load(tmp_path).tree.get("home") or {})
    (tmp_path / "configuration.yaml").write_text("arvisd: {}\n")
    (tmp_path / "home.yaml").write_text("areas: [\n")
    assert [str(problem).split(":")[0] for problem in load(tmp_path).problems] == ["home.yaml"]
