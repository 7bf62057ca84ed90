"""A list of steps, done one after the other; only a step that waits makes the block a coroutine."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from arvisd.automation.errors import StepError, TemplateError
from arvisd.automation.scope import Scope
from arvisd.automation.signals import BlockEnd, RunCancelled, Signal
from arvisd.config.nodes import mark_of

if TYPE_CHECKING:
    from arvisd.automation.registry import Step
    from arvisd.automation.run import Run


class BuiltStep:
    """A step with where it is written and what becomes of its errors."""

    __slots__ = ("_container", "_key", "continue_on_error", "path", "run")

    def __init__(
        self, step: Step, path: str, container: Any, key: Any = None, *, continue_on_error: bool = False
    ) -> None:
        self.run = step.run
        self.path = path
        self.continue_on_error = continue_on_error
        self._container = container
        self._key = key

    def place(self) -> str:
        """Return `FILE:LINE:COL: ` to begin a message with, nothing where the place is not known."""
        mark = mark_of(self._container, self._key)
        return f"{mark}: " if mark.file else ""


class Block:
    """Steps in order, in a scope of their own."""

    __slots__ = ("path", "steps")

    def __init__(self, path: str, steps: tuple[BuiltStep, ...]) -> None:
        self.path = path
        self.steps = steps

    def run(self, run: Run, scope: Scope, own: dict[str, Any] | None = None) -> Awaitable[None] | None:
        """Do the steps in a new scope within `scope`; return what to await where one of them waits."""
        return self.go(run, Scope({} if own is None else own, scope, self.path))

    def go(self, run: Run, scope: Scope, start: int = 0) -> Awaitable[None] | None:
        """Do the steps from `start` on, in that very scope."""
        steps = self.steps
        for index in range(start, len(steps)):
            step = steps[index]
            if run.stopping:
                raise RunCancelled
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
            if pending is not None:
                return self._go_on(run, scope, index, pending)
        return None

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


def _located(step: BuiltStep, cause: Exception) -> StepError:
    """Return the step's error with its place; a template's error has the template's own, which is nearer."""
    text = str(cause) or type(cause).__name__
    error = StepError(text if isinstance(cause, TemplateError) else f"{step.place()}{text}")
    error.located = True
    error.__cause__ = cause
    return error
