"""Template functions that turn one type into another."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from typing import Any

import jinja2
import msgspec

from arvisd.automation.templates.limits import MAX_ITEMS, LimitError
from arvisd.automation.templates.native import truth

_NO_DEFAULT = object()


def _failed(function: str, value: Any, default: Any) -> Any:
    if default is _NO_DEFAULT:
        raise ValueError(
            f"{function} got invalid input {value!r} and no default: write {function}(…, 0) or | {function}(0)"
        )
    return default


def to_int(value: Any, default: Any = _NO_DEFAULT, base: int = 10) -> Any:
    """Return a whole number, cut towards zero."""
    if isinstance(value, jinja2.Undefined):
        return _failed("int", "undefined", default)
    try:
        return int(value, base) if isinstance(value, str) else int(value)
    except (TypeError, ValueError, OverflowError):
        pass
    try:
        return int(float(value))
    except (TypeError, ValueError, OverflowError):
        return _failed("int", value, default)


def to_float(value: Any, default: Any = _NO_DEFAULT) -> Any:
    """Return a number."""
    if isinstance(value, jinja2.Undefined):
        return _failed("float", "undefined", default)
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return _failed("float", value, default)


_FALSE = frozenset({"0", "false", "no", "off", "disable"})


def to_bool(value: Any, default: Any = _NO_DEFAULT) -> Any:
    """Return true or false from `on`, `off`, `yes`, `no`, numbers and the like."""
    if truth(value):
        return True
    if value is False or value in (0, 0.0) or (isinstance(value, str) and value.strip().lower() in _FALSE):
        return False
    return _failed("bool", value, default)


def is_number(value: Any) -> bool:
    """Tell whether a value is a number that is finite, or a text of one."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return number == number and number not in (float("inf"), float("-inf"))


def iif(value: Any, if_true: Any = True, if_false: Any = False, if_none: Any = _NO_DEFAULT) -> Any:
    """Choose one of two by a value: the Jinja way to write if and else in one."""
    if value is None and if_none is not _NO_DEFAULT:
        return if_none
    return if_true if value else if_false


def from_json(value: str, default: Any = _NO_DEFAULT) -> Any:
    """Read JSON."""
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, TypeError):
        return _failed("from_json", value, default)


def to_json(value: Any, ensure_ascii: bool = False, pretty_print: bool = False, sort_keys: bool = False) -> str:
    """Write JSON."""
    text = msgspec.json.encode(value, order="sorted" if sort_keys else None)
    if pretty_print:
        text = msgspec.json.format(text, indent=2)
    if ensure_ascii:
        return json.dumps(
            msgspec.json.decode(text), indent=2 if pretty_print else None, separators=_SEPARATORS[pretty_print]
        )
    return text.decode()


_SEPARATORS = {False: (",", ":"), True: (",", ": ")}


def from_hex(value: str) -> bytes:
    """Read bytes from hexadecimal digits."""
    return bytes.fromhex(value)


def pack(value: Any, format_string: str) -> bytes | None:
    """Pack a value by the `struct` format; None when it does not fit."""
    try:
        if struct.calcsize(format_string) > MAX_ITEMS:
            raise LimitError(f"pack() would make more than {MAX_ITEMS:,} bytes")
        return struct.pack(format_string, value)
    except struct.error:
        return None


def unpack(value: bytes, format_string: str, offset: int = 0) -> Any:
    """Unpack the first value by the `struct` format; None when it does not fit."""
    try:
        return struct.unpack_from(format_string, value, offset)[0]
    except struct.error:
        return None


def typeof(value: Any) -> str:
    """Name the type of a value."""
    return type(value).__name__


def base64_encode(value: str | bytes) -> str:
    """Encode as base64."""
    return base64.b64encode(value.encode() if isinstance(value, str) else value).decode()


def base64_decode(value: str, encoding: str | None = "utf-8") -> str | bytes:
    """Decode base64, as text or, with `none`, as bytes."""
    data = base64.b64decode(value)
    return data.decode(encoding) if encoding else data


def _digest(name: str) -> Any:
    def digest(value: str) -> str:
        return hashlib.new(name, str(value).encode(), usedforsecurity=False).hexdigest()

    return digest


_DIGESTS = {name: _digest(name) for name in ("md5", "sha1", "sha256", "sha512")}


def string_like(value: Any) -> bool:
    """Tell whether a value is text or bytes."""
    return isinstance(value, str | bytes | bytearray)


FUNCTIONS: dict[str, Any] = {
    "int": to_int,
    "float": to_float,
    "bool": to_bool,
    "is_number": is_number,
    "iif": iif,
    "pack": pack,
    "unpack": unpack,
    "typeof": typeof,
    "zip": zip,
    "base64_encode": base64_encode,
    "base64_decode": base64_decode,
    **_DIGESTS,
}
FILTERS: dict[str, Any] = {
    "int": to_int,
    "float": to_float,
    "bool": to_bool,
    "is_number": is_number,
    "iif": iif,
    "from_json": from_json,
    "to_json": to_json,
    "from_hex": from_hex,
    "pack": pack,
    "unpack": unpack,
    "typeof": typeof,
    "ord": ord,
    "base64_encode": base64_encode,
    "base64_decode": base64_decode,
    **_DIGESTS,
}
TESTS: dict[str, Any] = {
    "is_number": is_number,
    "string_like": string_like,
    "list": lambda value: isinstance(value, list),
    "tuple": lambda value: isinstance(value, tuple),
    "set": lambda value: isinstance(value, set),
    "datetime": lambda value: hasattr(value, "isoformat") and hasattr(value, "hour"),
}
