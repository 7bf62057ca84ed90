"""How numbers with signs and units are said, for the languages in which speech engines get them wrong.

espeak-ng (and piper, whose letters go through it) says "5" for "-5" in Russian, spells "км/ч", reads "21,5" as
a list and "1 000" as two numbers; these rules reword only such places and leave all other numbers to the engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]

_MINUS = r"(?<![\w.,)\]-])[-−–](?=\d)"
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_NARROW_SPACES = "\u00a0\u2009\u202f"

_GROUPED: Rule = (
    re.compile(rf"(?<=\d)[{_NARROW_SPACES}](?=\d{{3}}(?!\d))"),
    lambda _: "",
)

_RUSSIAN_UNITS: dict[str, tuple[str, str, str]] = {
    "°C": ("градус", "градуса", "градусов"),
    "°С": ("градус", "градуса", "градусов"),  # a Cyrillic С is what people type
    "°F": ("градус Фаренгейта", "градуса Фаренгейта", "градусов Фаренгейта"),
    "℃": ("градус", "градуса", "градусов"),
    "°": ("градус", "градуса", "градусов"),
    "%": ("процент", "процента", "процентов"),
    "км/ч": ("километр в час", "километра в час", "километров в час"),
    "м/с": ("метр в секунду", "метра в секунду", "метров в секунду"),
    "км": ("километр", "километра", "километров"),
    "кВт·ч": ("киловатт-час", "киловатт-часа", "киловатт-часов"),
    "кВт": ("киловатт", "киловатта", "киловатт"),
    "Вт": ("ватт", "ватта", "ватт"),
    "₽": ("рубль", "рубля", "рублей"),
    "руб.": ("рубль", "рубля", "рублей"),
}
"""Unit as written: the word after 1, after 2 to 4 and fractions, after the rest."""

_ENGLISH_UNITS: dict[str, tuple[str, str]] = {
    "°C": ("degree", "degrees"),
    "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "℃": ("degree", "degrees"),
    "°": ("degree", "degrees"),
    "km/h": ("kilometre per hour", "kilometres per hour"),
    "m/s": ("metre per second", "metres per second"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "kW": ("kilowatt", "kilowatts"),
    "W": ("watt", "watts"),
}
"""Unit as written: the word after 1, after the rest."""


def _with_unit(units: dict[str, tuple[str, str, str]] | dict[str, tuple[str, str]]) -> re.Pattern[str]:
    spelled = "|".join(re.escape(unit) for unit in sorted(units, key=len, reverse=True))
    return re.compile(rf"(?<![\w.,]){_NUMBER} ?({spelled})(?!\w)")


def russian_form(number: str) -> int:
    """Return which of the three forms of a counted noun follows a number: 0 «рубль», 1 «рубля», 2 «рублей»."""
    if not number.isdigit():
        return 1  # двадцать один и пять градуса
    last_two, last = int(number) % 100, int(number) % 10
    if 11 <= last_two <= 14:
        return 2
    return 0 if last == 1 else 1 if 2 <= last <= 4 else 2


def _russian_unit(match: re.Match[str]) -> str:
    return f"{match.group(1)} {_RUSSIAN_UNITS[match.group(2)][russian_form(match.group(1))]}"


def _english_unit(match: re.Match[str]) -> str:
    return f"{match.group(1)} {_ENGLISH_UNITS[match.group(2)][match.group(1) != '1']}"


def _russian_fraction(match: re.Match[str]) -> str:
    """21,05 is said as «21 и 0 5»: zeros before the first other digit are said one by one."""
    digits = match.group(2)
    rest = digits.lstrip("0")
    return " ".join((match.group(1), "и", *"0" * (len(digits) - len(rest)), *([rest] if rest else [])))


def _english_time(match: re.Match[str]) -> str:
    hour, minutes = match.groups()
    return f"{hour} o'clock" if minutes == "00" else f"{hour} oh {minutes[1]}"


NUMBER_RULES: dict[str, tuple[Rule, ...]] = {
    "ru": (
        _GROUPED,
        (re.compile(_MINUS), lambda _: "минус "),
        (_with_unit(_RUSSIAN_UNITS), _russian_unit),
        (re.compile(r"(?<![\w.,:])(\d{1,9})[.,](\d{1,3})(?![\w:]|[.,]\d)"), _russian_fraction),
    ),
    "en": (
        _GROUPED,
        (re.compile(_MINUS), lambda _: "minus "),
        (_with_unit(_ENGLISH_UNITS), _english_unit),
        (re.compile(r"(?<![\w.,:])([1-9]|1[0-2])(?::)(0\d)(?![\w:]|[.,]\d)(?! ?[ap]\.?m)"), _english_time),
    ),
}
"""By language: patterns in the order in which they are applied, each with what it becomes."""
