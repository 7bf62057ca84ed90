"""Russian cases, genders and numbers of the names that people give to rooms and devices.

Names are given in the nominative ("Настольная лампа"); what people say is another case ("настольную
лампу"). For matching, more forms than exist do no harm, so where the rules cannot know they offer both.
A dictionary of all Russian words (pymorphy3) would know better and costs 30 MB and 90 ms: too much for this.
"""

from __future__ import annotations

import functools
import re

from arvisd.intent.normalization import fold
from arvisd.intent.russian_endings import (
    ADJECTIVES,
    AFTER_NA,
    CASES,
    FEMININE_SOFT,
    FLEETING,
    KEEPS_VOWEL,
    LOCATIVE_U,
    NOUNS,
    PLURAL,
    UNCHANGING,
)

_WORD = re.compile(r"[а-я]+(?:-[а-я]+)*")
_SMALL_WORDS = frozenset("в во на у с со к ко от до для из за над под при без о об по и или между около номер".split())  # noqa: SIM905 - a list of words reads best as one
_NOUNS_LIKE_ADJECTIVES = re.compile(r"(?:(?:ени|ани|ити|стви|яни)е|(?:ари|ори|алли|ени)й)$")
"""Nouns whose end is that of an adjective: освещение, помещение, планетарий."""
MOST_FORMS = 24
"""Forms kept of one name: six cases, and room for those that have variants."""

Forms = dict[str, list[str]]
"""Variants by case, the most usual one first."""


def case_forms(name: str) -> list[str]:
    """Return the name and its forms in all cases, small letters, ё as е, none twice, the nominative first."""
    words = fold(name.lower()).split()
    declined = _declined(words)
    found = [" ".join(words)]
    for case in CASES:
        variants = [forms[case] if forms else [word] for word, forms in zip(words, declined, strict=True)]
        found += [
            " ".join(variant[min(index, len(variant) - 1)] for variant in variants)
            for index in range(max(map(len, variants), default=0))
        ]
    return list(dict.fromkeys(found))[:MOST_FORMS]


@functools.lru_cache(maxsize=512)
def in_case(name: str, case: str) -> str:
    """Return the most usual form in a case, as it is written within a sentence: "Гостиная" → "гостиной"."""
    words = fold(name).split()
    declined = _declined([word.lower() for word in words])
    return " ".join(
        forms[case][0] if forms and case in forms else _within(word, first=index == 0)
        for index, (word, forms) in enumerate(zip(words, declined, strict=True))
    )


@functools.lru_cache(maxsize=512)
def place(name: str) -> str:
    """Return where something is: "Кухня" → "на кухне", "Сад" → "в саду", "Двор" → "во дворе"."""
    lower = [word.lower() for word in fold(name).split()]
    head = lower[_head(lower)] if lower else ""
    where = in_case(name, "prepositional")
    if head in LOCATIVE_U:
        where = where.replace(in_case(head, "prepositional"), LOCATIVE_U[head])
    if head in AFTER_NA:
        return f"во {where}" if head == "двор" else f"на {where}"
    first = where[:2]
    crowded = first[:1] in "вф" and first[1:] not in "аеиоуыэюя"
    return f"{'во' if crowded else 'в'} {where}"


@functools.lru_cache(maxsize=512)
def gender(name: str) -> str:
    """Return `m`, `f`, `n` or `p` (plural) of a name's main word."""
    words = fold(name.lower()).split()
    if not words:
        return "m"
    head = words[_head(words)]
    if head in PLURAL:
        return "p"
    if head in UNCHANGING:
        return "n"
    if head in FEMININE_SOFT:
        return "f"
    tables = ADJECTIVES if _like_adjective(head) else NOUNS
    return next((row[2] for row in tables if head.endswith(row[0])), "m")


