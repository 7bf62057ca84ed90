"""Puts a blueprint into the configuration folder: checked first, whole or not at all, with the address it came from."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from pathlib import Path

import msgspec

from arvisd.automation.blueprints.document import Blueprint
from arvisd.automation.blueprints.reading import read_file
from arvisd.automation.blueprints.shelf import FOLDER
from arvisd.automation.blueprints.sources import Found
from arvisd.automation.templates.texts import slugify
from arvisd.config.foreign import load_foreign
from arvisd.config.nodes import NodeDict, mark_of
from arvisd.config.problems import ConfigError, Problem
from arvisd.core.errors import ArvisError

PLAIN_ADDRESS = re.compile(r"https?://[\w:/.?=&%+~@,#-]*[\w/]")
"""Needs no quotes in YAML."""


class Imported(msgspec.Struct, frozen=True):
    """What was done."""

    file: Path
    path: str
    """What `use_blueprint` names."""
    blueprint: Blueprint
    written: bool
    """False: the very same file was there."""


class ExistsError(ArvisError):
    """Another file is in its place."""


def import_blueprint(found: Found, folder: Path, *, force: bool = False) -> Imported:
    """Write a blueprint below `blueprints/` of a configuration folder.

    Args:
        found: its text and where it comes from.
        folder: the configuration folder.
        force: replace what is there.

    Raises:
        ConfigError: it is no blueprint, or one that cannot be used; every problem with its place.
        ExistsError: another file of that name is there.
        ArvisError: the folder cannot be written to.
    """
    text = found.text if found.text.endswith("\n") else found.text + "\n"
    file_name = f"{_part(found.name) or 'blueprint'}.yaml"
    blueprint = _checked(text, file_name)
    header = blueprint.header
    assert header is not None
    name = f"{_part(found.author) or _part(slugify(header.author or '')) or 'own'}/{file_name}"
    if found.source_url and header.source_url != found.source_url:
        text = _with_source(text, file_name, found.source_url)
        blueprint = _checked(text, file_name)
    file = folder / FOLDER / header.domain / name
    content = text.encode()
    if file.exists():
        if file.read_bytes() == content:
            return Imported(file, name, blueprint, written=False)
        if not force:
            raise ExistsError(f"{file} is there with another content: --force replaces it")
    _write(file, content)
    return Imported(file, name, blueprint, written=True)


def _checked(text: str, name: str) -> Blueprint:
    """Return the blueprint that a text holds; raise ConfigError."""
    blueprint = _parsed(text, name)
    if not blueprint.valid:
        unsaid = Problem(name, 0, 0, "error", "this is no blueprint")
        raise ConfigError(blueprint.problems or [unsaid])
    return blueprint


def _parsed(text: str, name: str) -> Blueprint:
    with tempfile.TemporaryDirectory(prefix="arvisd-") as place:
        folder = Path(os.path.realpath(place))
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
        return read_file(folder, file, file.parent, None)[0]


def _with_source(text: str, name: str, url: str) -> str:
    """Return the text with the address that it came from, at its top where it cannot stand in the header."""
    written = url if PLAIN_ADDRESS.fullmatch(url) else json.dumps(url, ensure_ascii=False)
    before = _parsed(text, name)
    lines = text.splitlines(keepends=True)
    place = _place_of_source(text, name)
    if place is not None:
        line, column, replace = place
        if replace:
            lines[line - 1] = f"{lines[line - 1][: column - 1]}{written}\n"
        else:
            lines.insert(line - 1, f"{' ' * (column - 1)}source_url: {written}\n")
        edited = "".join(lines)
        after = _parsed(edited, name)
        same = after.header is not None and before.header is not None and after.body == before.body
        if same and after.header == msgspec.structs.replace(before.header, source_url=url):  # type: ignore[type-var]
            return edited
    return f"# imported from {url}\n{text}"


def _place_of_source(text: str, name: str) -> tuple[int, int, bool] | None:
    """Return line and column of the source's address, and whether there is one; None where the header cannot be edited."""
    with tempfile.TemporaryDirectory(prefix="arvisd-") as place:
        folder = Path(os.path.realpath(place))
        (folder / "blueprint.yaml").write_bytes(text.encode())
        node = load_foreign(folder, folder / "blueprint.yaml", folder).value
    header = node.get("blueprint") if isinstance(node, NodeDict) else None
    if not isinstance(header, NodeDict):
        return None
    replace = "source_url" in header
    mark = mark_of(header, "source_url") if replace else mark_of(header)
    first = text.splitlines()[mark.line - 1]
    in_block = replace or first[: mark.column - 1].strip() == ""
    return (mark.line, mark.column, replace) if in_block and not first.lstrip().startswith("{") else None


def _part(text: str) -> str:
    """Return a part of a path that is safe on every file system."""
    kept = re.sub(r"[^\w.-]+", "_", text, flags=re.ASCII).strip("._-")
    return kept[:80]


def _write(file: Path, content: bytes) -> None:
    draft = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with draft.open("wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            draft.replace(file)
        finally:
            with contextlib.suppress(FileNotFoundError):
                draft.unlink()
    except OSError as failure:
        raise ArvisError(f"{file} cannot be written: {failure.strerror}") from failure
