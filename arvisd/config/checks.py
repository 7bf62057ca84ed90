"""The checks that a type is made of: each takes one value of YAML and returns it typed, or reports what is wrong."""

from __future__ import annotations

import abc
import enum
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from arvisd.config.document import Broken
from arvisd.config.durations import EXPECTED as DURATION
from arvisd.config.durations import parse_duration
from arvisd.config.nodes import Mark, key_mark_of, mark_of
from arvisd.config.problems import Problem, did_you_mean, error, warning
from arvisd.config.scalars import BOOLEANS
from arvisd.config.wording import choices, given, number_words, path_words, pattern_words

INVALID: Any = enum.Enum("Invalid", ["INVALID"]).INVALID  # type: ignore[attr-defined]
"""Returned in place of a value whose problem was reported."""
WHOLE = re.compile(r"[-+]?(?:[0-9]{1,40}|0x[0-9a-fA-F]{1,32})")
MOST_KEYS_NAMED = 12
"""Valid keys that a message lists where none is near."""


class At:
    """Where the value under check stands."""

    __slots__ = ("container", "key", "path", "problems")

    def __init__(self, problems: list[Problem], container: Any, key: Any, path: tuple[Any, ...]) -> None:
        self.problems = problems
        self.container = container
        self.key = key
        self.path = path

    def within(self, container: Any, key: Any) -> At:
        """Return the place of a value inside this one."""
        return At(self.problems, container, key, (*self.path, key))

    def mark(self, value: Any) -> Mark:
        """Return where the value is written."""
        own = mark_of(value)
        return own if own.line else mark_of(self.container, self.key)

    def wrong(self, value: Any, expected: str, hint: str = "") -> Any:
        """Report a value that does not fit; return INVALID."""
        return self.fault(value, f"expected {expected}, got {given(value, self.container, self.key)}{hint}")

    def odd(self, value: Any, expected: str, hint: str = "") -> None:
        """Warn of a value that is not what was asked for, and may do all the same."""
        said = f"{path_words(self.path)}: expected {expected}, got {given(value, self.container, self.key)}{hint}"
        self.problems.append(warning(self.mark(value), said.removeprefix(": ")))

    def fault(self, value: Any, message: str) -> Any:
        """Report what is wrong with a value; return INVALID."""
        path = path_words(self.path)
        self.problems.append(error(self.mark(value), f"{path}: {message}" if path else message))
        return INVALID


class Check(abc.ABC):
    """Reads values of one type."""

    expected: str
    """What fits, in words that go after 'expected'."""

    kinds: tuple[type, ...] = ()
    """Types of values whose details are worth reporting when a union holds this check."""

    def read(self, value: Any, at: At) -> Any:
        """Return the typed value, or INVALID after reporting what is wrong; a Broken was reported by the load."""
        return INVALID if isinstance(value, Broken) else self._read(value, at)

    @abc.abstractmethod
    def _read(self, value: Any, at: At) -> Any: ...


class AnyCheck(Check):
    """Whatever it is, with its marks."""

    expected = "anything"

    def _read(self, value: Any, at: At) -> Any:
        return value


class NoneCheck(Check):
    """Nothing."""

    expected = "nothing"

    def _read(self, value: Any, at: At) -> Any:
        return None if value is None else at.wrong(value, self.expected)


class BoolCheck(Check):
    """True or false, also as text: an environment variable is always text."""

    expected = "true or false"

    def _read(self, value: Any, at: At) -> Any:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in BOOLEANS:
            return BOOLEANS[value.lower()]
        return at.wrong(value, self.expected)


class NumberCheck(Check):
    """A whole number or any number, within bounds; also as text."""

    def __init__(self, type_: msgspec.inspect.IntType | msgspec.inspect.FloatType) -> None:
        self._whole = isinstance(type_, msgspec.inspect.IntType)
        self._type = type_
        self.expected = number_words("a whole number" if self._whole else "a number", type_)

    def _read(self, value: Any, at: At) -> Any:
        number = self._number(value)
        return number if number is not None and self.in_range(number) else at.wrong(value, self.expected)

    def in_range(self, number: float) -> bool:
        """Whether a number is within the bounds."""
        type_ = self._type
        return (
            (type_.ge is None or number >= type_.ge)
            and (type_.gt is None or number > type_.gt)
            and (type_.le is None or number <= type_.le)
            and (type_.lt is None or number < type_.lt)
        )

    def _number(self, value: Any) -> int | float | None:
        if isinstance(value, bool):
            return None
        if isinstance(value, str):
            value = _number_in(value)
        if isinstance(value, int):
            return value if self._whole else float(value) if abs(value) < 1e300 else None
        if isinstance(value, float) and math.isfinite(value):
            if not self._whole:
                return value
            return int(value) if value.is_integer() else None
        return None


class DurationCheck(Check):
    """Seconds, however the duration is written."""

    expected = DURATION

    def __init__(self, bounds: NumberCheck) -> None:
        self._bounds = bounds

    def _read(self, value: Any, at: At) -> Any:
        try:
            seconds = parse_duration(value)
        except ValueError:
            return at.wrong(value, self.expected)
        if not self._bounds.in_range(seconds):
            return at.wrong(value, self._bounds.expected.replace("a number", "a duration") + " seconds")
        return seconds


