"""Downloads a model: whole and checked, or not at all."""

from __future__ import annotations

import asyncio
import fcntl
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from arvisd.providers.models.archive import remove, unpack
from arvisd.providers.models.catalogue import Model, ModelFile
from arvisd.providers.models.errors import DownloadError, ModelDamagedError, ModelRefusedError
from arvisd.providers.models.fetch import Fetch
from arvisd.providers.models.finder import is_whole
from arvisd.providers.models.verify import differences, write_record

_SPARE = 50 * 1024**2
"""Bytes of the disk that stay free."""
_UNPACKED = 3
"""An archive needs its own room and about twice that again."""


class Progress(msgspec.Struct, frozen=True):
    """How far a download is."""

    file: str
    """Name of the file that is coming."""
    done: int
    """Bytes of it that are here."""
    total: int | None
    """All its bytes; None: the server does not say."""


class DownloadCancelledError(DownloadError):
    """Somebody stopped it; what came is kept, and the next pull goes on from there."""


class _Stop:
    """Lets another thread stop a download, at the next piece or in the middle of a pause."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def ask(self) -> None:
        self._asked.set()

    def pause(self, seconds: float = 0.0) -> None:
        """Wait; raise when asked to stop."""
        if self._asked.is_set() or (seconds and self._asked.wait(seconds)):
            raise DownloadCancelledError("the download was stopped; arvisd models pull goes on from here")


async def pull(model: Model, target: Path, progress: Callable[[Progress], object] = lambda progress: None) -> Path:
    """Fetch a model into `target/ID` and return that folder; a cancelled one stops within a piece.

    Args:
        model: of the catalogue.
        target: the folder of all models; it is made if need be.
        progress: called from another thread, with every piece.

    Raises:
        DownloadError: it could not be fetched; another pull goes on where this one ended.
        ModelDamagedError: what came is not what the catalogue says; it was thrown away.
        ModelRefusedError: no address, no room, an unsafe archive, or another pull is under way.
    """
    stop = _Stop()
    work = asyncio.ensure_future(asyncio.to_thread(_pull, model, target, progress, stop))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        stop.ask()
        await asyncio.gather(work, return_exceptions=True)
        raise


def _pull(model: Model, target: Path, progress: Callable[[Progress], object], stop: _Stop) -> Path:
    if not model.files:
        raise ModelRefusedError(f"{model.id} {model.note or 'is not offered for download'}")
    target.mkdir(parents=True, exist_ok=True)
    with _alone(model, target):
        parts = target / f".{model.id}.part"
        parts.mkdir(exist_ok=True)
        made = target / f".{model.id}.new"
        remove(made)
        made.mkdir()
        try:
            came = [_fetch(file, parts, progress, stop) for file in model.files]
            for file, place in zip(model.files, came, strict=True):
                _place(file, place, made, stop)
            if not is_whole(model, made):
                missing = [path for path in model.needs if not (made / path).is_file()]
                raise ModelDamagedError(f"{model.id}: what came lacks {', '.join(missing)}")
            write_record(model, made)
            _put(made, target / model.id)
        except ModelDamagedError:
            remove(parts)
            raise
        finally:
            remove(made)
        remove(parts)
    return target / model.id


def _fetch(file: ModelFile, parts: Path, progress: Callable[[Progress], object], stop: _Stop) -> Path:
    """Fetch one file, check it, and return where it is."""
    name = file.name or file.url.rpartition("/")[2]
    came = parts / name.replace("/", "__")
    if not came.is_file():

        def room(size: int) -> None:
            _need_room(parts, size * (_UNPACKED if file.unpack else 1), name)

        Fetch(file.url, came, lambda done, total: progress(Progress(name, done, total)), stop.pause).run(room)
    wrong = differences(file, came)
    if wrong:
        raise ModelDamagedError(f"{file.url}: {wrong[0]}; it was thrown away")
    return came


def _place(file: ModelFile, came: Path, made: Path, stop: _Stop) -> None:
    """Put what came into the folder that is being made."""
    if file.unpack:
        unpack(came, file.unpack, made, stop.pause)
    else:
        (made / file.name).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(came, made / file.name)


def _need_room(folder: Path, size: int, name: str) -> None:
    free = shutil.disk_usage(folder).free
    if size + _SPARE > free:
        raise ModelRefusedError(
            f"{name} needs {size // 1024**2 + 1} MB and {folder.parent} has {free // 1024**2} MB free: make room there, "
            "or name another folder under models: path:"
        )


def _put(made: Path, place: Path) -> None:
    """Put the new folder into its place in one step; an older one goes."""
    old = place.with_name(f".{place.name}.old")
    remove(old)
    if place.exists():
        place.rename(old)
    made.rename(place)
    remove(old)


@contextmanager
def _alone(model: Model, target: Path) -> Iterator[None]:
    """Keep a second pull of the same model out; the lock goes with the process, however it ends."""
    with (target / f".{model.id}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ModelRefusedError(f"{model.id}: another download of it is under way") from error
        yield
