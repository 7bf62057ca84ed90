"""Where tests are: files that are named, and those of a folder whose name ends in `.test.yaml`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from arvisd.automation.rehearsal.document import SUFFIXES
from arvisd.config.loader import MAIN
from arvisd.core.errors import ArvisError

SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__"})


def test_files(paths: Iterable[Path]) -> list[Path]:
    """Return the test files that paths stand for, each once; raise ArvisError for a path that holds none."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(_below(path))
            if not inside:
                raise ArvisError(f"{path}: no file in it ends in {' or '.join(SUFFIXES)}")
            found.update(dict.fromkeys(inside))
        elif path.is_file():
            found[path] = None
        else:
            raise ArvisError(f"{path} is not there")
    return list(found)


def _below(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in SKIPPED_FOLDERS)
        yield from (Path(here, name) for name in files if name.endswith(SUFFIXES))


def configuration_of(path: Path) -> Path | None:
    """Return the nearest folder above a test file that holds a configuration, None where there is none."""
    return next((folder for folder in path.absolute().parents if (folder / MAIN).is_file()), None)
