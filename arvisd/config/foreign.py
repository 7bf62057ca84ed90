"""Reads a file that somebody else wrote, such as a blueprint: it sees no secrets and nothing outside of its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from arvisd.config.document import Broken, LimitError
from arvisd.config.files import name_in
from arvisd.config.loader import Load
from arvisd.config.nodes import Mark
from arvisd.config.problems import Problem


class ForeignFile(msgspec.Struct, frozen=True, eq=False):
    """What such a file holds."""

    value: Any
    """Its nodes; a `Broken` stands where a value could not be read."""
    files: tuple[Path, ...]
    """The file, and those that it includes."""
    problems: tuple[Problem, ...]
    """All that is wrong with the YAML."""


def load_foreign(folder: Path, path: Path, within: Path) -> ForeignFile:
    """Read one file; never raises for what stands in it.

    Args:
        folder: the configuration folder, to name files in problems.
        path: the file.
        within: the folder that its includes may not leave.
    """
    return _ForeignLoad(folder, within).read(path)


class _ForeignLoad(Load):
    """One load of such a file."""

    def __init__(self, folder: Path, within: Path) -> None:
        super().__init__(folder, {}, None)
        self._within = within
        for tag in ("!secret", "!env_var"):
            self.tags[tag] = self._refuse

    def read(self, path: Path) -> ForeignFile:
        """Return what the file holds."""
        try:
            value, _ = self._file(path, None, 0)
        except LimitError as failure:
            self.problems.append(failure.problem)
            value = Broken(failure.problem.message)
        return ForeignFile(value, tuple(self.folder / name for name in self.files), tuple(self.problems))

    def _target(self, tag: str, argument: str, mark: Mark) -> Path | Broken:
        path = super()._target(tag, argument, mark)
        if isinstance(path, Path) and not path.resolve().is_relative_to(self._within.resolve()):
            inside = name_in(self.folder, self._within)
            return self._error(mark, f"{tag}: a file that others wrote may only include what lies in {inside}/")
        return path

    def _refuse(self, tag: str, argument: Any, mark: Mark, depth: int) -> tuple[Any, int]:
        return self._error(mark, f"{tag} is not given to a file that others wrote: make it an input"), 1
