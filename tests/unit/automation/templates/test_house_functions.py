"""Template functions of the house and of places: areas, floors, labels, devices, distances, words."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from arvisd.automation.errors import TemplateError
from arvisd.automation.templates.environment import TemplateEnvironment
from arvisd.automation.templates.template import Template
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.device import Device
from arvisd.home.entity import Entity
from arvisd.home.registry import HomeRegistry
from arvisd.home.settings import HomeSettings

HOUSE: dict[str, Any] = {
    "floors": [{"id": "ground", "name": "Ground floor", "aliases": ["downstairs"]}, {"id": "up"}],
    "areas": [
        {"id": "kitchen", "name": "Kitchen", "names": {"ru": "Кухня"}, "floor": "ground", "labels": ["night"]},
        {"id": "hall", "floor": "ground"},
        {"id": "attic"},
    ],
    "labels": [{"id": "night", "name": "At night"}, {"id": "spare"}],
    "entities": [{"id": "light.table", "name": "Table", "area": "kitchen", "labels": ["night"]}],
}


@pytest.fixture
def environment(hub: Hub) -> TemplateEnvironment:
    home = HomeRegistry(hub.states, msgspec.convert(HOUSE, HomeSettings))
    owner = Owner("integration mqtt")
    home.add_device(
        Device(id="d1", name="Lamp", area="hall", labels=["night"], manufacturer="Acme", identifiers=["0x1"]), owner
    )
    home.add_entity(Entity(id="light.table"), owner)
    home.add_entity(Entity(id="light.hall", device="d1", expose=False), owner)
    hub.states.set("light.table", "on", {"friendly_name": "The table"})
    hub.states.set("light.hall", "off")
    hub.states.set("binary_sensor.door", "on", {"device_class": "door"})
    hub.states.set("climate.a", "heat", {"hvac_action": "idle"})
    hub.states.set("zone.home", "1", {"latitude": 52.52, "longitude": 13.405, "radius": 100, "persons": ["person.ann"]})
    hub.states.set("person.ann", "home", {"latitude": 52.52, "longitude": 13.405})
    hub.states.set("person.bob", "not_home", {"latitude": 52.39, "longitude": 13.06})
    hub.states.set("person.eve", "not_home")
    return TemplateEnvironment(hub.states, hub.clock, home)


GIVES: list[tuple[str, Any]] = [
    ("{{ areas() }}", ["kitchen", "hall", "attic"]),
    ("{{ area_id('Kitchen') }}", "kitchen"),
    ("{{ area_id('кухня') }}", "kitchen"),
    ("{{ 'light.table' | area_id }}", "kitchen"),
    ("{{ area_id('light.hall') }}", "hall"),
    ("{{ area_id('d1') }}", "hall"),
    ("{{ area_id('nowhere') }}", None),
    ("{{ area_name('kitchen') }}", "Kitchen"),
    ("{{ area_name('light.table') }}", "Kitchen"),
    ("{{ area_name('hall') }}", "hall"),
    ("{{ area_name('x') }}", None),
    ("{{ area_entities('Kitchen') }}", ["light.table"]),
    ("{{ 'hall' | area_entities }}", ["light.hall"]),
    ("{{ area_entities('nowhere') }}", []),
    ("{{ area_devices('hall') }}", ["d1"]),
    ("{{ floors() }}", ["ground", "up"]),
    ("{{ floor_id('downstairs') }}", "ground"),
    ("{{ floor_id('light.table') }}", "ground"),
    ("{{ floor_id('Kitchen') }}", "ground"),
    ("{{ floor_name('ground') }}", "Ground floor"),
    ("{{ floor_name('light.hall') }}", "Ground floor"),
    ("{{ floor_areas('Ground floor') }}", ["kitchen", "hall"]),
    ("{{ floor_entities('ground') }}", ["light.hall", "light.table"]),
    ("{{ floor_entities('cellar') }}", []),
    ("{{ labels() }}", ["night", "spare"]),
    ("{{ labels('light.table') }}", ["night"]),
    ("{{ labels('d1') }}", ["night"]),
    ("{{ labels('kitchen') }}", ["night"]),
    ("{{ labels('light.hall') }}", []),
    ("{{ label_id('at night') }}", "night"),
    ("{{ label_name('night') }}", "At night"),
    ("{{ label_name('x') }}", None),
    ("{{ label_description('night') }}", None),
    ("{{ label_areas('night') }}", ["kitchen"]),
    ("{{ label_devices('At night') }}", ["d1"]),
    ("{{ label_entities('night') }}", ["light.table"]),
    ("{{ device_entities('d1') }}", ["light.hall"]),
    ("{{ device_id('light.hall') }}", "d1"),
    ("{{ device_id('Lamp') }}", "d1"),
    ("{{ device_id('x') }}", None),
    ("{{ device_name('light.hall') }}", "Lamp"),
    ("{{ device_attr('d1', 'manufacturer') }}", "Acme"),
    ("{{ device_attr('light.hall', 'area_id') }}", "hall"),
    ("{{ device_attr('d1', 'identifiers') }}", {"0x1"}),
    ("{{ device_attr('d1', 'nothing') }}", None),
    ("{{ device_attr('x', 'model') }}", None),
    ("{{ is_device_attr('d1', 'manufacturer', 'Acme') }}", True),
    ("{{ 'd1' is is_device_attr('manufacturer', 'Other') }}", False),
    ("{{ entity_name('light.table') }}", "Table"),
    ("{{ entity_name('light.hall', fallback=true) }}", "Lamp"),
    ("{{ entity_name('person.ann') }}", "ann"),
    ("{{ entity_name('x.y') }}", None),
    ("{{ is_hidden_entity('light.hall') }}", True),
    ("{{ integration_entities('mqtt') }}", ["light.hall", "light.table"]),
    ("{{ integration_entities('hue') }}", []),
    ("{{ config_entry_id('light.hall') }}", None),
    ("{{ config_entry_attr('x', 'title') }}", None),
    ("{{ issues() }}", {}),
    ("{{ issue('mqtt', 'x') }}", None),
    ("{{ expand('zone.home') | map(attribute='entity_id') | list }}", ["person.ann"]),
    ("{{ distance('person.bob') | round(1) }}", 27.5),
    ("{{ distance('person.ann', 'person.bob') | round(1) }}", 27.5),
    ("{{ distance(52.52, 13.405, 52.39, 13.06) | round(1) }}", 27.5),
    ("{{ distance('person.eve') }}", None),
    ("{{ distance('x') }}", None),
    ("{{ closest(states.person).entity_id }}", "person.ann"),
    ("{{ closest('person.bob', ['person.ann', 'zone.home']).entity_id }}", "person.ann"),
    ("{{ (states.person | closest(52.39, 13.06)).entity_id }}", "person.bob"),
    ("{{ closest(['person.eve']) }}", None),
    ("{{ state_translated('binary_sensor.door') }}", "Open"),
    ("{{ state_translated('light.table') }}", "On"),
    ("{{ state_translated('x.y') }}", "unknown"),
    ("{{ state_attr_translated('climate.a', 'hvac_action') }}", "Idle"),
    ("{{ state_attr_translated('climate.a', 'none') }}", None),
]


@pytest.mark.parametrize(("text", "expected"), GIVES)
def test_what_it_gives(environment: TemplateEnvironment, text: str, expected: Any) -> None:
    assert Template(environment, text).native({}) == expected


def test_in_the_language_of_the_house(environment: TemplateEnvironment) -> None:
    environment.language = "ru"
    text = "{{ state_translated('binary_sensor.door') }}, {{ area_name('kitchen') }}"
    assert Template(environment, text).render({}) == "Открыто, Кухня"


def test_a_filter_with_a_constant_is_asked_each_time(environment: TemplateEnvironment, hub: Hub) -> None:
    template = Template(environment, "{{ 'light.table' | states }} {{ 'light.table' is is_state('on') }}")
    assert template.render({}) == "on True"
    hub.states.set("light.table", "off")
    assert template.render({}) == "off False"


def test_an_attribute_of_a_config_entry_that_there_is_not(environment: TemplateEnvironment) -> None:
    with pytest.raises(TemplateError) as raised:
        Template(environment, "{{ config_entry_attr('x', 'colour') }}").render({})
    assert str(raised.value) == (
        "template: config_entry_attr(): 'colour' is not one of "
        "disabled_by, domain, pref_disable_polling, source, state, title"
    )
