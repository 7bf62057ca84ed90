"""One template: checked when it is loaded, compiled when it is first rendered, rendered many times."""

from __future__ import annotations

import re
from types import CodeType
from typing import Any, Protocol

import jinja2
from jinja2 import nodes
from jinja2.utils import missing

from arvisd.automation.errors import TemplateError
from arvisd.automation.templates.environment import Findings, TemplateEnvironment
from arvisd.automation.templates.limits import MAX_OUTPUT, METER
from arvisd.automation.templates.macros import Import, imports_of
from arvisd.automation.templates.names import check_names, unknown_functions
from arvisd.automation.templates.native import native
from arvisd.automation.templates.undefined import RENDERING, failed_at
from arvisd.config.nodes import Mark, mark_of

_NAME = r"[a-z_A-Z][a-z_A-Z0-9]*"
_PATHS = re.compile(r"\{\{-?\s*(" + _NAME + r"(?:\." + _NAME + r")*)\s*-?\}\}")
_WORDS = frozenset(
    ["true", "false", "none", "True", "False", "None", "not", "and", "or", "if", "else", "in", "is", "self"]
)
_METHODS = frozenset(dir(dict))
_TAKES_IN = re.compile(r"\{%[-+]?\s*(?:from|import|include|extends)\b")

Piece = str | tuple[str, ...]
"""Of a simple template: literal text, or the names of `{{ a.b.c }}`."""


class Variables(Protocol):
    """Where names are looked up: a Scope or a dict."""

    def get(self, name: str, default: Any = None, /) -> Any:
        """Return a variable."""


def is_template(value: object) -> bool:
    """Tell whether a text holds anything to render."""
    return isinstance(value, str) and "{" in value and ("{{" in value or "{%" in value or "{#" in value)


