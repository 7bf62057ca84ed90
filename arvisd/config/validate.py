"""Turns nodes into msgspec structs: every problem is reported, with its place, not only the first."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
import msgspec.inspect as described

from arvisd.config.checks import (
    INVALID,
    MOST_KEYS_NAMED,
    AnyCheck,
    At,
    BoolCheck,
    Check,
    ChoiceCheck,
    ConvertedCheck,
    DurationCheck,
    ExtraCheck,
    ListCheck,
    MappingCheck,
    NoneCheck,
    NumberCheck,
    TextCheck,
    read_path,
)
from arvisd.config.durations import WRITTEN_AS
from arvisd.config.nodes import NodeDict, key_mark_of
from arvisd.config.problems import ConfigError, Problem, did_you_mean, error
from arvisd.config.wording import path_words

T = TypeVar("T")

ONE_OR_MANY = msgspec.Meta(
    extra={"one_or_many": True},
    extra_json_schema={WRITTEN_AS: ["array", "string", "number", "boolean", "object"]},
)
"""Annotates a list that may be written as its only item: `Annotated[list[str], ONE_OR_MANY]`."""

CUSTOM: dict[type, Check] = {
    Path: ConvertedCheck("a path", read_path),
    NodeDict: MappingCheck(AnyCheck(), AnyCheck()),
}
"""Types that msgspec does not know, and how they are read."""


def checked(function: Callable[[Any], Any]) -> msgspec.Meta:
    """Return an annotation that runs a function on a field: it returns the value or raises ValueError, said at the value."""
    return msgspec.Meta(extra={"check": function})


class Validated(msgspec.Struct, Generic[T], frozen=True):
    """What came of a validation."""

    value: T | None
    """The typed value; None where there is an error."""
    problems: tuple[Problem, ...]
    """All that is wrong."""

    @property
    def ok(self) -> bool:
        """Whether there is a value to use."""
        return self.value is not None

    def require(self) -> T:
        """Return the typed value; raise ConfigError with every problem where there is none."""
        if self.value is None:
            raise ConfigError(self.problems)
        return self.value


def validate(node: Any, type_: type[T] | Any, name: str = "", container: Any = None, key: Any = None) -> Validated[T]:
    """Read a node as a type; `name` begins the path in messages, `container` and `key` say where a scalar stands.

    A `Broken` inside makes it invalid without another problem: its own is among those of the load.
    """
    problems: list[Problem] = []
    at = At(problems, container, key, (name,) if name else ())
    value = check_for(type_).read(node, at)  # type: ignore[arg-type]  # every annotation is hashable
    return Validated(None if value is INVALID else value, tuple(problems))


def validate_section(tree: Mapping[str, Any], name: str, type_: type[T]) -> Validated[T]:
    """Read a top-level key as a struct; one that is absent or empty has its defaults."""
    node = tree.get(name)
    return validate(NodeDict() if node is None else node, type_, name, tree, name)


class StructCheck(Check):
    """A mapping with the keys of a struct."""

    kinds = (dict,)

    def __init__(self, type_: described.StructType) -> None:
        self.expected = "a mapping ('key: …')"
        self._class = type_.cls
        self._tag_field = type_.tag_field
        self._fields = {field.encode_name: (field.name, check_of(field.type), field.required) for field in type_.fields}
        self._names = list(self._fields) if type_.tag_field is None else [type_.tag_field, *self._fields]

    def _read(self, value: Any, at: At) -> Any:
        if not isinstance(value, dict):
            return at.wrong(value, self.expected)
        values = {}
        valid = True
        for key, inner in value.items():
            if key == self._tag_field:
                continue
            field = self._fields.get(key)
            if field is None:
                self._unknown(value, key, at)
                valid = False
                continue
            typed = field[1].read(inner, at.within(value, key))
            if typed is INVALID:
                valid = False
            else:
                values[field[0]] = typed
        for key, (_, _, required) in self._fields.items():
            if required and key not in value:
                at.problems.append(error(at.mark(value), f"the key {key!r} is missing{_in(at)}"))
                valid = False
        if not valid:
            return INVALID
        try:
            return self._class(**values)
        except ValueError as failure:
            return at.fault(value, str(failure))

    def _unknown(self, value: dict[Any, Any], key: Any, at: At) -> None:
        near = did_you_mean(key, self._names)
        if not near and len(self._names) <= MOST_KEYS_NAMED:
            near = f" (valid: {', '.join(self._names)})"
        at.problems.append(error(key_mark_of(value, key), f"unknown key {_shown(key)}{_in(at)}{near}"))


class TaggedCheck(Check):
    """One of several structs, chosen by the value of a key."""

    kinds = (dict,)

    def __init__(self, types: list[described.StructType]) -> None:
        self._field = types[0].tag_field or "type"
        self._checks = {type_.tag: StructCheck(type_) for type_ in types}
        self._tag = ChoiceCheck({tag: tag for tag in self._checks})
        self.expected = "a mapping ('key: …')"

    def _read(self, value: Any, at: At) -> Any:
        if not isinstance(value, dict):
            return at.wrong(value, self.expected)
        if self._field not in value:
            at.problems.append(error(at.mark(value), f"the key {self._field!r} is missing{_in(at)}"))
            return INVALID
        tag = self._tag.read(value[self._field], at.within(value, self._field))
        return INVALID if tag is INVALID else self._checks[tag].read(value, at)


class UnionCheck(Check):
    """The first of several types that fits."""

    def __init__(self, checks: list[Check]) -> None:
        self._checks = checks
        self.expected = " or ".join(dict.fromkeys(check.expected for check in checks if check.expected != "nothing"))

    def _read(self, value: Any, at: At) -> Any:
        for check in self._checks:
            attempt = At([], at.container, at.key, at.path)
            typed = check.read(value, attempt)
            if typed is not INVALID:
                return typed
        fitting = [check for check in self._checks if isinstance(value, check.kinds)]
        if len(fitting) == 1:
            return fitting[0].read(value, at)
        return at.wrong(value, self.expected)


@functools.cache
def check_for(type_: Any) -> Check:
    """Return the check of a type; made once. Raise TypeError for a type that settings cannot have."""
    return check_of(described.type_info(type_))


def check_of(type_: described.Type, extra: Mapping[str, Any] | None = None) -> Check:
    """Return the check of a type as msgspec describes it."""
    extra = extra or {}
    match type_:
        case described.Metadata():
            return check_of(type_.type, {**(type_.extra or {}), **extra})
        case _ if "check" in extra:
            rest = {key: value for key, value in extra.items() if key != "check"}
            return ExtraCheck(check_of(type_, rest), extra["check"])
        case described.FloatType() | described.IntType():
            number = NumberCheck(type_)
            return DurationCheck(number) if extra.get("duration") else number
        case described.StrType():
            return TextCheck(type_)
        case described.StructType():
            return TaggedCheck([type_]) if type_.tag_field else struct_check(type_.cls)
        case described.UnionType():
            return _union(type_)
        case described.DictType():
            return MappingCheck(check_of(type_.key_type), check_of(type_.value_type))
        case described.LiteralType():
            return ChoiceCheck({value: value for value in sorted(type_.values, key=str)})
        case described.EnumType():
            return ChoiceCheck({member.value: member for member in type_.cls})
        case described.CustomType() if type_.cls in CUSTOM:
            return CUSTOM[type_.cls]
        case _:
            return _simple(type_, extra)


_STRUCTS: dict[type, Check] = {}


class _Later(Check):
    """A struct that holds itself: looked up when it is read."""

    kinds = (dict,)

    expected = "a mapping ('key: …')"

    def __init__(self, class_: type) -> None:
        self._class = class_

    def _read(self, value: Any, at: At) -> Any:
        return _STRUCTS[self._class].read(value, at)


def struct_check(class_: type) -> Check:
    """Return the one check of a struct class."""
    if class_ not in _STRUCTS:
        _STRUCTS[class_] = _Later(class_)
        type_ = described.type_info(class_)
        assert isinstance(type_, described.StructType)
        _STRUCTS[class_] = StructCheck(type_)
    return _STRUCTS[class_]


def _union(type_: described.UnionType) -> Check:
    tagged = [inner for inner in type_.types if isinstance(inner, described.StructType) and inner.tag_field]
    # Literals go first, so that their words are not taken as plain text; text last: it takes numbers too.
    others = sorted(
        (inner for inner in type_.types if inner not in tagged),
        key=lambda inner: (not isinstance(inner, described.LiteralType), isinstance(inner, described.StrType)),
    )
    checks: list[Check] = [check_of(inner) for inner in others]
    if tagged:
        checks.insert(0, TaggedCheck(tagged))
    return checks[0] if len(checks) == 1 else UnionCheck(checks)


def _simple(type_: described.Type, extra: Mapping[str, Any]) -> Check:
    makers: dict[type, Callable[[list[Any]], Any]] = {
        described.ListType: list,
        described.VarTupleType: tuple,
        described.SetType: set,
        described.FrozenSetType: frozenset,
    }
    match type_:
        case described.AnyType():
            return AnyCheck()
        case described.NoneType():
            return NoneCheck()
        case described.BoolType():
            return BoolCheck()
        case described.TimeDeltaType():
            whole = NumberCheck(described.FloatType())
            return ExtraCheck(DurationCheck(whole), lambda seconds: timedelta(seconds=seconds))
        case described.ListType() | described.VarTupleType() | described.SetType() | described.FrozenSetType():
            one_or_many = bool(extra.get("one_or_many"))
            return ListCheck(
                check_of(type_.item_type), makers[type(type_)], type_.min_length or 0, one_or_many=one_or_many
            )
    raise TypeError(f"settings cannot hold {type_}: add how it is read to arvisd.config.validate.CUSTOM")


def _in(at: At) -> str:
    path = path_words(at.path)
    return f" in {path}" if path else ""


def _shown(key: Any) -> str:
    return repr(key if not isinstance(key, str) or len(key) <= 60 else key[:59] + "…")
