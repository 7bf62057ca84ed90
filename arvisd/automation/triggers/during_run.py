"""A trigger of `wait_for_trigger` whose options have templates: made when the wait begins, with the run's variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arvisd.automation.errors import InvalidError, TemplateError

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.builder import Library
    from arvisd.automation.part import Part
    from arvisd.automation.registry import TriggerOptions, TriggerType


class TriggerDuringRun:
    """Stands for the trigger until it is known what it waits for."""

    __slots__ = ("_library", "_options", "_part", "_type")

    def __init__(self, type_: TriggerType, options: TriggerOptions, part: Part, library: Library) -> None:
        self._type = type_
        self._options = options
        self._part = part
        self._library = library

    def attach(self, to: Attachment) -> None:
        """Make the trigger and let it listen; raise TemplateError, with the place, where its options do not fit."""
        from arvisd.automation.builder import Builder  # both make the other
        from arvisd.automation.part import Part

        variables: Any = to.variables
        part = Part(Builder(self._library, variables), self._part.node, self._part.path, self._part.what)
        try:
            trigger = self._type.build(self._options, part)
        except InvalidError as failure:
            raise TemplateError(str(failure)) from None
        trigger.attach(to)
