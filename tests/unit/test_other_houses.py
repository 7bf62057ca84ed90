"""What people's houses hold and Home Assistant takes: it loads, with a warning where it may not be meant so."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from arvisd.inspection import inspect

HOUSES: dict[str, tuple[dict[str, str], list[str]]] = {
    "packages that customize the same entity": (
        {
            "configuration.yaml": "homeassistant:\n  packages: !include_dir_named packages\n",
            "packages/a.yaml": "homeassistant:\n  customize:\n    light.a: {icon: mdi:a}\n",
            "packages/b.yaml": "homeassistant:\n  customize:\n    light.a: {icon: mdi:b}\n",
        },
        [],
    ),
    "packages within a package": (
        {
            "configuration.yaml": "homeassistant:\n  packages: !include_dir_named packages\n",
            "packages/a.yaml": "homeassistant:\n  packages: {}\n",
        },
        ["packages/a.yaml:2:3: warning: a package holds no packages: these are ignored"],
    ),
    "groups of the time of tabs": (
        {
            "configuration.yaml": """
            group:
              Kitchen Accents: light.a, light.b
              All_Lights: {entities: [light.a], view: true}
            """
        },
        ["configuration.yaml:3:37: warning: group: 'view' in 'All_Lights' has no meaning any more: it is ignored"],
    ),
    "sixty minutes": ({"configuration.yaml": "timer:\n  a: {duration: '00:60:00'}\n"}, []),
    "the folder as the container has it": (
        {"configuration.yaml": "timer: !include /config/timers/all.yaml\n", "timers/all.yaml": "a: {duration: 5}\n"},
        [],
    ),
    "an event with a slash": (
        {
            "configuration.yaml": """
            automation:
              - triggers: {trigger: event, event_type: hacs/repository}
                actions: {event: hacs/seen}
            """
        },
        [],
    ),
    "truth that is compared": (
        {
            "configuration.yaml": """
            automation:
              - triggers:
                  - {trigger: mqtt, topic: t, payload: true, value_template: "{{ value_json.a == 1 }}"}
                conditions: {condition: template, value_template: true}
                actions: []
            """
        },
        [],
    ),
    "a trigger of a television": (
        {"configuration.yaml": "automation: {triggers: {trigger: samsungtv.turn_on}, actions: []}\n"},
        [
            (
                "configuration.yaml:1:34: the trigger 'samsungtv.turn_on' is not supported: "
                "arvisd does not talk to that television"
            )
        ],
    ),
    "a blueprint of template entities": (
        {"configuration.yaml": "template:\n  - use_blueprint: {path: a.yaml}\n    name: A\n    unique_id: a\n"},
        ["configuration.yaml:2:5: template: blueprints of template entities are not supported yet"],
    ),
    "an event that there is": (
        {
            "configuration.yaml": (
                "automation: {triggers: {trigger: event, event_type: automation_reloaded}, actions: []}\n"
            )
        },
        [],
    ),
}


@pytest.mark.parametrize("case", HOUSES)
def test_what_is_said_of_a_house(tmp_path: Path, case: str) -> None:
    files, expected = HOUSES[case]
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"))
    assert [str(problem) for problem in inspect(tmp_path) if "/integrations/" not in problem.message] == expected
