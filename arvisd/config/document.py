"""One text of YAML composed into nodes that remember their places; nothing here opens a file.

ruamel.yaml's C parser gives events; nodes are built from them here, which takes half the time of its own node
composer and keeps depth and aliases within bounds while the parser is still at the beginning of a hostile text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import msgspec
from _ruamel_yaml import CParser  # type: ignore[import-not-found]  # an extension without stubs
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

from arvisd.config.flow import parser_text, restore
from arvisd.config.nodes import Input, Mark, NodeDict, NodeList, Origin
from arvisd.config.problems import Problem, did_you_mean, error, warning
from arvisd.config.scalars import BOOLEANS, read_key, read_plain
from arvisd.config.syntax import fault_of

MAX_DEPTH = 100
"""Mappings and lists within each other, over all includes; the deepest automation seen in the wild has 22."""
MAX_NODES = 1_000_000
"""Values with every alias and include counted as often as it is used; 300 automations have 8,000."""

YAML_TAG = "tag:yaml.org,2002:"


class Broken(msgspec.Struct, frozen=True):
    """Stands where a value could not be read; its problem is already among the problems of the load."""

    message: str
    """What was wrong."""


class FileTag(Protocol):
    """Gives the values of `!include` and its like, which lie outside of the text."""

    def __call__(self, tag: str, argument: Any, mark: Mark, depth: int) -> tuple[Any, int]:
        """Return the value and its number of nodes."""


class TextError(Exception):
    """The text as a whole cannot be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class LimitError(Exception):
    """The load as a whole goes beyond its bounds."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def _restoring(parser: Any) -> Callable[[], Any]:
    """Return the parser's events with the values as they were written."""

    def take() -> Any:
        event = parser.get_event()
        if event.__class__ is ScalarEvent:
            event.value = restore(event.value)
        return event

    return take


