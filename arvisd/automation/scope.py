"""Variables of a run: scopes within scopes, as blocks within blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from arvisd.automation.durable.values import Keeper


class Held(Protocol):
    """What a step holds while it goes on: the pass of a loop, the branches of `parallel`, the time of a delay."""

    def saved(self, keeper: Keeper) -> dict[str, Any]:
        """Return it as JSON data; the step's `resume` takes it."""


class Scope:
    """The variables that one block of steps sees.

    A name is looked up from the innermost scope outwards. Assigning changes the scope that defined the
    name; a new name belongs to the block that assigned it. A scope that `protects` (a branch of
    `parallel`) keeps assignments to itself, so that branches do not disturb each other.

    It also knows at which step the block stands and what that step holds: the scopes of a run are at
    every moment the tree of its position, which is all that has to be written down for it to go on
    after a restart.
    """

    __slots__ = ("held", "own", "parent", "path", "protects", "step")

    def __init__(
        self, own: dict[str, Any], parent: Scope | None = None, path: str = "", *, protects: bool = False
    ) -> None:
        self.own = own
        self.parent = parent
        self.path = path
        """Path of the block in its automation, `action/1/choose/0`."""
        self.protects = protects
        self.step = 0
        """Number of the step at which the block stands."""
        self.held: Held | Scope | None = None
        """What that step holds: the scope of the one block that it does, or more; None: nothing."""

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

    def frame(self, keeper: Keeper) -> dict[str, Any]:
        """Return where the block stands, as JSON data; raise UnkeepableError for a variable that cannot be kept."""
        known: dict[str, Any] = {"path": self.path, "own": keeper.variables(self.own), "step": self.step}
        held = self.held
        if held is not None:
            known["held"] = {"inside": held.frame(keeper)} if isinstance(held, Scope) else held.saved(keeper)
        return known

    def _chain(self) -> Iterator[Scope]:
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent
