"""Checks commands without offering them, for `arvisd check`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from arvisd.automation.builder import Builder
from arvisd.automation.commands.collection import made, read_items
from arvisd.automation.commands.kind import CommandPlace, House
from arvisd.automation.engine import AutomationEngine
from arvisd.config.problems import Problem
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.storage.database import Database


def check_commands(sections: Mapping[str, Any], house: House) -> list[Problem]:
    """Return all that is wrong with the commands of a configuration."""
    problems: list[Problem] = []
    items = list(read_items(sections, problems, house))
    if not items:
        return problems
    hub = Hub()
    owner = Owner("check")
    database = Database(None).open()
    library = AutomationEngine(hub, None, owner, database, house.folder).library
    for kind, item in items:
        place = CommandPlace(kind.section, item, Builder(library), hub, house)
        made(kind, place, problems)
        problems += place.warnings
    owner.release()
    database.close()
    return problems
