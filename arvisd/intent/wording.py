"""What answers are worded with: the functions and filters that their templates see, per language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from arvisd.intent import russian
from arvisd.intent.russian_numerals import day_of_month, in_words


def number(value: Any, language: str) -> str:
    """Return a number as it is read out: at most one decimal, none that is 0, a comma in Russian."""
    try:
        rounded = round(float(value), 1)
    except (TypeError, ValueError):
        return str(value)
    text = str(int(rounded)) if rounded == int(rounded) else str(rounded)
    if language == "ru":
        return text.replace(".", ",").replace("-", "минус ")
    return text.replace("-", "minus ")


def listed(given: Iterable[str], conjunction: str) -> str:
    """Return names as one says them: "a, b and c"."""
    names = list(given)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"


def within(name: str) -> str:
    """Return a name as it is written within a sentence: "Kitchen light" → "kitchen light", "TV" stays."""
    first = name.split(" ")[0]
    return name[:1].lower() + name[1:] if first[1:].islower() or len(first) == 1 else name


def sentence(text: str) -> str:
    """Return an answer with single spaces and a capital letter at its beginning."""
    plain = " ".join(text.split())
    return plain[:1].upper() + plain[1:]


def _counted(value: Any, *forms: str) -> str:
    """Return the form that goes with a number: singular and plural."""
    return forms[0] if float(value) == 1 else forms[-1]


def _clock_en(time: datetime) -> str:
    half = "AM" if time.hour < 12 else "PM"
    return f"{(time.hour - 1) % 12 + 1}:{time.minute:02d} {half}"


def _clock_ru(time: datetime) -> str:
    hours = f"{in_words(time.hour)} {russian.plural(time.hour, 'час', 'часа', 'часов')}"
    if time.minute == 0:
        return f"{hours} ровно"
    minutes = russian.plural(time.minute, "минута", "минуты", "минут")
    return f"{hours} {in_words(time.minute, feminine=True)} {minutes}"


def _duration_en(seconds: Any) -> str:
    units = _units(seconds, ("hour", "minute", "second"))
    return listed([f"{n} {unit if n == 1 else f'{unit}s'}" for n, unit in units], "and")


def _each(seconds: Any) -> str:
    """Return a length as it stands before a noun: "5 minute" timer."""
    return " ".join(f"{n} {unit}" for n, unit in _units(seconds, ("hour", "minute", "second")))


def _timer_en(timer: Any) -> str:
    name = timer["name"]
    return f"{name[:1].upper()}{name[1:]} timer" if name else f"{_each(timer['length'])} timer"


_RUSSIAN_TIME = (("час", "часа", "часов"), ("минута", "минуты", "минут"), ("секунда", "секунды", "секунд"))


def _duration_ru(seconds: Any, case: str = "nominative") -> str:
    """Return a length with the words that go with its numbers; in the accusative "на 1 минуту"."""
    said = []
    for n, (one, few, many) in _units(seconds, _RUSSIAN_TIME):
        form = russian.plural(n, one, few, many)
        said.append(f"{n} {form[:-1] + 'у' if case == 'accusative' and form == one and one != 'час' else form}")
    return " ".join(said)


def _remains(seconds: Any) -> str:
    """Return how much is left, the verb agreeing: "осталась 1 минута", "остался 1 час", "осталось 5 минут"."""
    first, (one, few, many) = _units(seconds, _RUSSIAN_TIME)[0]
    single = russian.plural(first, one, few, many) == one
    verb = ("остался" if one == "час" else "осталась") if single else "осталось"
    return f"{verb} {_duration_ru(seconds)}"


def _timer_ru(timer: Any) -> str:
    name = timer["name"]
    return f"Таймер «{name}»" if name else f"Таймер на {_duration_ru(timer['length'], 'accusative')}"


def _units(seconds: Any, units: tuple[Any, ...]) -> list[tuple[int, Any]]:
    """Return hours, minutes and seconds of a length, those that are 0 left out."""
    whole = max(0, round(float(seconds)))
    numbers = (whole // 3600, whole // 60 % 60, whole % 60)
    return [(n, unit) for n, unit in zip(numbers, units, strict=True) if n] or [(0, units[-1])]


def _participle(name: str, masculine: str, feminine: str, neuter: str, plural: str) -> str:
    return {"m": masculine, "f": feminine, "n": neuter, "p": plural}[russian.gender(name)]


def _counted_ru(value: Any, one: str, few: str, many: str) -> str:
    return russian.plural(round(float(value), 1), one, few, many)


def functions(language: str) -> dict[str, Callable[..., Any]]:
    """Return what a template can call, by name; each is a filter too."""
    common: dict[str, Callable[..., Any]] = {
        "within": within,
        "number": lambda value: number(value, language),
        "listed": lambda names: listed(names, "и" if language == "ru" else "and"),
        "either": lambda names: listed(names, "или" if language == "ru" else "or"),
    }
    if language == "ru":
        return common | {
            "clock": _clock_ru,
            "counted": _counted_ru,
            "duration": _duration_ru,
            "remains": _remains,
            "timer": _timer_ru,
            "day": day_of_month,
            "place": russian.place,
            "in_case": russian.in_case,
            "agree": _participle,
        }
    return common | {
        "clock": _clock_en,
        "counted": _counted,
        "duration": _duration_en,
        "each": _each,
        "timer": _timer_en,
    }
