"""Finds the filters that match a topic at a cost that depends on the topic's depth, not on their number."""

from __future__ import annotations

from typing import Generic, TypeVar

from arvisd.core.topics import topic_levels

T = TypeVar("T")


class _Node(Generic[T]):
    """One level of the filters."""

    __slots__ = ("children", "rest", "values")

    def __init__(self) -> None:
        self.children: dict[str, _Node[T]] = {}
        self.values: list[T] = []
        """Values whose filter ends here."""
        self.rest: list[T] = []
        """Values whose filter ends with `#` here."""


class FilterTree(Generic[T]):
    """Values under MQTT topic filters.

    Filters without a wildcard live in a dictionary: most automations name an exact topic, and those
    cost one look-up. The others live in a tree that is walked along the levels of the topic.
    """

    def __init__(self) -> None:
        self._exact: dict[str, list[T]] = {}
        self._root: _Node[T] = _Node()
        self._wild = 0

    def __len__(self) -> int:
        return sum(map(len, self._exact.values())) + self._wild

    def add(self, filter_: str, value: T) -> None:
        """Put a value under a filter; the same value may stand under many."""
        if "+" not in filter_ and "#" not in filter_:
            self._exact.setdefault(filter_, []).append(value)
            return
        node, last = self._walk(filter_, create=True)
        (node.rest if last == "#" else node.values).append(value)
        self._wild += 1

    def remove(self, filter_: str, value: T) -> None:
        """Take a value away again; raise ValueError when it is not there."""
        if "+" not in filter_ and "#" not in filter_:
            values = self._exact.get(filter_, [])
            values.remove(value)
            if not values:
                del self._exact[filter_]
            return
        node, last = self._walk(filter_, create=False)
        (node.rest if last == "#" else node.values).remove(value)
        self._wild -= 1
        self._prune(self._root, topic_levels(filter_), 0)

    def match(self, topic: str) -> list[T]:
        """Return the values whose filter matches the topic, each as often as it was added."""
        found = self._exact.get(topic)
        if not self._wild:
            return list(found) if found else []
        result = list(found) if found else []
        levels = topic_levels(topic)
        self._collect(self._root, levels, 0, result)
        return result

    def _collect(self, node: _Node[T], levels: tuple[str, ...], depth: int, result: list[T]) -> None:
        wild = depth > 0 or not levels[0].startswith("$")
        if node.rest and wild:
            result.extend(node.rest)
        if depth == len(levels):
            result.extend(node.values)
            return
        if (child := node.children.get(levels[depth])) is not None:
            self._collect(child, levels, depth + 1, result)
        if wild and (child := node.children.get("+")) is not None:
            self._collect(child, levels, depth + 1, result)

    def _walk(self, filter_: str, *, create: bool) -> tuple[_Node[T], str]:
        node = self._root
        level = ""
        for level in topic_levels(filter_):
            if level == "#":
                break
            child = node.children.get(level)
            if child is None:
                if not create:
                    raise ValueError(f"nothing stands under the filter {filter_!r}")
                child = node.children[level] = _Node()
            node = child
        return node, level

    def _prune(self, node: _Node[T], levels: tuple[str, ...], depth: int) -> bool:
        """Drop the branches that became empty; tell whether this one did."""
        if depth < len(levels) and levels[depth] != "#":
            child = node.children.get(levels[depth])
            if child is not None and self._prune(child, levels, depth + 1):
                del node.children[levels[depth]]
        return not (node.children or node.values or node.rest)
