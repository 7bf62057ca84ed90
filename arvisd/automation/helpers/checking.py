"""Checks helpers without starting them, for `arvisd check`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from arvisd.automation.engine import AutomationEngine
from arvisd.automation.errors import InvalidError
from arvisd.automation.helpers.collection import make_helper
from arvisd.automation.helpers.items import read_items
from arvisd.automation.helpers.kind import Place
from arvisd.automation.helpers.kinds import KINDS, READERS
from arvisd.config.problems import Problem
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.registry import HomeRegistry
from arvisd.storage.database import Database


def check_helpers(sections: Mapping[str, Any]) -> list[Problem]:
    """Return all that is wrong with the helpers of a configuration."""
    problems: list[Problem] = []
    items = read_items(sections, KINDS, READERS, problems)
    if not items:
        return problems
    hub = Hub()
    home = HomeRegistry(hub.states)
    owner = Owner("check")
    database = Database(None).open()
    engine = AutomationEngine(hub, None, owner, database)
    shared: dict[str, Any] = {}
    for item in items.values():
        place = Place(item.entity_id, item.node, hub, home, engine, engine.schedule, engine.library, owner, shared)
        try:
            make_helper(item, place)
        except InvalidError as invalid:
            problems += invalid.problems
    owner.release()
    database.close()
    return list(dict.fromkeys(problems))
