"""From the file of a blueprint to the blueprint."""

from __future__ import annotations

from pathlib import Path

from arvisd.automation.blueprints.document import Blueprint, read_blueprint
from arvisd.config.files import name_in
from arvisd.config.foreign import load_foreign
from arvisd.config.nodes import Mark
from arvisd.config.problems import error


def read_file(folder: Path, file: Path, within: Path, domain: str | None) -> tuple[Blueprint, tuple[Path, ...]]:
    """Return the blueprint of a file, valid or not, and the files that it is written in.

    Args:
        folder: the configuration folder, to name files in problems.
        file: the file.
        within: the folder that its includes may not leave.
        domain: the one that it must be of; None: any.
    """
    loaded = load_foreign(folder, file, within)
    mark = Mark(name_in(folder, file), 1, 1)
    blueprint = read_blueprint(loaded.value, mark, domain)
    blueprint.problems[:0] = loaded.problems
    if loaded.value is None and not loaded.problems:
        blueprint.problems[:] = [error(mark, "the file is empty")]
    return blueprint, loaded.files
