"""The catalogue of models: address, size, checksum, licence, language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import msgspec
from ruamel.yaml import YAML

from arvisd.providers.models.errors import UnknownModelError

_PACKAGE = Path(__file__).resolve().parents[2]
SHIPPED = next(
    (
        file
        for file in (_PACKAGE.parent / "models" / "catalogue.yaml", _PACKAGE / "shipped" / "models" / "catalogue.yaml")
        if file.is_file()
    ),
    _PACKAGE / "shipped" / "models" / "catalogue.yaml",
)
"""In a checkout at its top; an installed arvisd holds it inside its package."""


class ModelFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file to fetch."""

    url: str
    name: str = ""
    """Path in the model's folder; empty for an archive."""
    unpack: Literal["", "zip", "tar"] = ""
    """Kind of archive; its single top folder is left out."""
    size: int | None = None
    """Bytes; None: not published."""
    sha256: str = ""
    """Empty: not published."""
    md5: str = ""
    """Taken where no SHA-256 is published: against damage, not against malice."""


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One model."""

    title: str
    languages: tuple[str, ...]
    capability: str
    """`stt`, `tts`, …"""
    kind: str
    """Which integration reads it: `vosk`, `piper`, `sphinx`."""
    licence: str
    needs: tuple[str, ...]
    """Paths that must be in the folder."""
    id: str = ""
    """Its key in the catalogue, and the name of its folder."""
    folders: tuple[str, ...] = ()
    """Other names of its folder that count."""
    files: tuple[ModelFile, ...] = ()
    """What `pull` fetches; empty: it is not offered for download."""
    megabytes: int = 0
    """About how much is downloaded."""
    note: str = ""

    @property
    def verified(self) -> bool:
        """Whether a checksum of its main file is published."""
        return any(file.sha256 or file.md5 for file in self.files)


class Catalogue(Mapping[str, Model]):
    """Models by id."""

    def __init__(self, models: Mapping[str, Model]) -> None:
        self._models = dict(models)

    def __getitem__(self, name: str) -> Model:
        """Return a model; raise UnknownModelError, which names the nearest one."""
        if name not in self._models:
            raise UnknownModelError(name, self._models)
        return self._models[name]

    def __contains__(self, name: object) -> bool:
        return name in self._models

    def __iter__(self) -> Iterator[str]:
        return iter(self._models)

    def __len__(self) -> int:
        return len(self._models)


def load_catalogue(file: Path = SHIPPED) -> Catalogue:
    """Read a catalogue.

    Raises:
        ValueError: it is not one; the text names the model and the field.
    """
    found: Any = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8")) or {}
    models: dict[str, Model] = {}
    for name, fields in found.items():
        try:
            models[name] = msgspec.convert({**fields, "id": name}, Model)
        except (msgspec.ValidationError, TypeError) as error:
            raise ValueError(f"{file}: {name}: {error}") from error
        _check(file, models[name])
    return Catalogue(models)


def _check(file: Path, model: Model) -> None:
    for part in model.files:
        if bool(part.name) == bool(part.unpack):
            raise ValueError(f"{file}: {model.id}: {part.url}: give either `name` or `unpack`")
    for path in (*model.needs, *(part.name for part in model.files if part.name), *model.folders, model.id):
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts:
            raise ValueError(f"{file}: {model.id}: {path}: paths are within the model's folder")
