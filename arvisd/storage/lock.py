"""One arvisd a data folder: two would do every automation twice, and take each other's runs for their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from arvisd.storage.errors import FolderInUseError

FILE = "arvisd.lock"
"""Its name in the data folder; the system lets go of it when the process ends, however it ends."""


@contextmanager
def sole_use(folder: Path) -> Iterator[None]:
    """Hold the data folder for this process.

    Where no file can be made (a read-only folder, whose database says so) or locked (some network file systems), nothing
    is held.

    Raises:
        FolderInUseError: another arvisd holds it.
    """
    file = _held(folder)
    if file is None:
        yield
        return
    with file:
        yield


def _held(folder: Path) -> IO[str] | None:
    """Return the locked file, None where there can be none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / FILE).open("a+", encoding="utf-8")
    except OSError:
        return None
    try:
        _lock(file)
    except BlockingIOError:
        with file:
            file.seek(0)
            holder = file.read(20).strip()
        raise FolderInUseError(
            f"another arvisd{f' (process {holder})' if holder.isdigit() else ''} uses {folder}: stop it, or give this one "
            "a data folder of its own by ARVISD_DATA"
        ) from None
    except OSError:
        file.close()
        return None
    try:
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
    except OSError:  # a full disk: the lock holds without a name in it
        pass
    return file


def _lock(file: IO[str]) -> None:
    """Lock a file until it is closed; raise BlockingIOError when another process has."""
    try:
        import fcntl
    except ImportError:  # Windows, where the database's own locks have to do
        return
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
