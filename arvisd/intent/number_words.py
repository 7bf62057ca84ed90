"""Writes the numbers of a sentence as digits: "пятидесяти процентов" and "fifty percent" as "50 …".

Recognisers of speech write numbers as words, people type digits, and sentences are matched in one form.
Every case of Russian is known, as a command may need any ("до пяти", "на двадцать одну", "к двум").
"""

# ruff: noqa: SIM905 - a list of words reads best as one text

from __future__ import annotations

from collections.abc import Mapping

_EN_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()

_EN: dict[str, int] = {word: value for value, word in enumerate(_EN_SMALL)}
_EN |= {word: (index + 2) * 10 for index, word in enumerate(_EN_TENS)}

_RU: dict[str, int] = {}
for _value, _forms in {
    0: "ноль ноля нуля нолю нулю нолем нулем нуле",
    1: "один одна одно одну одного одной одному одним одною одном",
    2: "два две двух двум двумя",
    3: "три трех трем тремя",
    4: "четыре четырех четырем четырьмя",
    5: "пять пяти пятью",
    6: "шесть шести шестью",
    7: "семь семи семью",
    8: "восемь восьми восемью восьмью",
    9: "девять девяти девятью",
    10: "десять десяти десятью",
    20: "двадцать двадцати двадцатью",
    30: "тридцать тридцати тридцатью",
    40: "сорок сорока",
    50: "пятьдесят пятидесяти пятьюдесятью",
    60: "шестьдесят шестидесяти шестьюдесятью",
    70: "семьдесят семидесяти семьюдесятью",
    80: "восемьдесят восьмидесяти восемьюдесятью",
    90: "девяносто девяноста",
    100: "сто ста",
    200: "двести двухсот двумстам двумястами двухстах",
    300: "триста трехсот тремстам тремястами трехстах",
    400: "четыреста четырехсот четыремстам четырьмястами четырехстах",
    500: "пятьсот пятисот пятистам пятьюстами пятистах",
    600: "шестьсот шестисот шестистам шестьюстами шестистах",
    700: "семьсот семисот семистам семьюстами семистах",
    800: "восемьсот восьмисот восьмистам восемьюстами восьмистах",
    900: "девятьсот девятисот девятистам девятьюстами девятистах",
}.items():
    _RU |= dict.fromkeys(_forms.split(), _value)
for _value, _stem in enumerate(("один", "две", "три", "четыр", "пят", "шест", "сем", "восем", "девят"), start=11):
    _RU |= {f"{_stem}надцат{ending}": _value for ending in ("ь", "и", "ью")}

_SMALL: Mapping[str, Mapping[str, int]] = {"en": _EN, "ru": _RU}
_HUNDRED: Mapping[str, frozenset[str]] = {"en": frozenset({"hundred"}), "ru": frozenset()}
_THOUSAND: Mapping[str, frozenset[str]] = {
    "en": frozenset({"thousand"}),
    "ru": frozenset("тысяча тысячи тысяче тысячу тысячей тысяч тысячам".split()),
}
_MINUS: Mapping[str, frozenset[str]] = {"en": frozenset({"minus"}), "ru": frozenset({"минус"})}


def digits(words: list[str], language: str) -> list[str]:
    """Return the words, lower case and without ё, with each number as one word of digits."""
    small = _SMALL.get(language)
    if small is None:
        return words
    words = [part for word in words for part in _parts(word, small)]
    result: list[str] = []
    at = 0
    while at < len(words):
        negative = words[at] in _MINUS[language]
        number, after = _number(words, at + negative, language)
        if number is None:
            result.append(words[at])
            at += 1
            continue
        decimals, at = _decimals(words, after, language)
        result.append(f"{'-' if negative else ''}{number}{decimals}")
    return result


def _decimals(words: list[str], at: int, language: str) -> tuple[str, int]:
    """Return what follows the point of a number and where it ends: "twenty point five", "двадцать с половиной"."""
    following = words[at : at + 3]
    if following[:2] == ["с", "половиной"]:
        return ".5", at + 2
    if following == ["and", "a", "half"]:
        return ".5", at + 3
    if following[:1] == ["point"] and len(following) > 1 and _SMALL[language].get(following[1], 10) < 10:
        return f".{_SMALL[language][following[1]]}", at + 2
    return "", at


def _parts(word: str, small: Mapping[str, int]) -> list[str]:
    """Take "twenty-one" apart, and leave "living-room" whole."""
    parts = word.split("-")
    return parts if len(parts) == 2 and all(part in small for part in parts) else [word]


def _number(words: list[str], at: int, language: str) -> tuple[int | None, int]:
    """Return the number that begins at a word and where it ends; None where none begins."""
    small, hundreds, thousands = _SMALL[language], _HUNDRED[language], _THOUSAND[language]
    total: int | None = None
    part: int | None = None
    """What is said since the last "thousand"."""
    room = 1000
    """A further word must be smaller than this: after 20 comes 1 to 9, after 5 nothing."""
    while at < len(words):
        word = words[at]
        if part is None and word.isdecimal() and at + 1 < len(words) and words[at + 1] in thousands:
            part, room = int(word), 0  # "4 тысячи"
        elif word in small and (value := small[word]) < room and not (value == 0 and part is not None):
            part = (part or 0) + value
            room = 100 if value >= 100 else 10 if value >= 20 else 0
        elif word in hundreds and part is not None and 0 < part < 10:
            part, room = part * 100, 100
        elif word in thousands and total is None and (part is not None or language == "ru"):
            total, part, room = (1 if part is None else part) * 1000, None, 1000
        elif word == "and" and part is not None and part % 100 == 0 and at + 1 < len(words) and words[at + 1] in small:
            pass  # "one hundred and five"
        else:
            break
        at += 1
    if total is None and part is None:
        return None, at
    return (total or 0) + (part or 0), at
