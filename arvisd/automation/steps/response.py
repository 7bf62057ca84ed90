"""Step `set_conversation_response`: what is answered to the sentence that set the run off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arvisd.automation.registry import StepOptions, StepType
from arvisd.automation.templates.value import Value

if TYPE_CHECKING:
    from arvisd.automation.part import Part
    from arvisd.automation.run import Run
    from arvisd.automation.scope import Scope


class ResponseOptions(StepOptions, frozen=True, kw_only=True):
    """What is answered; null takes an earlier answer back."""

    set_conversation_response: str | int | float | bool | None


class ResponseStep:
    """Keeps the answer in the run."""

    __slots__ = ("_text",)

    acts = False

    def __init__(self, text: Value) -> None:
        self._text = text

    def run(self, run: Run, scope: Scope) -> None:
        """Render it."""
        text = self._text.render(scope)
        run.response = None if text is None else str(text)
        run.trace.result({"conversation_response": run.response})


def build(options: ResponseOptions, part: Part) -> ResponseStep:
    """Check the template."""
    return ResponseStep(part.text("set_conversation_response"))


TYPE = StepType("set_conversation_response", ResponseOptions, build)
