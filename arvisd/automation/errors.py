"""The errors of automations.

AutomationError
├── InvalidError         a part of an automation's document cannot be used; holds the problems, each with its place
├── LaterError           a part can only be made when a run has come to it
├── TemplateError        a template could not be rendered
├── ConditionError       a condition could not be decided
├── StepError            a step of a run failed
└── UnknownAutomationError  there is no automation of that id
"""

from __future__ import annotations

from collections.abc import Sequence

from arvisd.config.problems import Problem
from arvisd.core.errors import ArvisError


class AutomationError(ArvisError):
    """Base of what goes wrong in automations."""


class InvalidError(AutomationError):
    """A part of an automation's document cannot be used."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)


class LaterError(AutomationError):
    """A part can only be made when a run has come to it: what it asks for depends on the run's variables."""


class TemplateError(AutomationError):
    """A template could not be rendered; the text begins with its place."""


class ConditionError(AutomationError):
    """A condition could not be decided: it counts as not met."""


class StepError(AutomationError):
    """A step failed."""

    located = False
    """Whether the text begins with the place: true of all that leave a block."""


class UnknownAutomationError(AutomationError):
    """There is no automation of that id."""
