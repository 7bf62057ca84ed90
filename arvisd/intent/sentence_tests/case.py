"""What a file of sentence tests says."""

from __future__ import annotations

from typing import Any

import msgspec

from arvisd.config.nodes import Mark


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence, what it must mean and what is answered."""

    text: str
    place: Mark
    """Where the sentence stands."""
    intent: str
    slots: dict[str, Any]
    """Names as they are spelled in the house of the test; a list: any one of them."""
    context: dict[str, Any] = {}
    """`area`: name of the area in which it is said; `domain` and `device_class` of what is meant."""
    responses: tuple[str, ...] = ()
    """The answers of which one must be given; empty: any."""
    combination: str = ""
    """Slot combination that the file is for, in the newer layout; there `domain` is implied by it."""
    timers: list[dict[str, Any]] | None = None
    """Timers that run; None: those of the house."""
    media: list[dict[str, Any]] | None = None
    """Media that can be found; None: those of the house."""


class TestFile(msgspec.Struct, frozen=True):
    """The tests of one file."""

    __test__ = False

    path: str
    language: str
    house: dict[str, Any]
    """`floors`, `areas`, `entities`, `timers` and `media` of the house in which it is said."""
    cases: tuple[Case, ...]

    @property
    def newer(self) -> bool:
        """Whether it is of the newer layout: one slot combination a file."""
        return any(case.combination for case in self.cases)
