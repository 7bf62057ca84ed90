"""Step `choose`: the first branch whose conditions are met."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation.builder_lists import listed
from arvisd.automation.reading import invalid, read, refuse_unread
from arvisd.automation.registry import Condition, Options, StepOptions, StepType
from arvisd.automation.steps.block import resumed_block
from arvisd.config.nodes import key_mark_of, mark_of

if TYPE_CHECKING:
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope
    from arvisd.automation.steps.block import Block


class Branch(Options, frozen=True, kw_only=True):
    """One branch."""

    conditions: Any = None
    condition: Any = None
    """The older spelling of `conditions`."""
    sequence: Any = msgspec.UNSET


class ChooseOptions(StepOptions, frozen=True, kw_only=True):
    """The first branch whose conditions are met."""

    choose: Any
    """Branches of `conditions` and `sequence`."""
    default: Any = None
    """What is done where no branch fits."""


class ChooseStep:
    """Tries the branches in order."""

    __slots__ = ("_branches", "_default", "waits")

    acts = False

    def __init__(self, branches: list[tuple[tuple[Condition, ...], Block]], default: Block | None) -> None:
        self._branches = branches
        self._default = default
        self.waits = any(block.waits for _, block in branches) or (default is not None and default.waits)

    def run(self, run: Run, scope: Scope) -> Awaitable[None] | None:
        """Do the first branch that fits."""
        for index, (conditions, block) in enumerate(self._branches):
            if all(run.met(condition, scope) for condition in conditions):
                run.trace.result({"choice": index})
                return block.run(run, scope)
        run.trace.result({"choice": "default"})
        return None if self._default is None else self._default.run(run, scope)

    def resume(self, run: Run, scope: Scope, saved: dict[str, Any]) -> Awaitable[None]:
        """Go on in the branch that was chosen."""
        blocks = [block for _, block in self._branches]
        return resumed_block(blocks if self._default is None else [*blocks, self._default], run, scope, saved)


def build(options: ChooseOptions, part: Part) -> ChooseStep:
    """Make the branches."""
    branches: list[tuple[tuple[Condition, ...], Block]] = []
    for index, (node, container, key) in enumerate(listed(options.choose, part.node, "choose")):
        built = part.builder.guard(_branch, part, node, container, key, f"{part.path}/choose/{index}")
        if built is not None:
            branches.append(built)
    default = part.block("default") if options.default is not None else None
    return ChooseStep(branches, default)


def _branch(part: Part, node: Any, container: Any, key: Any, path: str) -> tuple[tuple[Condition, ...], Block]:
    refuse_unread(node, container, key)
    if not isinstance(node, dict):
        raise invalid(
            mark_of(container, key), "the step 'choose': a branch must be a mapping of 'conditions' and 'sequence'"
        )
    options = read(node, Branch, "the branch of 'choose'")
    if "conditions" in node and "condition" in node:
        said = "the step 'choose': a branch has both 'conditions' and 'condition': they are the same, leave one out"
        raise invalid(key_mark_of(node, "condition"), said)
    name = "conditions" if "conditions" in node else "condition"
    if name not in node or options.sequence is msgspec.UNSET:
        raise invalid(mark_of(node), "the step 'choose': a branch needs 'conditions' and 'sequence'")
    builder = part.builder
    conditions = builder.conditions(node[name], node, name, f"{path}/conditions")
    return conditions, builder.block(node["sequence"], node, "sequence", f"{path}/sequence")


TYPE = StepType("choose", ChooseOptions, build)
