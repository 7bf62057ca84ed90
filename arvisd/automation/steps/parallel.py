"""Step `parallel`: several branches at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from arvisd.automation.builder_lists import listed
from arvisd.automation.registry import StepOptions, StepType
from arvisd.automation.scope import Scope
from arvisd.automation.signals import RunCancelled

if TYPE_CHECKING:
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.steps.block import Block


class ParallelOptions(StepOptions, frozen=True, kw_only=True):
    """Several branches at once."""

    parallel: Any
    """Steps, or lists of steps; each is a branch."""


class ParallelStep:
    """Begins every branch, then waits for all of them."""

    __slots__ = ("_branches",)

    def __init__(self, branches: tuple[Block, ...]) -> None:
        self._branches = branches

    def run(self, run: Run, scope: Scope) -> Awaitable[None] | None:
        """Begin the branches in order; the first error is raised when all have ended."""
        waiting: list[Awaitable[None]] = []
        failed: Exception | None = None
        for block in self._branches:
            try:
                pending = block.go(run, Scope({}, scope, block.path, protects=True))
            except Exception as error:  # noqa: BLE001  # raised below, once the other branches have ended
                failed = failed or error
            else:
                if pending is not None:
                    waiting.append(pending)
        if waiting:
            return self._wait(waiting, failed)
        if failed is not None:
            raise failed
        return None

    async def _wait(self, waiting: list[Awaitable[None]], failed: Exception | None) -> None:
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        for result in ended:
            if isinstance(result, asyncio.CancelledError):
                raise RunCancelled
            if isinstance(result, BaseException):
                failed = failed or (result if isinstance(result, Exception) else RunCancelled())
        if failed is not None:
            raise failed


def build(options: ParallelOptions, part: Part) -> ParallelStep:
    """Make a block of each branch."""
    builder = part.builder
    branches = []
    for index, (node, container, key) in enumerate(listed(options.parallel, part.node, "parallel")):
        path = f"{part.path}/parallel/{index}"
        only_sequence = isinstance(node, dict) and "sequence" in node and set(node) <= {"sequence", "alias"}
        if only_sequence:
            branches.append(builder.block(node["sequence"], node, "sequence", f"{path}/sequence"))
        else:
            branches.append(builder.block(node, container, key, path))
    return ParallelStep(tuple(branches))


TYPE = StepType("parallel", ParallelOptions, build)