class TextCheck(Check):
    """Text; a whole number is taken as text, what YAML changed (`1.10`, `on`) is not."""

    def __init__(self, type_: msgspec.inspect.StrType) -> None:
        self._pattern = re.compile(type_.pattern) if type_.pattern else None
        self._min = type_.min_length or 0
        self._max = math.inf if type_.max_length is None else type_.max_length
        self.expected = "text"
        if self._max != math.inf:
            self.expected += f" of at most {self._max} characters"
        if self._pattern:
            self.expected += f" {pattern_words(type_.pattern or '')}"

    def _read(self, value: Any, at: At) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            hint = ": put it in quotes" if isinstance(value, bool | float) else ""
            return at.wrong(value, self.expected, hint)
        if not self._min <= len(value) <= self._max or (self._pattern and not self._pattern.search(value)):
            return at.wrong(value, self.expected)
        return value


class ChoiceCheck(Check):
    """One of a few values; `on` and `off`, which YAML reads as booleans, are taken as the words."""

    def __init__(self, values: dict[Any, Any]) -> None:
        self._values = values
        self.expected = f"{'one of ' if len(values) > 1 else ''}{choices(values)}"

    def _read(self, value: Any, at: At) -> Any:
        word = {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)
        for candidate in (value, word):
            if isinstance(candidate, str | int) and candidate in self._values:
                return self._values[candidate]
        return at.wrong(value, self.expected, did_you_mean(value, self._values) if isinstance(value, str) else "")


class ConvertedCheck(Check):
    """Text that a function turns into a value; its ValueError says what is wrong."""

    def __init__(self, expected: str, convert: Callable[[str], Any]) -> None:
        self.expected = expected
        self._convert = convert

    def _read(self, value: Any, at: At) -> Any:
        if not isinstance(value, str) or not value:
            return at.wrong(value, self.expected)
        try:
            return self._convert(value)
        except ValueError as failure:
            return at.fault(value, str(failure))


class ExtraCheck(Check):
    """A check, then the function of the field's own: it may change the value or raise ValueError."""

    def __init__(self, inner: Check, function: Callable[[Any], Any]) -> None:
        self.expected = inner.expected
        self.kinds = inner.kinds
        self._inner = inner
        self._function = function

    def _read(self, value: Any, at: At) -> Any:
        typed = self._inner.read(value, at)
        if typed is INVALID:
            return INVALID
        try:
            return self._function(typed)
        except ValueError as failure:
            return at.fault(value, str(failure))


class ListCheck(Check):
    """A list of one type, as a list, tuple or set; where the field says so, a single value counts as a list of it."""

    kinds = (list,)

    def __init__(self, item: Check, make: Callable[[list[Any]], Any], shortest: int, *, one_or_many: bool) -> None:
        self._item = item
        self._make = make
        self._shortest = shortest
        self._one_or_many = one_or_many
        self.expected = item.expected + " or a list of such" if one_or_many else f"a list (each item {item.expected})"

    def _read(self, value: Any, at: At) -> Any:
        if not isinstance(value, list):
            if not self._one_or_many or value is None:
                return at.wrong(value, self.expected)
            only = self._item.read(value, at)
            return INVALID if only is INVALID else self._make([only])
        if len(value) < self._shortest:
            return at.wrong(value, f"at least {self._shortest} item{'s'[: self._shortest - 1]}", f" of {len(value)}")
        items = [self._item.read(item, at.within(value, index)) for index, item in enumerate(value)]
        return INVALID if any(item is INVALID for item in items) else self._make(items)


class MappingCheck(Check):
    """A mapping with keys and values of one type each; one whose values are anything stays the node that it is."""

    kinds = (dict,)

    def __init__(self, key: Check, value: Check) -> None:
        self._key = key
        self._value = value
        self.expected = "a mapping ('key: …')"

    def _read(self, value: Any, at: At) -> Any:
        if not isinstance(value, dict):
            return at.wrong(value, self.expected)
        result = {}
        valid = True
        for key, inner in value.items():
            inside = at.within(value, key)
            before = len(at.problems)
            name = self._key.read(key, At(at.problems, None, None, at.path))
            if name is INVALID:
                at.problems[before:] = [
                    error(key_mark_of(value, key), problem.message.replace("expected", "expected a key that is", 1))
                    for problem in at.problems[before:]
                ]
            typed = self._value.read(inner, inside)
            valid = valid and name is not INVALID and typed is not INVALID
            result[name] = typed
        if not valid:
            return INVALID
        return value if isinstance(self._value, AnyCheck) and list(result) == list(value) else result


def read_path(text: str) -> Path:
    """Return a path with `~` opened."""
    if "\x00" in text:
        raise ValueError("a path cannot hold a null character")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise ValueError(f"the home folder of {text.split('/')[0]!r} is not known") from None


def _number_in(text: str) -> int | float | None:
    if WHOLE.fullmatch(text.strip()):
        return int(text, 0) if "x" in text else int(text)
    try:
        return float(text) if len(text) < 100 else None
    except ValueError:
        return None
