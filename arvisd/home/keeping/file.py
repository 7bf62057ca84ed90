"""The file in which the section `home:` stands, edited: comments, order and style stay, nothing of others' edits is lost."""

from __future__ import annotations

import contextlib
import io
import os
import re
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from arvisd.config import Loaded, NodeDict
from arvisd.config.loader import BESIDE, MAIN
from arvisd.core.errors import ActionFailedError
from arvisd.home.settings import HomeSettings

ATTEMPTS = 5
"""How often an edit is tried when somebody else writes the file at the same time."""

MAX_BYTES = 512 * 1024
"""Of a file that is edited: keeping comments takes a second for a hundred kilobytes."""

PARTS = frozenset({"floors", "areas", "labels", "devices", "entities"})

HEADER = """\
# Rooms and names of things, in the languages in which you speak of them: docs/home.md
"""
"""Of a file that is not there yet."""

_INCLUDED = re.compile(r"^home:[ \t]*!include[ \t]+[\"']?([^\"'#\n]+?)[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)

Edit = Callable[[Any], None]
"""Changes the section in place: a mapping of ruamel.yaml that remembers its comments."""


class HouseFile:
    """One file, and the key under which the section stands in it; empty: the whole file is the section."""

    def __init__(self, path: Path, key: str = "") -> None:
        self.path = path
        self.key = key

    def edit(self, edit: Edit) -> bool:
        """Apply an edit and write the file, whole or not at all; return whether anything changed.

        It reads the file as it is now, and reads it again when somebody else has written it in the meantime. Call it in a
        thread: keeping comments takes a millisecond for each entity.

        Raises:
            ActionFailedError: the file cannot be read or written, or would not be valid; nothing was written.
        """
        for _ in range(ATTEMPTS):
            before = self._read()
            after = self._edited(before.decode("utf-8") if before else HEADER, edit)
            if after is None:
                return False
            if self._write(after.encode(), before):
                return True
        raise ActionFailedError(f"{self.path.name} is being written all the time: try again")

    def _edited(self, text: str, edit: Edit) -> str | None:
        from ruamel.yaml.comments import CommentedMap
        from ruamel.yaml.error import YAMLError

        yaml = _yaml(text)
        try:
            document = yaml.load(text)
        except YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f" (line {mark.line + 1})" if mark is not None else ""
            raise ActionFailedError(f"{self.path.name} is not valid YAML{where}: mend it first") from None
        if document is None:
            document = CommentedMap()
            text = text if text.endswith("\n") or not text else text + "\n"
            before: Any = {}
        else:
            before = _plain(document)
        if not isinstance(document, CommentedMap):
            raise ActionFailedError(f"{self.path.name} must hold 'areas:', 'entities:' and so on")
        section = self._section(document)
        edit(section)
        if _plain(document) == before:
            return None
        self._check(section)
        out = io.StringIO()
        yaml.dump(document, out)
        return text + out.getvalue() if not before else out.getvalue()

    def _section(self, document: Any) -> Any:
        from ruamel.yaml.comments import CommentedMap

        key = self.key
        if not key and isinstance(document.get("home"), CommentedMap) and not PARTS & set(document):
            key = "home"  # a package
        if not key:
            return document
        section = document.get(key)
        if section is None:
            section = document[key] = CommentedMap()
        if not isinstance(section, CommentedMap):
            raise ActionFailedError(
                f"the section home: is not written in {self.path.name} itself: edit its files by hand, or write "
                "'home: !include home.yaml'"
            )
        return section

    def _check(self, section: Any) -> None:
        """Raise ActionFailedError where the section would no longer be valid; what is written with tags cannot be told."""
        given = _plain(section)
        if _has_tag(given):
            return
        try:
            msgspec.convert({key: value for key, value in given.items() if value is not None}, HomeSettings)
        except msgspec.ValidationError as error:
            raise ActionFailedError(f"{self.path.name} would not be valid: {error}") from None

    def _read(self) -> bytes:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as failure:
            raise ActionFailedError(f"{self.path.name} cannot be read: {failure.strerror}") from failure
        if len(content) > MAX_BYTES:
            raise ActionFailedError(
                f"{self.path.name} has {len(content) // 1024} kB, more than can be edited with its comments kept: "
                "write 'home: !include home.yaml' and move the section there"
            )
        return content

    def _write(self, content: bytes, expected: bytes) -> bool:
        """Put the file in place, with its mode; return False where it is no longer what was read."""
        target = Path(os.path.realpath(self.path))
        draft = ""
        try:
            handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(handle)
                mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o644
                os.fchmod(handle, mode)
            if self._read() != expected:
                return False
            Path(draft).replace(target)
            draft = ""
        except OSError as failure:
            raise ActionFailedError(f"{self.path} cannot be written: {failure.strerror}") from failure
        finally:
            if draft:
                with contextlib.suppress(FileNotFoundError):
                    Path(draft).unlink()
        return True


def house_file(folder: Path, loaded: Loaded | None) -> HouseFile:
    """Return the file in which the section `home:` of a configuration stands, or is to stand."""
    section = loaded.tree.get("home") if loaded is not None else None
    if isinstance(section, NodeDict) and section.mark.file:
        name = section.mark.file
        return HouseFile(folder / name, "home" if name == MAIN else "")
    with contextlib.suppress(OSError, UnicodeDecodeError):
        included = _INCLUDED.search((folder / MAIN).read_text("utf-8"))
        if included is not None:
            return HouseFile(folder / included[1])
    if loaded is not None and "home" in loaded.tree and loaded.tree.places.get("home", (None,))[0] is not None:
        origin = loaded.tree.places["home"][0]
        return HouseFile(folder / origin.file, "home" if origin.file == MAIN else "")
    return HouseFile(folder / BESIDE)


def _yaml(text: str) -> Any:
    """Return a reader and writer that keeps comments and the indentation that the file has."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    item = re.search(
        r"^(?P<key>[ ]*)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n(?:[ ]*(?:#[^\n]*)?\n)*(?P<dash>[ ]*)-[ ]+",
        text,
        re.MULTILINE,
    )
    offset = len(item["dash"]) - len(item["key"]) if item is not None else 2
    yaml.indent(mapping=2, sequence=max(offset, 0) + 2, offset=max(offset, 0))
    return yaml


def _plain(value: Any) -> Any:
    """Return plain data; what has a tag stays what it is."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, str) else value


def _has_tag(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_tag, value.values()))
    if isinstance(value, list):
        return any(map(_has_tag, value))
    return not isinstance(value, str | int | float | bool | None)
