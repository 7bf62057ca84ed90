"""Template functions of lists, sets and mappings."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Any


def flatten(value: Iterable[Any], levels: int | None = None) -> list[Any]:
    """Put the items of lists within a list into one, as deep as `levels`."""
    flat: list[Any] = []
    for item in value:
        if isinstance(item, list | tuple | set) and (levels is None or levels > 0):
            flat.extend(flatten(item, None if levels is None else levels - 1))
        else:
            flat.append(item)
    return flat


def intersect(one: Iterable[Any], other: Iterable[Any]) -> list[Any]:
    """Return what both hold."""
    return list(set(one) & set(other))


def difference(one: Iterable[Any], other: Iterable[Any]) -> list[Any]:
    """Return what only the first holds."""
    return list(set(one) - set(other))


def union(one: Iterable[Any], other: Iterable[Any]) -> list[Any]:
    """Return what either holds."""
    return list(set(one) | set(other))


def symmetric_difference(one: Iterable[Any], other: Iterable[Any]) -> list[Any]:
    """Return what exactly one of them holds."""
    return list(set(one) ^ set(other))


def combine(*mappings: Mapping[Any, Any], recursive: bool = False) -> dict[Any, Any]:
    """Merge mappings; later ones win."""
    merged: dict[Any, Any] = {}
    for mapping in mappings:
        for key, value in mapping.items():
            if recursive and isinstance(value, Mapping) and isinstance(merged.get(key), Mapping):
                merged[key] = combine(merged[key], value, recursive=True)
            else:
                merged[key] = value
    return merged


def contains(whole: Any, part: Any) -> bool:
    """Tell whether a list or text holds something."""
    return part in whole


def shuffle(*values: Any, seed: Any = None) -> list[Any]:
    """Return the items in random order, the same for the same seed; a list and a seed, or the items themselves."""
    if not values:
        raise TypeError("shuffle takes a list")
    if isinstance(values[0], Iterable) and not isinstance(values[0], str):
        items = list(values[0])
        seed = values[1] if len(values) > 1 and seed is None else seed
    elif len(values) == 1:
        raise TypeError(f"shuffle takes a list, not {type(values[0]).__name__}")
    else:
        items = list(values)
    random.Random(seed).shuffle(items)  # noqa: S311  # nothing secret is drawn
    return items


_SHARED: dict[str, Any] = {
    "flatten": flatten,
    "intersect": intersect,
    "difference": difference,
    "union": union,
    "symmetric_difference": symmetric_difference,
    "combine": combine,
    "shuffle": shuffle,
}
FUNCTIONS: dict[str, Any] = {**_SHARED, "set": set, "list": list, "tuple": tuple, "dict": dict}
FILTERS: dict[str, Any] = {**_SHARED, "set": set, "tuple": tuple, "contains": contains}
TESTS: dict[str, Any] = {"contains": contains}
