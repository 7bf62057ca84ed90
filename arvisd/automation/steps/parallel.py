"""Step `parallel`: several branches at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from arvisd.automation.builder_lists import listed
from arvisd.automation.durable.failures import kept_failure, restored_failure
from arvisd.automation.durable.later import Later
from arvisd.automation.registry import StepOptions, StepType
from arvisd.automation.scope import Scope
from arvisd.automation.signals import RunCancelled

if TYPE_CHECKING:
    from arvisd.automation.durable.values import Keeper
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.steps.block import Block


class ParallelOptions(StepOptions, frozen=True, kw_only=True):
    """Several branches at once."""

    parallel: Any
    """Steps, or lists of steps; each is a branch."""


class _Branches:
    """The branches of one `parallel` while they go on."""

    __slots__ = ("done", "failed", "scopes")

    def __init__(self, count: int) -> None:
        self.scopes: list[Scope | None] = [None] * count
        """None: not begun yet."""
        self.done = [False] * count
        self.failed: Exception | None = None
        """Raised when all branches have ended."""

    def saved(self, keeper: Keeper) -> dict[str, Any]:
        known: dict[str, Any] = {
            "branches": [
                done or (None if scope is None else scope.frame(keeper))
                for scope, done in zip(self.scopes, self.done, strict=True)
            ]
        }
        if self.failed is not None:
            known["failed"] = kept_failure(self.failed, keeper)
        return known

    def ended(self, index: int, error: Exception | None = None) -> None:
        """Note that a branch has ended."""
        self.done[index] = True
        self.failed = self.failed or error


class ParallelStep:
    """Begins every branch, then waits for all of them."""

    __slots__ = ("_branches", "waits")

    acts = False

    def __init__(self, branches: tuple[Block, ...]) -> None:
        self._branches = branches
        self.waits = any(block.waits for block in branches)

    def run(self, run: Run, scope: Scope) -> Awaitable[None] | None:
        """Begin the branches in order; the first error is raised when all have ended."""
        branches = scope.held = _Branches(len(self._branches))
        return self._end(branches, self._begin(branches, run, scope))

    def resume(self, run: Run, scope: Scope, saved: dict[str, Any]) -> Awaitable[None]:
        """Go on in each branch from where it stood; begin those that were not begun."""
        branches = scope.held = _Branches(len(self._branches))
        if "failed" in saved:
            branches.failed = restored_failure(saved["failed"], run.restorer)
        waiting: list[Awaitable[None]] = []
        for index, (block, frame) in enumerate(zip(self._branches, saved["branches"], strict=True)):
            if frame is True:
                branches.done[index] = True
            elif frame is not None:
                branches.scopes[index], going = block.again(run, frame, scope, protects=True)
                waiting.append(_branch(branches, index, going))
        return Later(self._rest, branches, run, scope, waiting)

    async def _rest(self, branches: _Branches, run: Run, scope: Scope, waiting: list[Awaitable[None]]) -> None:
        rest = self._end(branches, [*waiting, *self._begin(branches, run, scope)])
        if rest is not None:
            await rest

    def _begin(self, branches: _Branches, run: Run, scope: Scope) -> list[Awaitable[None]]:
        """Begin what is not begun; return what is to be awaited."""
        waiting: list[Awaitable[None]] = []
        for index, block in enumerate(self._branches):
            if branches.done[index] or branches.scopes[index] is not None:
                continue
            inner = branches.scopes[index] = Scope({}, scope, block.path, protects=True)
            try:
                pending = block.go(run, inner)
            except Exception as error:  # noqa: BLE001  # raised once the other branches have ended
                branches.ended(index, error)
            else:
                if pending is None:
                    branches.ended(index)
                else:
                    waiting.append(_branch(branches, index, pending))
        return waiting

    def _end(self, branches: _Branches, waiting: list[Awaitable[None]]) -> Awaitable[None] | None:
        if waiting:
            return _all(branches, waiting)
        if branches.failed is not None:
            raise branches.failed
        return None


def _branch(branches: _Branches, index: int, pending: Awaitable[None]) -> Later:
    """Return a branch's work, which notes its end."""

    async def work() -> None:
        try:
            await pending
        except Exception as error:  # noqa: BLE001  # raised once the other branches have ended
            branches.ended(index, error)
        else:
            branches.ended(index)

    return Later(work)


async def _all(branches: _Branches, waiting: list[Awaitable[None]]) -> None:
    for result in await asyncio.gather(*waiting, return_exceptions=True):
        if isinstance(result, BaseException):
            raise RunCancelled
    if branches.failed is not None:
        raise branches.failed


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
