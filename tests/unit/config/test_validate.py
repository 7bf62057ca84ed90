from __future__ import annotations

import enum
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import pytest

from arvisd.config import Broken, ConfigError, Input, NodeDict
from arvisd.config.document import Composer
from arvisd.config.durations import Seconds
from arvisd.config.nodes import Origin, mark_of
from arvisd.config.validate import ONE_OR_MANY, checked, validate, validate_section


class Color(enum.Enum):
    RED = "red"


def even(number: int) -> int:
    if number % 2:
        raise ValueError(f"{number} is odd")
    return number // 2


class Inner(msgspec.Struct, frozen=True, rename={"class_": "class"}):
    class_: str = ""


class Tree(msgspec.Struct, frozen=True):
    name: str
    children: list[Tree] = []


class Everything(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    text: str = ""
    whole: int = 0
    number: float = 0.0
    flag: bool = False
    maybe: int | None = None
    choice: Literal["on", "off", "5"] = "off"
    color: Color = Color.RED
    pause: Seconds = 0.0
    delta: timedelta = timedelta()
    path: Path = Path()
    names: Annotated[list[str], ONE_OR_MANY] = []
    pair: tuple[int, ...] = ()
    unique: frozenset[str] = frozenset()
    inner: Inner = Inner()
    tree: Tree | None = None
    table: dict[str, int] = {}
    raw: Any = None
    node: dict[str, Any] = {}
    half: Annotated[int, checked(even)] = 0
    either: list[int] | Inner | str = ""


def read(text: str):
    return Composer(text, Origin("f.yaml"), {}).compose()


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("text: 5", "text", "5"),
        ("text: 0123", "text", "0123"),
        ("whole: '5'", "whole", 5),
        ("whole: ' 7 '", "whole", 7),
        ("whole: '0x1F'", "whole", 31),
        ("whole: 5.0", "whole", 5),
        ("number: 5", "number", 5.0),
        ("number: '1.5'", "number", 1.5),
        ("flag: 'Yes'", "flag", True),
        ("flag: off", "flag", False),
        ("maybe: ~", "maybe", None),
        ("maybe: 3", "maybe", 3),
        ("choice: on", "choice", "on"),
        ("choice: no", "choice", "off"),
        ("choice: 5", "choice", "5"),
        ("color: red", "color", Color.RED),
        ("pause: {minutes: 1, seconds: 30}", "pause", 90.0),
        ("pause: '00:00:05'", "pause", 5.0),
        ("pause: 00:05", "pause", 300.0),
        ("pause: 500 ms", "pause", 0.5),
        ("delta: 00:01:00", "delta", timedelta(minutes=1)),
        ("path: ~/x", "path", Path("~/x").expanduser()),
        ("names: one", "names", ["one"]),
        ("names: [one, 2]", "names", ["one", "2"]),
        ("pair: [1, 2]", "pair", (1, 2)),
        ("unique: [a, a]", "unique", frozenset({"a"})),
        ("inner: {class: x}", "inner", Inner("x")),
        ("tree: {name: a, children: [{name: b}]}", "tree", Tree("a", [Tree("b")])),
        ("table: {1: 2, b: '3'}", "table", {"1": 2, "b": 3}),
        ("half: 4", "half", 2),
        ("either: [1]", "either", [1]),
        ("either: {class: x}", "either", Inner("x")),
        ("either: 5", "either", "5"),
    ],
)
def test_what_people_write_is_taken(text: str, field: str, value: object) -> None:
    result = validate(read(text), Everything)
    assert result.problems == ()
    found = getattr(result.require(), field)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("half: 3", "f.yaml:1:7: half: 3 is odd"),
        ("half: x", "f.yaml:1:7: half: expected a whole number, got the text 'x'"),
        ("either: {class: [1]}", "f.yaml:1:17: either.class: expected text, got a list"),
        ("either: [x]", "f.yaml:1:10: either[0]: expected a whole number, got the text 'x'"),
        (
            "either: 1.5",
            (
                "f.yaml:1:9: either: expected a list (each item a whole number) or a mapping ('key: …') or text, "
                "got the number 1.5"
            ),
        ),
        ("tree: {name: a, children: [{}]}", "f.yaml:1:28: the key 'name' is missing in tree.children[0]"),
        ("names: ~", "f.yaml:1:8: names: expected text or a list of such, got nothing"),
        ("color: blue", "f.yaml:1:8: color: expected 'red', got the text 'blue'"),
        ("maybe: x", "f.yaml:1:8: maybe: expected a whole number, got the text 'x'"),
        (
            "whole: !input x",
            "f.yaml:1:8: whole: expected a whole number, got !input x, which only a blueprint may hold",
        ),
        ("choice: " + "9" * 90, "f.yaml:1:9: choice: expected one of '5', 'off' or 'on', got a very long number"),
        ("whole: " + "x" * 90, f"f.yaml:1:8: whole: expected a whole number, got the text '{'x' * 59}…'"),
        ("whole: ''", "f.yaml:1:8: whole: expected a whole number, got empty text"),
        ("path: ~nobody-here/x", "f.yaml:1:7: path: the home folder of '~nobody-here' is not known"),
        ("path: 5", "f.yaml:1:7: path: expected a path, got the number 5"),
        ("node: [1]", "f.yaml:1:7: node: expected a mapping ('key: …'), got a list"),
    ],
)
def test_what_does_not_fit_is_told(text: str, message: str) -> None:
    result = validate(read(text), Everything)
    assert [str(problem) for problem in result.problems] == [message]
    assert not result.ok
    with pytest.raises(ConfigError):
        result.require()


def test_raw_nodes_keep_their_places() -> None:
    result = validate(read("raw: {a: [x]}\nnode: {b: {c: 1}}\n"), Everything).require()
    assert str(mark_of(result.raw["a"], 0)) == "f.yaml:1:11"
    assert isinstance(result.node, NodeDict)
    assert str(mark_of(result.node["b"], "c")) == "f.yaml:2:15"


def test_what_the_load_told_is_not_told_again() -> None:
    node = NodeDict(whole=Broken("the secret 'x' is not in secrets.yaml"), text=Broken("…"), inner=Broken("…"))
    result = validate(node, Everything)
    assert (result.value, result.problems) == (None, ())


def test_an_absent_section_has_its_defaults() -> None:
    for tree in (read("a: 1"), read("everything:")):
        assert validate_section(tree, "everything", Everything).value == Everything()


def test_a_hole_of_a_blueprint_is_kept_in_raw_values() -> None:
    assert validate(read("raw: !input x"), Everything).require().raw == Input("x")


def test_a_type_that_settings_cannot_have_is_a_mistake_of_the_code() -> None:
    with pytest.raises(TypeError, match=r"settings cannot hold .*complex"):
        validate({}, complex)


def test_a_scalar_alone() -> None:
    tree = read("a: x\n")
    assert [str(p) for p in validate(tree["a"], int, "a", tree, "a").problems] == [
        "f.yaml:1:4: a: expected a whole number, got the text 'x'"
    ]
    assert [str(p) for p in validate("x", int).problems] == ["expected a whole number, got the text 'x'"]
