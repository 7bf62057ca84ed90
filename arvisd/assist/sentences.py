"""Splits a text into pieces to be spoken one after the other: sentences, and clauses where a sentence is long."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

FIRST_LONG = 60
"""A first sentence longer than this many characters is cut at a clause, so that the first sound comes early."""
FIRST_SHORTEST = 10
"""… but not before this many characters: shorter ones sound torn off."""
LONGEST = 200
"""No piece is longer than this many characters: the next one is made while one is spoken."""


class Piece(msgspec.Struct, frozen=True):
    """A part of a text, without white space around it."""

    text: str
    offset: int
    """Index of its first character in the whole text."""

    @property
    def end(self) -> int:
        """Index after its last character in the whole text."""
        return self.offset + len(self.text)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ABBREVIATIONS = _set(
    # English
    "mr mrs ms dr prof rev gen col sgt capt lt hon st mt sr jr vs e.g i.e cf al ca no nos fig vol pp ed approx dept est "
    "jan feb mar apr jun jul aug sep sept oct nov dec ave blvd rd "
    # Russian
    "т.е т.к т.н т.о т.ч ул пр просп пер пл наб бул ш д кв корп стр г гг обл р р-н с пос дер им см ср рис табл гл "
    "проф акад доц инж канд тов гр гн г-н г-жа св напр прим букв устар англ рус лат нем франц "
    "ч мин сек час руб коп тыс млн млрд трлн шт экз чел этаж эт тел моб в вв н.э до ок о п пп илл ил вып изд ст"
)
"""Lower case, without the last full stop; what follows them usually belongs to the same sentence."""

_MAY_END = frozenset(
    [
        "etc",
        "a.m",
        "p.m",
        "inc",
        "ltd",
        "co",
        "corp",
        "u.s",
        "u.k",
        "jr",
        "sr",
        "т.д",
        "т.п",
        "др",
        "пр",
        "н.э",
        "г",
        "гг",
        "в",
        "вв",
        "руб",
        "коп",
        "ч",
        "мин",
        "сек",
        "час",
        "тыс",
        "млн",
        "млрд",
        "трлн",
        "шт",
        "чел",
    ]
)
"""Those that also stand at the end of a sentence: before a capital letter they end it, if a number or a list led to them."""

_END = re.compile(r"""[.!?…]+["'»”’)\]]*(?=\s|$)|\n+""")
_CLAUSE = re.compile(r"[,;:](?=\s)|(?<=\s)[—–-](?=\s)")
_WORD_BEFORE = re.compile(r"[^\s(«\"“„\[]+$")
_INITIALS = re.compile(r"(?:^|[\s.(«\"])[^\W\d_]$")
_OPENING = "\"'«“„([—–- \t\n"


def split(text: str) -> list[Piece]:
    """Return the pieces of a text in order; each has a letter or a digit, what has none is left out."""
    pieces: list[Piece] = []
    for begin, end in _sentences(text):
        piece = _trimmed(text, begin, end)
        if piece is None:
            continue
        first = not pieces
        pieces += _clauses(piece, first=first)
    return pieces


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for match in _END.finditer(text):
        if _ends(text, begin, match):
            yield begin, match.end()
            begin = match.end()
    if begin < len(text):
        yield begin, len(text)


def _ends(text: str, begin: int, match: re.Match[str]) -> bool:
    """Tell whether that punctuation is the end of the sentence that begins at `begin`."""
    mark = match.group()
    if mark.startswith("\n"):
        return True
    rest = text[match.end() :].lstrip(_OPENING)
    if not rest or "\n" in text[match.end() : len(text) - len(rest)]:
        return True
    if rest[0].islower():
        return False
    if mark.rstrip("\"'»”’)]") != ".":
        return True
    before = text[begin : match.start()]
    return not _abbreviates(before, before_capital=not rest[0].isdigit())


def _abbreviates(before: str, *, before_capital: bool) -> bool:
    """Tell whether a full stop after that beginning of a sentence belongs to its last word."""
    if before.strip().isdigit():
        return True  # "1. Milk": the number of a list's item
    found = _WORD_BEFORE.search(before)
    word = found.group().lower() if found else ""
    led = before[: found.start()].rstrip() if found else ""
    joined = _joined(led, word)
    for candidate in (joined, word):
        if before_capital and candidate in _MAY_END:
            # "10 p.m. Then", "и т. д. Потом" end a sentence; "г. Москва" and "ул. Ленина" do not
            return not (led[-1:].isdigit() or candidate not in _ABBREVIATIONS)
    known = _ABBREVIATIONS | _MAY_END
    return word in known or joined in known or bool(_INITIALS.search(before))


def _joined(led: str, word: str) -> str:
    """Return a spaced abbreviation as one word: `т. д` is `т.д`."""
    if len(word) > 1 or not led.endswith("."):
        return word
    before = _WORD_BEFORE.search(led)
    return before.group().lower() + word if before and len(before.group()) == 2 else word


def _clauses(piece: Piece, *, first: bool) -> Iterator[Piece]:
    limit = FIRST_LONG if first else LONGEST
    while len(piece.text) > limit:
        cut = _cut(piece.text, earliest=first, longest=LONGEST)
        head = _trimmed(piece.text, 0, cut)
        tail = _trimmed(piece.text, cut, len(piece.text))
        if head is None or tail is None:
            break
        yield Piece(head.text, piece.offset + head.offset)
        piece = Piece(tail.text, piece.offset + tail.offset)
        first, limit = False, LONGEST
    yield piece


def _cut(text: str, *, earliest: bool, longest: int) -> int:
    """Return where to cut: at a clause, the first one of a first piece, else the last that fits, else at a space."""
    marks = [match.end() for match in _CLAUSE.finditer(text) if FIRST_SHORTEST <= match.end() <= longest]
    marks = [mark for mark in marks if len(text) - mark >= FIRST_SHORTEST]
    if marks:
        return marks[0] if earliest else marks[-1]
    if len(text) <= longest:
        return len(text)
    space = text.rfind(" ", 1, longest)
    return space if space > 0 else longest


def _trimmed(text: str, begin: int, end: int) -> Piece | None:
    """Return a part without the white space around it; None where it has nothing that can be spoken."""
    part = text[begin:end]
    if not any(character.isalnum() for character in part):
        return None
    stripped = part.strip()
    return Piece(stripped, begin + part.index(stripped))
