"""The page of all triggers and conditions of a domain is as the tables are, and the tables are whole."""

from __future__ import annotations

import msgspec

from arvisd.automation import conditions, triggers
from arvisd.automation.domains import catalogue, page, refused

HOME_ASSISTANT_TRIGGERS = 203
HOME_ASSISTANT_CONDITIONS = 161
"""Of version 2026.11, in its `triggers.yaml` and `conditions.yaml`, and `samsungtv.turn_on`, which is in neither."""


def test_the_page_is_fresh() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.page_text(), (
        "stale: run python -m arvisd.automation.domains.page"
    )


def test_everything_is_either_here_or_refused_with_a_reason() -> None:
    served = {type_.name for type_ in catalogue.trigger_types()} | {"mqtt"}
    assert len(served) + len(refused.TRIGGERS) == HOME_ASSISTANT_TRIGGERS
    assert not served & refused.TRIGGERS.keys()
    met = {type_.name for type_ in catalogue.condition_types()}
    assert len(met) + len(refused.CONDITIONS) == HOME_ASSISTANT_CONDITIONS
    assert not met & refused.CONDITIONS.keys()


def test_all_of_them_are_registered() -> None:
    known, asked = triggers.built_in(), conditions.built_in()
    for name in ("light.turned_on", "sun.dusk", "calendar.event_started", "timer.remaining_time_reached"):
        assert known.get(name) is not None
    for name in ("light.is_on", "sun.is_night", "calendar.is_event_active"):
        assert asked.get(name) is not None
    assert known.unknown("todo.item_added") == (
        "the trigger 'todo.item_added' is not supported: arvisd keeps no to-do lists"
    )
    assert asked.unknown("moon.is_waxing") == (
        "the condition 'moon.is_waxing' is not supported: arvisd does not follow the moon"
    )


def test_their_schemas_can_be_told_apart() -> None:
    schemas = {type_.options for type_ in [*catalogue.trigger_types(), *catalogue.condition_types()]}
    assert len({schema.__name__ for schema in schemas}) == len(schemas)
    _, components = msgspec.json.schema_components(sorted(schemas, key=lambda schema: schema.__name__))
    assert len(components) > len(schemas)
