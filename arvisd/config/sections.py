"""The top-level keys: which are known, and what is said of those that are not."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from arvisd.config.house_place import is_place_only
from arvisd.config.nodes import key_mark_of
from arvisd.config.problems import Problem, did_you_mean, error, warning

CORE_SECTIONS = ("arvisd", "mqtt", "home", "automation", "script", "assist", "models", "web", "hubs")
"""Sections that every arvisd has; the others are the integrations'."""

FROM_HOME_ASSISTANT = {
    "homeassistant": "only its 'packages', 'latitude', 'longitude' and 'elevation' are read here: write the rest under 'arvisd:'",
    "logger": "write 'log_level' under 'arvisd:' instead",
    "recorder": "arvisd keeps what it needs by itself",
    "intent_script": "write an automation with an 'intent' trigger instead",
    "conversation": "write your sentences to sentences/LANGUAGE/*.yaml instead",
    "assist_pipeline": "write 'assist:' instead",
    "climate": "it stays with Home Assistant, whose entities arvisd reads over MQTT",
    "http": "write 'web:' instead: host and port",
    "tts": "write the order of providers under 'assist:', and each provider's settings under its own name",
    "stt": "write the order of providers under 'assist:', and each provider's settings under its own name",
    **dict.fromkeys(
        (
            "default_config",
            "frontend",
            "history",
            "logbook",
            "lovelace",
            "config",
            "energy",
            "map",
            "mobile_app",
            "my",
            "person",
            "ssdp",
            "sun",
            "system_health",
            "usb",
            "zeroconf",
            "bluetooth",
            "cloud",
            "dhcp",
            "discovery",
            "media_source",
            "webhook",
            "zone",
            "schedule",
            "utility_meter",
            "influxdb",
            "prometheus",
            "alarm_control_panel",
            "media_player",
            "panel_iframe",
            "panel_custom",
            "alert",
            "customize",
        ),
        "arvisd has no such section; nothing is missing without it unless an automation here uses it",
    ),
}
"""Sections of Home Assistant that people bring along, and what to do with each."""


NEAR = 0.74
"""How alike a key must be to one of arvisd's, of the same length within a letter, to be a slip of the pen: `mqqt` is,
`homekit` and `pyscript` are not."""


def check_sections(tree: Mapping[Any, Any], integrations: Iterable[str]) -> list[Problem]:
    """Return a problem for each top-level key that nobody reads: a warning for one of Home Assistant's."""
    known = (*CORE_SECTIONS, *integrations)
    problems = []
    for key in tree:
        if key in known or (key == "homeassistant" and is_place_only(tree[key])):
            continue
        mark = key_mark_of(tree, key)
        if key in FROM_HOME_ASSISTANT:
            problems.append(warning(mark, f"{key!r} of Home Assistant is ignored: {FROM_HOME_ASSISTANT[key]}"))
        else:
            alike = [name for name in known if abs(len(name) - len(str(key))) <= 1]
            near = did_you_mean(key, difflib.get_close_matches(str(key), alike, 1, NEAR))
            if near:
                problems.append(error(mark, f"there is no section or integration {key!r}{near}"))
            else:
                # of one of Home Assistant's thousand integrations, whose users bring all that they have
                problems.append(warning(mark, f"there is no section or integration {key!r}: it is ignored"))
    return problems
