"""Checks automations without running them, for `arvisd check`."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from arvisd.automation import conditions, steps, triggers
from arvisd.automation.blueprints.shelf import Shelf
from arvisd.automation.builder import Library
from arvisd.automation.definition import build_definition
from arvisd.automation.loading import unique
from arvisd.automation.schema import read_section
from arvisd.automation.templates.environment import TemplateEnvironment, limited
from arvisd.config.problems import Problem
from arvisd.core.hub import Hub


def check_automations(
    node: Any, actions: Collection[str] | None = None, folder: Path | None = None
) -> list[Problem]:
    """Return all that is wrong in an `automation` section, in the order of the automations.

    Args:
        node: the section as it was written.
        actions: names of the actions that there are, to warn of others; None: that is not known.
        folder: the configuration folder, with its blueprints and templates; None: there are none.
    """
    hub = Hub()
    environment = TemplateEnvironment(hub.states, hub.clock)
    library = Library(
        triggers.built_in(),
        conditions.built_in(),
        steps.built_in(),
        environment,
        limited(environment),
        Shelf(folder),
    )
    section = read_section(node)
    for document in section.documents:
        document.expand(library.blueprints)
    documents, doubled = unique(section.documents)
    problems = [*section.problems, *doubled]
    for document in documents:
        problems += build_definition(document, library, actions).problems
    return once(problems)


def once(problems: list[Problem]) -> list[Problem]:
    """Return problems without those that say the same of the same place: several may use one broken blueprint."""
    first: dict[str, Problem] = {}
    for problem in problems:
        first.setdefault(str(problem), problem)
    return list(first.values())
