from __future__ import annotations

import copy

import pytest

from arvisd.config import NOWHERE, Input, Mark, NodeDict, NodeList, key_mark_of, mark_at, mark_of, plain, secret_of
from arvisd.config.document import Composer
from arvisd.config.nodes import Origin

TEXT = """\
a: 1
b:
  - x
  - y: "z"
    w: &w {k: v}
c:
  <<: *w
  d: !input hole
"""


@pytest.fixture
def tree() -> NodeDict:
    return Composer(TEXT, Origin("f.yaml"), {}).compose()


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        ([], 1, 1),
        (["a"], 1, 4),
        (["b"], 3, 3),
        (["b", 0], 3, 5),
        (["b", 1], 4, 5),
        (["b", 1, "y"], 4, 8),
        (["b", 1, "w", "k"], 5, 15),
        (["c", "k"], 5, 15),
        (["c", "d"], 8, 6),
        (["b", 1, "absent", "deeper"], 4, 5),
        (["b", 7], 3, 3),
        (["a", "no container"], 1, 4),
    ],
)
def test_every_value_knows_its_place(tree: NodeDict, path: list[object], line: int, column: int) -> None:
    assert mark_at(tree, path) == Mark("f.yaml", line, column)


def test_keys_have_places_too(tree: NodeDict) -> None:
    assert str(key_mark_of(tree, "b")) == "f.yaml:2:1"
    assert str(key_mark_of(tree["b"][1], "w")) == "f.yaml:5:5"
    assert str(key_mark_of(tree["b"], 0)) == "f.yaml:3:5"
    assert key_mark_of(tree, "absent") == tree.mark


def test_a_moved_origin_moves_the_marks() -> None:
    origin = Origin("f.yaml", 10)
    tree = Composer("a: [x]\n", origin, {}).compose()
    assert str(mark_of(tree["a"], 0)) == "f.yaml:11:5"
    origin.lines_before = 20
    assert str(mark_of(tree["a"], 0)) == "f.yaml:21:5"
    assert str(key_mark_of(tree, "a")) == "f.yaml:21:1"


def test_plain_data_is_nowhere() -> None:
    assert mark_of({"a": 1}, "a") is NOWHERE
    assert mark_of(5) is NOWHERE
    assert mark_of(NodeDict(a=1), "a") is NOWHERE
    assert mark_of(NodeList([1]), 0) is NOWHERE
    assert secret_of({"a": 1}, "a") is None


def test_nodes_are_equal_to_plain_data_and_copy_into_it(tree: NodeDict) -> None:
    expected = {
        "a": 1,
        "b": ["x", {"y": "z", "w": {"k": "v"}}],
        "c": {"d": Input("hole"), "k": "v"},
    }
    assert tree == expected
    copied = plain(tree)
    assert copied == expected
    assert type(copied) is dict
    assert type(copied["b"]) is list
    assert type(copied["b"][1]) is dict


def test_a_deep_copy_keeps_its_places(tree: NodeDict) -> None:
    assert mark_at(copy.deepcopy(tree), ["b", 1, "y"]) == Mark("f.yaml", 4, 8)
