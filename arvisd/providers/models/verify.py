"""Tells whether a model is what it should be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from arvisd.providers.models.catalogue import Model, ModelFile

RECORD = ".arvisd-model.json"
"""Written into the folder of a downloaded model: what every file was when it came."""
_PIECE = 1024 * 1024


class Record(msgspec.Struct, frozen=True):
    """What a model was when it was downloaded."""

    id: str
    sources: tuple[str, ...]
    sha256: dict[str, str]
    """By path in the folder."""
    checked: bool
    """Whether a published checksum was compared with then."""


class Verdict(msgspec.Struct, frozen=True):
    """What `verify` found."""

    model: str
    place: Path
    problems: tuple[str, ...]
    basis: str
    """What it was compared with, for people."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(model: Model, place: Path) -> Verdict:
    """Compare a model's files with the catalogue's checksums and with what came when it was downloaded.

    Args:
        model: of the catalogue.
        place: its folder, or its main file, as `ModelFinder.find` returns it.
    """
    folder = place if place.is_dir() else place.parent
    problems = [f"{path} is missing" for path in model.needs if not (folder / path).is_file()]
    record = _record(folder)
    published = [file for file in model.files if file.name and (file.sha256 or file.md5 or file.size is not None)]
    for file in published:
        if (folder / file.name).is_file():
            problems += differences(file, folder / file.name)
    if record is not None:
        for path, expected in record.sha256.items():
            if not (folder / path).is_file():
                problems.append(f"{path} is missing")
            elif digest(folder / path, "sha256") != expected:
                problems.append(f"{path} is not what was downloaded")
    basis = "published checksums" if any(file.sha256 or file.md5 for file in published) else ""
    if record is not None:
        basis = f"{basis} and the download" if basis else "the download; no checksum is published"
    return Verdict(
        model.id, place, tuple(dict.fromkeys(problems)), basis or "names of files only; no checksum is published"
    )


def differences(file: ModelFile, place: Path) -> list[str]:
    """Return what is wrong with a file that came."""
    size = place.stat().st_size
    if file.size is not None and size != file.size:
        return [f"{place.name} has {size} bytes instead of {file.size}"]
    for algorithm, expected in (("sha256", file.sha256), ("md5", file.md5)):
        if expected:
            found = digest(place, algorithm)
            if found != expected.lower():
                return [f"{place.name} has the {algorithm} {found} instead of {expected.lower()}"]
            break
    return []


def digest(place: Path, algorithm: str, pause: Callable[[], None] = lambda: None) -> str:
    """Return the checksum of a file, in hexadecimal."""
    made = hashlib.new(algorithm, usedforsecurity=False)
    with place.open("rb") as file:
        while piece := file.read(_PIECE):
            pause()
            made.update(piece)
    return made.hexdigest()


def write_record(model: Model, folder: Path) -> None:
    """Write down what every file of a fresh download is."""
    files = {
        path.relative_to(folder).as_posix(): digest(path, "sha256")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != RECORD
    }
    record = Record(model.id, tuple(file.url for file in model.files), files, model.verified)
    (folder / RECORD).write_bytes(msgspec.json.format(msgspec.json.encode(record)))


def _record(folder: Path) -> Record | None:
    try:
        return msgspec.json.decode((folder / RECORD).read_bytes(), type=Record)
    except (OSError, msgspec.DecodeError):
        return None
