"""Checks automations without running them, for `arvisd check`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from arvisd.automation import conditions, steps, triggers
from arvisd.automation.blueprints.shelf import Shelf
from arvisd.automation.builder import Library
from arvisd.automation.definition import Definition, build_definition, define_automation, import_problems
from arvisd.automation.domains.targeting import Targets
from arvisd.automation.loading import unique
from arvisd.automation.registry import TriggerType
from arvisd.automation.schema import read_section
from arvisd.automation.scripts.call_problems import fields_of, problems_of
from arvisd.automation.scripts.definition import define_script
from arvisd.automation.scripts.document import read_scripts
from arvisd.automation.templates.environment import TemplateEnvironment, limited
from arvisd.automation.unknown import unknown_places
from arvisd.config.problems import Problem
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.registry import HomeRegistry
from arvisd.home.settings import HomeSettings
from arvisd.home.sun import Coordinates, Sun


def check_automations(
    node: Any,
    folder: Path | None = None,
    house: HomeSettings | None = None,
    coordinates: Coordinates | None = None,
    scripts: Any = None,
    further: Iterable[TriggerType] = (),
) -> list[Problem]:
    """Return all that is wrong in the sections `automation` and `script`, in the order in which they are written.

    Args:
        node: the section `automation` as it was written.
        folder: the configuration folder, with its blueprints and templates; None: there are none.
        house: what the user says of areas, floors and labels.
        coordinates: of the house, where they are known.
        scripts: the section `script` as it was written.
        further: triggers that other parts and integrations bring.
    """
    hub = Hub()
    home = HomeRegistry(hub.states, house)
    environment = TemplateEnvironment(hub.states, hub.clock, home, folder)
    library = Library(
        triggers.built_in(),
        conditions.built_in(),
        steps.built_in(),
        environment,
        limited(environment),
        Shelf(folder),
        Targets(hub, home),
        Sun(coordinates),
    )
    library.refresh()
    guests = Owner("check")
    for type_ in further:
        with contextlib.suppress(ValueError):  # a name that is taken: the integration fails when it registers it
            library.triggers.register(type_, guests)
    problems = [*environment.macros.problems]
    definitions: list[Definition] = []
    for section, define in ((read_section(node), define_automation), (read_scripts(scripts), define_script)):
        for document in section.documents:
            document.expand(library.blueprints)
        documents, doubled = unique(section.documents)
        problems += [*section.problems, *doubled]
        for document in documents:
            built = build_definition(document, library, define)
            problems += built.problems
            if built.definition is not None:
                problems += import_problems(built.definition, environment.macros)
                problems += unknown_places(built.definition, library.targets, running=False)
                definitions.append(built.definition)
    return once([*problems, *problems_of(definitions, fields_of(definitions))])


def once(problems: list[Problem]) -> list[Problem]:
    """Return problems without those that say the same of the same place: several may use one broken blueprint."""
    first: dict[str, Problem] = {}
    for problem in problems:
        first.setdefault(str(problem), problem)
    return list(first.values())