class Composer:
    """Composes one text; used once."""

    def __init__(
        self, text: str, origin: Origin, file_tags: dict[str, FileTag], depth: int = 0, *, sections: bool = False
    ) -> None:
        """Prepare; `sections`: a duplicate key at the top is an error, as a whole section would go unseen."""
        self.problems: list[Problem] = []
        self.nodes = 0
        """Values so far, with each alias counted as often as it is used."""
        self.from_outside = False
        """Whether anything came by a file tag: the same text may then mean something else tomorrow."""
        self._text = text
        self._origin = origin
        self._file_tags = file_tags
        self._depth = depth
        self._strict_depth = depth + 1 if sections else -1
        readable = parser_text(text)
        parser = CParser(readable)
        self._next = parser.get_event if readable is text else _restoring(parser)
        self._anchors: dict[str, tuple[Any, int, str | None] | None] = {}
        self._secret: str | None = None

    def compose(self) -> Any:
        """Return the text's one document, None where it is empty; raise TextError where there is no reading it."""
        try:
            return self._document()
        except (MarkedYAMLError, ReaderError) as failure:
            fault = fault_of(failure, self._text)
            raise TextError(error(self._mark(fault.line, fault.column), fault.message)) from None

    def _document(self) -> Any:
        self._next()
        event = self._next()
        if event.__class__ is StreamEndEvent:
            return None
        value = self._value(self._next(), self._depth)
        self._next()
        event = self._next()
        if event.__class__ is DocumentStartEvent:
            at = event.start_mark
            raise TextError(
                error(
                    self._mark(at.line + 1, at.column + 1), "a second document begins here: one file holds one document"
                )
            )
        return value

    def _value(self, event: Any, depth: int) -> Any:
        """Return the node that begins with an event."""
        self.nodes += 1
        kind = event.__class__
        if kind is AliasEvent:
            return self._alias(event)
        before = self.nodes
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        if kind is ScalarEvent:
            value = self._scalar(event, depth)
        else:
            if depth >= MAX_DEPTH:
                raise TextError(error(self._mark_of(event), f"nested more than {MAX_DEPTH} levels deep"))
            value = self._mapping(event, depth + 1) if kind is MappingStartEvent else self._sequence(event, depth + 1)
            if event.tag is not None:
                value = self._tagged_collection(event, value)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, self.nodes - before + 1, self._secret)
        return value

    def _mapping(self, start: Any, depth: int) -> Any:
        """Return the mapping whose start event was taken."""
        node = NodeDict()
        origin = self._origin
        mark = start.start_mark
        node.place = (origin, mark.line + 1, mark.column + 1)
        places = node.places
        take = self._next
        merged: list[tuple[Any, Any]] = []
        broken: Broken | None = None
        while True:
            event = take()
            kind = event.__class__
            if kind is MappingEndEvent:
                break
            key_mark = event.start_mark
            if kind is ScalarEvent and event.anchor is None and event.tag is None:
                key: Any = event.value if event.style else read_key(event.value)
            elif kind is ScalarEvent or kind is AliasEvent:
                key = self._value(event, depth)
            else:
                key = NodeDict()
            if key.__class__ is not str and not isinstance(key, str | int):
                broken = self._bad_key(event, depth)
                continue
            style = event.style if kind is ScalarEvent else None
            event = take()
            mark = event.start_mark
            if event.__class__ is ScalarEvent and event.tag is None and event.anchor is None:
                self.nodes += 1
                value = event.value if event.style else read_plain(event.value)
            else:
                value = self._value(event, depth)
            if key == "<<" and style == "":
                merged.append((value, event))
                continue
            if key in node:
                self._duplicate(key, key_mark, places[key][1], depth)
            node[key] = value
            places[key] = (
                origin,
                key_mark.line + 1,
                key_mark.column + 1,
                mark.line + 1,
                mark.column + 1,
                self._secret,
            )
            self._secret = None
        for value, event in merged:
            self._merge(node, value, event)
        self._check_size(start)
        return node if broken is None else broken

    def _sequence(self, start: Any, depth: int) -> NodeList:
        """Return the list whose start event was taken."""
        node = NodeList()
        origin = self._origin
        mark = start.start_mark
        node.place = (origin, mark.line + 1, mark.column + 1)
        take = self._next
        while True:
            event = take()
            if event.__class__ is SequenceEndEvent:
                break
            mark = event.start_mark
            node.append(self._value(event, depth))
            node.places.append((origin, mark.line + 1, mark.column + 1, self._secret))
            self._secret = None
        self._check_size(start)
        return node

    def _scalar(self, event: Any, depth: int) -> Any:
        tag = event.tag
        if tag is None:
            return event.value if event.style else read_plain(event.value)
        if tag == "!":
            return event.value
        if tag == "!input":
            return Input(event.value)
        handler = self._file_tags.get(tag)
        if handler is not None:
            self.from_outside = True
            value, nodes = handler(tag, event.value, self._mark_of(event), depth)
            self.nodes += nodes
            self._check_size(event)
            if tag == "!secret":
                self._secret = event.value
            return value
        text = event.value
        match tag.removeprefix(YAML_TAG):
            case "str":
                return text
            case "null":
                return None
            case "bool" if text in BOOLEANS:
                return BOOLEANS[text]
            case "int" | "float" as kind if isinstance(number := read_plain(text), int | float):
                if kind == "float":
                    return float(number)
                if not isinstance(number, bool) and isinstance(number, int):
                    return number
        return self._bad_tag(event, tag)

    def _tagged_collection(self, event: Any, value: Any) -> Any:
        tag = event.tag
        expected = "map" if event.__class__ is MappingStartEvent else "seq"
        if tag in ("!", YAML_TAG + expected):
            return value
        if tag in self._file_tags or tag == "!input":
            return self._broken(self._mark_of(event), f"{tag} takes one value, as in '{tag} {_example(tag)}'")
        return self._bad_tag(event, tag)

    def _alias(self, event: Any) -> Any:
        name = event.anchor
        if name not in self._anchors:
            return self._broken(
                self._mark_of(event),
                f"the alias *{name} has no anchor &{name} before it{did_you_mean(name, self._anchors)}",
            )
        known = self._anchors[name]
        if known is None:
            return self._broken(self._mark_of(event), f"the anchor &{name} contains itself")
        value, nodes, self._secret = known
        self.nodes += nodes
        self._check_size(event)
        return value

    def _merge(self, node: NodeDict, value: Any, event: Any) -> None:
        """Add what `<<` brings to a mapping; keys that are there stay, the first of several mappings wins."""
        for source in value if isinstance(value, list) else [value]:
            if isinstance(source, Broken):
                continue
            if not isinstance(source, NodeDict):
                self._broken(self._mark_of(event), "'<<' takes a mapping or a list of mappings, as in '<<: *anchor'")
                return
            for key, inherited in source.items():
                if key not in node:
                    node[key] = inherited
                    node.places[key] = source.places[key]
            self.nodes += len(source)

    def _bad_key(self, event: Any, depth: int) -> Broken:
        """Say that a key is no key, and skip it and its value."""
        mark = self._mark_of(event)
        message = "a mapping or a list cannot be a key"
        if event.__class__ in (ScalarEvent, AliasEvent):
            message = "a key must be text or a whole number"
        else:
            if event.__class__ is MappingStartEvent and event.flow_style:
                message = 'a template must be in quotes: "{{ … }}"'
            self._skip(event, depth)
        self._skip(self._next(), depth)
        return self._broken(mark, message)

    def _skip(self, event: Any, depth: int) -> None:
        """Take the events of one node."""
        level = 0
        while True:
            if event.__class__ in (MappingStartEvent, SequenceStartEvent):
                level += 1
                if level + depth > MAX_DEPTH:
                    raise TextError(error(self._mark_of(event), f"nested more than {MAX_DEPTH} levels deep"))
            elif event.__class__ in (MappingEndEvent, SequenceEndEvent):
                level -= 1
            if level == 0:
                return
            event = self._next()

    def _bad_tag(self, event: Any, tag: str) -> Broken:
        shown = tag.replace(YAML_TAG, "!!")
        if shown in ("!!bool", "!!int", "!!float"):
            return self._broken(self._mark_of(event), f"this value is not what {shown} says")
        near = did_you_mean(tag, (*self._file_tags, "!input"))
        return self._broken(
            self._mark_of(event), f"unknown tag {shown}{near}: put the value in quotes if '!' belongs to it"
        )

    def _duplicate(self, key: Any, mark: Any, first_line: int, depth: int) -> None:
        line = self._origin.lines_before + first_line
        message = f"the key {key!r} is here twice: the first, in line {line}, is ignored"
        report = error if depth == self._strict_depth else warning
        self.problems.append(report(self._mark(mark.line + 1, mark.column + 1), message))

    def _check_size(self, event: Any) -> None:
        if self.nodes > MAX_NODES:
            raise TextError(
                error(self._mark_of(event), f"more than {MAX_NODES:,} values with all aliases and includes counted")
            )

    def _broken(self, mark: Mark, message: str) -> Broken:
        self.problems.append(error(mark, message))
        return Broken(message)

    def _mark_of(self, event: Any) -> Mark:
        return self._mark(event.start_mark.line + 1, event.start_mark.column + 1)

    def _mark(self, line: int, column: int) -> Mark:
        return Mark(self._origin.file, self._origin.lines_before + line, column)


def _example(tag: str) -> str:
    return {"!include": "file.yaml", "!secret": "name", "!env_var": "NAME default", "!input": "name"}.get(tag, "folder")
