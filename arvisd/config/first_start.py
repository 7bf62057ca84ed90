"""Writes a small commented configuration that works as it is, where there is none."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from arvisd.config.loader import MAIN
from arvisd.config.problems import ConfigError, Problem

SHIPPED = Path(__file__).with_name("first_start")
"""The texts that are written."""
FILES = {
    "home.yaml": ("home.yaml", 0o644),
    "automations.yaml": ("automations.yaml", 0o644),
    "secrets.yaml": ("secrets.yaml", 0o600),
    ".gitignore": ("gitignore", 0o644),
    MAIN: (MAIN, 0o644),
}
"""Name, shipped text and mode of each file; the main one last: while it is absent, the next start goes on."""


def write_first_configuration(folder: Path) -> tuple[str, ...]:
    """Write the files that are not there yet and return their names; none where there is a configuration.yaml.

    Each file appears whole or not at all, and none is ever overwritten.

    Raises:
        ConfigError: the folder cannot be written to.
    """
    if os.path.lexists(folder / MAIN):
        return ()
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, (text, mode) in FILES.items():
            if _write_new(folder / name, (SHIPPED / text).read_bytes(), mode):
                written.append(name)
    except OSError as failure:
        message = (
            f"a first configuration cannot be written to {folder}: {failure.strerror}. "
            "Make the folder writable, or name another one with --config or ARVISD_CONFIG"
        )
        raise ConfigError([Problem("", 0, 0, "error", message)]) from failure
    return tuple(written)


def _write_new(path: Path, content: bytes, mode: int) -> bool:
    """Write a file that must not be there; return False where it is."""
    if os.path.lexists(path):
        return False
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        try:
            os.link(draft, path)
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links
            draft.rename(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
    return True
