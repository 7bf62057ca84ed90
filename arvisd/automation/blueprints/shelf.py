"""All blueprints that there are: those in the configuration folder, those that come along; and who is made of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from arvisd.automation.blueprints.nodes import adopt, copied, filled
from arvisd.config.document import Broken
from arvisd.config.files import yaml_files
from arvisd.config.nodes import mark_of
from arvisd.config.problems import Problem, did_you_mean, error
from arvisd.config.validate import Validated, validate

if TYPE_CHECKING:
    from arvisd.automation.blueprints.document import Blueprint

FOLDER = "blueprints"
"""Within the configuration folder; below it one folder a domain."""
_PACKAGE = Path(__file__).parents[2]
SHIPPED = next(
    (
        folder
        for folder in (_PACKAGE.parent / "automations" / FOLDER, _PACKAGE / "shipped" / "automations" / FOLDER)
        if folder.is_dir()
    ),
    _PACKAGE / "shipped" / "automations" / FOLDER,
)
"""Those that come with arvisd: in a checkout at its top, installed within the package."""
_NOWHERE = Path(os.devnull)
"""Holds nothing: all files are named by their whole path."""
SPELLINGS = {
    "triggers": "trigger",
    "conditions": "condition",
    "actions": "action",
}
"""Keys of an automation that have an older name: whichever is written replaces whichever the blueprint has."""

ROUNDS = 8
"""Loads over which a node that nobody asks for is remembered; automations and scripts are loaded one after the other."""
DOMAINS = ("automation", "script")
"""What blueprints make."""

Stamp = tuple[tuple[str, int, int, int], ...]


class UseBlueprint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`use_blueprint:` of an automation or a script."""

    path: str
    """`author/name.yaml`, below `blueprints/automation/` or `blueprints/script/`."""
    input: Any = None
    """Values of its inputs by name."""


class Expanded(msgspec.Struct, frozen=True):
    """What came of a node."""

    node: dict[str, Any]
    """Without `use_blueprint`; as it was where an error keeps the blueprint from being used."""
    problems: tuple[Problem, ...] = ()
    """All that is wrong with the blueprint and with what it is given."""
    path: str = ""
    """The blueprint; empty: none is used."""
    valid: bool = True
    """Whether the node can be used."""


class _Kept:
    """A blueprint that was read, and what its files looked like then."""

    __slots__ = ("blueprint", "stamp")

    def __init__(self, blueprint: Blueprint, stamp: Stamp | None) -> None:
        self.blueprint = blueprint
        self.stamp = stamp
        """None: it must be read again at the next load."""


class _Made(NamedTuple):
    """A node that was expanded, with what; the same again gives the same."""

    node: dict[str, Any]
    blueprint: Blueprint
    expanded: Expanded
    round: int
    """When it was last asked for."""


