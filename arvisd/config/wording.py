"""How a problem names what was expected and what was given; never shows what a secret holds."""

from __future__ import annotations

from typing import Any

from arvisd.config.nodes import Input, kind_of, secret_of

LONGEST_SHOWN = 60
"""Characters of a wrong value that a message repeats."""
PATTERNS = {
    r"^[a-z0-9_]+$": "of small letters, digits and '_'",
    r"^[a-z0-9_]+\.[a-z0-9_]+$": "such as light.kitchen",
}
"""What the patterns of ids ask for."""


def given(value: Any, container: Any = None, key: Any = None) -> str:
    """Return what was given, as in `the text 'abc'`; a secret only by its name."""
    secret = secret_of(container, key)
    if secret is not None:
        return f"the secret {secret!r}, which is {kind_of(value)}"
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value}" if len(str(value)) <= LONGEST_SHOWN else "a very long number"
        case str():
            shown = value if len(value) <= LONGEST_SHOWN else value[: LONGEST_SHOWN - 1] + "…"
            return f"the text {shown!r}" if value else "empty text"
        case Input():
            return f"!input {value.name}, which only a blueprint may hold"
        case _:
            return kind_of(value)


def choices(values: Any) -> str:
    """Return `'a', 'b' or 'c'`."""
    names = [f"'{value}'" if isinstance(value, str) else str(value) for value in values]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def plain_number(number: float) -> float:
    """Return 1 for 1.0.

    Annotations that are equal are one object to Python's typing: whether a bound is 0 or 0.0 depends on which
    module was imported first.
    """
    return int(number) if float(number).is_integer() else number


def number_words(kind: str, type_: Any) -> str:
    """Return `a whole number from 1 to 65535` for msgspec's description of a number."""
    if type_.ge is not None and type_.le is not None:
        return f"{kind} from {plain_number(type_.ge)} to {plain_number(type_.le)}"
    bounds = [
        f"{words} {plain_number(bound)}"
        for words, bound in (
            ("of at least", type_.ge),
            ("above", type_.gt),
            ("of at most", type_.le),
            ("below", type_.lt),
        )
        if bound is not None
    ]
    return " ".join([kind, " and ".join(bounds)]) if bounds else kind


def pattern_words(pattern: str) -> str:
    """Return what a regular expression asks for, in words where they are known."""
    return PATTERNS.get(pattern, f"that fits {pattern}")


def path_words(path: tuple[Any, ...]) -> str:
    """Return `mqtt.tls.ca` or `models.path[0]`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def plain_bounds(node: Any) -> None:
    """Write whole bounds of a JSON Schema without a fraction, wherever they stand; see `plain_number`."""
    if isinstance(node, dict):
        for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            if key in node and not isinstance(node[key], dict):  # a property of that name is no bound
                node[key] = plain_number(node[key])
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        plain_bounds(child)
