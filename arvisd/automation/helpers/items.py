"""From the sections of the configuration to the helpers that are written in them, each with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from arvisd.automation.builder_lists import listed
from arvisd.automation.helpers.kind import HelperKind
from arvisd.automation.templates.texts import slugify
from arvisd.config.document import Broken
from arvisd.config.nodes import Mark, NodeDict, key_mark_of, kind_of, mark_of
from arvisd.config.problems import Problem, error, warning

OBJECT_ID = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*|[a-z0-9_]+")

Kind = HelperKind[Any]
Found = tuple[Kind, str, Any, Any, Any]
"""Kind, object id, the item's node, what holds it and where."""
Reader = Callable[[Any, Any, Any, list[Problem]], Iterable[Found]]
"""Reads a section that holds helpers of several kinds: node, container, key, problems."""


class SharingNode(NodeDict):
    """The node of an item that shares something with others: the triggers of a block of template entities."""

    __slots__ = ("shares",)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.shares: NodeDict | None = None


class Item:
    """One helper as it is written."""

    __slots__ = ("container", "entity_id", "key", "kind", "node", "section")

    def __init__(self, kind: Kind, entity_id: str, node: Any, container: Any, key: Any, section: str) -> None:
        self.kind = kind
        self.entity_id = entity_id
        self.section = section
        """The top-level key that it stands under."""
        self.node: Any = NodeDict() if node is None else node
        self.container = container
        self.key = key

    @property
    def shares(self) -> NodeDict | None:
        """What it shares with others; a change of it is a change of the item."""
        return self.node.shares if isinstance(self.node, SharingNode) else None

    @property
    def mark(self) -> Mark:
        """Where it begins; of an item of a mapping: its object id."""
        return key_mark_of(self.container, self.key)


def read_items(
    sections: Mapping[str, Any], kinds: Iterable[Kind], readers: Mapping[str, Reader], problems: list[Problem]
) -> dict[str, Item]:
    """Return every helper by entity id; what is wrong goes to `problems`, and costs no other helper.

    Args:
        sections: the top-level keys of the configuration.
        kinds: each reads the section of its domain.
        readers: sections that hold several kinds, by name.
        problems: added to.
    """
    items: dict[str, Item] = {}
    for kind in kinds:
        if kind.section and kind.domain in sections:
            node = sections[kind.domain]
            found = _listed(kind, node, sections, problems) if kind.listed else _mapped(kind, node, sections, problems)
            _take(found, kind.domain, items, problems, numbered=kind.listed)
    for name, reader in readers.items():
        if name in sections:
            _take(reader(sections[name], sections, name, problems), name, items, problems, numbered=True)
    return items


def _take(
    found: Iterable[Found], section: str, items: dict[str, Item], problems: list[Problem], *, numbered: bool
) -> None:
    for kind, object_id, node, container, key in found:
        entity_id = f"{kind.domain}.{object_id}"
        number = 1
        while numbered and entity_id in items:
            number += 1
            entity_id = f"{kind.domain}.{object_id}_{number}"
        item = Item(kind, entity_id, node, container, key, section)
        if entity_id in items:
            problems.append(error(item.mark, f"{entity_id} is already in {items[entity_id].mark}"))
        else:
            items[entity_id] = item


def _mapped(kind: Kind, node: Any, container: Any, problems: list[Problem]) -> Iterable[Found]:
    if node is None or isinstance(node, Broken):
        return
    if not isinstance(node, dict):
        problems.append(
            error(
                mark_of(container, kind.domain),
                f"{kind.domain}: expected a mapping of ids and settings, as in 'kitchen: {{name: Kitchen}}', "
                f"got {kind_of(node)}",
            )
        )
        return
    for key, inner in node.items():
        object_id = str(key)
        if kind.loose and OBJECT_ID.fullmatch(object_id) is None and slugify(object_id):
            if not isinstance(inner, Broken):
                item = _current(kind, _named(_written_out(kind, inner, node, key), object_id), key, problems)
                yield kind, slugify(object_id), item, node, key
        elif OBJECT_ID.fullmatch(object_id) is None:
            fitting = slugify(object_id)
            hint = f": write {fitting!r}, and the rest as its name" if fitting else ""
            problems.append(
                error(key_mark_of(node, key), f"{kind.domain}: {key!r} is no id, which is of a–z, 0–9 and _{hint}")
            )
        elif not isinstance(inner, Broken):
            yield kind, object_id, _current(kind, _written_out(kind, inner, node, key), key, problems), node, key


def _named(inner: Any, name: str) -> Any:
    """Return an item with a name, where it has none."""
    if isinstance(inner, dict) and "name" in inner:
        return inner
    named = NodeDict(inner or {})
    if isinstance(inner, NodeDict):
        named.place, named.places = inner.place, dict(inner.places)
    named["name"] = name
    return named


def _current(kind: Kind, inner: Any, key: Any, problems: list[Problem]) -> Any:
    """Return an item without the keys of former times."""
    if not isinstance(inner, NodeDict) or not kind.obsolete & inner.keys():
        return inner
    kept = NodeDict(inner)
    kept.place, kept.places = inner.place, dict(inner.places)
    for old in sorted(kind.obsolete & inner.keys()):
        problems.append(
            warning(
                key_mark_of(inner, old), f"{kind.domain}: {old!r} in {key!r} has no meaning any more: it is ignored"
            )
        )
        del kept[old]
    return kept


def _written_out(kind: Kind, inner: Any, node: Any, key: Any) -> Any:
    """Return an item with its shorthand opened."""
    if not kind.shorthand or inner is None or isinstance(inner, dict):
        return inner
    whole = NodeDict({kind.shorthand: inner})
    if isinstance(node, NodeDict) and key in node.places:
        place = node.places[key]
        whole.place = (place[0], place[3], place[4])
        whole.places[kind.shorthand] = place
    return whole


def _listed(kind: Kind, node: Any, container: Any, problems: list[Problem]) -> Iterable[Found]:
    for item, holder, key in listed(node, container, kind.domain):
        if item is None or isinstance(item, Broken):
            continue
        if not isinstance(item, dict):
            problems.append(error(mark_of(holder, key), f"{kind.domain}: expected a mapping, got {kind_of(item)}"))
            continue
        object_id = object_id_of(item)
        if object_id:
            yield kind, object_id, item, holder, key
        else:
            problems.append(error(mark_of(item), f"{kind.domain}: it needs a name"))


def object_id_of(node: Mapping[str, Any]) -> str:
    """Return the second half of an entity id made from the name, else from the id; empty where there is neither."""
    for key in ("name", "id"):
        value = node.get(key)
        if isinstance(value, str | int) and not isinstance(value, bool) and (made := slugify(str(value))):
            return made
    return ""
