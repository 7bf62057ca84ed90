"""Variables of a run as JSON, and back as what they were: times, sets and states too."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from arvisd.automation.templates.states import TemplateState
from arvisd.core.context import Context
from arvisd.core.states import State

TAG = "$"
"""Key of a mapping that stands for something that JSON has no word for: `{"$": "set", "v": […]}`."""
MAX_DEPTH = 60
"""How deep a value may be nested; a value that holds itself is found by it."""
_SAFE_INTEGER = 2**53
"""Larger whole numbers are kept as text, so that no reader of the file rounds them."""


class UnkeepableError(Exception):
    """A value cannot be written down; the text says what it is."""


class This:
    """What templates see as `this`: it is not kept but made anew."""

    __slots__ = ()


class Keeper:
    """Writes down the variables of one run.

    Args:
        trigger: what set the run off: it is kept once, whatever refers to it.
    """

    __slots__ = ("_trigger",)

    def __init__(self, trigger: Any) -> None:
        self._trigger = trigger

    def variables(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return a scope's variables; raise UnkeepableError that names the one that cannot be kept."""
        kept = {}
        for name, value in given.items():
            try:
                kept[name] = self.value(value)
            except UnkeepableError as error:
                raise UnkeepableError(f"the variable {name!r} holds {error}") from None
        return kept

    def value(self, value: Any, depth: int = 0) -> Any:
        """Return one value as JSON data."""
        kind = type(value)
        if kind is str or value is None or kind is bool:
            return value if kind is not str or value.isascii() else _text(value)
        if kind is int:
            return value if -_SAFE_INTEGER < value < _SAFE_INTEGER else {TAG: "int", "v": str(value)}
        if kind is float and isfinite(value):
            return value
        if value is self._trigger and value is not None:
            return {TAG: "trigger"}
        if depth > MAX_DEPTH:
            raise UnkeepableError(f"something nested more than {MAX_DEPTH} deep")
        if isinstance(value, dict):
            return self._mapping(value, depth)
        if isinstance(value, list):
            return [self.value(item, depth + 1) for item in value]
        if isinstance(value, This):
            return {TAG: "this"}
        return self._odd(value, depth)

    def _mapping(self, value: dict[Any, Any], depth: int) -> Any:
        if TAG not in value and all(type(key) is str and key.isascii() for key in value):
            return {key: self.value(item, depth + 1) for key, item in value.items()}
        pairs = [[self.value(key, depth + 1), self.value(item, depth + 1)] for key, item in value.items()]
        return {TAG: "mapping", "v": pairs}

    def _odd(self, value: Any, depth: int) -> Any:
        for type_, (tag, write, _) in _KINDS.items():
            if isinstance(value, type_):
                return {TAG: tag, "v": write(value)}
        if isinstance(value, tuple | set | frozenset):
            tag = next(tag for type_, tag in _COLLECTIONS.items() if isinstance(value, type_))
            return {TAG: tag, "v": [self.value(item, depth + 1) for item in value]}
        if isinstance(value, TemplateState):
            return {TAG: "entity", "id": value.entity_id, "v": self.value(value.source, depth + 1)}
        for tag, struct in _STRUCTS.items():
            if type(value) is struct:
                fields = {name: self.value(getattr(value, name), depth + 1) for name in struct.__struct_fields__}
                return {TAG: tag, "v": fields}
        if isinstance(value, str):
            return _text(str(value))
        raise UnkeepableError(f"{type(value).__name__!r}, which cannot be written down")


class Restorer:
    """Gives the variables back.

    Args:
        trigger: what set the run off.
        this: what templates see as `this`.
    """

    __slots__ = ("_this", "trigger")

    def __init__(self, trigger: Any = None, this: Any = None) -> None:
        self.trigger = trigger
        self._this = this

    def variables(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """Return a scope's variables."""
        return {name: self.value(value) for name, value in kept.items()}

    def value(self, kept: Any) -> Any:
        """Return one value as it was; raise ValueError for what nobody here has written."""
        if isinstance(kept, list):
            return [self.value(item) for item in kept]
        if not isinstance(kept, dict):
            return kept
        tag = kept.get(TAG)
        return {key: self.value(item) for key, item in kept.items()} if tag is None else self._tagged(tag, kept)

    def _tagged(self, tag: Any, kept: dict[str, Any]) -> Any:
        if tag == "trigger":
            return self.trigger
        if tag == "this":
            return self._this
        if tag == "mapping":
            return {self.value(key): self.value(item) for key, item in kept["v"]}
        if tag == "entity":
            return TemplateState(kept["id"], self.value(kept["v"]))
        if tag in _READERS:
            return _READERS[tag](kept["v"])
        if tag in _MAKERS:
            return _MAKERS[tag](self.value(item) for item in kept["v"])
        if tag in _STRUCTS:
            struct = _STRUCTS[tag]
            fields = {name: self.value(item) for name, item in kept["v"].items()}
            return struct(**{name: fields[name] for name in struct.__struct_fields__ if name in fields})
        raise ValueError(f"a value of the kind {tag!r} is not known")


def _text(value: str) -> Any:
    """Return a text, one with halves of characters in it (they come from broken JSON) as bytes."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return {TAG: "broken_text", "v": _bytes(value.encode("utf-8", "surrogatepass"))}
    return value


def _bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _zone(zone: tzinfo | None) -> str:
    """Return the name of a zone; what has only an offset has it in the time itself."""
    return "UTC" if zone is UTC else str(getattr(zone, "key", None) or "")


def _write_datetime(value: datetime) -> list[Any]:
    return [value.isoformat(), _zone(value.tzinfo), value.fold]


def _read_datetime(kept: list[Any]) -> datetime:
    text, zone, fold = kept
    value = datetime.fromisoformat(text)
    if zone:
        value = value.replace(tzinfo=UTC if zone == "UTC" else ZoneInfo(zone))
    return value.replace(fold=fold)


def _write_timedelta(value: timedelta) -> list[int]:
    return [value.days, value.seconds, value.microseconds]


_KINDS: dict[type, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = {
    float: ("float", repr, float),
    int: ("int", lambda value: str(int(value)), int),
    datetime: ("datetime", _write_datetime, _read_datetime),
    date: ("date", date.isoformat, date.fromisoformat),
    time: (
        "time",
        lambda value: [value.isoformat(), value.fold],
        lambda v: time.fromisoformat(v[0]).replace(fold=v[1]),
    ),
    timedelta: ("timedelta", _write_timedelta, lambda kept: timedelta(*kept)),
    bytes: ("bytes", _bytes, base64.b64decode),
    Decimal: ("decimal", str, Decimal),
    ZoneInfo: ("zone", str, ZoneInfo),
}
"""Tag, how it is written, how it is read; a datetime is a date too, so that it stands before."""
_READERS = {tag: read for tag, _, read in _KINDS.values()} | {
    "broken_text": lambda kept: base64.b64decode(kept).decode("utf-8", "surrogatepass")
}
_COLLECTIONS: dict[type, str] = {tuple: "tuple", set: "set", frozenset: "frozenset"}
_MAKERS: dict[str, Callable[[Any], Any]] = {"tuple": tuple, "set": set, "frozenset": frozenset}
_STRUCTS: dict[str, type[msgspec.Struct]] = {"state": State, "context": Context}
"""A field that a later version adds takes its default when an older record is read."""
