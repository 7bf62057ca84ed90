"""One automation made ready to run: all that its document says, or all that is wrong with it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, get_args

from arvisd.automation.blueprints.nodes import copied
from arvisd.automation.builder import Builder, Library, one_of
from arvisd.automation.errors import InvalidError, TemplateError
from arvisd.automation.reading import invalid, read
from arvisd.automation.registry import Condition, Reference, Watching
from arvisd.automation.schema import NAMELESS, SPELLINGS, AutomationDocument, Document, MaxExceeded, RunDocument
from arvisd.automation.steps.block import Block
from arvisd.automation.templates.macros import Import, MacroFiles, import_faults
from arvisd.automation.templates.template import Template
from arvisd.automation.templates.texts import slugify
from arvisd.automation.templates.value import Value, compile_value
from arvisd.automation.triggers.built import BuiltTrigger
from arvisd.config.nodes import mark_of
from arvisd.config.problems import Problem, error, warning

_LOGGER = logging.getLogger("arvisd.automation")

LEVEL_NAMES = get_args(MaxExceeded)
LEVELS = {"warn": logging.WARNING, "fatal": logging.CRITICAL, "notset": logging.NOTSET, "silent": None}


class Definition:
    """What an automation is; shared by all of its runs, changed by nothing."""

    __slots__ = (
        "block",
        "condition_paths",
        "conditions",
        "document",
        "imports",
        "references",
        "source",
        "trigger_variables",
        "triggers",
        "variables",
        "watching",
    )

    def __init__(
        self,
        source: Document,
        document: RunDocument,
        triggers: tuple[BuiltTrigger, ...],
        conditions: tuple[Condition, ...],
        block: Block,
        variables: list[tuple[str, Value]],
        trigger_variables: dict[str, Any],
        references: list[tuple[Reference, Any]],
        watching: Sequence[Watching] = (),
        condition_paths: Sequence[str] = (),
    ) -> None:
        self.source = source
        self.document = document
        self.triggers = triggers
        self.conditions = conditions
        self.condition_paths = condition_paths or tuple(f"condition/{number}" for number in range(len(conditions)))
        """The same, as they are named in traces."""
        self.block = block
        self.variables = variables
        self.trigger_variables = trigger_variables
        self.watching = watching
        """Conditions that must see what happens while nobody asks them."""
        self.references = references
        """What it refers to, each with the node that names it."""
        self.imports: list[tuple[Import, Template]] = []
        """What its templates take from the user's macros."""

    @property
    def max_exceeded(self) -> int | None:
        """The level at which a trigger too many is logged, None for silence."""
        name = self.document.max_exceeded
        return LEVELS[name] if name in LEVELS else logging.getLevelNamesMapping()[name.upper()]


class Built:
    """What came of a document: a definition or none, and the problems."""

    __slots__ = ("definition", "problems", "source")

    def __init__(self, source: Document, definition: Definition | None, problems: list[Problem]) -> None:
        self.source = source
        self.definition = definition
        self.problems = problems

    @property
    def error(self) -> str:
        """What is wrong, in one text."""
        errors = [str(problem) for problem in self.problems if problem.severity == "error"]
        return "; ".join(errors) or "it holds something that could not be read"


Define = Callable[[Document, Builder], Definition]
"""Makes a document of one kind ready to run; raises InvalidError."""


def build_definition(source: Document, library: Library, define: Define | None = None) -> Built:
    """Make a document ready to run.

    Args:
        source: the document.
        library: what it may be made of.
        define: how its kind of document is read; by default as an automation.
    """
    builder = Builder(library)
    try:
        definition = builder.guard(define or define_automation, source, builder)
    except Exception as failure:  # a kind of trigger or step may come from anybody: the other automations are read on
        _LOGGER.exception("%s %s cannot be read", source.domain, source.label)
        builder.valid = False
        builder.problems.append(error(source.mark, f"it cannot be read: {failure!r}"))
        definition = None
    label = source.id or source.label
    problems = [_labelled(problem, label) for problem in builder.problems]
    if definition is not None:
        definition.imports = builder.imports
    return Built(source, definition if builder.valid else None, problems)


