"""Reads a folder of YAML into one tree: includes, secrets, environment, packages; what is broken becomes a problem."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from arvisd.config.document import Broken, Composer, FileTag, LimitError, TextError
from arvisd.config.files import FileError, decode, digest, name_in, read_bytes, yaml_files
from arvisd.config.nodes import SECRETS, Mark, NodeDict, NodeList, Origin, key_mark_of, kind_of
from arvisd.config.packages import join_labelled, join_packages
from arvisd.config.pieces import Pieces
from arvisd.config.problems import ConfigError, Problem, did_you_mean, error, errors_in, warning

MAIN = "configuration.yaml"
BESIDE = "home.yaml"
"""Read as the section `home:` where there is none and nobody includes it: `arvisd home` writes it."""
CONTAINER = Path("/config")
"""The configuration folder inside of Home Assistant's container: people include by that path, and bring it along."""
MAX_TOTAL_BYTES = 64 * 1024 * 1024
"""Read in one load, each file as often as it is included and none for less than 8 kB."""


class Loaded(msgspec.Struct, frozen=True, eq=False):
    """What a folder holds."""

    folder: Path
    """The configuration folder."""
    tree: NodeDict
    """The top-level keys, packages joined in. A `Broken` stands where a value could not be read."""
    files: dict[str, str]
    """Every file that was read, named as in marks, with the hash of its content."""
    problems: tuple[Problem, ...]
    """All that is wrong, in the order in which it was met."""
    broken: frozenset[str]
    """The top-level keys that an error makes incomplete: their last good version should stay."""
    unreadable: frozenset[str]
    """The files that stand in the tree with nothing (syntax, encoding, absent), named as in marks: what was loaded
    from them before should stay."""

    @property
    def errors(self) -> list[Problem]:
        """The problems that are errors."""
        return errors_in(self.problems)

    @property
    def outside(self) -> list[Path]:
        """The files that were read from outside of the folder: `ConfigWatch` takes them too."""
        return [Path(name) for name in self.files if name.startswith("/")]

    def require(self) -> NodeDict:
        """Return the tree; raise ConfigError with every problem where there is an error."""
        if self.errors:
            raise ConfigError(self.problems)
        return self.tree


def load(folder: Path, environment: Mapping[str, str] | None = None, pieces: Pieces | None = None) -> Loaded:
    """Read a configuration folder; never raises for what stands in it: that is among the problems.

    Args:
        folder: the configuration folder.
        environment: what `!env_var` sees, by default the process's own.
        pieces: the same one at every load of the folder makes reloads cheap: what did not change is then
            the very same node as before, with its marks moved to where it stands now.
    """
    return Load(folder, os.environ if environment is None else environment, pieces).run()


