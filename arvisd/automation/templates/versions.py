"""Template function `version`: versions that compare as people mean them, `2026.9.1 < 2026.10.0b2`."""

from __future__ import annotations

import functools
import re
from typing import Any

_PARTS = re.compile(r"\d+|[a-z]+", re.IGNORECASE)
_STAGES = {"dev": -5, "alpha": -4, "a": -4, "beta": -3, "b": -3, "rc": -2, "c": -2}
"""What comes before the version itself, in this order."""


@functools.total_ordering
class Version:
    """One version."""

    __slots__ = ("_key", "string")

    def __init__(self, text: Any) -> None:
        self.string = str(text).strip()
        numbers: list[int] = []
        stage: list[int] = []
        for part in _PARTS.findall(self.string.removeprefix("v").partition("+")[0]):
            if part.isdigit():
                (stage or numbers).append(int(part))
            else:
                stage.append(_STAGES.get(part.lower(), -1))
        self._key = (tuple(numbers), tuple(stage) or (0,))

    @property
    def major(self) -> int | None:
        """The first number."""
        return self._number(0)

    @property
    def minor(self) -> int | None:
        """The second number."""
        return self._number(1)

    @property
    def patch(self) -> int | None:
        """The third number."""
        return self._number(2)

    @property
    def valid(self) -> bool:
        """Whether it has numbers at all."""
        return bool(self._key[0])

    @property
    def beta(self) -> bool:
        """Whether it is one before the version itself."""
        return self._key[1][0] < 0

    def _number(self, index: int) -> int | None:
        numbers = self._key[0]
        return numbers[index] if index < len(numbers) else None

    def _comparable(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        numbers = self._key[0]
        while numbers and numbers[-1] == 0:
            numbers = numbers[:-1]
        return numbers, self._key[1]

    def __eq__(self, other: object) -> bool:
        return self._comparable() == _version(other)._comparable()

    def __lt__(self, other: object) -> bool:
        return self._comparable() < _version(other)._comparable()

    def __hash__(self) -> int:
        return hash(self._comparable())

    def __str__(self) -> str:
        return self.string


def _version(value: object) -> Version:
    return value if isinstance(value, Version) else Version(value)
