"""The user's own macros: `custom_templates/*.jinja`, which every template may import, read again as they are saved."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from jinja2 import nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context

from arvisd.automation.errors import TemplateError
from arvisd.config.files import FileError, decode, name_in, read_bytes
from arvisd.config.nodes import Mark
from arvisd.config.problems import Problem, did_you_mean, error, warning

FOLDER = "custom_templates"
"""Within the configuration folder."""
MAX_BYTES = 5 * 1024 * 1024
"""Of one file, as in Home Assistant."""
MAX_FILES = 500

Parse = Callable[[str, str], nodes.Template]
"""Parses and checks a text of a name; raises jinja2.TemplateSyntaxError or TemplateError."""


class MacroTemplate(jinja2.Template):
    """A compiled file of macros; what it sets at its top is worked out for each use, as states and times change."""

    warned: set[str]
    """What was said of names in it that are not defined."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return self.make_module()


class MacroFile(msgspec.Struct, frozen=True, eq=False):
    """One file."""

    name: str
    """How templates import it."""
    place: str
    """How it is named in problems."""
    stamp: tuple[int, int, int]
    text: str | None = None
    """Its last version that could be read; None: there was none."""
    names: frozenset[str] = frozenset()
    """What can be imported from it."""
    problem: Problem | None = None
    """What is wrong with it now."""


class MacroFiles:
    """The files of one configuration folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = None if folder is None else Path(os.path.abspath(folder))  # noqa: PTH100
        self._files: dict[str, MacroFile] = {}
        self._surplus: list[Problem] = []

    @property
    def problems(self) -> list[Problem]:
        """All that is wrong with them."""
        return [file.problem for file in self._files.values() if file.problem is not None] + self._surplus

    def refresh(self, parse: Parse) -> None:
        """Read what changed; a file that is broken keeps its last good version."""
        if self._folder is None:
            return
        found: dict[str, MacroFile] = {}
        self._surplus = []
        for path in _jinja_files(self._folder / FOLDER):
            name = path.relative_to(self._folder / FOLDER).as_posix()
            if len(found) >= MAX_FILES:
                place = Mark(name_in(self._folder, path), 0, 0)
                self._surplus = [warning(place, f"there are more than {MAX_FILES} files of templates: not read")]
                break
            try:
                state = path.stat()
            except OSError:
                continue
            stamp = (state.st_ino, state.st_size, state.st_mtime_ns)
            before = self._files.get(name)
            same = before is not None and before.stamp == stamp
            found[name] = before if before is not None and same else self._read(name, path, stamp, before, parse)
        self._files = found

    def get(self, name: str) -> MacroFile | None:
        """Return a file, None where there is none of that name."""
        return self._files.get(name)

    def missing(self, name: str) -> str:
        """Say that there is no such file."""
        return f"there is no {FOLDER}/{name}{did_you_mean(name, self._files)}"

    def _read(
        self, name: str, path: Path, stamp: tuple[int, int, int], before: MacroFile | None, parse: Parse
    ) -> MacroFile:
        assert self._folder is not None
        place = name_in(self._folder, path)
        line = 0
        try:
            if stamp[1] > MAX_BYTES:
                raise FileError(
                    f"has {stamp[1] / 1048576:.1f} MB, more than the {MAX_BYTES // 1048576} MB of templates"
                )
            text = decode(read_bytes(path))
            return MacroFile(name, place, stamp, text, frozenset(_exported(parse(text, name))))
        except FileError as failure:
            line, said = failure.line, f"the file {failure.message}"
        except jinja2.TemplateSyntaxError as failure:
            line, said = failure.lineno, f"template: {failure.message}"
        except TemplateError as failure:
            said = f"template: {failure}"
        except RecursionError:
            said = "the template is nested too deeply"
        problem = error(Mark(place, line, 0), said)
        if before is None:
            return MacroFile(name, place, stamp, problem=problem)
        return msgspec.structs.replace(before, stamp=stamp, problem=problem)


class Import(msgspec.Struct, frozen=True):
    """What a template takes from a file."""

    file: str
    names: tuple[str, ...] = ()


def imports_of(parsed: nodes.Template) -> list[Import]:
    """Return what a template imports or includes by a name that stands in it."""
    found = []
    kinds: tuple[type[Any], ...] = (nodes.FromImport, nodes.Import, nodes.Include, nodes.Extends)
    for node in parsed.find_all(kinds):
        if isinstance(node.template, nodes.Const) and isinstance(node.template.value, str):
            if isinstance(node, nodes.Include) and node.ignore_missing:
                continue
            names = [name if isinstance(name, str) else name[0] for name in getattr(node, "names", ())]
            found.append(Import(node.template.value, tuple(names)))
    return found


def import_faults(imports: Iterable[Import], files: MacroFiles) -> Iterator[str]:
    """Yield what cannot be imported now."""
    for wanted in imports:
        file = files.get(wanted.file)
        if file is None:
            yield files.missing(wanted.file)
        elif file.text is not None:
            for name in wanted.names:
                if name not in file.names:
                    yield f"{file.place} has no {name!r}{did_you_mean(name, file.names)}"


def _exported(parsed: nodes.Template) -> Iterator[str]:
    """Yield the names that a file of macros defines at its top."""
    for node in parsed.body:
        if isinstance(node, nodes.Macro | nodes.Import):
            yield node.name if isinstance(node, nodes.Macro) else node.target
        elif isinstance(node, nodes.FromImport):
            yield from (name if isinstance(name, str) else name[1] for name in node.names)
        else:
            yield from (name.name for name in node.find_all(nodes.Name) if name.ctx == "store")


def _jinja_files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        for path in sorted(folder.rglob("*.jinja")):
            if not any(part.startswith(".") for part in path.relative_to(folder).parts) and path.is_file():
                yield path


def compiled(environment: Any, file: MacroFile) -> MacroTemplate:
    """Return a file of macros ready to be used in an environment; raise TemplateError where it cannot be read."""
    if file.text is None:
        raise TemplateError(str(file.problem))
    code = environment.compile(file.text, file.name, file.place)
    template: MacroTemplate = MacroTemplate.from_code(environment, code, {})  # type: ignore[assignment]
    template.warned = set()
    return template
