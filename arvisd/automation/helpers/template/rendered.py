"""What the templates of one entity gave, and how its parts are read."""

from __future__ import annotations

from typing import Any

from arvisd.automation.templates.native import native, truth

FALSE = frozenset({"0", "false", "no", "off", "disable"})


class Rendered(dict[str, Any]):
    """Values by key; one that could not be rendered is absent, and its error is among the errors."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[str] = []
        self.attributes: dict[str, Any] = {}

    def text(self, key: str) -> str | None:
        """Return a text; None for nothing, and for a template that gave `None`."""
        value = self.get(key)
        if value is None or value == "None":
            return None
        return str(value)

    def truth(self, key: str) -> bool | None:
        """Return yes or no; None for what says neither."""
        value = self.get(key)
        if isinstance(value, str):
            value = native(value)
        if isinstance(value, str) and value.strip().lower() not in FALSE and not truth(value):
            return None
        return None if value is None else truth(value)

    def number(self, key: str) -> float | None:
        """Return a finite number; None for what is none."""
        value = self.get(key)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None
        try:
            number = float(value)
        except ValueError:
            return None
        return number if abs(number) < float("inf") else None

    def numbers(self, key: str, count: int) -> list[float] | None:
        """Return so many numbers: a colour; None for anything else."""
        value = self.get(key)
        if not isinstance(value, list | tuple) or len(value) != count:
            return None
        return [float(each) for each in value] if all(isinstance(each, int | float) for each in value) else None
