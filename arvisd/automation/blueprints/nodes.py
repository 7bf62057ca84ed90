"""Copies of YAML nodes: without some keys, with holes filled; every value keeps the place where it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from arvisd.config.nodes import Input, ItemPlace, Mark, NodeDict, NodeList, Origin, mark_of, secret_of


class Filling(NamedTuple):
    """What a hole is filled with, and what holds it: for its place."""

    value: Any
    container: Any
    key: Any


class Hole(NamedTuple):
    """One `!input NAME`."""

    name: str
    container: Any
    key: Any

    @property
    def mark(self) -> Mark:
        """Where it stands."""
        return mark_of(self.container, self.key)


def holes(node: Any) -> Iterator[Hole]:
    """Yield every `!input` below a node; what stands in several places by an alias is looked at once."""
    seen: set[int] = set()
    waiting = [node]
    while waiting:
        inner = waiting.pop()
        if id(inner) in seen:
            continue
        seen.add(id(inner))
        items = inner.items() if isinstance(inner, dict) else enumerate(inner) if isinstance(inner, list) else ()
        for key, value in items:
            if isinstance(value, Input):
                yield Hole(value.name, inner, key)
            elif isinstance(value, dict | list):
                waiting.append(value)


def filled(node: Any, fillings: Mapping[str, Filling]) -> Any:
    """Return a node with every hole filled: the whole value is replaced. What has no hole is the same object.

    Raises:
        KeyError: there is nothing for a hole.
    """
    return _Filler(fillings).fill(node)


class _Filler:
    """Fills one tree; what stands in several places by an alias is filled once."""

    def __init__(self, fillings: Mapping[str, Filling]) -> None:
        self._fillings = fillings
        self._done: dict[int, Any] = {}

    def fill(self, node: Any) -> Any:
        if not isinstance(node, dict | list):
            return node
        known = self._done.get(id(node))
        if known is None:
            known = self._done[id(node)] = self._dict(node) if isinstance(node, dict) else self._list(node)
        return known

    def _dict(self, node: dict[Any, Any]) -> dict[Any, Any]:
        changed = {key: new for key, value in node.items() if (new := self._new(value)) is not value}
        if not changed:
            return node
        copy = copied(node)
        for key, value in changed.items():
            copy[key] = value
            hole = node[key]
            if isinstance(hole, Input) and key in copy.places:
                origin, line, column, *_ = copy.places[key]
                from_, value_line, value_column, secret = _place(self._fillings[hole.name])
                copy.places[key] = (origin, line, column, value_line, value_column, secret, from_)
        return copy

    def _list(self, node: list[Any]) -> list[Any]:
        changed = {index: new for index, value in enumerate(node) if (new := self._new(value)) is not value}
        if not changed:
            return node
        copy = NodeList(node)
        if isinstance(node, NodeList):
            copy.place = node.place
            copy.places = list(node.places)
        for index, value in changed.items():
            copy[index] = value
            hole = node[index]
            if isinstance(hole, Input) and index < len(copy.places):
                copy.places[index] = _place(self._fillings[hole.name])
        return copy

    def _new(self, value: Any) -> Any:
        return self._fillings[value.name].value if isinstance(value, Input) else self.fill(value)


def _place(filling: Filling) -> ItemPlace:
    """Return where a filling is written; its origin is that of its text, so that it moves when the text does."""
    container, key = filling.container, filling.key
    secret = secret_of(container, key)
    if isinstance(container, NodeDict) and (place := container.places.get(key)) is not None:
        return (place[0] if len(place) == 6 else place[6], place[3], place[4], secret)
    if isinstance(container, NodeList) and isinstance(key, int) and key < len(container.places):
        return (*container.places[key][:3], secret)
    mark = mark_of(container, key)
    return (Origin(mark.file), mark.line, mark.column, secret)


def copied(node: dict[Any, Any]) -> NodeDict:
    """Return a copy of a mapping that may be changed, with the same places."""
    copy = NodeDict(node)
    if isinstance(node, NodeDict):
        copy.place = node.place
        copy.places = dict(node.places)
    return copy


def without(node: dict[Any, Any], *keys: Any) -> NodeDict:
    """Return a copy of a mapping without some keys."""
    copy = copied(node)
    for key in keys:
        copy.pop(key, None)
        copy.places.pop(key, None)
    return copy


def adopt(into: NodeDict, source: dict[Any, Any], key: Any) -> None:
    """Put a key of another mapping into one, with its place."""
    into.pop(key, None)
    into[key] = source[key]
    if isinstance(source, NodeDict) and key in source.places:
        into.places[key] = source.places[key]