def plural(number: float, one: str, few: str, many: str) -> str:
    """Return the form that goes with a number: 1 градус, 2 градуса, 5 градусов, 2.5 градуса."""
    if number != int(number):
        return few
    last, teens = abs(int(number)) % 10, abs(int(number)) % 100
    if last == 1 and teens != 11:
        return one
    return few if 2 <= last <= 4 and not 12 <= teens <= 14 else many


def _within(word: str, *, first: bool) -> str:
    """Return a word as it is written within a sentence: a name's first letter goes small, "ТВ" and "Wi-Fi" stay."""
    return word.lower() if first and word[1:].islower() and not word.isascii() else word


def _declined(words: list[str]) -> list[Forms | None]:
    """Return the forms of each word; None for those that stay as they are."""
    if not words:
        return []
    head = _head(words)
    declined: list[Forms | None] = [None] * len(words)
    for index in range(head):
        declined[index] = _adjective(words[index])
    declined[head] = _noun(words[head])
    after = head + 1
    if after < len(words) and declined[head] is not None and _agrees(words[after], gender(words[head])):
        declined[after] = _adjective(words[after])  # "лампа ночная"
    return declined


def _head(words: list[str]) -> int:
    """Return where the main noun is: the first word that is no adjective before another word."""
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        if not _WORD.fullmatch(word) and _WORD.fullmatch(following) and following not in _SMALL_WORDS:
            continue  # "Wi-Fi роутер"
        if not _like_adjective(word) or not _WORD.fullmatch(following) or following in _SMALL_WORDS:
            return index
    return len(words) - 1


def _like_adjective(word: str) -> bool:
    if len(word) < 4 or _NOUNS_LIKE_ADJECTIVES.search(word):
        return False
    return any(word.endswith(row[0]) for row in ADJECTIVES)


def _agrees(word: str, of: str) -> bool:
    return _like_adjective(word) and any(word.endswith(row[0]) and row[2] == of for row in ADJECTIVES)


def _adjective(word: str) -> Forms | None:
    row = next((row for row in ADJECTIVES if word.endswith(row[0])), None)
    return None if row is None else _spread(word, word[: -len(row[1])], row[3])


@functools.lru_cache(maxsize=4096)
def _noun(word: str) -> Forms | None:
    if not _WORD.fullmatch(word) or word in UNCHANGING:
        return None
    if word in PLURAL:
        return {case: [form] for case, form in zip(CASES, PLURAL[word].split(), strict=True)}
    if word in FEMININE_SOFT and word.endswith("ь"):
        return _spread(word, word[:-1], "и и = ью и")
    if _like_adjective(word):
        return _adjective(word)
    row = next((row for row in NOUNS if word.endswith(row[0])), None)
    if row is None:
        return None
    stem = word[: len(word) - len(row[1])]
    forms = _spread(word, stem, row[3])
    if word.endswith(FLEETING) and word not in KEEPS_VOWEL and len(word) > 3:
        short = _without_vowel(stem)
        dropped = _spread(word, short, row[3])
        sure = word.endswith(("ок", "ек", "ец", "ол", "ел"))
        forms = {c: [*dropped[c], *forms[c]] if sure else [*forms[c], *dropped[c]] for c in CASES}
        forms["accusative"].insert(0, word)
    return forms


def _without_vowel(stem: str) -> str:
    """Return the stem without its last vowel: потолок → потолк, козырек → козырьк, чаек → чайк."""
    before, vowel, last = stem[:-2], stem[-2], stem[-1]
    if vowel == "е" and before[-1:] in "аеиоуыэюя":
        return f"{before}й{last}"
    if vowel == "е" and before[-1:] in "лнр" and last == "к":
        return f"{before}ь{last}"
    return before + last


def _spread(word: str, stem: str, endings: str) -> Forms:
    """Return the forms that a row of endings gives."""
    forms: Forms = {}
    for case, variants in zip(CASES, endings.split(" "), strict=True):
        forms[case] = list(dict.fromkeys(word if ending == "=" else stem + ending for ending in variants.split("/")))
    return forms
