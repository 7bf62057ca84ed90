"""Pronunciations of English words that the model's dictionary lacks: made from the words that it has, or from spelling.

Phones are the model's, ARPAbet without stress.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_SUFFIXES = (
    ("s", ""),
    ("es", ""),
    ("'s", ""),
    ("ing", "IH NG"),
    ("er", "ER"),
    ("ers", "ER Z"),
    ("ed", ""),
    ("ly", "L IY"),
)
_PREFIXES = {"un": "AH N", "re": "R IY", "pre": "P R IY", "mini": "M IH N IY", "mid": "M IH D", "non": "N AA N"}
_HISSING = frozenset({"S", "Z", "SH", "ZH", "CH", "JH"})
_VOICELESS = frozenset({"P", "T", "K", "F", "TH"})
_LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        [
            "EY",
            "B IY",
            "S IY",
            "D IY",
            "IY",
            "EH F",
            "JH IY",
            "EY CH",
            "AY",
            "JH EY",
            "K EY",
            "EH L",
            "EH M",
            "EH N",
            "OW",
            "P IY",
            "K Y UW",
            "AA R",
            "EH S",
            "T IY",
            "Y UW",
            "V IY",
            "D AH B AH L Y UW",
            "EH K S",
            "W AY",
            "Z IY",
        ],
        strict=True,
    )
)
# Spelling to sound, tried in order at each place: pattern (with what stands around it), phones. Coarse on purpose: it
# is for the name of a lamp that no dictionary has, and the decoder forgives a vowel.
_RULES = [
    (re.compile(pattern), phones)
    for pattern, phones in (
        (r"tion", "SH AH N"), (r"sion", "ZH AH N"), (r"igh", "AY"), (r"ough", "AO"), (r"augh", "AO"), (r"eigh", "EY"),
        (r"tch", "CH"), (r"dge", "JH"), (r"sch", "SH"), (r"ck", "K"), (r"ch", "CH"), (r"sh", "SH"), (r"th", "TH"),
        (r"ph", "F"), (r"wh", "W"), (r"qu", "K W"), (r"(?<![a-z])kn", "N"), (r"(?<![a-z])wr", "R"), (r"ng(?![aeiou])", "NG"),
        (r"oo", "UW"), (r"ee", "IY"), (r"ea", "IY"), (r"ai|ay", "EY"), (r"oa", "OW"), (r"oi|oy", "OY"), (r"ou", "AW"),
        (r"ow(?=[bcdfghjklmnpqrstvwxz])", "AW"), (r"ow", "OW"), (r"au|aw", "AO"), (r"ew|eu", "UW"), (r"ie(?=$)", "IY"), (r"ie", "IY"),
        (r"ei", "EY"), (r"ue(?=$)", "UW"),
        (r"ar(?![aeiouy])", "AA R"), (r"or(?![aeiouy])", "AO R"), (r"(?:er|ir|ur)(?![aeiouy])", "ER"),
        (r"a(?=[bcdfghjklmnpqrstvwz]e(?:$|s$))", "EY"), (r"i(?=[bcdfghjklmnpqrstvwz]e(?:$|s$))", "AY"),
        (r"o(?=[bcdfghjklmnpqrstvwz]e(?:$|s$))", "OW"), (r"u(?=[bcdfghjklmnpqrstvwz]e(?:$|s$))", "UW"),
        (r"(?<=[bcdfghjklmnpqrstvwz])e(?=$)", ""), (r"e(?=s$)", ""),
        (r"c(?=[eiy])", "S"), (r"g(?=[eiy])", "JH"), (r"(?<=[aeiou])s(?=[aeiou])", "Z"), (r"^x", "Z"), (r"x", "K S"),
        (r"^y|y(?=[aou])", "Y"), (r"y(?=$)", "IY"), (r"y", "IH"), (r"a(?=$)", "AH"), (r"i(?=$)", "IY"), (r"o(?=$)", "OW"),
        (r"([bcdfgklmnprstvz])(?=\1)", ""),
        (r"a", "AE"), (r"e", "EH"), (r"i", "IH"), (r"o", "AA"), (r"u", "AH"),
        (r"b", "B"), (r"c|k|q", "K"), (r"d", "D"), (r"f", "F"), (r"g", "G"), (r"h", "HH"), (r"j", "JH"), (r"l", "L"),
        (r"m", "M"), (r"n", "N"), (r"p", "P"), (r"r", "R"), (r"s", "S"), (r"t", "T"), (r"v", "V"), (r"w", "W"), (r"z", "Z"),
    )
]  # fmt: skip


class EnglishLexicon:
    """What can be made of the words of a dictionary."""

    def __init__(self, lookup: Callable[[str], str | None]) -> None:
        """Take what gives a known word's phones."""
        self._known = lookup

    def pronounce(self, word: str) -> list[str]:
        """Return the pronunciations of a word, the likeliest first; none when it has letters that are not English."""
        if not re.fullmatch(r"[a-z'-]+", word):
            return []
        if "-" in word:
            return _joined([self.pronounce(part) for part in word.split("-") if part])
        made = self._known(word) or self._derived(word) or self._compound(word)
        if made:
            return [made]
        plain = word.replace("'", "")
        if not plain:
            return []
        if len(plain) <= 4 and not re.search("[aeiouy]", plain):
            return [" ".join(_LETTERS[letter] for letter in plain)]
        return [spelled] if (spelled := by_spelling(plain)) else []

    def _derived(self, word: str) -> str | None:
        """Return a known word with an ending or a beginning."""
        for suffix, phones in _SUFFIXES:
            if not word.endswith(suffix) or len(word) - len(suffix) < 3:
                continue
            stem = word[: -len(suffix)]
            base = self._known(stem) or (self._known(stem + "e") if suffix[0] in "ei" else None)
            if base is None and stem[-1] == stem[-2]:
                base = self._known(stem[:-1])
            if base is not None:
                return f"{base} {phones or _ending(base, suffix)}"
        for prefix, phones in _PREFIXES.items():
            if word.startswith(prefix) and (base := self._known(word[len(prefix) :])):
                return f"{phones} {base}"
        return None

    def _compound(self, word: str) -> str | None:
        """Return two known words written as one ("nightlight"); the longest first part wins."""
        for at in range(len(word) - 3, 2, -1):
            first, second = self._known(word[:at]), self._known(word[at:])
            if first and second:
                return f"{first} {second}"
        return None


def _ending(base: str, suffix: str) -> str:
    """Return how -s or -ed sounds after a word."""
    last = base.split()[-1]
    if suffix == "ed":
        return "AH D" if last in ("T", "D") else "T" if last in _VOICELESS | _HISSING - {"Z", "ZH", "JH"} else "D"
    return "AH Z" if last in _HISSING else "S" if last in _VOICELESS else "Z"


def _joined(parts: list[list[str]]) -> list[str]:
    return [" ".join(ways[0] for ways in parts)] if parts and all(parts) else []


def by_spelling(word: str) -> str:
    """Return the phones that a spelling suggests: `zigbar` → `Z IH G B AA R`."""
    phones: list[str] = []
    at = 0
    while at < len(word):
        for pattern, sound in _RULES:
            found = pattern.match(word, at)
            if found:
                phones.extend(sound.split())
                at = found.end()
                break
        else:
            at += 1
    return " ".join(phones)
