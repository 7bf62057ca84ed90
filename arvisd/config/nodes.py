"""Plain data that remembers where it was written: dicts and lists with a file, line and column for every value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec


class Mark(NamedTuple):
    """A place in a file."""

    file: str
    """Relative to the configuration folder, with `/`; absolute where the file lies outside of it; empty: unknown."""
    line: int
    """From 1; 0: unknown."""
    column: int
    """From 1, in characters; 0: unknown."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


SECRETS = "secrets.yaml"
"""Name of the files that hold secrets."""
NOWHERE = Mark("", 0, 0)
"""Of data that no file holds: a default, a test's own dict."""


class Origin:
    """A text that was parsed: its file and how many lines stand before it there.

    Shared by all nodes of the text, so that moving an unchanged text within its file moves all of their marks.
    """

    __slots__ = ("file", "lines_before")

    def __init__(self, file: str, lines_before: int = 0) -> None:
        self.file = file
        self.lines_before = lines_before


class Input(msgspec.Struct, frozen=True):
    """`!input NAME`: a hole in a blueprint, filled by the automation that uses it."""

    name: str
    """The blueprint's input."""


Place = tuple[Origin, int, int]
"""Origin, line and column (both from 1, the line within the origin's text)."""
KeyPlace = tuple[Origin, int, int, int, int, str | None] | tuple[Origin, int, int, int, int, str | None, Origin]
"""Origin; line and column of the key; line and column of its value; the secret's name where the value is one.

A value that was filled into a blueprint has an origin of its own, as the last."""
ItemPlace = tuple[Origin, int, int, str | None]
"""Origin; line and column of the item; the secret's name where the item is one."""


class NodeDict(dict[Any, Any]):
    """A mapping of YAML. Equal to any dict with the same content; shared between loads, so never changed in place."""

    __slots__ = ("place", "places")

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.place: Place | None = None
        self.places: dict[Any, KeyPlace] = {}

    @property
    def mark(self) -> Mark:
        """Where the mapping begins."""
        return _mark(self.place)


class NodeList(list[Any]):
    """A sequence of YAML. Equal to any list with the same content; shared between loads, so never changed in place."""

    __slots__ = ("place", "places")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.place: Place | None = None
        self.places: list[ItemPlace] = []

    @property
    def mark(self) -> Mark:
        """Where the list begins."""
        return _mark(self.place)


def mark_of(container: Any, key: Any = None) -> Mark:
    """Return where the value of a key or an item begins, of the container itself for `key=None`.

    A mapping or list that came by `!include` is where it is written, not where it is included. What is
    not known (a key that is absent, a plain dict) is where its container is, at worst `NOWHERE`.
    """
    if key is None:
        return container.mark if isinstance(container, NodeDict | NodeList) else NOWHERE
    if isinstance(container, NodeDict):
        value = container.get(key)
        if isinstance(value, NodeDict | NodeList) and value.place is not None:
            return value.mark
        place = container.places.get(key)
        if place is None:
            return container.mark
        origin = place[0] if len(place) == 6 else place[6]
        return Mark(origin.file, origin.lines_before + place[3], place[4])
    if isinstance(container, NodeList):
        if not isinstance(key, int) or not 0 <= key < len(container):
            return container.mark
        value = container[key]
        if isinstance(value, NodeDict | NodeList) and value.place is not None:
            return value.mark
        return _mark(container.places[key]) if key < len(container.places) else container.mark
    return NOWHERE


def key_mark_of(container: Any, key: Any) -> Mark:
    """Return where a key of a mapping is written; of a list: where the item is."""
    if isinstance(container, NodeDict):
        place = container.places.get(key)
        return Mark(place[0].file, place[0].lines_before + place[1], place[2]) if place else container.mark
    return mark_of(container, key)


def secret_of(container: Any, key: Any) -> str | None:
    """Return the name of the secret that a value came from, None where it is none: secrets are never shown."""
    place: tuple[Any, ...] | None = None
    name: str | None = None
    if isinstance(container, NodeDict) and (place := container.places.get(key)) is not None:
        name = place[5]
    elif isinstance(container, NodeList) and isinstance(key, int) and 0 <= key < len(container.places):
        place = container.places[key]
        name = place[3]
    if place is None:
        return None
    return str(key) if name is None and place[0].file.endswith(SECRETS) else name


def mark_at(root: Any, path: Sequence[Any]) -> Mark:
    """Return where the value at a path of keys and indices is, as far as the path leads."""
    mark = mark_of(root)
    node = root
    for key in path:
        found = mark_of(node, key)
        if found is not NOWHERE:
            mark = found
        try:
            node = node[key]
        except (LookupError, TypeError):
            break
    return mark


def plain(node: Any) -> Any:
    """Return a deep copy in dicts and lists that remember nothing and may be changed."""
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(value) for value in node]
    return node


def kind_of(value: Any) -> str:
    """Return what kind of value it is, in words that never show the value."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case int() | float():
            return "a number"
        case Input():
            return "an !input"
        case _:
            return "text"


def _mark(place: tuple[Any, ...] | None) -> Mark:
    return Mark(place[0].file, place[0].lines_before + place[1], place[2]) if place else NOWHERE
