"""Looks at a whole configuration without running it: what `arvisd check` says, and the daemon after every save."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from arvisd.assist import triggers as assist_triggers
from arvisd.automation.checking import check_automations
from arvisd.automation.commands.checking import check_commands
from arvisd.automation.helpers.checking import check_helpers
from arvisd.automation.registry import TriggerType
from arvisd.config import ConfigError, Problem, key_mark_of, warning
from arvisd.configuration import Configuration
from arvisd.core.errors import SetupError
from arvisd.home.discovery.written import read_written
from arvisd.home.settings import HomeSettings
from arvisd.integrations.discovery import Found, discover, import_integration, missing_requirements, triggers_of
from arvisd.integrations.loader import is_wanted
from arvisd.intent.sentence_files import FOLDER as SENTENCES
from arvisd.intent.sentence_files import user_files


def inspect(folder: Path) -> list[Problem]:
    """Return every problem of a folder: YAML, sections, integrations, automations, sentences."""
    found = discover(folder)
    configuration = Configuration(folder)
    configuration.read(found)
    problems = list(configuration.problems)
    triggers: list[TriggerType] = [*assist_triggers.TYPES]
    for integration in found.values():
        problems += _integration_problems(configuration, integration, triggers)
    problems += read_written(configuration.nodes("mqtt"))[1]
    problems += check_helpers(configuration.helper_sections())
    problems += check_commands(configuration.command_sections(), configuration.commands)
    problems += check_automations(
        configuration.automation,
        scripts=configuration.script,
        folder=folder,
        house=configuration.section("home", HomeSettings),
        coordinates=configuration.coordinates,
        further=triggers,
    )
    for language in (place.name for place in sorted((folder / SENTENCES).glob("*/"))):
        for file in user_files(folder, language):
            problems += file.problems
    return problems


def _integration_problems(configuration: Configuration, found: Found, triggers: list[TriggerType]) -> list[Problem]:
    """Return what is wrong with an integration that runs; the triggers that it brings are added to `triggers`."""
    assert configuration.loaded is not None
    tree = configuration.loaded.tree
    node: Any = configuration.nodes(found.name)
    if not is_wanted(found, node) or found.name in configuration.loaded.broken:
        return []
    mark = key_mark_of(tree, found.name)
    if found.manifest is None:
        return [warning(mark, found.error)]
    if line := missing_requirements(found.manifest, built_in=found.built_in):
        return [warning(mark, line)] if node is not None else []
    try:
        module = import_integration(found)
        triggers += triggers_of(module)
        configuration.integration_settings(
            found.name, {} if node is None or isinstance(node, bool) else node, module.Settings
        )
    except ConfigError as error:
        return list(error.problems)
    except SetupError as error:
        return [warning(mark, str(error))]
    return []


def integration_triggers(configuration: Configuration, found: Found) -> list[TriggerType]:
    """Return the triggers that an integration brings which can run here."""
    triggers: list[TriggerType] = []
    _integration_problems(configuration, found, triggers)
    return triggers
