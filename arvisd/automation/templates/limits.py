"""What keeps a template from taking all of the time or memory: bounded loops, texts and powers."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.visitor import NodeTransformer

MAX_OUTPUT = 256 * 1024
"""Characters that a template may give, Home Assistant's limit."""
MAX_ITEMS = 4 * 1024 * 1024
"""Characters or items of any text or list made on the way."""
MAX_LIST = 500_000
"""Items of any list made on the way."""
MAX_WEIGHT = 1_000_000
"""Items of a list within lists, each counted as often as it is there: a text counts one for eight characters. Forty times
`[v, v]` is a small thing in memory, and more than any memory when it is written out."""
MAX_STEPS = 1_000_000
"""Passes through loops, items through filters and calls in one rendering: about 0.2 s."""
CALL_STEPS = 25
"""As how many passes a call counts: a macro's takes 20 to 50 µs."""
MAX_SECONDS = 2.0
"""CPU time of one rendering: what makes a great list in each pass of a loop is stopped, however few its passes are."""
LOOK_STEPS = 64
"""How often the time is looked at: a look takes 0.2 µs."""
MAX_EXPONENT_BITS = 65_536

METERED = "_metered"
JOINED = "_joined"
WEIGHED = "_weighed"
WIDENING = frozenset({"ljust", "rjust", "center", "zfill", "expandtabs"})
"""Methods of texts whose argument is a width."""


class LimitError(SecurityError):
    """A template asked for too much."""


class Meter:
    """Counts the passes through loops of one rendering, and now and then looks at the time that it takes."""

    __slots__ = ("left", "look_at", "until")

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin a rendering."""
        self.left = MAX_STEPS
        self.look_at = MAX_STEPS - LOOK_STEPS
        self.until = 0.0

    def look(self) -> None:
        """Raise LimitError where it has taken too long; most renderings end before the first look."""
        if self.left < 0:
            raise LimitError(f"the template makes more than {MAX_STEPS:,} calls and passes through loops")
        self.look_at = self.left - LOOK_STEPS
        now = time.thread_time()
        if not self.until:
            self.until = now + MAX_SECONDS
        elif now > self.until:
            raise LimitError(f"the template takes longer than {MAX_SECONDS:g} s")


METER = Meter()


class Metered:
    """An iterable whose every item is counted."""

    __slots__ = ("_items",)

    def __init__(self, items: Iterable[Any]) -> None:
        self._items = items

    def __iter__(self) -> Iterator[Any]:
        for item in self._items:
            METER.left -= 1
            if METER.left < METER.look_at:
                if METER.left < 0:
                    raise LimitError(f"the template loops more than {MAX_STEPS:,} times")
                METER.look()
            yield item

    def __bool__(self) -> bool:
        return bool(self._items)  # a generator has no length: Jinja's filters ask whether there is anything

    def __len__(self) -> int:
        return len(self._items)  # type: ignore[arg-type]  # a generator raises TypeError, as Jinja's loops expect


def joined(*parts: Any) -> str:
    """Do what `~` does, within the limit."""
    texts = [str(part) for part in parts]
    if sum(map(len, texts)) > MAX_ITEMS:
        raise LimitError(f"a text in the template grows beyond {MAX_ITEMS:,} characters")
    return "".join(texts)


def concatenated(parts: Iterable[str]) -> str:
    """Put together what a block, a macro or a `set` made, within the limit."""
    texts = list(parts)
    if sum(map(len, texts)) > MAX_ITEMS:
        raise LimitError(f"a text in the template grows beyond {MAX_ITEMS:,} characters")
    return "".join(texts)


def weight(value: Any) -> int:
    """Return how much a list or mapping would be when it is written out; raise LimitError where that is too much."""
    total = 0
    stack = [value]
    while stack:
        node = stack.pop()
        total += len(node)
        if total > MAX_WEIGHT:
            raise LimitError(f"lists within lists hold more than {MAX_WEIGHT:,} items")
        for item in node.values() if isinstance(node, dict) else node:
            kind = item.__class__
            if kind is str:
                total += len(item) >> 3
            elif kind in _NESTING:
                stack.append(item)
    return total


_NESTING = frozenset({list, tuple, dict, set, frozenset})


def weighed(value: Any) -> Any:
    """Return a value that is not too much to be written out."""
    if value.__class__ in _NESTING:
        weight(value)
    return value


def count_call() -> None:
    """Count a call: macros may call themselves twice over without a loop."""
    METER.left -= CALL_STEPS
    if METER.left < METER.look_at:
        METER.look()


class Metering(NodeTransformer):
    """Puts the meter into the loops and joins of a parsed template."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802  # Jinja's naming of visitors
        """Count the passes of a loop."""
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, METERED, [], [], None, None, lineno=node.lineno)
        return node

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802
        """Bound what is put into each other."""
        self.generic_visit(node)
        return _weighing(node, node.items)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802
        """Bound what is put into each other; names that are assigned to are none of it."""
        self.generic_visit(node)
        return node if node.ctx == "store" else _weighing(node, node.items)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802
        """Bound what is put into each other."""
        self.generic_visit(node)
        return _weighing(node, [pair.value for pair in node.items])

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        """Bound `a ~ b`."""
        self.generic_visit(node)
        first, *rest = node.nodes
        return nodes.Filter(first, JOINED, rest, [], None, None, lineno=node.lineno)


