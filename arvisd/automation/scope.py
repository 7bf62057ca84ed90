"""Variables of a run: scopes within scopes, as blocks within blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class Scope:
    """The variables that one block of steps sees.

    A name is looked up from the innermost scope outwards. Assigning changes the scope that defined the
    name; a new name belongs to the block that assigned it. A scope that `protects` (a branch of
    `parallel`) keeps assignments to itself, so that branches do not disturb each other.
    """

    __slots__ = ("own", "parent", "path", "protects")

    def __init__(
        self, own: dict[str, Any], parent: Scope | None = None, path: str = "", *, protects: bool = False
    ) -> None:
        self.own = own
        self.parent = parent
        self.path = path
        """Path of the block in its automation, `action/1/choose/0`: with the variables all that a run needs to go on."""
        self.protects = protects

    def get(self, name: str, default: Any = None) -> Any:
        """Return a variable, the default where there is none."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.own:
                return scope.own[name]
            scope = scope.parent
        return default

    def __contains__(self, name: object) -> bool:
        return any(name in scope.own for scope in self._chain())

    def assign(self, name: str, value: Any) -> None:
        """Set a variable where it is defined, here where it is new."""
        guard: Scope | None = None
        for scope in self._chain():
            if name in scope.own:
                (guard or scope).own[name] = value
                return
            if scope.protects and guard is None:
                guard = scope
        self.own[name] = value

    def flat(self) -> dict[str, Any]:
        """Return all variables that are seen from here."""
        result: dict[str, Any] = {}
        for scope in reversed(list(self._chain())):
            result.update(scope.own)
        return result

    def _chain(self) -> Iterator[Scope]:
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent
