"""Step `if`: one thing or another."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation.registry import Condition, StepOptions, StepType
from arvisd.automation.steps.block import resumed_block

if TYPE_CHECKING:
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope
    from arvisd.automation.steps.block import Block


class IfOptions(StepOptions, frozen=True, kw_only=True):
    """One thing or another."""

    if_: Any = msgspec.field(name="if")
    """Conditions, all of which must be met."""
    then: Any
    else_: Any = msgspec.field(default=None, name="else")


class IfStep:
    """Asks, then does one of two blocks."""

    __slots__ = ("_conditions", "_else", "_then", "waits")

    acts = False

    def __init__(self, conditions: tuple[Condition, ...], then: Block, otherwise: Block | None) -> None:
        self._conditions = conditions
        self._then = then
        self._else = otherwise
        self.waits = then.waits or (otherwise is not None and otherwise.waits)

    def run(self, run: Run, scope: Scope) -> Awaitable[None] | None:
        """Do the one block or the other."""
        for condition in self._conditions:
            if not run.met(condition, scope):
                run.trace.result({"choice": "else"})
                return None if self._else is None else self._else.run(run, scope)
        run.trace.result({"choice": "then"})
        return self._then.run(run, scope)

    def resume(self, run: Run, scope: Scope, saved: dict[str, Any]) -> Awaitable[None]:
        """Go on in the block that was chosen."""
        blocks = [self._then] if self._else is None else [self._then, self._else]
        return resumed_block(blocks, run, scope, saved)


def build(options: IfOptions, part: Part) -> IfStep:
    """Make the conditions and both blocks."""
    otherwise = part.block("else") if options.else_ is not None else None
    return IfStep(part.conditions("if"), part.block("then"), otherwise)


TYPE = StepType("if", IfOptions, build)
