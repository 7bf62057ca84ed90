"""Russian numerals in words, where digits would be read in the wrong gender: hours, minutes and days."""

# ruff: noqa: SIM905 - a list of words reads best as one text

from __future__ import annotations

_UNITS = "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать \
пятнадцать шестнадцать семнадцать восемнадцать девятнадцать".split()
_TENS = {2: "двадцать", 3: "тридцать", 4: "сорок", 5: "пятьдесят"}
_ORDINALS = "первое второе третье четвёртое пятое шестое седьмое восьмое девятое десятое одиннадцатое двенадцатое \
тринадцатое четырнадцатое пятнадцатое шестнадцатое семнадцатое восемнадцатое девятнадцатое двадцатое".split()


def in_words(number: int, *, feminine: bool = False) -> str:
    """Return 0 to 59 in words, as hours and minutes are said."""
    if number >= 20:
        rest = in_words(number % 10, feminine=feminine) if number % 10 else ""
        return f"{_TENS[number // 10]} {rest}".strip()
    return {1: "одна", 2: "две"}.get(number, _UNITS[number]) if feminine else _UNITS[number]


def day_of_month(day: int) -> str:
    """Return 1 to 31 as days are said: "двадцать первое"."""
    if day <= 20:
        return _ORDINALS[day - 1]
    return "тридцатое" if day == 30 else f"{_TENS[day // 10]} {_ORDINALS[day % 10 - 1]}"