def define_automation(source: Document, builder: Builder) -> Definition:
    """Make an automation ready to run; raise InvalidError."""
    node = node_of(source, builder)
    document = read(node, AutomationDocument, "automation")
    check_limits(node, document)
    builder.trigger_variables = _trigger_variables(node, builder)
    keys = {new: _spelling(node, new, old) for new, old in SPELLINGS}
    triggers = builder.triggers(node.get(keys["triggers"]), node, keys["triggers"])
    conditions = builder.conditions_with_paths(node.get(keys["conditions"]), node, keys["conditions"], "condition")
    if keys["actions"] not in node:
        raise invalid(mark_of(node), "an automation needs 'actions': what it does")
    block = builder.block(node.get(keys["actions"]), node, keys["actions"], "action")
    return Definition(
        source,
        document,
        triggers,
        tuple(condition for _, condition in conditions),
        block,
        variables_of(node, builder),
        builder.trigger_variables,
        builder.references,
        builder.watching,
        tuple(path for path, _ in conditions),
    )


def node_of(source: Document, builder: Builder) -> dict[str, Any]:
    """Return the node that a document is to be read from; raise InvalidError where its blueprint cannot be used."""
    builder.problems += source.problems
    if not source.usable:
        raise InvalidError([])
    node = source.node
    level = node.get("max_exceeded")
    if isinstance(level, str) and level.lower() in LEVEL_NAMES and level not in LEVEL_NAMES:
        node = copied(node)  # Home Assistant takes WARNING as well as warning
        node["max_exceeded"] = level.lower()
    return node


def check_limits(node: dict[str, Any], document: RunDocument) -> None:
    """Raise InvalidError for numbers that cannot be."""
    if document.max < 2 and "max" in node:
        raise invalid(mark_of(node, "max"), "max must be at least 2")
    if document.trace.stored_traces < 0:
        raise invalid(mark_of(node, "trace"), "stored_traces must not be negative")


def variables_of(node: dict[str, Any], builder: Builder) -> list[tuple[str, Value]]:
    """Return the `variables` of a document in their order."""
    values = node.get("variables") or {}
    return [(str(name), compile_value(values[name], builder.template, values, name)) for name in values]


def _spelling(node: dict[str, Any], new: str, old: str) -> str:
    one_of(node, (new, old), "an automation")
    return old if old in node else new


def _trigger_variables(node: dict[str, Any], builder: Builder) -> dict[str, Any]:
    """Render them in order; a later one sees the earlier."""
    known: dict[str, Any] = {}
    values = node.get("trigger_variables") or {}
    for name in values:
        value = compile_value(values[name], builder.limited_template, values, name)
        try:
            known[str(name)] = value.render(known)
        except TemplateError as failure:
            mark = mark_of(values, name)
            said = str(failure).removeprefix(f"{mark}: ")
            raise invalid(mark, f"trigger_variables: {said}") from None
    return known


def import_problems(definition: Definition, macros: MacroFiles) -> list[Problem]:
    """Return a warning for each import of a macro that is not there now; saving its file is enough to mend it."""
    label = definition.source.id or definition.source.label
    return [
        warning(template.mark, f"template: {said}", label)
        for wanted, template in definition.imports
        for said in import_faults([wanted], macros)
    ]


def _labelled(problem: Problem, label: str) -> Problem:
    return Problem(problem.file, problem.line, problem.column, problem.severity, problem.message, label)


def object_id(source: Document, taken: Callable[[str], bool]) -> str:
    """Return the second half of the entity's id: the alias, else the id, as ids are written, numbered where it is taken."""
    name = "" if source.label is NAMELESS else slugify(source.label)
    base = name or slugify(source.id or "") or "automation"
    number, chosen = 1, base
    while taken(chosen):
        number += 1
        chosen = f"{base}_{number}"
    return chosen
