"""Template functions of arithmetic."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable
from typing import Any

from arvisd.automation.templates.conversions import _NO_DEFAULT, _failed


def forgiving_round(value: Any, precision: int = 0, method: str = "common", default: Any = _NO_DEFAULT) -> Any:
    """Round: `common`, `ceil`, `floor` or `half` (to the nearest half)."""
    try:
        number = float(value)
        factor = 10.0**precision
        if method == "ceil":
            number = math.ceil(number * factor) / factor
        elif method == "floor":
            number = math.floor(number * factor) / factor
        elif method == "half":
            number = round(number * 2) / 2
        else:
            number = round(number, precision)
        return int(number) if precision == 0 and method != "half" else number
    except (TypeError, ValueError, OverflowError):
        return _failed("round", value, default)


def _forgiving(name: str, function: Callable[..., float]) -> Callable[..., Any]:
    def compute(value: Any, default: Any = _NO_DEFAULT) -> Any:
        try:
            return function(float(value))
        except (TypeError, ValueError, OverflowError):
            return _failed(name, value, default)

    return compute


def logarithm(value: Any, base: Any = math.e, default: Any = _NO_DEFAULT) -> Any:
    """Return the logarithm of a number, natural by default."""
    try:
        return math.log(float(value), float(base))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return _failed("log", value, default)


def arc_tangent2(y: Any, x: Any, default: Any = _NO_DEFAULT) -> Any:
    """Return the angle of a point."""
    try:
        return math.atan2(float(y), float(x))
    except (TypeError, ValueError):
        return _failed("atan2", (y, x), default)


def _numbers(args: tuple[Any, ...]) -> list[float]:
    values = args[0] if len(args) == 1 and isinstance(args[0], Iterable) and not isinstance(args[0], str) else args
    return [float(value) for value in values]


def _statistic(name: str, function: Callable[[list[float]], Any]) -> Callable[..., Any]:
    def compute(*args: Any, default: Any = _NO_DEFAULT) -> Any:
        try:
            return function(_numbers(args))
        except (TypeError, ValueError, statistics.StatisticsError):
            return _failed(name, args, default)

    return compute


def _extreme(function: Callable[..., Any]) -> Callable[..., Any]:
    def compute(*args: Any) -> Any:
        return function(args[0]) if len(args) == 1 else function(args)

    return compute


def multiply(value: Any, amount: Any, default: Any = _NO_DEFAULT) -> Any:
    """Return a product; the filter takes the factor."""
    try:
        return float(value) * amount
    except (TypeError, ValueError):
        return _failed("multiply", value, default)


def add(value: Any, amount: Any, default: Any = _NO_DEFAULT) -> Any:
    """Return a sum; the filter takes what is added."""
    try:
        return float(value) + amount
    except (TypeError, ValueError):
        return _failed("add", value, default)


def clamp(value: Any, low: Any, high: Any) -> Any:
    """Keep a number within bounds."""
    return max(low, min(high, float(value)))


def wrap(value: Any, low: Any, high: Any) -> Any:
    """Fold a number into a range: 370 into 0 to 360 is 10."""
    span = high - low
    return low if span == 0 else (float(value) - low) % span + low


def remap(value: Any, in_min: Any, in_max: Any, out_min: Any, out_max: Any) -> Any:
    """Carry a number from one range to another."""
    if in_min == in_max:
        return out_min
    return out_min + (float(value) - in_min) * (out_max - out_min) / (in_max - in_min)


_ONE = {name: _forgiving(name, getattr(math, name)) for name in ("sqrt", "sin", "cos", "tan", "asin", "acos", "atan")}
_SHARED: dict[str, Any] = {
    **_ONE,
    "log": logarithm,
    "atan2": arc_tangent2,
    "average": _statistic("average", statistics.fmean),
    "median": _statistic("median", statistics.median),
    "statistical_mode": _statistic("statistical_mode", statistics.mode),
    "min": _extreme(min),
    "max": _extreme(max),
    "clamp": clamp,
    "wrap": wrap,
    "remap": remap,
    "bitwise_and": lambda one, other: one & other,
    "bitwise_or": lambda one, other: one | other,
    "bitwise_xor": lambda one, other: one ^ other,
}
FUNCTIONS: dict[str, Any] = {**_SHARED, "e": math.e, "pi": math.pi, "tau": math.tau}
FILTERS: dict[str, Any] = {**_SHARED, "round": forgiving_round, "multiply": multiply, "add": add}
TESTS: dict[str, Any] = {}
