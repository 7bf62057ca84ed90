"""Makes a text fit to be spoken: without markup, emoji and control characters, its numbers said right.

Whatever a speech engine says of characters (which word begins when) it says of the spoken text; `Speakable`
knows where each character came from, so that an avatar or a chat can mark the word in the text as written.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable

import msgspec

from arvisd.providers.spoken_numbers import NUMBER_RULES


class Speakable(msgspec.Struct, frozen=True):
    """A text to speak and where its characters came from."""

    text: str
    """Empty: there is nothing to speak."""
    origins: tuple[int, ...]
    """For every character of `text` its index in the text as written; several may share one."""

    def origin(self, offset: int, length: int) -> tuple[int, int]:
        """Return offset and length, in the text as written, of a piece of the spoken text."""
        if not self.origins:
            return 0, 0
        first = min(max(offset, 0), len(self.origins) - 1)
        last = min(max(offset + length - 1, first), len(self.origins) - 1)
        return self.origins[first], self.origins[last] - self.origins[first] + 1


class _Traced:
    """A text under edit that keeps the origin of each character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.origins = list(range(len(text)))

    def replace(self, pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str]) -> None:
        """Replace every match; the characters of a replacement come from the place that they replace."""
        text: list[str] = []
        origins: list[int] = []
        end = 0
        for match in pattern.finditer(self.text):
            new = replacement(match)
            text += (self.text[end : match.start()], new)
            origins += self.origins[end : match.start()]
            origins += (self.origins[match.start() + place] for place in _places(match.group(), new))
            end = match.end()
        text.append(self.text[end:])
        self.origins = origins + self.origins[end:]
        self.text = "".join(text)


def _places(old: str, new: str) -> list[int]:
    """Return for every character of a replacement its place in what it replaces; what both begin with stays in place."""
    same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    rest = max(len(old) - same, 1)
    spread = (min(same + index * rest // (len(new) - same), len(old) - 1) for index in range(len(new) - same))
    return [*range(same), *spread]


def _group(number: int) -> Callable[[re.Match[str]], str]:
    return lambda match: match.group(number)


def _always(text: str) -> Callable[[re.Match[str]], str]:
    return lambda _: text


_MARKUP: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.DOTALL), _always(" ")),
    (re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)"), _group(1)),  # [text](address), ![picture](address)
    (
        re.compile(r"https?://(?:www\.)?([^\s/?#]+)[^\s]*?(?=[.,;:!?)»\"']*(?:\s|$))"),
        _group(1),
    ),  # only the host is worth hearing
    (re.compile(r"^[ \t]*(?:#{1,6}|[-*+•]|>)[ \t]+", re.MULTILINE), _always("")),  # headings, lists, quotations
    (re.compile(r"(?<!\d)[*]+|[*]+(?!\d)|[`~|]+|(?<!\w)_+|_+(?!\w)"), _always("")),  # emphasis, code, tables
    (re.compile(r"_|\[\[|\]\]"), _always(" ")),  # the brackets would have the engines read phonemes
)

_KEPT_SYMBOLS = frozenset("°№©®™")
"""Of the category of emoji, but every voice has a word for them."""

_SPACED = frozenset({"Cc", "So", "Zl", "Zp", "Zs"})
_DROPPED = frozenset({"Cf", "Cn", "Co", "Cs", "Sk"})
_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\u20e3]")


def _fit(character: str) -> str:
    """Return what is spoken in place of one character."""
    if character in _KEPT_SYMBOLS or character == "\n":
        return character
    category = unicodedata.category(character)
    if category in _SPACED:
        return " "
    return "" if category in _DROPPED or _VARIATION_SELECTORS.match(character) else character


_UNFIT = re.compile(r"[^\w .,;:!?\"'()\-\n+%/]")
_SPACES = re.compile(r"[ ]{2,}")
_EDGES = re.compile(r"\A\s+|\s+\Z")


def speakable(text: str, language: str) -> Speakable:
    """Make a text fit to be spoken in a language (`en`, `ru-RU`); numbers are worded for those that have rules.

    A text without a letter or digit (`…`, `🙂`) has nothing to speak.
    """
    traced = _Traced(text)
    for pattern, replacement in _MARKUP:
        traced.replace(pattern, replacement)
    for pattern, replacement in NUMBER_RULES.get(language.lower().partition("-")[0], ()):
        traced.replace(pattern, replacement)
    traced.replace(_UNFIT, lambda match: _fit(match.group()))
    traced.replace(_SPACES, _always(" "))
    traced.replace(_EDGES, _always(""))
    if not any(character.isalnum() for character in traced.text):
        return Speakable("", ())
    return Speakable(traced.text, tuple(traced.origins))