class Load:
    """One load of a folder."""

    def __init__(self, folder: Path, environment: Mapping[str, str], pieces: Pieces | None) -> None:
        self.folder = Path(os.path.abspath(folder))  # noqa: PTH100  resolve() would lose the names that people use
        self.environment = environment
        self.pieces = pieces
        self.files: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.unreadable: set[str] = set()
        self.incomplete: dict[int, Any] = {}
        self.bytes = 0
        self.stack: list[tuple[str, str]] = []
        self.secrets: dict[Path, NodeDict | None] = {}
        self.tags: dict[str, FileTag] = {
            "!include": self._include,
            "!include_dir_list": self._include_dir_list,
            "!include_dir_merge_list": self._include_dir_merge_list,
            "!include_dir_named": self._include_dir_named,
            "!include_dir_merge_named": self._include_dir_merge_named,
            "!secret": self._secret,
            "!env_var": self._env_var,
        }

    def run(self) -> Loaded:
        """Return what the folder holds."""
        tree = self._main()
        self._add_home(tree)
        tree = join_labelled(tree, self.problems)
        tree, broken = join_packages(tree, self.problems, lambda node: self._is_broken(node, set()))
        return Loaded(
            self.folder,
            tree,
            self.files,
            tuple(self.problems),
            frozenset(broken),
            frozenset(self.unreadable),
        )

    def _main(self) -> NodeDict:
        try:
            tree, _ = self._file(self.folder / MAIN, None, 0)
        except LimitError as failure:
            self.problems.append(failure.problem)
            return NodeDict()
        if isinstance(tree, NodeDict):
            return tree
        if tree is not None and not isinstance(tree, Broken):
            self.unreadable.add(MAIN)
            self._error(Mark(MAIN, 1, 1), f"expected sections, as in 'mqtt:', got {kind_of(tree)}")
        return NodeDict()

    def _add_home(self, tree: NodeDict) -> None:
        """Read home.yaml beside the main file as the section `home`, where nothing else is."""
        path = self.folder / BESIDE
        if "home" in tree or BESIDE in self.files or MAIN in self.unreadable or not path.is_file():
            return
        tree["home"], _ = self._file(path, Mark(MAIN, 0, 0), 0)
        tree.places["home"] = (Origin(BESIDE), 1, 1, 1, 1, None)

    def _file(self, path: Path, included_at: Mark | None, depth: int) -> tuple[Any, int]:
        """Return what a file holds and its number of nodes; a Broken where it cannot be read."""
        name = name_in(self.folder, path)
        real = os.path.realpath(path)
        if included_at and any(real == other for _, other in self.stack):
            chain = " → ".join([*(other for other, _ in self.stack), name])
            return self._error(included_at, f"the file includes itself: {chain}"), 1
        try:
            text = self._text(path, name, included_at)
        except FileError as failure:
            self.unreadable.add(name)
            if failure.line:
                return self._error(Mark(name, failure.line, failure.column), f"the file {failure.message}"), 1
            if included_at is None:
                return self._error(Mark(name, 0, 0), f"the file {failure.message}"), 1
            return self._error(included_at, f"{name} {failure.message}"), 1
        self.stack.append((name, real))
        try:
            found = self._from_pieces(text, name, depth) if included_at and self.pieces else None
            return found or self._whole(text, name, depth, sections=included_at is None)
        finally:
            self.stack.pop()

    def _from_pieces(self, text: str, name: str, depth: int) -> tuple[Any, int] | None:
        assert self.pieces is not None
        before = len(self.problems)
        found = self.pieces.compose(text, name, self.tags, depth)
        if found is None:
            del self.problems[before:]  # parsing it as a whole will find them again
        return found

    def _whole(self, text: str, name: str, depth: int, *, sections: bool) -> tuple[Any, int]:
        composer = Composer(text, Origin(name), self.tags, depth, sections=sections)
        try:
            value = composer.compose()
        except TextError as failure:
            self.unreadable.add(name)
            self.problems.append(failure.problem)
            value = Broken(failure.problem.message)
        finally:
            self.problems.extend(composer.problems)
        return value, composer.nodes + 1

    def _text(self, path: Path, name: str, included_at: Mark | None) -> str:
        content = read_bytes(path)
        self.files[name] = digest(content)
        self.bytes += len(content) + 8192
        if self.bytes > MAX_TOTAL_BYTES:
            limit = f"the included files have more than {MAX_TOTAL_BYTES // 1048576} MB together"
            raise LimitError(error(included_at or Mark(name, 0, 0), limit))
        return decode(content)

    def _include(self, tag: str, argument: str, mark: Mark, depth: int) -> tuple[Any, int]:
        path = self._target(tag, argument, mark)
        if isinstance(path, Broken):
            return path, 1
        return self._file(path, mark, depth)

    def _include_dir_list(self, tag: str, argument: str, mark: Mark, depth: int) -> tuple[Any, int]:
        node = self._list_at(mark)
        total = 1
        for path, value, nodes in self._folder(tag, argument, mark, depth, node):
            total += nodes
            if value is not None:
                node.append(value)
                node.places.append((Origin(name_in(self.folder, path)), 1, 1, None))
        return node, total

    def _include_dir_merge_list(self, tag: str, argument: str, mark: Mark, depth: int) -> tuple[Any, int]:
        node = self._list_at(mark)
        total = 1
        for path, value, nodes in self._folder(tag, argument, mark, depth, node):
            total += nodes
            if isinstance(value, NodeList):
                node.extend(value)
                node.places.extend(value.places)
                self._inherit(node, value)
            elif value is not None:
                self._misfit(node, path, value, "a list ('- …'), as !include_dir_merge_list joins lists")
        return node, total

    def _include_dir_named(self, tag: str, argument: str, mark: Mark, depth: int) -> tuple[Any, int]:
        node = self._dict_at(mark)
        total = 1
        for path, value, nodes in self._folder(tag, argument, mark, depth, node):
            total += nodes
            origin = Origin(name_in(self.folder, path))
            if path.stem in node:
                first = node.places[path.stem][0].file
                self.problems.append(
                    warning(Mark(origin.file, 1, 1), f"{path.stem!r} is already in {first}, which is ignored")
                )
            node[path.stem] = value
            node.places[path.stem] = (origin, 1, 1, 1, 1, None)
        return node, total

    def _include_dir_merge_named(self, tag: str, argument: str, mark: Mark, depth: int) -> tuple[Any, int]:
        node = self._dict_at(mark)
        total = 1
        for path, value, nodes in self._folder(tag, argument, mark, depth, node):
            total += nodes
            if isinstance(value, NodeDict):
                for key in value.keys() & node.keys():
                    at, first = key_mark_of(value, key), key_mark_of(node, key)
                    self.problems.append(warning(at, f"the key {key!r} is already in {first}, which is ignored"))
                node.update(value)
                node.places.update(value.places)
                self._inherit(node, value)
            elif value is not None:
                self._misfit(node, path, value, "a mapping ('key: …'), as !include_dir_merge_named joins mappings")
        return node, total

    def _folder(
        self, tag: str, argument: str, mark: Mark, depth: int, into: NodeDict | NodeList
    ) -> Iterator[tuple[Path, Any, int]]:
        """Yield path, value and number of nodes of every file in a folder that can be read."""
        path = self._target(tag, argument, mark)
        if isinstance(path, Broken):
            self._spoil(into)
            return
        if not os.path.isdir(path):  # noqa: PTH112  Path.is_dir() raises where a name is too long
            # a warning: Git keeps no empty folders, and Home Assistant reads nothing from one without a word
            self.problems.append(warning(mark, f"the folder {name_in(self.folder, path)} is not there"))
            self._spoil(into)
            return
        for file in yaml_files(path):
            value, nodes = self._file(file, mark, depth + 1)
            if isinstance(value, Broken):
                self._spoil(into)
            else:
                yield file, value, nodes

    def _secret(self, tag: str, argument: str, mark: Mark, depth: int) -> tuple[Any, int]:
        if not isinstance(argument, str) or not argument:
            return self._error(mark, "!secret takes a name, as in '!secret mqtt_password'"), 1
        names: list[str] = []
        for folder in self._folders_up():
            known = self._secrets_of(folder)
            if known is None:
                continue
            if argument in known:
                return known[argument], 1
            names.extend(known)
        near = did_you_mean(argument, names)
        return self._error(mark, f"the secret {argument!r} is not in {SECRETS}{near}"), 1

    def _folders_up(self) -> Iterator[Path]:
        """Yield the folders whose secrets the current file may use: its own, then upwards to the configuration's."""
        here = (self.folder / self.stack[-1][0]).parent
        if here.is_relative_to(self.folder):
            while here != self.folder:
                yield here
                here = here.parent
        yield self.folder

    def _secrets_of(self, folder: Path) -> NodeDict | None:
        if folder in self.secrets:
            return self.secrets[folder]
        self.secrets[folder] = None
        path = folder / SECRETS
        if not os.path.lexists(path):
            return None
        name = name_in(self.folder, path)
        tags, self.tags = self.tags, {}
        try:
            value, _ = self._file(path, Mark(name, 0, 0), 0)
        finally:
            self.tags = tags
        if isinstance(value, NodeDict):
            self.secrets[folder] = value
        elif value is not None and not isinstance(value, Broken):
            self._error(Mark(name, 1, 1), f"expected 'name: value', got {kind_of(value)}")
        return self.secrets[folder]

    def _env_var(self, tag: str, argument: str, mark: Mark, depth: int) -> tuple[Any, int]:
        name, *default = argument.split(maxsplit=1)[:2] or [""]
        if name in self.environment:
            return self.environment[name], 1
        if default:
            return default[0].strip(), 1
        if not name:
            return self._error(mark, "!env_var takes a name and perhaps a default, as in '!env_var MQTT_PORT 1883'"), 1
        return self._error(
            mark, f"the environment has no {name}: set it, or write a default: '!env_var {name} default'"
        ), 1

    def _target(self, tag: str, argument: str, mark: Mark) -> Path | Broken:
        """Return the path that an include names, relative to the file that it stands in."""
        if not argument or "\x00" in argument:
            example = "file.yaml" if tag == "!include" else "folder"
            return self._error(mark, f"{tag} takes a path, as in '{tag} {example}'")
        here = (self.folder / self.stack[-1][0]).parent
        path = Path(os.path.normpath(here / argument))
        if path.is_relative_to(CONTAINER) and not os.path.lexists(path):
            return self.folder / path.relative_to(CONTAINER)
        return path

    def _misfit(self, into: NodeDict | NodeList, path: Path, value: Any, expected: str) -> None:
        at = value.mark if isinstance(value, NodeDict | NodeList) else Mark(name_in(self.folder, path), 1, 1)
        self._error(at, f"expected {expected}; got {kind_of(value)}")
        self.unreadable.add(name_in(self.folder, path))
        self._spoil(into)

    def _list_at(self, mark: Mark) -> NodeList:
        node = NodeList()
        node.place = (Origin(mark.file), mark.line, mark.column)
        return node

    def _dict_at(self, mark: Mark) -> NodeDict:
        node = NodeDict()
        node.place = (Origin(mark.file), mark.line, mark.column)
        return node

    def _spoil(self, node: NodeDict | NodeList) -> None:
        """Remember that a container lacks something that an error kept out."""
        self.incomplete[id(node)] = node

    def _inherit(self, node: NodeDict | NodeList, source: NodeDict | NodeList) -> None:
        if id(source) in self.incomplete:
            self._spoil(node)

    def _is_broken(self, node: Any, seen: set[int]) -> bool:
        if isinstance(node, Broken):
            return True
        if not self.problems or not isinstance(node, dict | list) or id(node) in seen:
            return False
        seen.add(id(node))
        if id(node) in self.incomplete:
            return True
        return any(self._is_broken(inner, seen) for inner in (node.values() if isinstance(node, dict) else node))

    def _error(self, mark: Mark, message: str) -> Broken:
        self.problems.append(error(mark, message))
        return Broken(message)
