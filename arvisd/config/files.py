"""Reading the files of a configuration: only regular, only text, only of a sane size, each with its hash."""

from __future__ import annotations

import codecs
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from arvisd.config.nodes import SECRETS
from arvisd.config.problems import did_you_mean

MAX_BYTES = 8 * 1024 * 1024
"""Of one file; 10,000 automations take 3 MB."""
TEST_FILE = ".test.yaml"
"""Names of files end so that hold tests of automations: they may stand beside them."""
OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


class FileError(Exception):
    """A file cannot be read; the text says why, without the file's name."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


def read_bytes(path: Path) -> bytes:
    """Return what a regular file holds; raise FileError for anything else. Never waits for a FIFO or a device."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise FileError(_absent(path)) from None
    except PermissionError:
        raise FileError(f"may not be read by this user: chmod or chown it (owner {_owner(path)})") from None
    except (OSError, ValueError) as failure:
        raise FileError(f"cannot be opened: {_reason(failure)}") from None
    state = os.fstat(handle)
    if not stat.S_ISREG(state.st_mode):
        os.close(handle)
        raise FileError("is a folder, not a file" if stat.S_ISDIR(state.st_mode) else "is not a regular file")
    with os.fdopen(handle, "rb") as file:
        if state.st_size > MAX_BYTES:
            raise FileError(
                f"has {state.st_size / 1048576:.1f} MB, more than the {MAX_BYTES // 1048576} MB of a configuration file"
            )
        try:
            return file.read(state.st_size + 1)
        except OSError as failure:
            raise FileError(f"cannot be read: {_reason(failure)}") from None


def decode(content: bytes) -> str:
    """Return the text of a file, without a byte order mark; raise FileError where it is not UTF-8."""
    content = content.removeprefix(codecs.BOM_UTF8)
    for mark, name in OTHER_ENCODINGS:
        if content.startswith(mark):
            raise FileError(f"is in {name}: save it as UTF-8", 1, 1)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as failure:
        before = content[: failure.start]
        if b"\x00" in content[:8192]:
            raise FileError("is a binary file, not text", 1, 1) from None
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1
        raise FileError(
            f"is not in UTF-8 (byte 0x{content[failure.start]:02x}): save it as UTF-8", line, column
        ) from None


def digest(content: bytes) -> str:
    """Return the hash by which two versions of a file are compared."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def yaml_files(folder: Path) -> Iterator[Path]:
    """Yield the `.yaml` files below a folder in the order of their names, as Home Assistant includes them.

    Hidden ones, `secrets.yaml` and tests of automations are left out; symlinks are followed, each real folder once.
    """
    yield from _walk(folder, {os.path.realpath(folder)})


def _walk(folder: Path, seen: set[str]) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    folders = []
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            folders.append(Path(entry.path))
        elif entry.name.endswith(".yaml") and entry.name != SECRETS and not entry.name.endswith(TEST_FILE):
            yield Path(entry.path)
    for inner in folders:
        real = os.path.realpath(inner)
        if real not in seen:
            seen.add(real)
            yield from _walk(inner, seen)


def name_in(folder: Path, path: Path) -> str:
    """Return how a file is named in problems: relative to the configuration folder, absolute outside of it."""
    try:
        return path.relative_to(folder).as_posix()
    except ValueError:
        return path.as_posix()


def _absent(path: Path) -> str:
    if os.path.lexists(path):
        return "is a symlink to a file that is not there"
    try:
        near = did_you_mean(path.name, (other.name for other in path.parent.glob("*.yaml")))
    except OSError:
        near = ""
    return f"is not there{near}"


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (OSError, KeyError):
        return "unknown"


def _reason(failure: Exception) -> str:
    return (failure.strerror if isinstance(failure, OSError) else None) or str(failure)
