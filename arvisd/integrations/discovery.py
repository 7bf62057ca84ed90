"""Finds integrations: the built-in folders and the user's own, of which the user's wins."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import msgspec

from arvisd.automation.registry import PartType, TriggerType
from arvisd.core.errors import SetupError
from arvisd.integrations import BUILT_IN
from arvisd.integrations.manifest import Manifest

PACKAGE = "arvisd.integrations"


class Found(msgspec.Struct, frozen=True):
    """An integration's folder and what it says of itself."""

    name: str
    folder: Path
    built_in: bool
    manifest: Manifest | None
    error: str = ""
    """Why there is no manifest."""


def discover(config_folder: Path | None) -> dict[str, Found]:
    """Return every integration by name; one whose manifest cannot be read is there with its error."""
    found: dict[str, Found] = {}
    folders = [(BUILT_IN, True)]
    if config_folder is not None:
        folders.append((config_folder / "integrations", False))
    for parent, built_in in folders:
        if not parent.is_dir():
            continue
        for folder in sorted(parent.iterdir()):
            if (folder / "manifest.yaml").is_file():
                found[folder.name] = _read(folder, built_in=built_in)
    return found


def _read(folder: Path, *, built_in: bool) -> Found:
    path = folder / "manifest.yaml"
    try:
        manifest = msgspec.convert(_parse(path), Manifest)
        if manifest.name != folder.name:
            raise SetupError(f"{path}: name is {manifest.name!r} but the folder is {folder.name!r}: make them the same")
        if not (folder / "__init__.py").is_file():
            raise SetupError(f"{folder}: there is no __init__.py with Settings and setup")
    except (msgspec.ValidationError, SetupError, ValueError, OSError) as error:
        text = str(error) if isinstance(error, SetupError) else f"{path}: {error}"
        return Found(folder.name, folder, built_in, None, text)
    return Found(folder.name, folder, built_in, manifest)


def _parse(path: Path) -> object:
    """Read a manifest; manifests are small and their order of keys means nothing, so the plain loader does."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except YAMLError as error:
        raise ValueError(f"not valid YAML: {str(error).splitlines()[0]}") from error


def missing_requirements(manifest: Manifest, *, built_in: bool) -> str:
    """Return the one line that says what is missing and how to get it; empty when all is there."""
    missing = [name for name in manifest.requires if not _importable(name)]
    if not missing:
        return ""
    if built_in and manifest.extra:
        remedy = f"pip install 'arvisd[{manifest.extra}]'"
    else:
        remedy = "pip install " + " ".join(f"'{package}'" for package in manifest.packages or missing)
    return f"{manifest.title} needs {', '.join(missing)}: {remedy}"


def _importable(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def import_integration(found: Found) -> ModuleType:
    """Import an integration from its own folder as `arvisd.integrations.NAME`, anew if it was imported before.

    Raises:
        SetupError: its code does not import, or has no `setup` or `Settings`.
    """
    name = f"{PACKAGE}.{found.name}"
    loaded = sys.modules.get(name)
    if loaded is not None and found.built_in and str(found.folder) in str(loaded.__file__):
        return loaded
    for module_name in [m for m in sys.modules if m == name or m.startswith(name + ".")]:
        del sys.modules[module_name]
    spec = importlib.util.spec_from_file_location(
        name, found.folder / "__init__.py", submodule_search_locations=[str(found.folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # an integration's code may raise anything; the loader supervises it
        sys.modules.pop(name, None)
        raise SetupError(f"{found.folder}: importing it failed: {type(error).__name__}: {error}") from error
    for wanted in ("setup", "Settings"):
        if not hasattr(module, wanted):
            raise SetupError(f"{found.folder}/__init__.py has no {wanted!r}: see docs/integrations.md")
    return module


def triggers_of(module: ModuleType) -> tuple[TriggerType, ...]:
    """Return the kinds of triggers that an integration's package names in `TRIGGERS`.

    Raises:
        SetupError: they are something else.
    """
    named = getattr(module, "TRIGGERS", ())
    if not isinstance(named, tuple | list) or not all(isinstance(type_, PartType) for type_ in named):
        raise SetupError(f"{module.__file__}: TRIGGERS must be a list of TriggerType: see docs/integrations.md")
    return tuple(named)
