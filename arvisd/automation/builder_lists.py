"""Documents write one thing or a list of things."""

from __future__ import annotations

from typing import Any


def listed(node: Any, container: Any, key: Any) -> list[tuple[Any, Any, Any]]:
    """Return the items of a list, or the one node, each with what holds it and where."""
    if node is None:
        return []
    if isinstance(node, list):
        return [(item, node, index) for index, item in enumerate(node)]
    return [(node, container, key)]
