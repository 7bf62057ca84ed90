"""Devices that do not announce themselves, written under `mqtt:` with the keys of announcements.

As in https://www.home-assistant.io/integrations/mqtt/#manual-configured-mqtt-items:
`mqtt: {switch: [{name: Pump, command_topic: pump/set, state_topic: pump/state}]}`.
"""

from __future__ import annotations

from typing import Any

from arvisd.config.mqtt_entities import written_devices
from arvisd.config.nodes import mark_of, plain
from arvisd.config.problems import Problem, did_you_mean, error, warning
from arvisd.core.errors import ArvisError
from arvisd.home.discovery.announcement import Component, written_component
from arvisd.home.discovery.config import configure
from arvisd.home.discovery.platforms import ENTITIES, OTHERS

SOURCE = "configuration"
"""Who announces them."""


def read_written(node: Any) -> tuple[list[Component], list[Problem]]:
    """Return the devices of the section `mqtt`, and what is wrong with the others."""
    components: list[Component] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for platform, given, container, key in written_devices(node):
        mark = mark_of(container, key)
        if not isinstance(given, dict):
            problems.append(error(mark, f"mqtt: a {platform} must be a mapping of its keys"))
            continue
        schema = (OTHERS[platform] if platform in OTHERS else ENTITIES[platform]).schema
        try:
            component = written_component(platform, plain(given))
            if platform in ENTITIES:
                schema = ENTITIES[platform].schema_for(component.config)
            configure(component.config, schema)
        except ArvisError as failure:
            problems.append(error(mark, f"mqtt: {platform}: {failure}"))
            continue
        if component.key in seen:
            problems.append(error(mark, f"mqtt: {platform}: there is another one of this name: give it a unique_id"))
            continue
        seen.add(component.key)
        known = schema.__struct_fields__
        for name in component.config:
            if name not in known:
                near = did_you_mean(name, known)
                problems.append(warning(mark_of(given, name), f"mqtt: {platform}: unknown key {name!r}{near}"))
        components.append(component)
    return components, problems
