"""What is wrong in a configuration, and where: said as `FILE:LINE:COL: message`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec

from arvisd.config.nodes import Mark
from arvisd.core.errors import ArvisError


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong, or worth a warning."""

    file: str
    """Relative to the configuration folder; absolute where the file lies outside of it; empty: the folder itself."""
    line: int
    """From 1; 0: the file as a whole."""
    column: int
    """From 1; 0: the file as a whole."""
    severity: Literal["error", "warning"]
    """An error keeps the last good version of what it is in; a warning keeps nothing from running."""
    message: str
    """What is wrong, what to do, the nearest valid name."""
    automation: str | None = None
    """Id or alias of the automation that it is in."""

    @property
    def located(self) -> str:
        """Place and message, for where the severity is told beside it."""
        return self._at(self.message)

    def __str__(self) -> str:
        return self._at(f"warning: {self.message}" if self.severity == "warning" else self.message)

    def _at(self, text: str) -> str:
        where = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{where}: {text}" if where else text


class ConfigError(ArvisError):
    """A configuration cannot be used; holds every problem, errors and warnings."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def error(mark: Mark, message: str, automation: str | None = None) -> Problem:
    """Return an error at a place."""
    return Problem(mark.file, mark.line, mark.column, "error", message, automation)


def warning(mark: Mark, message: str, automation: str | None = None) -> Problem:
    """Return a warning at a place."""
    return Problem(mark.file, mark.line, mark.column, "warning", message, automation)


def errors_in(problems: Iterable[Problem]) -> list[Problem]:
    """Return the errors among problems, without the warnings."""
    return [problem for problem in problems if problem.severity == "error"]


def did_you_mean(given: Any, valid: Iterable[Any]) -> str:
    """Return ` (did you mean 'broker'?)` for the nearest valid name, an empty text where none is near."""
    names = {str(name): None for name in valid}
    text = str(given)[:100]
    lowered = {name.lower(): name for name in reversed(names)}
    near = difflib.get_close_matches(text.lower().replace("-", "_").replace(" ", "_"), lowered, n=1, cutoff=0.6)
    return f" (did you mean {lowered[near[0]]!r}?)" if near else ""
