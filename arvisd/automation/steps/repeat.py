"""Step `repeat`: steps again and again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

import msgspec

from arvisd.automation.durable.later import Later
from arvisd.automation.errors import StepError
from arvisd.automation.reading import read
from arvisd.automation.registry import Condition, StepOptions, StepType
from arvisd.automation.scope import Scope
from arvisd.automation.signals import RunAbort
from arvisd.automation.templates.value import Value, compile_value

if TYPE_CHECKING:
    from arvisd.automation.durable.values import Keeper
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.steps.block import Block

_LOGGER = logging.getLogger("arvisd.automation")

PASSES_AT_ONCE = 20
"""Passes without a wait before the loop lets others go on."""
MANY_PASSES = 5_000
"""Passes of `while` and `until` after which a warning is logged."""
MOST_PASSES = 10_000
"""Passes of `while` and `until` after which the run is aborted: the condition will never be met."""


class Loop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands under `repeat`: steps, and exactly one way to end."""

    sequence: Any
    count: int | str | None = None
    for_each: Any = None
    while_: Any = msgspec.field(default=None, name="while")
    until: Any = None


class RepeatOptions(StepOptions, frozen=True, kw_only=True):
    """Steps again and again."""

    repeat: dict[str, Any]


class _Passes:
    """One loop while it runs."""

    __slots__ = ("_kept", "index", "inside", "items", "step", "total")

    def __init__(self, step: RepeatStep, items: list[Any] | None, total: int | None) -> None:
        self.step = step
        self.items = items
        self.total = total
        self.index = 0
        self.inside: Scope | None = None
        """Of the pass that goes on; None between two passes."""
        self._kept: Any = None
        """The items as they are written down, encoded once: they don't change."""

    def saved(self, keeper: Keeper) -> dict[str, Any]:
        known: dict[str, Any] = {"index": self.index, "total": self.total}
        if self.items is not None:
            if self._kept is None:
                items = keeper.variables({"repeat.item": self.items})["repeat.item"]
                self._kept = msgspec.Raw(msgspec.json.encode(items))
            known["items"] = self._kept
        if self.inside is not None:
            known["inside"] = self.inside.frame(keeper)
        return known

    def next(self, scope: Scope, path: str) -> Scope:
        """Return the scope of the next pass."""
        self.inside = Scope(self.variables(), scope, path)
        return self.inside

    def variables(self) -> dict[str, Any]:
        """Return what the next pass sees as `repeat`."""
        self.index += 1
        known: dict[str, Any] = {"index": self.index, "first": self.index == 1}
        if self.total is not None:
            known["last"] = self.index == self.total
        if self.items is not None:
            known["item"] = self.items[self.index - 1]
        return {"repeat": known}


class RepeatStep:
    """Does a block until its end is reached."""

    __slots__ = ("_block", "_count", "_items", "_until", "_while", "waits")

    acts = False

    def __init__(
        self,
        block: Block,
        count: Value | None,
        items: Value | None,
        while_: tuple[Condition, ...] | None,
        until: tuple[Condition, ...] | None,
    ) -> None:
        self._block = block
        self._count = count
        self._items = items
        self._while = while_
        self._until = until
        self.waits = block.waits

    def run(self, run: Run, scope: Scope) -> Awaitable[None] | None:
        """Do the first passes on the spot; a pass that waits, or many passes, make it a coroutine."""
        passes = scope.held = self._begin(scope)
        for _ in range(PASSES_AT_ONCE):
            if not self._goes_on(passes, run, scope):
                return None
            pending = self._block.go(run, passes.next(scope, self._block.path))
            if pending is not None:
                return self._rest(passes, run, scope, pending)
            passes.inside = None
        return self._rest(passes, run, scope, None)

    def resume(self, run: Run, scope: Scope, saved: dict[str, Any]) -> Awaitable[None]:
        """Go on in the pass that was being done, then with those that are left."""
        items = run.restorer.value(saved["items"]) if "items" in saved else None
        passes = scope.held = _Passes(self, items, saved["total"])
        passes.index = saved["index"]
        pending: Awaitable[None] | None = None
        if "inside" in saved:
            passes.inside, pending = self._block.again(run, saved["inside"], scope)
        return Later(self._rest, passes, run, scope, pending)

    async def _rest(self, passes: _Passes, run: Run, scope: Scope, pending: Awaitable[None] | None) -> None:
        if pending is not None:
            await pending
        passes.inside = None
        while self._goes_on(passes, run, scope):
            await asyncio.sleep(0)
            pending = self._block.go(run, passes.next(scope, self._block.path))
            if pending is not None:
                await pending
            passes.inside = None

    def _begin(self, scope: Scope) -> _Passes:
        if self._count is not None:
            count = self._count.render(scope)
            try:
                return _Passes(self, None, max(0, int(count)))
            except (TypeError, ValueError):
                raise StepError(f"repeat: count must be a number, not {count!r}") from None
        if self._items is not None:
            items = self._items.render(scope)
            if not isinstance(items, list | tuple):
                raise StepError(f"repeat: for_each must give a list, not {items!r}")
            return _Passes(self, list(items), len(items))
        return _Passes(self, None, None)

    def _goes_on(self, passes: _Passes, run: Run, scope: Scope) -> bool:
        done = passes.index
        if passes.total is not None:
            return done < passes.total
        if done == MANY_PASSES:
            _LOGGER.warning("%s: a 'repeat' has made %d passes and goes on", run.automation.label, done)
        if done >= MOST_PASSES:
            raise RunAbort(f"a 'repeat' made {MOST_PASSES} passes: its condition does not end it")
        inner = _inner(scope, passes)
        if self._while is not None:
            return all(run.met(condition, inner) for condition in self._while)
        assert self._until is not None
        return done == 0 or not all(run.met(condition, inner) for condition in self._until)


def _inner(scope: Scope, passes: _Passes) -> Scope:
    """Return the scope in which the loop's conditions are asked: with `repeat`, the next pass of `while`."""
    index = passes.index + 1 if passes.step._while is not None else passes.index  # noqa: SLF001  # the two are one
    return Scope({"repeat": {"index": index, "first": index == 1}}, scope)


def build(options: RepeatOptions, part: Part) -> RepeatStep:
    """Check that there is exactly one way to end."""
    node = part.node["repeat"]  # as it was written: the options hold a copy without places
    loop = read(node, Loop, "the step 'repeat'")
    ends = [key for key in ("count", "for_each", "while", "until") if node.get(key) is not None]
    if len(ends) != 1:
        raise part.invalid("repeat", "exactly one of 'count', 'for_each', 'while' and 'until' is needed")
    builder = part.builder
    path = f"{part.path}/repeat"

    def value(key: str) -> Value | None:
        return compile_value(node[key], builder.template, node, key) if key in ends else None

    def conditions(key: str) -> tuple[Condition, ...] | None:
        return builder.conditions(node[key], node, key, f"{path}/{key}") if key in ends else None

    block = builder.block(loop.sequence, node, "sequence", f"{path}/sequence")
    return RepeatStep(block, value("count"), value("for_each"), conditions("while"), conditions("until"))


TYPE = StepType("repeat", RepeatOptions, build)
