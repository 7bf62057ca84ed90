"""Turns bytes into choices, so that what mutates bytes explores what is written: YAML documents, templates, blueprints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

T = TypeVar("T")


class Choices:
    """Reads bytes one by one; when they are used up, every choice is the first, so that whatever is made ends."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        """How many bytes there still are."""
        return max(0, len(self._data) - self._at)

    def number(self, below: int) -> int:
        """Return a number from 0."""
        if self._at >= len(self._data):
            return 0
        value = self._data[self._at]
        self._at += 1
        return value % below if below <= 256 else value * below // 256

    def of(self, options: Sequence[T]) -> T:
        """Return one of some options."""
        if len(options) > 256:
            return options[(self.number(256) * 256 + self.number(256)) % len(options)]
        return options[self.number(len(options))]

    def several(self, most: int) -> range:
        """Return how many of something there are, none when nothing is left to read."""
        return range(self.number(most + 1))


def a_text(choices: Choices) -> str:
    """Return a short text of odd characters."""
    letters = "abzAZ09_.:/-+#*'\"\\{}[]%|&!>?@`, \n\t\0\x1b\x85\u2028\ufeff\U0001f600äя"
    return "".join(choices.of(letters) for _ in choices.several(8))


NUMBERS: tuple[Any, ...] = (
    0,
    1,
    -1,
    2,
    3,
    7,
    0.5,
    60,
    1000,
    10**6,
    10**9,
    10**18,
    10**40,
    -(10**9),
    1e308,
    5e-324,
    True,
)
