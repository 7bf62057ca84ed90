"""Regular expressions of templates: one that runs away in backtracking is stopped."""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeVar

from arvisd.automation.templates.limits import LimitError

try:  # Python 3.11 and later
    from re import _parser as parser  # type: ignore[attr-defined]  # there is no public way to read a pattern
except ImportError:  # pragma: no cover
    parser = None

T = TypeVar("T")

MAX_PATTERN = 2_000
"""Characters of a pattern."""
MAX_SECONDS = 0.25
"""How long one search may take. `re` looks after signals while it searches."""
LONG = 10_000
"""Characters of a text in which every search is watched."""
SHORT = 16
"""And of one in which no search takes long."""
MANY = 10
"""A repeat of at least so many counts as one without an end."""
_CAN_STOP = hasattr(signal, "setitimer")


class Pattern:
    """One compiled pattern."""

    __slots__ = ("compiled", "risky")

    def __init__(self, text: str, flags: int) -> None:
        if len(text) > MAX_PATTERN:
            raise LimitError(f"a regular expression has more than {MAX_PATTERN:,} characters")
        self.compiled = re.compile(text, flags)
        self.risky = _repeats(text, flags) > 1
        """With two open repeats, one within or beside the other, a search may take forever."""

    def run(self, search: Callable[[re.Pattern[str]], T], text: str) -> T:
        """Return what a search gives; raise LimitError when it takes too long."""
        if len(text) < (SHORT if self.risky else LONG):
            return search(self.compiled)
        with _limited(MAX_SECONDS):
            return search(self.compiled)


@lru_cache(maxsize=256)
def pattern(text: str, ignorecase: bool = False) -> Pattern:
    """Return a compiled pattern; raise ValueError with what is wrong with it."""
    try:
        return Pattern(text, re.IGNORECASE if ignorecase else 0)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{text!r} is not a regular expression: {error}") from None


def _repeats(text: str, flags: int) -> int:
    """Return how many repeats without an end a pattern has."""
    if parser is None:  # pragma: no cover
        return 2
    return sum(1 for _ in _open_repeats(parser.parse(text, flags)))


def _open_repeats(node: Any) -> Iterator[None]:
    for operator, argument in node:
        if str(operator) in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _, most, inner = argument
            if int(most) >= MANY:
                yield
                if any(str(within) == "BRANCH" for within, _ in _all(inner)):
                    yield  # `(a|a)*` may be read in as many ways as two repeats
            yield from _open_repeats(inner)
            continue
        for part in argument if isinstance(argument, tuple | list) else (argument,):
            for each in part if isinstance(part, list) else (part,):
                if isinstance(each, parser.SubPattern):
                    yield from _open_repeats(each)


def _all(node: Any) -> Iterator[tuple[Any, Any]]:
    """Give every operator of a pattern with its argument."""
    for operator, argument in node:
        yield operator, argument
        for part in argument if isinstance(argument, tuple | list) else (argument,):
            for each in part if isinstance(part, list) else (part,):
                if isinstance(each, parser.SubPattern):
                    yield from _all(each)


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Stop what takes longer; in another thread than the first, and on Windows, nothing can."""
    if not _CAN_STOP or threading.current_thread() is not threading.main_thread():
        yield
        return

    searching = True

    def stop(*_: Any) -> None:
        if searching:
            raise LimitError(f"a regular expression took longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds)
    began = time.monotonic()
    try:
        yield
    finally:
        try:
            searching = False  # an alarm may still come until it is called off
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        if left:  # somebody else's alarm goes on
            signal.setitimer(signal.ITIMER_REAL, max(0.001, left - (time.monotonic() - began)), interval)
