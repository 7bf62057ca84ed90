"""A list of steps, done one after the other; only a step that waits makes the block a coroutine."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from arvisd.automation.durable.later import Later, nothing
from arvisd.automation.errors import StepError, TemplateError
from arvisd.automation.scope import Scope
from arvisd.automation.signals import BlockEnd, RunCancelled, Signal
from arvisd.config.nodes import mark_of

if TYPE_CHECKING:
    from arvisd.automation.durable.values import Keeper
    from arvisd.automation.registry import Step
    from arvisd.automation.run import Run

NOT_AGAIN = "the daemon stopped while this was being done: it is not done again"


class BuiltStep:
    """A step with where it is written and what becomes of its errors."""

    __slots__ = ("_container", "_key", "acts", "continue_on_error", "number", "path", "resume", "run", "waits")

    def __init__(
        self, step: Step, path: str, container: Any, key: Any = None, *, continue_on_error: bool = False
    ) -> None:
        self.run = step.run
        self.resume = getattr(step, "resume", None)
        """Goes on with what the step held before a restart; None: a step that was under way is not done again."""
        self.acts: bool = getattr(step, "acts", True)
        """Whether doing it is seen outside of the run: then where the run stands is written down before."""
        self.path = path
        self.waits: bool = getattr(step, "waits", False)
        self.number = int(path.rpartition("/")[2])
        """Which of the written steps of its block it is; those before it may be left out (`enabled`)."""
        self.continue_on_error = continue_on_error
        self._container = container
        self._key = key

    def place(self) -> str:
        """Return `FILE:LINE:COL: ` to begin a message with, nothing where the place is not known."""
        mark = mark_of(self._container, self._key)
        return f"{mark}: " if mark.file else ""


class _NotBegun:
    """Held by a step that was not begun."""

    def saved(self, keeper: Keeper) -> dict[str, Any]:
        return {"begin": True}


NOT_BEGUN = _NotBegun()


class Block:
    """Steps in order, in a scope of their own."""

    __slots__ = ("path", "steps", "waits")

    acts = False

    def __init__(self, path: str, steps: tuple[BuiltStep, ...]) -> None:
        self.path = path
        self.steps = steps
        self.waits = any(step.waits for step in steps)
        """A step in it waits, or in a block within: then its runs are written down some time."""

    def run(self, run: Run, scope: Scope) -> Awaitable[None] | None:
        """Do the steps in a new scope within `scope`; return what to await where one of them waits."""
        inner = scope.held = Scope({}, scope, self.path)
        return self.go(run, inner)

    def go(self, run: Run, scope: Scope, start: int = 0, *, room: bool = False) -> Awaitable[None] | None:
        """Do the steps from `start` on, in that very scope; `room` says that the broker was waited for."""
        steps = self.steps
        for index in range(start, len(steps)):
            step = steps[index]
            if run.stopping:
                raise RunCancelled
            scope.step = step.number
            scope.held = None
            if step.acts and (run.kept or run.waits):
                if run.hub.bus.busy and not room:
                    scope.held = NOT_BEGUN
                    run.keep()
                    return self._go_when_there_is_room(run, scope, index)
                room = False
                if run.kept:
                    run.advance()
            run.trace.enter(step.path)
            try:
                pending = step.run(run, scope)
            except BlockEnd:
                if scope.parent is None:
                    raise  # the run itself ends here, and says so
                return None
            except Signal:
                raise
            except Exception as error:  # noqa: BLE001  # the block supervises its steps: what failed is said with its place
                self._failed(run, step, error)
                continue
            if run.kept and step.acts:
                run.hub.bus.flush()  # it counts as done: it must be on its way now, not at the end of this turn
            if pending is not None:
                return self._go_on(run, scope, index, pending)
        return None

    def resume(self, run: Run, scope: Scope, saved: dict[str, Any]) -> Awaitable[None]:
        """Go on in a new scope within `scope`, from where the block stood."""
        inner, going = self.again(run, saved["inside"], scope)
        scope.held = inner
        return going

    def again(
        self, run: Run, frame: dict[str, Any], parent: Scope | None, *, protects: bool = False
    ) -> tuple[Scope, Awaitable[None]]:
        """Rebuild the scope that `frame` was made of; return it and what to await, by which it goes on."""
        if frame["path"] != self.path:
            raise ValueError(f"the steps {frame['path']!r} are not {self.path!r}")
        scope = Scope(run.restorer.variables(frame["own"]), parent, self.path, protects=protects)
        scope.step = frame["step"]
        index, step = self._numbered(scope.step)
        saved = frame.get("held")
        pending: Awaitable[None]
        if saved is not None and saved.get("begin"):
            scope.held = NOT_BEGUN
            return scope, Later(self._begin, run, scope, index)
        if step.resume is not None:
            pending = step.resume(run, scope, saved or {})
        else:
            pending = Later(nothing)
            saved = None
        return scope, Later(self._resumed, run, scope, index, pending, saved is None)

    def _numbered(self, number: int) -> tuple[int, BuiltStep]:
        for index, step in enumerate(self.steps):
            if step.number == number:
                return index, step
        raise ValueError(f"the step {self.path}/{number} is not there")

    async def _resumed(self, run: Run, scope: Scope, index: int, pending: Awaitable[None], interrupted: bool) -> None:
        """Go on from the step at which a run stood that was rebuilt."""
        step = self.steps[index]
        run.trace.enter(step.path)
        run.trace.result({"resumed": NOT_AGAIN if interrupted and step.acts else True})
        await self._go_on(run, scope, index, pending)

    async def _begin(self, run: Run, scope: Scope, index: int) -> None:
        rest = self.go(run, scope, index)
        if rest is not None:
            await rest

    async def _go_when_there_is_room(self, run: Run, scope: Scope, index: int) -> None:
        await run.room()
        rest = self.go(run, scope, index, room=True)
        if rest is not None:
            await rest

    async def _go_on(self, run: Run, scope: Scope, index: int, pending: Awaitable[None]) -> None:
        """Await the step that waits, then do the rest."""
        step = self.steps[index]
        try:
            await pending
        except BlockEnd:
            if scope.parent is None:
                raise
            return
        except Signal:
            raise
        except Exception as error:  # noqa: BLE001  # as above
            self._failed(run, step, error)
        rest = self.go(run, scope, index + 1)
        if rest is not None:
            await rest

    def _failed(self, run: Run, step: BuiltStep, error: Exception) -> None:
        """Let the run go on after the step's error if it may, else raise it."""
        if not isinstance(error, StepError) or not error.located:
            error = _located(step, error)
        run.trace.failed(step.path, str(error))
        if not step.continue_on_error:
            raise error
        run.log_error(f"{error} (the run goes on: continue_on_error)", error.__cause__)


def resumed_block(blocks: list[Block], run: Run, scope: Scope, saved: dict[str, Any]) -> Awaitable[None]:
    """Go on in the one of some blocks that was being done; raise ValueError where it is none of them."""
    path = saved["inside"]["path"]
    for block in blocks:
        if block.path == path:
            return block.resume(run, scope, saved)
    raise ValueError(f"there are no steps {path!r}")


def _located(step: BuiltStep, cause: Exception) -> StepError:
    """Return the step's error with its place; a template's error has the template's own, which is nearer."""
    text = str(cause) or type(cause).__name__
    error = StepError(text if isinstance(cause, TemplateError) else f"{step.place()}{text}")
    error.located = True
    error.__cause__ = cause
    return error
