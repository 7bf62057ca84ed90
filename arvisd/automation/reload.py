"""The one decision of a reload: which automations start, which stop, which are left alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from arvisd.automation.schema import Document

ORDERED = frozenset({"variables", "trigger_variables"})


class Loaded(Protocol):
    """What is loaded now of one automation."""

    @property
    def source(self) -> Document:
        """The document that it was made of, as it was last read."""


L = TypeVar("L", bound=Loaded)


class ReloadPlan(msgspec.Struct, Generic[L], frozen=True):
    """What a reload does."""

    kept: list[tuple[L, Document]]
    """Unchanged: runs, timers and `for:` go on; the document is the same, perhaps elsewhere in its file."""
    changed: list[tuple[L, Document]]
    """The same automation by its id, with another content."""
    added: list[Document]
    removed: list[L]


def plan_reload(current: Sequence[L], wanted: Sequence[Document]) -> ReloadPlan[L]:
    """Decide. Automations are the same by id; those without an id by content, and else by alias.

    Each current one is matched at most once, each wanted one stands in exactly one list of the plan.
    """
    kept: list[tuple[L, Document]] = []
    changed: list[tuple[L, Document]] = []
    added: list[Document] = []
    by_id: dict[str, L] = {}
    without: dict[str, list[L]] = {}
    for loaded in current:
        id_ = loaded.source.id
        if id_ is not None:
            by_id.setdefault(id_, loaded)
        else:
            without.setdefault(loaded.source.label, []).append(loaded)
    undecided: list[Document] = []
    for document in wanted:
        match = by_id.pop(document.id, None) if document.id is not None else _same(without, document)
        if match is not None:
            (kept if _unchanged(match.source, document) else changed).append((match, document))
        elif document.id is None:
            undecided.append(document)
        else:
            added.append(document)
    for document in undecided:
        waiting = without.get(document.label)
        if waiting:
            changed.append((waiting.pop(0), document))
        else:
            added.append(document)
    matched = {id(loaded) for loaded, _ in (*kept, *changed)}
    removed = [loaded for loaded in current if id(loaded) not in matched]
    return ReloadPlan(kept, changed, added, removed)


def _same(without: dict[str, list[L]], document: Document) -> L | None:
    """Take the loaded automation of the very same content."""
    waiting = without.get(document.label, [])
    for index, loaded in enumerate(waiting):
        if _unchanged(loaded.source, document):
            return waiting.pop(index)
    return None


def _unchanged(one: Document, other: Document) -> bool:
    """Tell whether two documents say the same, and what is wrong with their blueprints is the same."""
    if one.usable is not other.usable or ((one.problems or other.problems) and _said(one) != _said(other)):
        return False
    return same_content(one.node, other.node)


def _said(document: Document) -> list[str]:
    """Return what is wrong with it, wherever that stands by now."""
    return [problem.message for problem in document.problems]


def same_content(one: Any, other: Any) -> bool:
    """Tell whether two documents say the same; nodes of unchanged files are the same object."""
    return one is other or (one == other and _overlooked(one) == _overlooked(other))


def _overlooked(node: Any, *, ordered: bool = False) -> Any:
    """Return what `==` overlooks: that 1 is not true, and the order of variables, which see those before them."""
    if isinstance(node, dict):
        inner = {key: _overlooked(value, ordered=key in ORDERED) for key, value in node.items()}
        return list(inner.items()) if ordered else inner
    if isinstance(node, list):
        return [_overlooked(value) for value in node]
    return type(node) if isinstance(node, bool | int | float) else None
