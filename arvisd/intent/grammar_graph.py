"""Makes the smallest automaton that accepts the same sentences (determinise, then merge what cannot be told apart)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

L = TypeVar("L", bound=Hashable)


class Automaton(Generic[L]):
    """States and labelled arcs without loops; state 0 is the start."""

    def __init__(self) -> None:
        self.arcs: list[list[tuple[L, int]]] = [[]]
        """Arcs by the state they leave: label, state they reach."""
        self.ends: set[int] = set()

    def state(self) -> int:
        """Add a state and return its number."""
        self.arcs.append([])
        return len(self.arcs) - 1

    def arc(self, start: int, label: L, end: int) -> None:
        """Add an arc."""
        self.arcs[start].append((label, end))

    def path(self, start: int, labels: Iterable[L], end: int) -> None:
        """Add a chain of arcs between two states; at least one label."""
        *before, last = labels
        for label in before:
            after = self.state()
            self.arc(start, label, after)
            start = after
        self.arc(start, last, end)

    def size(self) -> int:
        """Return the number of arcs."""
        return sum(map(len, self.arcs))


def minimal(automaton: Automaton[L]) -> Automaton[L]:
    """Return the minimal deterministic automaton of the same language; dead ends go."""
    return _merge(_determinise(automaton))


def _determinise(automaton: Automaton[L]) -> Automaton[L]:
    result: Automaton[L] = Automaton()
    start = frozenset((0,))
    known = {start: 0}
    todo = [start]
    while todo:
        group = todo.pop()
        here = known[group]
        if not automaton.ends.isdisjoint(group):
            result.ends.add(here)
        reached: dict[L, set[int]] = {}
        for state in group:
            for label, end in automaton.arcs[state]:
                reached.setdefault(label, set()).add(end)
        for label, ends in reached.items():
            target = frozenset(ends)
            if target not in known:
                known[target] = result.state()
                todo.append(target)
            result.arc(here, label, known[target])
    return result


def _merge(automaton: Automaton[L]) -> Automaton[L]:
    """Merge, from the ends backwards, states with the same future; the automaton has no loops."""
    classes: dict[tuple[bool, frozenset[tuple[L, int]]], int] = {}
    class_of: dict[int, int] = {}
    futures: list[frozenset[tuple[L, int]]] = []
    final: list[bool] = []
    for state in _ends_first(automaton):
        future = frozenset(
            (label, class_of[end])
            for label, end in automaton.arcs[state]
            if final[class_of[end]] or futures[class_of[end]]
        )
        key = (state in automaton.ends, future)
        if key not in classes:
            classes[key] = len(futures)
            futures.append(future)
            final.append(key[0])
        class_of[state] = classes[key]
    # Numbered from the start, so that 0 is the start and the numbers do not depend on hashing.
    result: Automaton[L] = Automaton()
    number = {class_of[0]: 0}
    todo = [class_of[0]]
    while todo:
        current = todo.pop()
        if final[current]:
            result.ends.add(number[current])
        for label, target in sorted(futures[current], key=lambda arc: (str(arc[0]), arc[1])):
            if target not in number:
                number[target] = result.state()
                todo.append(target)
            result.arc(number[current], label, number[target])
    return result


def _ends_first(automaton: Automaton[L]) -> list[int]:
    """Return the states that can be reached, each after all that follow it."""
    order: list[int] = []
    seen = {0}
    stack = [(0, iter(automaton.arcs[0]))]
    while stack:
        state, arcs = stack[-1]
        for _, end in arcs:
            if end not in seen:
                seen.add(end)
                stack.append((end, iter(automaton.arcs[end])))
                break
        else:
            order.append(state)
            stack.pop()
    return order
