"""When a template trigger is rendered again: what it looked at has changed, be it a domain or the house."""

from __future__ import annotations

import msgspec
import pytest

from arvisd.home.entity import Entity
from arvisd.home.settings import HomeSettings
from tests.simulators.automation_rig import AutomationRig


def triggered(template: str) -> str:
    return f"""
        - id: a
          triggers: {{trigger: template, value_template: "{template}"}}
          actions: {{action: test.note, data: {{message: "{{{{ trigger.entity_id }}}}"}}}}
        """


ANY_LIGHT = "{{ states.light | selectattr('state', 'eq', 'on') | list | count > 0 }}"


async def test_a_whole_domain(rig: AutomationRig) -> None:
    rig.hub.states.set("light.a", "off")
    await rig.load(triggered(ANY_LIGHT))
    rig.hub.states.set("switch.a", "on")
    rig.hub.states.set("light.new", "on")
    assert rig.notes == ["light.new"]


async def test_a_domain_is_not_walked_through_at_every_change(rig: AutomationRig) -> None:
    rig.hub.states.set("light.a", "off")
    await rig.load(triggered(ANY_LIGHT))
    rig.hub.states.set("light.b", "off")  # the first changes are seen at once
    for value in range(100):
        rig.hub.states.set("light.b", "off", {"n": value})
    rig.hub.states.set("light.a", "on")
    assert rig.notes == []
    await rig.clock.advance(1)
    assert rig.notes == ["light.a"]


async def test_an_area(rig: AutomationRig) -> None:
    await rig.load(triggered("{{ 'light.a' in area_entities('kitchen') }}"))
    rig.home.add_entity(Entity(id="light.a"), rig.owner)
    await rig.clock.advance(1)
    assert rig.calls == []
    house = {"areas": [{"id": "kitchen"}], "entities": [{"id": "light.a", "area": "kitchen"}]}
    rig.home.configure(msgspec.convert(house, HomeSettings))
    await rig.clock.advance(1)
    assert len(rig.calls) == 1


@pytest.mark.parametrize(
    "template",
    [
        "{{ expand('group.lights') | selectattr('state', 'eq', 'on') | list | count > 0 }}",
        "{{ ['light.a', 'light.b'] | select('is_state', 'on') | list | count > 0 }}",
        "{{ states.light.a.state == 'on' }}",
        "{{ states['light.a'].state == 'on' }}",
        "{{ 'light.a' | states == 'on' }}",
        "{{ is_state_attr('light.a', 'brightness', 5) }}",
    ],
)
async def test_single_entities(rig: AutomationRig, template: str) -> None:
    rig.hub.states.set("light.a", "off")
    rig.hub.states.set("light.b", "off")
    rig.hub.states.set("group.lights", "off", {"entity_id": ["light.a", "light.b"]})
    await rig.load(triggered(template))
    rig.hub.states.set("light.c", "on")
    rig.hub.states.set("light.a", "on", {"brightness": 5})
    assert rig.notes == ["light.a"]
