"""A trigger with the keys that every trigger has."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from arvisd.automation.attachment import Attachment, Lasting, Surroundings
from arvisd.automation.history import Reason
from arvisd.core.context import Context
from arvisd.core.owner import Owner

if TYPE_CHECKING:
    from arvisd.automation.registry import Trigger
    from arvisd.automation.run import Run
    from arvisd.automation.templates.value import Value

Fired = Callable[["BuiltTrigger", dict[str, Any], "Context | None"], "Run | None"]
"""Told which trigger fired, what templates see as `trigger`, and the context of what happened."""
Skipped = Callable[[dict[str, Any], Reason], None]


class BuiltTrigger:
    """A trigger of an automation, ready to be attached."""

    __slots__ = ("_about", "_node", "_trigger", "enabled", "id", "platform", "variables")

    def __init__(
        self,
        trigger: Trigger,
        *,
        index: int,
        id: str,  # noqa: A002  # the key's name
        alias: str | None,
        platform: str,
        variables: Value | None,
        enabled: bool,
        node: Any = None,
    ) -> None:
        self._trigger = trigger
        self._node = node
        self.id = id
        self.platform = platform
        self.variables = variables
        """Variables of the run, rendered when this trigger fires."""
        self.enabled = enabled
        self._about: dict[str, Any] = {"id": id, "idx": str(index), "alias": alias, "platform": platform}

    def holds(self, variables: Any) -> bool | None:
        """Tell whether what it waits for is so now; None: that cannot be said of its kind."""
        ask = getattr(self._trigger, "holds", None)
        return None if ask is None else bool(ask(variables))

    def seen(self, description: str) -> dict[str, Any]:
        """Return what templates see as `trigger` of something that it did not hear itself."""
        nobody: dict[str, Any] = {"entity_id": None, "from_state": None, "to_state": None, "for": None}
        return self._about | nobody | {"description": description}

    def attach(
        self,
        surroundings: Surroundings,
        owner: Owner,
        fired: Fired,
        skipped: Skipped | None,
        variables: Any,
        label: str,
        lasting: Lasting | None = None,
    ) -> None:
        """Begin to listen."""
        about = self._about

        def fire(data: dict[str, Any], context: Context | None) -> Run | None:
            return fired(self, about | data, context)

        def skip(data: dict[str, Any], reason: Reason) -> None:
            if skipped is not None:
                skipped(about | data, reason)

        self._trigger.attach(Attachment(surroundings, owner, fire, variables, label, skip, lasting, self._node))