class Shelf:
    """The blueprints of one configuration folder; each is read once, and again when its file is another."""

    def __init__(self, folder: Path | None, shipped: Path = SHIPPED) -> None:
        """Prepare.

        Args:
            folder: the configuration folder; None: there is none, only what comes along.
            shipped: those that come along.
        """
        # an absolute path, with the names that people use: resolve() would lose them
        self._folder = _NOWHERE if folder is None else Path(os.path.abspath(folder))  # noqa: PTH100
        self._roots = [shipped] if folder is None else [self._folder / FOLDER, shipped]
        self._kept: dict[Path, _Kept] = {}
        self._made: dict[int, _Made] = {}
        self._round = 0
        self._found: dict[tuple[str, str], Path | None] = {}
        """Files by domain and path, as they were when the load began."""

    def refresh(self) -> None:
        """Forget what changed since; to be called when a load begins."""
        self._round += 1
        self._found.clear()
        oldest = self._round - ROUNDS
        self._made = {key: made for key, made in self._made.items() if made.round >= oldest}
        self._kept = {
            path: kept for path, kept in self._kept.items() if kept.stamp is not None and _still(path, kept.stamp)
        }

    def expand(self, node: dict[str, Any], domain: str) -> Expanded:
        """Return an automation or script with its blueprint's body in place of `use_blueprint`.

        What the node itself writes beside `use_blueprint` replaces what the blueprint has under the same key. Marks
        of what comes from the blueprint lead to its file, those of the values that were filled in to where they are.

        Args:
            node: as it was written; never changed.
            domain: `automation` or `script`.
        """
        if "use_blueprint" not in node:
            return Expanded(node)
        use = node["use_blueprint"]
        if isinstance(use, Broken):
            return Expanded(node, valid=False)
        read: Validated[UseBlueprint] = validate(use, UseBlueprint, "use_blueprint", node, "use_blueprint")
        if read.value is None:
            return Expanded(node, read.problems, valid=False)
        path = read.value.path
        blueprint = self.get(domain, path)
        if blueprint is None:
            return Expanded(node, (error(mark_of(use, "path"), self._missing(domain, path)),), path, valid=False)
        made = self._made.get(id(node))
        if made is None or made.node is not node or made.blueprint is not blueprint:
            made = _Made(node, blueprint, self._filled(blueprint, path, node, domain), self._round)
        if made.expanded.valid and not made.expanded.problems:  # problems hold places, which move with the text
            self._made[id(node)] = made._replace(round=self._round)
        return made.expanded

    def _filled(self, blueprint: Blueprint, path: str, node: dict[str, Any], domain: str) -> Expanded:
        from arvisd.automation.blueprints.given import fillings  # 20 ms with the selectors: only where one is used

        problems = [*blueprint.problems]
        if not blueprint.valid:
            return Expanded(node, tuple(problems), path, valid=False)
        fills = fillings(blueprint, path, node["use_blueprint"], problems)
        if any(problem.severity == "error" for problem in problems):
            return Expanded(node, tuple(problems), path, valid=False)
        return Expanded(_joined(filled(blueprint.body, fills), node, domain), tuple(problems), path)

    def get(self, domain: str, path: str) -> Blueprint | None:
        """Return a blueprint, valid or not; None where there is no such file."""
        file = self.find(domain, path)
        if file is None:
            return None
        kept = self._kept.get(file)
        if kept is None:
            kept = self._kept[file] = self._read(file, domain)
        return kept.blueprint

    def find(self, domain: str, path: str) -> Path | None:
        """Return the file of a blueprint: one's own goes before one that comes along."""
        if (domain, path) not in self._found:
            self._found[domain, path] = self._look_for(domain, path)
        return self._found[domain, path]

    def _look_for(self, domain: str, path: str) -> Path | None:
        if not path.endswith(".yaml") or "\0" in path:
            return None
        for root in self._roots:
            top = root / domain
            file = Path(os.path.normpath(top / path))
            if file.is_relative_to(top) and os.path.isfile(file):  # noqa: PTH113  is_file() raises for too long a name
                return file
        return None

    def all(self) -> Iterator[tuple[str, str, Path]]:
        """Yield domain, path and file of every blueprint, one's own before those that come along."""
        for domain in DOMAINS:
            seen = set()
            for root in self._roots:
                for file in yaml_files(root / domain):
                    path = file.relative_to(root / domain).as_posix()
                    if path not in seen:
                        seen.add(path)
                        yield domain, path, file

    def _read(self, file: Path, domain: str) -> _Kept:
        from arvisd.automation.blueprints.reading import read_file

        folder = self._folder
        within = next(root for root in self._roots if file.is_relative_to(root))
        stamp = _stamp((file,))
        blueprint, files = read_file(folder, file, within, domain)
        return _Kept(blueprint, stamp if blueprint.valid and len(files) == 1 else None)

    def _missing(self, domain: str, path: str) -> str:
        if not path.endswith(".yaml"):
            return f"use_blueprint.path: {path!r} must end in .yaml"
        if Path(path).is_absolute() or ".." in Path(path).parts:
            return f"use_blueprint.path: {path!r} must be a path below {FOLDER}/{domain}/, without '..'"
        for other in DOMAINS:
            if other != domain and self.find(other, path):
                return f"the blueprint {path!r} makes a {other}, not an {domain}".replace("an script", "a script")
        near = did_you_mean(path, (name for kind, name, _ in self.all() if kind == domain))
        return f"there is no blueprint {FOLDER}/{domain}/{path}{near}: 'arvisd blueprint list' names them"


def _joined(body: dict[str, Any], node: dict[str, Any], domain: str) -> dict[str, Any]:
    """Return the body with what the node writes itself."""
    joined = copied(body)
    joined.place = getattr(node, "place", None) or joined.place
    for key in node:
        if key == "use_blueprint":
            continue
        for pair in SPELLINGS.items() if domain == "automation" else ():
            if key in pair:
                for spelling in pair:
                    joined.pop(spelling, None)
                    joined.places.pop(spelling, None)
        adopt(joined, node, key)
    for new, old in SPELLINGS.items() if domain == "automation" else ():
        if new in node and old in node:  # said as for any automation
            adopt(joined, node, new)
            adopt(joined, node, old)
    return joined


def _stamp(paths: tuple[Path, ...]) -> Stamp | None:
    try:
        return tuple((str(path), *_look(path)) for path in paths)
    except OSError:
        return None


def _still(path: Path, stamp: Stamp) -> bool:
    return _stamp((path,)) == stamp


def _look(path: Path) -> tuple[int, int, int]:
    state = path.stat()
    return state.st_ino, state.st_size, state.st_mtime_ns
