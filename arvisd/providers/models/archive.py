"""Unpacks archives that others made: nothing lands outside the folder, nothing but files, no more than is sane."""

from __future__ import annotations

import shutil
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from arvisd.providers.models.errors import ModelDamagedError, ModelRefusedError

_LARGEST = 8 * 1024**3
"""Bytes unpacked; the largest model anybody publishes for a house has 5 GB."""
_MOST_FILES = 10_000
_GROWTH = 200
"""Times that an archive may grow; deflate cannot do more than 1000, and models do 1 to 5."""
_PIECE = 1024 * 1024

_Entry = tuple[str, Callable[[], IO[bytes]]]


def unpack(archive: Path, kind: str, folder: Path, pause: Callable[[], None] = lambda: None) -> None:
    """Unpack an archive into an empty folder, without its single top folder if it has one.

    Args:
        archive: the file.
        kind: `zip` or `tar` (compressed in any way that Python reads).
        folder: is there, and empty.
        pause: called with every piece; raises when it was cancelled.

    Raises:
        ModelRefusedError: it holds a path that leads out, a link, a device, or too much.
        ModelDamagedError: it is no such archive, or broken.
    """
    bound = min(_LARGEST, max(_PIECE, archive.stat().st_size * _GROWTH))
    try:
        with _entries(archive, kind) as entries:
            names = [_safe(archive, name) for name, _ in entries]
            if len(names) > _MOST_FILES:
                raise ModelRefusedError(f"{archive.name}: holds {len(names)} files, more than {_MOST_FILES}")
            top = _single_top(names)
            for path, (_, opened) in zip(names, entries, strict=True):
                target = folder.joinpath(*path.parts[1:] if top else path.parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                bound = _copy(archive, opened, target, bound, pause)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelDamagedError(f"{archive.name}: is no whole {kind} archive: {error}") from error


@contextmanager
def _entries(archive: Path, kind: str) -> Iterator[list[_Entry]]:
    """Give the files of an archive, each with what opens it."""
    if kind == "zip":
        with zipfile.ZipFile(archive) as opened:
            yield [
                (info.filename, lambda info=info: opened.open(info))  # type: ignore[misc]
                for info in opened.infolist()
                if not _zip_folder(archive, info)
            ]
    else:
        with tarfile.open(archive) as opened_tar:
            yield [
                (member.name, lambda member=member: _tar_file(opened_tar, member))  # type: ignore[misc]
                for member in opened_tar.getmembers()
                if not _tar_folder(archive, member)
            ]


def _zip_folder(archive: Path, info: zipfile.ZipInfo) -> bool:
    """Tell folders from files; refuse what is neither."""
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ModelRefusedError(f"{archive.name}: {info.filename} is a link or a device")
    return info.is_dir()


def _tar_folder(archive: Path, member: tarfile.TarInfo) -> bool:
    if not member.isfile() and not member.isdir():
        raise ModelRefusedError(f"{archive.name}: {member.name} is a link or a device")
    return member.isdir()


def _tar_file(opened: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = opened.extractfile(member)
    if file is None:
        raise tarfile.TarError(f"{member.name} cannot be read")
    return file


def _safe(archive: Path, name: str) -> PurePosixPath:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or not path.parts or ":" in path.parts[0] or "\0" in name:
        raise ModelRefusedError(f"{archive.name}: {name!r} leads out of the folder")
    return path


def _single_top(names: list[PurePosixPath]) -> bool:
    """Tell whether everything is in one folder."""
    return len({path.parts[0] for path in names}) == 1 and all(len(path.parts) > 1 for path in names)


def _copy(archive: Path, opened: Callable[[], IO[bytes]], target: Path, bound: int, pause: Callable[[], None]) -> int:
    """Write one file; return how many bytes may still come."""
    with opened() as source, target.open("xb") as file:
        while piece := source.read(_PIECE):
            pause()
            bound -= len(piece)
            if bound < 0:
                raise ModelRefusedError(
                    f"{archive.name}: unpacks to more than is sane; it may be made to fill the disk"
                )
            file.write(piece)
    return bound


def remove(folder: Path) -> None:
    """Remove a folder that may not be there."""
    if folder.is_dir():
        shutil.rmtree(folder)
