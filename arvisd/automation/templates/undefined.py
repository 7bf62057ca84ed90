"""An undefined name is a warning with its place, not a failure."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any, Protocol

import jinja2

_LOGGER = logging.getLogger("arvisd.automation.templates")


class Rendered(Protocol):
    """The template being rendered."""

    text: str
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
        compiled, line = _rendered_from(sys._getframe(1))  # noqa: SLF001  # the one way to know the line
        warned = getattr(compiled, "warned", None)  # a file of the user's macros: the same whoever imports it
        if warned is not None and compiled is not None:
            place = f"{compiled.filename}:{line}: "
        elif template is None:
            _LOGGER.warning("template: %s", message)
            return
        else:
            if template.warned is None:
                template.warned = set()
            warned = template.warned
            place = template.place()
            if "\n" in template.text:
                line = line or _line_of(self._undefined_name, template.text)
                message = f"line {line} of the template: {message}" if line else message
        if message not in warned:
            warned.add(message)
            _LOGGER.warning("%stemplate: %s", place, message)

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


def failed_at(failure: BaseException) -> tuple[str, int] | None:
    """Return the file and line where a rendering failed; the file is empty for the template itself."""
    found = None
    trace = failure.__traceback__
    while trace is not None:
        compiled = trace.tb_frame.f_globals.get("__jinja_template__")
        if compiled is not None:
            found = _file_of(compiled), compiled.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return found


def _rendered_from(frame: FrameType | None) -> tuple[Any, int]:
    """Return the compiled template that a frame is called from, and the line in it; None and 0 where none is."""
    while frame is not None:
        compiled = frame.f_globals.get("__jinja_template__")
        if compiled is not None:
            return compiled, compiled.get_corresponding_lineno(frame.f_lineno)
        frame = frame.f_back
    return None, 0


def _file_of(compiled: Any) -> str:
    return str(compiled.filename) if hasattr(compiled, "warned") else ""


def _line_of(name: str | None, text: str) -> int:
    """Return the line in which a simple template names something, 0 where it does not."""
    found = re.search(rf"\{{\{{[^}}]*\b{re.escape(name)}\b", text) if name else None
    return text.count("\n", 0, found.start()) + 1 if found else 0
