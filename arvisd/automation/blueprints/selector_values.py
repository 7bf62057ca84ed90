"""Whether what is given for an input is what its selector asks for; each check says what it expects where it is not.

What is of the right kind and only out of bounds is a warning: selectors bind Home Assistant's editor, not its YAML.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from arvisd.automation.blueprints import selector_options as options
from arvisd.automation.durations import seconds_of
from arvisd.automation.templates.template import is_template
from arvisd.config.checks import At
from arvisd.config.document import Broken
from arvisd.config.problems import did_you_mean
from arvisd.config.scalars import BOOLEANS
from arvisd.config.wording import choices, plain_number

Check = Callable[[Any, Any, At], object]
"""Takes the selector's options, the value and its place; adds a problem to the place's where it does not fit."""

ENTITY = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")
REGISTRY_ID = re.compile(r"[0-9a-f]{32}")
"""How Home Assistant names an entity or device without its name."""
NAMED = re.compile(r"[a-z0-9_]+:[\w-]+")
"""An icon: `mdi:lamp`."""
CLOCK = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?|(?:input_datetime|sensor)\.[a-z0-9_]+")
"""A time of day; a trigger takes the id of an entity that holds one just as well."""
MANY_OPTIONS = 12
"""So many options are named in a message."""


def given(value: Any) -> bool:
    """Whether a value can be checked: a template is known when it runs, and what is broken was reported already."""
    return not isinstance(value, Broken) and not is_template(value)


def each(check: Check) -> Check:
    """Return a check of one value, or of a list of them where the options say `multiple`."""

    def several(asked: Any, value: Any, at: At) -> None:
        if isinstance(value, list) and asked.multiple:
            for index, item in enumerate(value):
                if given(item):
                    check(asked, item, at.within(value, index))
        elif isinstance(value, list):
            at.odd(value, "one value", ": its selector lacks 'multiple: true'")
        else:
            check(asked, value, at)

    return several


def anything(asked: Any, value: Any, at: At) -> None:
    """Take whatever is given."""


def text(asked: Any, value: Any, at: At) -> None:
    """Expect text; a number is taken as it is written."""
    if isinstance(value, bool):
        at.wrong(value, "text", ": put it in quotes")
    elif not isinstance(value, str | int | float):
        at.wrong(value, "text")


def boolean(asked: Any, value: Any, at: At) -> None:
    """Expect true or false."""
    if not isinstance(value, bool) and not (isinstance(value, str) and value.lower() in BOOLEANS):
        at.wrong(value, "true or false")


def number(asked: options.NumberOptions, value: Any, at: At) -> None:
    """Expect a number within the bounds."""
    within(asked.min, asked.max, value, at, asked.unit_of_measurement or "")


def within(least: float | None, most: float | None, value: Any, at: At, unit: str = "") -> None:
    """Expect a number within bounds."""
    words = "a number"
    if least is not None and most is not None:
        words += f" from {plain_number(least)} to {plain_number(most)}"
    elif least is not None:
        words += f" of at least {plain_number(least)}"
    elif most is not None:
        words += f" of at most {plain_number(most)}"
    amount = _number(value)
    if amount is None:
        at.wrong(value, f"{words} {unit}".rstrip())
    elif (least is not None and amount < least) or (most is not None and amount > most):
        at.odd(value, f"{words} {unit}".rstrip())  # the bounds are those of a slider in an editor


def color_temp(asked: options.ColorTempOptions, value: Any, at: At) -> None:
    """Expect a colour temperature."""
    least = asked.min_mireds if asked.min is None else asked.min
    most = asked.max_mireds if asked.max is None else asked.max
    within(least, most, value, at, "K" if asked.unit == "kelvin" else "mireds")


def time(asked: Any, value: Any, at: At) -> None:
    """Expect a time of day."""
    if not isinstance(value, str) or not CLOCK.fullmatch(value):
        hint = ": put it in quotes" if isinstance(value, int) else ""
        at.wrong(value, "a time of day, as in '07:30:00'", hint)


def date_(asked: Any, value: Any, at: At) -> None:
    """Expect a day."""
    if not _parses(date.fromisoformat, value):
        at.wrong(value, "a date, as in '2026-12-24'")


def datetime_(asked: Any, value: Any, at: At) -> None:
    """Expect a day and a time."""
    if not _parses(datetime.fromisoformat, value):
        at.wrong(value, "a date and a time, as in '2026-12-24 18:00:00'")


def duration(asked: options.DurationOptions, value: Any, at: At) -> None:
    """Expect a length of time; one that has templates in it is known when it runs."""
    if isinstance(value, dict) and any(map(is_template, value.values())):
        return
    negative = asked.allow_negative or asked.mode == "signed"
    try:
        seconds_of(_positive(value) if negative else value)
    except ValueError as failure:
        at.fault(value, str(failure))


def entity(asked: options.EntityOptions, value: Any, at: At) -> None:
    """Expect the id of an entity of the right domain; a group stands for its members."""
    if value == "":  # a row that was added in the editor and left empty
        at.odd(value, "the id of an entity, such as light.kitchen")
        return
    if not isinstance(value, str) or not (ENTITY.fullmatch(value) or REGISTRY_ID.fullmatch(value)):
        at.wrong(value, "the id of an entity, such as light.kitchen")
        return
    if REGISTRY_ID.fullmatch(value):
        return
    domains = _domains(asked)
    domain = value.partition(".")[0]
    if domains and domain != "group" and domain not in domains:
        at.odd(value, f"an entity of the domain {choices(domains)}")
    elif asked.include_entities and value not in asked.include_entities:
        at.wrong(value, one_of(asked.include_entities), did_you_mean(value, asked.include_entities))
    elif value in asked.exclude_entities:
        at.fault(value, f"the blueprint does not take {value}")


def _domains(asked: options.EntityOptions) -> tuple[str, ...]:
    """Return the domains that are taken, none where all are."""
    filters: list[Any] = [asked, *asked.filter] if asked.domain or not asked.filter else list(asked.filter)
    if any(not one.domain for one in filters):
        return ()
    return tuple(dict.fromkeys(domain for one in filters for domain in one.domain))


def named(what: str) -> Check:
    """Return a check for text that names something."""

    def check(asked: Any, value: Any, at: At) -> None:
        if not isinstance(value, str) or not value:
            at.wrong(value, what, ": put it in quotes" if isinstance(value, bool | int | float) else "")

    return check


def icon(asked: Any, value: Any, at: At) -> None:
    """Expect the name of an icon."""
    if not isinstance(value, str) or not (value == "" or NAMED.fullmatch(value)):
        at.wrong(value, "the name of an icon, such as mdi:lamp")


def select(asked: options.SelectOptions, value: Any, at: At) -> None:
    """Expect one of the options."""
    known = [_word(option["value"] if isinstance(option, dict) else option) for option in asked.options]
    if isinstance(value, dict | list) or value is None:
        at.wrong(value, one_of(known))
    elif not asked.custom_value and _word(value) not in known:
        at.wrong(value, one_of(known), did_you_mean(value, known))


def listed_among(key: str, what: str) -> Check:
    """Return a check for text that is one of what the options list under a key, if they do."""

    def check(asked: Any, value: Any, at: At) -> None:
        known = getattr(asked, key)
        if not isinstance(value, str):
            at.wrong(value, what, ": put it in quotes" if isinstance(value, bool) else "")
        elif known and value not in known:
            at.wrong(value, one_of(known), did_you_mean(value, known))

    return check


def constant(asked: options.ConstantOptions, value: Any, at: At) -> None:
    """Expect the one value there is."""
    if type(value) is not type(asked.value) or value != asked.value:
        at.wrong(value, repr(asked.value) if isinstance(asked.value, str) else str(asked.value).lower())


def behavior(asked: options.BehaviorOptions, value: Any, at: At) -> None:
    """Expect when a trigger or condition on several entities counts."""
    known = ("each", "first", "all") if asked.mode == "trigger" else ("all", "any")
    if value not in known:
        at.wrong(value, one_of(known), did_you_mean(value, known))


def template(asked: Any, value: Any, at: At) -> None:
    """Expect text; its syntax is checked where it is used."""
    if not isinstance(value, str):
        at.wrong(value, "a template", ": put it in quotes")


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = float(value)
    except (ValueError, OverflowError):
        return None
    return amount if math.isfinite(amount) else None


def _positive(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: abs(part) if isinstance(part, int | float) else part for key, part in value.items()}
    return abs(value) if isinstance(value, int | float) else value.lstrip("-") if isinstance(value, str) else value


def _parses(parse: Callable[[str], object], value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        parse(value)
    except ValueError:
        return False
    return True


def _word(value: Any) -> str:
    """Return an option as it was probably written: YAML reads a bare `on` as true."""
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def one_of(known: Iterable[str]) -> str:
    """Return what is expected where one of a few texts is."""
    names = list(known)
    if not names:
        return "one of its options, of which there are none"
    if len(names) > MANY_OPTIONS:
        return f"one of {len(names)} options ({', '.join(names[:3])}, …)"
    return f"{'one of ' if len(names) > 1 else ''}{choices(names)}"
