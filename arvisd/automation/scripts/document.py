"""The documents: a script as it is written, and the section that holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from arvisd.automation.builder_lists import listed
from arvisd.automation.schema import AutomationSettings, Document, RunDocument, Section
from arvisd.automation.templates.texts import slugify
from arvisd.config.document import Broken
from arvisd.config.nodes import Mark, key_mark_of, kind_of, mark_of
from arvisd.config.problems import Problem, error

OBJECT_ID = re.compile(r"^(?!_)[a-z0-9_]+(?<!_)$")
"""As Home Assistant takes them: `3d_printer` too."""


class ScriptField(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that a script is told when it is called; its key is the variable."""

    name: str | None = None
    """What people call it."""
    description: str | None = None
    required: bool = False
    """A step that calls without it is warned of, another call without it refused, unless it has a default."""
    default: Any = None
    """Value of the variable where the call has none."""
    example: Any = None
    selector: Any = None
    """Of Home Assistant's editor: what a value looks like."""
    advanced: bool = False


class ScriptDocument(RunDocument, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One script: steps that are done when it is called, under the name that is its key."""

    icon: str | None = None
    """For other programs; kept as the attribute `icon`."""
    fields: dict[str, Any] = msgspec.field(default_factory=dict)
    """What it is told, each under its variable; a field that holds `fields` is a group of them."""
    sequence: Any = None
    """The steps: one or a list."""


class ScriptSource(Document):
    """One script's node, and where it stands."""

    __slots__ = ()

    domain = "script"
    triggered = False

    def _read(self, node: dict[str, Any]) -> None:
        super()._read(node)
        self.id = str(self.key)
        alias = node.get("alias")
        self.label = alias if isinstance(alias, str) and alias else self.id

    @property
    def key_mark(self) -> Mark:
        """Where its name stands."""
        return key_mark_of(self.container, self.key)


def read_scripts(node: Any) -> Section:
    """Take a `script` section apart: a mapping of names and scripts, or several of them."""
    documents: list[Document] = []
    unreadable: list[Mark] = []
    problems: list[Problem] = []
    for item, container, key in _flat(node):
        if isinstance(item, Broken):
            unreadable.append(mark_of(container, key))
        elif not isinstance(item, dict):
            problems.append(
                error(
                    mark_of(container, key),
                    f"script: expected names and scripts, as in 'film: {{sequence: […]}}', got {kind_of(item)}",
                )
            )
        else:
            for name, inner in item.items():
                if isinstance(inner, Broken):
                    unreadable.append(mark_of(item, name))
                elif (problem := _wrong(name, inner, item)) is not None:
                    problems.append(problem)
                else:
                    documents.append(ScriptSource(inner, item, name))
    return Section(AutomationSettings(), documents, unreadable, problems)


def _wrong(name: Any, node: Any, container: Any) -> Problem | None:
    """Say what keeps an entry from being a script."""
    if OBJECT_ID.match(str(name)) is None:
        fitting = slugify(str(name))
        hint = f": write {fitting!r}, and the rest as its alias" if fitting else ""
        return error(key_mark_of(container, name), f"script: {name!r} is no name, which is of a–z, 0–9 and _{hint}")
    if not isinstance(node, dict):
        return error(
            mark_of(container, name), f"script.{name}: expected a mapping with 'sequence', got {kind_of(node)}"
        )
    return None


def _flat(node: Any) -> Iterator[tuple[Any, Any, Any]]:
    for item, container, key in listed(node, None, None):
        if item is not None:
            yield item, container, key
