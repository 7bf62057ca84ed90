"""Whatever stands in the sections of helpers: it is said or it runs, and the helper beside it works."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arvisd.automation.engine import AutomationEngine
from arvisd.automation.helpers.checking import check_helpers
from arvisd.automation.helpers.collection import Helpers
from arvisd.automation.helpers.kinds import KINDS, READERS, SECTIONS
from arvisd.automation.helpers.template.platforms import PLATFORMS
from arvisd.automation.helpers.template.section import KNOWN
from arvisd.core.actions import Target
from arvisd.core.errors import ActionError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.actions import register_home_actions
from arvisd.home.registry import HomeRegistry
from arvisd.storage.database import Database
from tests.simulators.clock import FakeClock

ALL = (*KINDS, *PLATFORMS.values())
KEYS = sorted({*KNOWN, "platform", "sensors", "switches", "value_template", "action", "delay"}.union(*(
    {field.encode_name for field in msgspec.structs.fields(kind.settings)} for kind in ALL
)))  # fmt: skip
WORDS = [
    "", "a", "on", "template", "group", "light.a", "sensor.a, sensor.b", "group.a", "{{ 1 }}", "{{ x", "{{ states('sensor.a') }}",
    "{{ this.state }}", "{{ 1 / 0 }}", "{{ states | count }}", "{{ now() }}", "00:00:05", "07:30", "2026-01-01", "mean", "event",
]  # fmt: skip
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 300), st.floats(), st.sampled_from(WORDS), st.text(max_size=5)
)
nodes = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=25,
)
items = st.dictionaries(st.sampled_from(["a", "b", "A b", "c"]), nodes, max_size=3)
sections = st.fixed_dictionaries(
    {"counter": st.just({"well": None})},
    optional={name: items | st.lists(nodes, max_size=3) | nodes for name in SECTIONS if name != "counter"},
)


async def lived(written: dict[str, Any], again: dict[str, Any]) -> None:
    """Load, let a while pass, call every action on everything, edit, and stop."""
    clock = FakeClock()
    hub = Hub(clock)
    home = HomeRegistry(hub.states)
    database = Database(None).open()
    async with Owner("automations") as owner:
        register_home_actions(hub, home, owner)
        engine = AutomationEngine(hub, None, owner, database)
        helpers = Helpers(hub, home, engine, database, owner)
        helpers.load(written)
        engine.started()
        assert hub.states.get("counter.well") is not None
        hub.states.set("sensor.a", "5")
        for entity_id in helpers.entity_ids:
            domain = entity_id.partition(".")[0]
            for name in (name for name in hub.actions.names() if name.startswith(f"{domain}.")):
                try:
                    call = hub.actions.call(name, {}, Target(entity_id=entity_id))
                    task = asyncio.ensure_future(call)
                    await clock.advance(6)
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)
                    error = task.exception() if not task.cancelled() else None
                    assert error is None or isinstance(error, ActionError), (name, entity_id, error)
                except ActionError:
                    pass
        helpers.load(again)
        helpers.load(written)
        stopping = asyncio.ensure_future(engine.stop())
        await clock.advance(10)
        await stopping
    assert hub.bus.failures == 0
    database.close()


@given(sections, sections)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_anything(written: dict[str, Any], again: dict[str, Any]) -> None:
    """Nothing is raised, nothing hangs; a check says what the daemon says."""
    logging.disable(logging.CRITICAL)
    try:
        asyncio.run(lived(written, again))
        check_helpers(written)
    finally:
        logging.disable(logging.NOTSET)


@pytest.mark.parametrize("name", sorted(READERS))
def test_section_of_the_wrong_kind(name: str) -> None:
    """Each reader says what is wrong with a section that is no section."""
    for wrong in (5, "x", [5], [[5]], [{"x": 5}], {"x": 5}, True):
        assert check_helpers({name: wrong}), wrong
