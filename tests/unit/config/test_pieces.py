"""Parsing in pieces must never mean anything else than parsing as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arvisd.config import Pieces, load, mark_at
from arvisd.config.document import Composer, TextError
from arvisd.config.nodes import Origin
from arvisd.config.pieces import split

LIST = "# comment\n- id: a\n  x: [1]\n\n- id: b\n- id: c\n  y: |\n    - text\n"


def whole(text: str):
    composer = Composer(text, Origin("f.yaml"), {})
    return composer.compose(), composer.problems


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (LIST, [(1, "- id: a\n  x: [1]\n\n"), (4, "- id: b\n"), (5, "- id: c\n  y: |\n    - text\n")]),
        ("a: 1\n", [(0, "a: 1\n")]),
        ("- a\n", [(0, "- a\n")]),
        ("- a\nb: 1\n- c\n", [(0, "- a\nb: 1\n- c\n")]),
        ("---\n- a\n- b\n", [(0, "---\n- a\n- b\n")]),
        ("- a\r\n- b\r\n", [(0, "- a\r\n- b\r\n")]),
        ("", [(0, "")]),
        ("  c: 2\n- a\n- b\n", [(0, "  c: 2\n- a\n- b\n")]),
    ],
)
def test_where_a_text_is_split(text: str, pieces: list[tuple[int, str]]) -> None:
    assert split(text) == pieces


@pytest.fixture
def folder(write) -> Path:
    return write({"configuration.yaml": "automation: !include a.yaml\n", "a.yaml": LIST})


def test_what_did_not_change_is_the_same_node_at_its_new_place(folder: Path) -> None:
    pieces = Pieces()
    first = load(folder, pieces=pieces).tree["automation"]
    (folder / "a.yaml").write_text("# more\n# comments\n" + LIST.replace("id: b", "id: changed\n  new: 1"))
    second = load(folder, pieces=pieces).tree["automation"]
    assert second == [{"id": "a", "x": [1]}, {"id": "changed", "new": 1}, {"id": "c", "y": "- text\n"}]
    assert second[0] is first[0]
    assert second[1] is not first[1]
    assert second[2] is first[2]
    assert [str(item.mark) for item in second] == ["a.yaml:4:3", "a.yaml:7:3", "a.yaml:9:3"]
    assert str(mark_at(second, [2, "y"])) == "a.yaml:10:6"


def test_the_same_item_twice_has_two_places(folder: Path) -> None:
    pieces = Pieces()
    for _ in range(2):
        (folder / "a.yaml").write_text("- id: a\n- id: a\n")
        loaded = load(folder, pieces=pieces).tree["automation"]
        assert [item.mark.line for item in loaded] == [1, 2]


def test_what_depends_on_other_files_is_read_again(folder: Path) -> None:
    pieces = Pieces()
    (folder / "a.yaml").write_text("- id: !secret s\n- id: !env_var E\n- !include b.yaml\n")
    for value in ("one", "two"):
        (folder / "secrets.yaml").write_text(f"s: {value}\n")
        (folder / "b.yaml").write_text(f"id: {value}\n")
        loaded = load(folder, {"E": value}, pieces)
        assert loaded.tree["automation"] == [{"id": value}] * 3


def test_an_alias_between_items(folder: Path) -> None:
    (folder / "a.yaml").write_text("- &a {id: 1}\n- *a\n")
    loaded = load(folder, pieces=Pieces())
    assert (loaded.tree["automation"], loaded.problems) == ([{"id": 1}, {"id": 1}], ())


def test_problems_are_told_once_and_at_every_load(folder: Path) -> None:
    pieces = Pieces()
    (folder / "a.yaml").write_text("- id: !secret no\n- id: 1\n  id: 2\n- x: *no\n")
    for _ in range(2):
        assert [str(problem) for problem in load(folder, pieces=pieces).problems] == [
            "a.yaml:1:7: the secret 'no' is not in secrets.yaml",
            "a.yaml:3:3: warning: the key 'id' is here twice: the first, in line 2, is ignored",
            "a.yaml:4:6: the alias *no has no anchor &no before it",
        ]


LINE = st.sampled_from(
    [
        "- a: 1", "-", "- b", "  c: 2", "  - d", "# e", "", "- 'f", "g'", '- "h', "- [i,", "j]", "- |", "    k", "- >-",
        "---", "...", "- &l m", "- *l", "n: o", "- {p: q}", "- ? r", "  : s", "-\tt", "- !x y", "\tz", "- - - a",
    ]
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(LINE, max_size=8))
def test_pieces_mean_what_the_whole_means(lines: list[str]) -> None:
    text = "".join(line + "\n" for line in lines)
    found = Pieces().compose(text, "f.yaml", {}, 0)
    try:
        value, problems = whole(text)
    except TextError:
        assert found is None
        return
    if problems:
        assert found is None
    if found is not None:
        assert found[0] == value
        assert marks(found[0]) == marks(value)


def marks(node: object) -> object:
    if isinstance(node, dict):
        return [node.mark, [(mark_at(node, [key]), marks(value)) for key, value in node.items()]]  # type: ignore[attr-defined]
    if isinstance(node, list):
        # The list itself is where its first item is in both.
        return [(mark_at(node, [index]), marks(value)) for index, value in enumerate(node)]
    return node
