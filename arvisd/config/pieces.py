"""Parses a file piece by piece and keeps the pieces, so that a reload costs what changed and not what there is.

A piece is one item of a top-level list (`- id: …` at the first column), or a file as a whole. A piece that
came out without a problem and without an include, secret or environment variable means the same wherever it
stands: it is kept, and its marks move with it. What cannot be parsed in pieces (an alias from one item to
another, a syntax error, a duplicate key) is parsed as a whole, which is the one way that decides.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from arvisd.config.document import MAX_NODES, Composer, FileTag, TextError
from arvisd.config.nodes import NodeList, Origin

ITEM = re.compile(r"^-(?=[ \n])", re.MULTILINE)
NO_LIST = re.compile(r"^(?:[^-# \n]|-[^ \n])", re.MULTILINE)
"""A line that begins with anything but an item, a comment or a space: the file is no list of pieces."""
PREFACE = re.compile(r"(?: *(?:#[^\n]*)?\n)*")
"""What may stand before the first item: comments and empty lines."""
OTHER_BREAKS = re.compile("[\r\x85\u2028\u2029]")
"""Line breaks to YAML but not to us; lines would be counted wrongly."""


class Piece(msgspec.Struct, eq=False):
    """A parsed text."""

    origin: Origin
    value: Any
    nodes: int
    lasting: bool
    """Whether the same text will mean the same in the next load."""


class Pieces:
    """What was parsed in earlier loads; hand the same to every load of a folder."""

    def __init__(self) -> None:
        self._files: dict[str, dict[str, list[Piece]]] = {}

    def compose(self, text: str, name: str, tags: dict[str, FileTag], depth: int) -> tuple[Any, int] | None:
        """Return a file's value and number of nodes; None where it must be parsed as a whole."""
        known = self._files.get(name, {})
        kept: dict[str, list[Piece]] = {}
        self._files[name] = kept
        pieces = []
        total = 0
        for lines_before, part in split(text):
            piece = _take(known, part, lines_before) or _parse(part, Origin(name, lines_before), tags, depth)
            if piece is None:
                return None
            if piece.lasting:
                kept.setdefault(part, []).append(piece)
            pieces.append(piece)
            total += piece.nodes
        if total > MAX_NODES:
            return None
        return (pieces[0].value if len(pieces) == 1 else _joined(pieces)), total


def split(text: str) -> list[tuple[int, str]]:
    """Return the pieces of a text, each with the number of lines before it; one piece where it cannot be split."""
    starts = [] if NO_LIST.search(text) or OTHER_BREAKS.search(text) else [item.start() for item in ITEM.finditer(text)]
    if len(starts) < 2 or not PREFACE.fullmatch(text, 0, starts[0]):
        return [(0, text)]
    pieces = []
    lines = text.count("\n", 0, starts[0])
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        part = text[start:end]
        pieces.append((lines, part))
        lines += part.count("\n")
    return pieces


def _take(known: dict[str, list[Piece]], part: str, lines_before: int) -> Piece | None:
    """Return a kept piece of that text, moved to where the text is now; each is given once."""
    same = known.get(part)
    if not same:
        return None
    piece = same.pop(0)
    piece.origin.lines_before = lines_before
    return piece


def _parse(part: str, origin: Origin, tags: dict[str, FileTag], depth: int) -> Piece | None:
    composer = Composer(part, origin, tags, depth)
    try:
        value = composer.compose()
    except TextError:
        return None
    if composer.problems:
        return None
    return Piece(origin, value, composer.nodes + 1, lasting=not composer.from_outside)


def _joined(pieces: list[Piece]) -> NodeList:
    root = NodeList()
    for piece in pieces:
        root.extend(piece.value)
        root.places.extend(piece.value.places)
    root.place = root.places[0][:3]
    return root
