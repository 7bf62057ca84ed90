"""Joins what is written in several places: `automation LABEL:` sections, and packages, as Home Assistant does.

Mappings merge, lists append; a scalar that is already there is an error that names both places.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from arvisd.config.document import Broken
from arvisd.config.nodes import NodeDict, NodeList, key_mark_of, kind_of, mark_of
from arvisd.config.problems import Problem, error, errors_in, warning

OWNERS = ("homeassistant", "arvisd")
"""Sections whose key `packages` holds packages."""
CUSTOMIZING = frozenset({"customize", "customize_domain", "customize_glob"})
"""What packages of Home Assistant write under `homeassistant:`; nothing of it is read here, so that nothing clashes."""


def join_labelled(tree: NodeDict, problems: list[Problem]) -> NodeDict:
    """Return the tree with each `NAME LABEL:` joined into `NAME`: people keep several `automation …:` sections."""
    if not any(isinstance(key, str) and " " in key for key in tree):
        return tree
    joined = NodeDict()
    joined.place = tree.place
    for key, value in tree.items():
        name = key.split()[0] if isinstance(key, str) and key.split() else key
        if name in joined:
            _join_key(joined, name, tree, key, problems)
        else:
            joined[name] = value
            joined.places[name] = tree.places[key]
    return joined


def join_packages(
    tree: NodeDict, problems: list[Problem], is_broken: Callable[[Any], bool]
) -> tuple[NodeDict, set[str]]:
    """Return the tree with the packages joined in, and the sections that an error makes incomplete."""
    broken = {str(key) for key, value in tree.items() if is_broken(value)}
    packages = [
        (owner, tree[owner], tree[owner]["packages"])
        for owner in OWNERS
        if isinstance(tree.get(owner), NodeDict) and "packages" in tree[owner]
    ]
    if not packages:
        return tree, broken
    joined = _copy(tree)
    for owner, section, _ in packages:
        joined[owner] = _without(section, "packages")
        if not joined[owner] and owner == "homeassistant":
            joined = _without(joined, owner)
    for _, section, named in packages:
        if named is None or isinstance(named, Broken):
            continue
        if not isinstance(named, NodeDict):
            message = f"packages: expected a mapping of packages by name, got {kind_of(named)}"
            problems.append(error(mark_of(section, "packages"), message))
            continue
        for name in named:
            before = len(problems)
            broken |= _join_package(joined, named, name, problems, is_broken)
            if errors_in(problems[before:]) and isinstance(named[name], NodeDict):
                broken |= {str(key) for key in named[name]}
    return joined, broken


def _join_package(
    tree: NodeDict, packages: NodeDict, name: Any, problems: list[Problem], is_broken: Callable[[Any], bool]
) -> set[str]:
    package = packages[name]
    if package is None or isinstance(package, Broken):
        return set()
    if not isinstance(package, NodeDict):
        message = f"the package {name!r}: expected sections, as in 'automation:', got {kind_of(package)}"
        problems.append(error(mark_of(packages, name), message))
        return set()
    package = join_labelled(package, problems)
    for owner in OWNERS:
        inner = package.get(owner)
        if isinstance(inner, NodeDict) and "packages" in inner:
            problems.append(warning(key_mark_of(inner, "packages"), "a package holds no packages: these are ignored"))
            inner = _without(inner, "packages")
            package = _copy(package)
            package[owner] = inner
        if owner == "homeassistant" and isinstance(inner, NodeDict) and CUSTOMIZING & inner.keys():
            package = _copy(package)
            package[owner] = _without(inner, *(CUSTOMIZING & inner.keys()))
            if not package[owner]:
                package = _without(package, owner)
    for key in package:
        if key in tree:
            _join_key(tree, key, package, key, problems)
        else:
            tree[key] = package[key]
            tree.places[key] = package.places[key]
    return {str(key) for key, value in package.items() if is_broken(value)}


def _join_key(into: NodeDict, name: Any, source: NodeDict, key: Any, problems: list[Problem]) -> None:
    """Join the value of a key into the value that is there; `into` belongs to this load alone."""
    here, there = into[name], source[key]
    if here is None or isinstance(here, Broken):
        into[name] = there
        into.places[name] = source.places[key]
    elif there is None or isinstance(there, Broken):
        pass
    elif isinstance(here, NodeDict) and isinstance(there, NodeDict):
        merged = into[name] = _copy(here)
        for inner in there:
            if inner in merged:
                _join_key(merged, inner, there, inner, problems)
            else:
                merged[inner] = there[inner]
                merged.places[inner] = there.places[inner]
    elif isinstance(here, NodeList) or isinstance(there, NodeList):
        into[name] = _joined_list(into, name, source, key)
    else:
        message = f"{name!r} is already in {key_mark_of(into, name)}: write it in one place only"
        problems.append(error(key_mark_of(source, key), message))


def _joined_list(into: NodeDict, name: Any, source: NodeDict, key: Any) -> NodeList:
    """Return both values as one list; a value that is no list is one item."""
    joined = NodeList()
    joined.place = _place_of(into, name)
    for container, at in ((into, name), (source, key)):
        value = container[at]
        if isinstance(value, NodeList):
            joined.extend(value)
            joined.places.extend(value.places)
        else:
            place = container.places[at]
            joined.append(value)
            joined.places.append((place[0], place[3], place[4], place[5]))
    return joined


def _place_of(container: NodeDict, key: Any) -> Any:
    """Return the place of a key's value as a node keeps it."""
    value = container[key]
    if isinstance(value, NodeDict | NodeList) and value.place is not None:
        return value.place
    place = container.places[key]
    return (place[0], place[3], place[4])


def _copy(node: NodeDict) -> NodeDict:
    copy = NodeDict(node)
    copy.place = node.place
    copy.places = dict(node.places)
    return copy


def _without(node: NodeDict, *keys: Any) -> NodeDict:
    copy = _copy(node)
    for key in keys:
        del copy[key]
        copy.places.pop(key, None)
    return copy