class Template:
    """A text with `{{ … }}` in it.

    Most templates only put values into a text, `{"n": {{ trigger.payload_json.n }}}`. Those are rendered
    by looking the names up with the sandbox's own rules, with nothing compiled: what Jinja's compiler
    takes for a template, 0.3 ms, would otherwise be the greatest cost of loading an automation.
    """

    __slots__ = ("_code", "_container", "_environment", "_key", "_pieces", "text", "warned")

    def __init__(self, environment: TemplateEnvironment, text: str, container: Any = None, key: Any = None) -> None:
        """Keep the text; `container[key]` is where it is written, for messages."""
        self.text = text.strip()
        self.warned: set[str] | None = None
        self._environment = environment
        self._container = container
        self._key = key
        self._code: Any = None
        self._pieces = _pieces(self.text)

    @property
    def mark(self) -> Mark:
        """Where it is written."""
        return mark_of(self._container, self._key)

    @property
    def environment(self) -> TemplateEnvironment:
        """What it is rendered in."""
        return self._environment

    def place(self) -> str:
        """Return `FILE:LINE:COL: ` to begin a message with, nothing where the place is not known."""
        return f"{self.mark}: " if self.mark.file else ""

    def check(self) -> None:
        """Raise TemplateError, without a place, when the syntax is wrong or a filter or test does not exist."""
        if self._pieces is not None or self.text in self._environment.valid:
            return
        try:
            parsed = self._environment.parse(self.text)
            check_names(parsed, self._environment.filters, self._environment.tests)
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(self._syntax(error)) from None
        except RecursionError:
            raise TemplateError("the template is nested too deeply") from None
        self._look_over(parsed)
        self._environment.valid.add(self.text)

    def doubts(self) -> list[str]:
        """Return what is worth a warning before it is rendered; to be asked after `check`."""
        found = self._environment.findings.get(self.text)
        return [] if found is None else [f"{self._line(line)}{said}" for line, said in found.doubts]

    def imports(self) -> tuple[Import, ...]:
        """Return what it imports from the user's files; to be asked after `check`."""
        found = self._environment.findings.get(self.text)
        return () if found is None else found.imports

    def _look_over(self, parsed: nodes.Template) -> None:
        environment = self._environment
        doubts = tuple(unknown_functions(parsed, environment.globals, environment.filters))
        imports = tuple(imports_of(parsed)) if _TAKES_IN.search(self.text) else ()
        if doubts or imports:
            environment.findings[self.text] = Findings(doubts, imports)

    def render(self, variables: Variables) -> str:
        """Return the text; raise TemplateError with the place."""
        RENDERING.template = self
        METER.begin()
        try:
            pieces = self._pieces
            if pieces is not None:
                return self._simple(pieces, variables)
            return self._compiled(variables)
        except Exception as error:  # a template is the user's program: whatever it raises is said with its place
            raise TemplateError(f"{self.place()}template: {self._reason(error)}") from error
        finally:
            RENDERING.template = None

    def native(self, variables: Variables) -> Any:
        """Return the value that the rendered text writes out: a number, a list, …, or the text."""
        return native(self.render(variables))

    def _simple(self, pieces: tuple[Piece, ...], variables: Variables) -> str:
        environment = self._environment
        out: list[str] = []
        for piece in pieces:
            if type(piece) is str:
                out.append(piece)
                continue
            name = piece[0]
            value = variables.get(name, missing)
            if value is missing:
                value = environment.globals.get(name, missing)
                if value is missing:
                    value = environment.undefined(name=name)
            for attribute in piece[1:]:
                if isinstance(value, dict) and attribute in value and attribute not in _METHODS:
                    value = value[attribute]  # what getattr() finds too, after a failed look at the object
                else:
                    value = environment.getattr(value, attribute)
            out.append(value if type(value) is str else str(value))
        text = "".join(out).strip()
        if len(text) > MAX_OUTPUT:
            raise TemplateError(f"it gives more than {MAX_OUTPUT:,} characters")
        return text

    def _compiled(self, variables: Variables) -> str:
        code = self._code
        if code is None:
            code = self._code = self._compile()
        environment = self._environment
        context = environment.context_class(environment, variables, None, code.blocks)  # type: ignore[arg-type]  # ScopeContext needs only get()
        parts: list[str] = []
        size = 0
        for part in code.root_render_func(context):
            size += len(part)
            if size > MAX_OUTPUT:
                raise TemplateError(f"it gives more than {MAX_OUTPUT:,} characters")
            parts.append(part)
        return "".join(parts).strip()

    def _compile(self) -> Any:
        compiled = self._environment.codes.get(self.text)
        if compiled is None:
            code: CodeType = self._environment.compile(self.text)
            compiled = self._environment.template_class.from_code(self._environment, code, self._environment.globals)
            self._environment.codes[self.text] = compiled
        return compiled

    def _reason(self, error: Exception) -> str:
        if isinstance(error, RecursionError):
            return "the template calls itself too deeply"
        if isinstance(error, jinja2.TemplateSyntaxError):
            return self._syntax(error)
        said = str(error) if isinstance(error, TemplateError | jinja2.TemplateError) else ""
        return f"{self._failed_at(error)}{said or f'{type(error).__name__}: {error}'}"

    def _failed_at(self, error: Exception) -> str:
        """Return where in the template or in the user's macros it went wrong."""
        at = failed_at(error)
        return "" if at is None else f"{at[0]}:{at[1]}: " if at[0] else self._line(at[1])

    def _syntax(self, error: jinja2.TemplateSyntaxError) -> str:
        return f"{self._line(error.lineno)}{error.message}"

    def _line(self, number: int) -> str:
        return f"line {number} of the template: " if "\n" in self.text else ""


def _pieces(text: str) -> tuple[Piece, ...] | None:
    """Return the pieces of a simple template, None where it is not one."""
    parts = _PATHS.split(text)
    pieces: list[Piece] = []
    for index, part in enumerate(parts):
        if index % 2:
            names = tuple(part.split("."))
            if names[0] in _WORDS:
                return None
            pieces.append(names)
        elif "{{" in part or "{%" in part or "{#" in part or "}}" in part:
            return None
        elif part:
            pieces.append(part)
    return None if "{{-" in text or "-}}" in text else tuple(pieces)
