"""An undefined name is a warning with its place, not a failure."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any, Protocol

import jinja2

_LOGGER = logging.getLogger("arvisd.automation.templates")


class Rendered(Protocol):
    """The template being rendered."""

    warned: set[str] | None

    def place(self) -> str:
        """Where it is written, to begin a message with."""


class Rendering:
    """What is being rendered now; templates never wait, so that there is one at most."""

    __slots__ = ("template", "tracker")

    def __init__(self) -> None:
        self.template: Rendered | None = None
        self.tracker: Any = None
        """Collects what is read, where a template trigger wants to know."""


RENDERING = Rendering()


class WarningUndefined(jinja2.Undefined):
    """Renders as nothing, is false and empty, and warns once per template and name."""

    __slots__ = ()

    def _warn(self) -> None:
        template = RENDERING.template
        message = self._undefined_message
        if template is None:
            _LOGGER.warning("template: %s", message)
            return
        if template.warned is None:
            template.warned = set()
        if message not in template.warned:
            template.warned.add(message)
            _LOGGER.warning("%stemplate: %s", template.place(), message)

    def __str__(self) -> str:
        self._warn()
        return ""

    def __iter__(self) -> Iterator[Any]:
        self._warn()
        return iter(())

    def __bool__(self) -> bool:
        self._warn()
        return False

    def __len__(self) -> int:
        return 0
