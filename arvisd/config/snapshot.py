"""What a configuration folder holds at one moment, by content; and which folders tell when that changes.

Links are followed the way Kubernetes (`..data` swapped) and Nix (files linked into a store) lay them out.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
from _ruamel_yaml import CParser  # type: ignore[import-not-found]  # an extension without stubs
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from arvisd.config.files import MAX_BYTES, FileError, decode, digest, name_in, read_bytes
from arvisd.config.flow import parser_text

SUFFIXES = frozenset({".yaml", ".yml", ".py", ".jinja", ".json", ".pem", ".crt", ".key"})
"""Files that mean something; a Home Assistant folder also holds databases and logs that change all the time."""
SKIPPED_FOLDERS = frozenset({"__pycache__", "node_modules"})
MAX_LINKS = 40
"""Links that lead from one name to its file, as the kernel counts them."""


class Seen(NamedTuple):
    """One file."""

    stamp: tuple[int, int, int, int]
    """Device, inode, size and time of change: while these stay, the content is not read again."""
    digest: str
    settled: bool
    """Whether it looks whole: not empty, ends a line, and is valid YAML where it is YAML."""


class Snapshot(msgspec.Struct, frozen=True, eq=False):
    """A folder at one moment."""

    files: dict[str, Seen]
    """By the name that problems use."""
    places: frozenset[tuple[str, int, int]]
    """Folders to listen in, each with device and inode: another folder under the same name is another place."""
    links: frozenset[str]
    """Paths outside of the folder whose replacement changes what it holds."""

    def changes(self, before: Snapshot) -> frozenset[str]:
        """Return the names of files that came, went or have another content."""
        return frozenset(
            name
            for name in self.files.keys() | before.files.keys()
            if name not in self.files
            or name not in before.files
            or self.files[name].digest != before.files[name].digest
        )

    def settled(self, names: Iterable[str]) -> bool:
        """Whether these files look as somebody meant to leave them; one that is gone may be back in a moment."""
        return all(name in self.files and self.files[name].settled for name in names)


NOTHING = Snapshot({}, frozenset(), frozenset())


def is_watched(name: str) -> bool:
    """Whether a file of that name belongs to a configuration: no hidden one, no editor's backup or swap file."""
    return not name.startswith((".", "#")) and os.path.splitext(name)[1] in SUFFIXES  # noqa: PTH122  called often


def take_snapshot(folder: Path, outside: Iterable[Path], before: Snapshot, suspects: frozenset[str]) -> Snapshot:
    """Return what a folder and some files outside of it hold now.

    Args:
        folder: the configuration folder; one that is absent has no files.
        outside: files elsewhere that are included.
        before: an earlier snapshot; what has the same stamp as there is not read again,
        suspects: except for these paths, of which somebody said that they changed.
    """
    files: dict[str, Seen] = {}
    folders: set[str] = {str(folder.parent)}
    links: set[str] = {str(folder)}
    _follow(folder, folders, links)
    for path in (*_walk(folder, folders, links, {os.path.realpath(folder)}), *outside):
        if not path.is_relative_to(folder):
            folders.add(str(path.parent))
            links.add(str(path))
            _follow(path, folders, links)
        name = name_in(folder, path)
        seen = _look(path, before.files.get(name), suspected=str(path) in suspects)
        if seen is not None:
            files[name] = seen
    return Snapshot(files, frozenset(_identities(folders)), frozenset(links))


def _walk(folder: Path, folders: set[str], links: set[str], real: set[str]) -> Iterator[Path]:
    """Yield the watched files below a folder; collect the folders and links on the way."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    folders.add(str(folder))
    for entry in entries:
        inner = Path(entry.path)
        if entry.name.startswith(".") or entry.name in SKIPPED_FOLDERS:
            continue
        if entry.is_symlink():
            _follow(inner, folders, links)
        if entry.is_dir():
            target = os.path.realpath(inner)
            if target not in real:
                real.add(target)
                yield from _walk(inner, folders, links, real)
        elif is_watched(entry.name):
            yield inner


def _follow(path: Path, folders: set[str], links: set[str]) -> None:
    """Collect every link on the way from a path to its file, and the folders in which those links lie."""
    pending = list(reversed(path.parts))
    here = ""
    hops = 0
    while pending and hops <= MAX_LINKS:
        here = os.path.join(here, pending.pop())  # noqa: PTH118  called for every link at every change
        try:
            target = os.readlink(here)  # noqa: PTH115
        except OSError:
            continue
        hops += 1
        folder = os.path.dirname(here)  # noqa: PTH120
        folders.add(folder)
        links.add(here)
        here = "" if os.path.isabs(target) else folder  # noqa: PTH117
        pending.extend(reversed(Path(target).parts))
    if hops:
        folders.add(os.path.dirname(here))  # noqa: PTH120
        links.add(here)


def _look(path: Path, before: Seen | None, *, suspected: bool) -> Seen | None:
    try:
        state = path.stat()
    except OSError:
        return None
    stamp = (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns)
    if before is not None and before.stamp == stamp and not suspected:
        return before
    if not stat.S_ISREG(state.st_mode) or state.st_size > MAX_BYTES:
        return Seen(stamp, f"unread {state.st_size} {state.st_mtime_ns}", settled=True)
    try:
        content = read_bytes(path)
    except FileError as failure:
        return Seen(stamp, f"unreadable: {failure}", settled=False)
    found = digest(content)
    if before is not None and before.digest == found:
        return Seen(stamp, found, before.settled)
    return Seen(stamp, found, _is_whole(path, content))


def _is_whole(path: Path, content: bytes) -> bool:
    if not content.endswith(b"\n"):
        return False
    if path.suffix not in (".yaml", ".yml"):
        return True
    try:
        CParser(parser_text(decode(content))).raw_parse()
    except (FileError, MarkedYAMLError, ReaderError):
        return False
    return True


def _identities(folders: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    for folder in folders:
        try:
            state = os.stat(folder)  # noqa: PTH116
        except OSError:
            continue
        yield folder, state.st_dev, state.st_ino