def _weighing(node: nodes.Expr, values: list[nodes.Expr]) -> nodes.Expr:
    if all(isinstance(value, nodes.Const) for value in values):
        return node
    return nodes.Filter(node, WEIGHED, [], [], None, None, lineno=node.lineno)


def checked_binop(operator: str, left: Any, right: Any) -> None:
    """Raise LimitError when `left operator right` would be too large to make."""
    if operator == "*":
        for sized, times in ((left, right), (right, left)):
            if not isinstance(times, int) or not isinstance(sized, str | bytes | list | tuple):
                continue
            most = MAX_ITEMS if isinstance(sized, str | bytes) else MAX_LIST
            if len(sized) * times > most:
                raise LimitError(f"'*' would make more than {most:,} items")
            if times > 1 and isinstance(sized, list | tuple) and weight(sized) * times > MAX_WEIGHT:
                raise LimitError(f"'*' would make more than {MAX_WEIGHT:,} items")
        if _bits(left) + _bits(right) > MAX_EXPONENT_BITS:
            raise LimitError("'*' would make a number that is too large")
    elif operator == "**":
        if isinstance(left, int) and isinstance(right, int) and right > 0 and _bits(left) * right > MAX_EXPONENT_BITS:
            raise LimitError("'**' would make a number that is too large")
    elif operator == "%":
        if isinstance(left, str):
            check_widths(left)
    elif operator == "+":
        most = MAX_LIST if isinstance(left, list | tuple) else MAX_ITEMS
        if _length(left) + _length(right) > most:
            raise LimitError(f"'+' would make more than {most:,} items")
        lists = isinstance(left, list | tuple) and isinstance(right, list | tuple)
        if lists and weight(left) + weight(right) > MAX_WEIGHT:
            raise LimitError(f"'+' would make more than {MAX_WEIGHT:,} items")


def check_call(called: Any, args: tuple[Any, ...]) -> None:
    """Raise LimitError when a call of a text's own method would make too much."""
    method = getattr(called, "__wrapped__", called)  # the sandbox wraps format()
    owner = getattr(method, "__self__", None)
    if not isinstance(owner, str | bytes):
        return
    name = method.__name__
    if name in WIDENING:
        tabs = owner.count("\t") if isinstance(owner, str) else 0
        if args and isinstance(args[0], int) and args[0] * max(1, tabs) > MAX_ITEMS:
            raise LimitError(f"{name}() would make more than {MAX_ITEMS:,} characters")
    elif name in ("format", "format_map") and isinstance(owner, str):
        check_widths(owner)
    elif name == "join" and args:
        items = [item for item in args[0] if isinstance(item, str | bytes)] if isinstance(args[0], list | tuple) else []
        if len(owner) * len(items) + sum(map(len, items)) > MAX_ITEMS:
            raise LimitError(f"join() would make more than {MAX_ITEMS:,} characters")
    elif name == "translate" and args and isinstance(args[0], dict):
        longest = max((len(value) for value in args[0].values() if isinstance(value, str)), default=1)
        if longest * len(owner) > MAX_ITEMS:
            raise LimitError(f"translate() could make more than {MAX_ITEMS:,} characters")
    elif name == "replace" and len(args) > 1 and isinstance(owner, str):
        count = owner.count(args[0]) if args[0] else len(owner) + 1
        if len(owner) + count * len(args[1]) > MAX_ITEMS:
            raise LimitError(f"replace() would make more than {MAX_ITEMS:,} characters")


def check_widths(pattern: str) -> None:
    """Raise LimitError when a format holds a width of more than six digits, or takes one from its arguments."""
    if re.search(r"\{[^{}]*:[^{}]*\{", pattern):
        raise LimitError("a width from an argument, '{:{width}}', is not allowed in a template")
    digits = 0
    for character in pattern:
        digits = digits + 1 if character.isdigit() else 0
        if digits > 6:
            raise LimitError("a width in the template's format is too large")
    if "*" in pattern and "%" in pattern:
        raise LimitError("a width from an argument, '%*d', is not allowed in a template")


def _bits(value: Any) -> int:
    return value.bit_length() if isinstance(value, int) else 0


def _length(value: Any) -> int:
    return len(value) if isinstance(value, str | bytes | list | tuple) else 0
