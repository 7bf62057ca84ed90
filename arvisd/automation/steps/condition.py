"""Step: a condition; when it is not met, the block that it stands in ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arvisd.automation.registry import StepOptions, StepType
from arvisd.automation.signals import BlockEnd

if TYPE_CHECKING:
    from arvisd.automation.part import Part
    from arvisd.automation.registry import Condition
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class ConditionStep:
    """Goes on only when the condition is met."""

    __slots__ = ("_condition",)

    acts = False

    def __init__(self, condition: Condition) -> None:
        self._condition = condition

    def run(self, run: Run, scope: Scope) -> None:
        """Ask the condition."""
        met = run.met(self._condition, scope)
        run.trace.result({"result": met})
        if not met:
            raise BlockEnd


class AnyCondition(StepOptions, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """The condition reads its own keys."""


def build(options: AnyCondition, part: Part) -> ConditionStep:
    """Make the step of the condition that the node is."""
    node = {key: value for key, value in part.node.items() if key != "continue_on_error"}
    condition: Any = part.builder.condition(
        part.node if len(node) == len(part.node) else node, part.node, None, part.path
    )
    return ConditionStep(condition if condition is not None else _Always())


class _Always:
    """Stands for a disabled condition."""

    def check(self, run: Run, scope: Scope) -> bool:
        """Hold no run up."""
        return True


TYPE = StepType(("condition", "and", "or", "not"), AnyCondition, build)
