"""Keeping the house by actions: what is written, what is in force after it, what is refused."""

import pytest

from arvisd.core.errors import ActionDataError, ActionFailedError
from arvisd.home.settings import Area

AREAS = """\
# our rooms
floors:
  - id: ground
areas:
  - id: kitchen
    names: {en: Kitchen, ru: Кухня}   # where we cook
    floor: ground
  - {id: bedroom, name: Bedroom}
"""


async def write(kept, text):
    kept.file.write_text(text)
    await kept.reload()


async def test_a_lamp_is_named_in_two_languages_and_placed(kept):
    await write(kept, AREAS)
    await kept.lamp(area=None)
    await kept.do("name", id="light.lamp", name="Big lamp", names={"ru": "Большая лампа"})
    await kept.do("place", id="Большая лампа", area="Кухня")
    await kept.do("alias", id="light.lamp", alias="sun")
    lamp = kept.home.entity("light.lamp")
    assert (lamp.spoken_names("en"), lamp.spoken_names("ru")[0], lamp.area) == (
        ["Big lamp", "sun"],
        "Большая лампа",
        "kitchen",
    )
    assert kept.file.read_text() == AREAS + (
        "entities:\n"
        "  - id: light.lamp\n"
        "    names: {ru: Большая лампа}\n"
        "    area: kitchen\n"
        "    aliases: [sun]\n"
        "    name: Big lamp\n"
    )


async def test_a_device_is_placed_with_all_that_belongs_to_it(kept):
    await write(kept, AREAS)
    await kept.lamp(area="Kitchen")
    assert kept.home.entity("light.lamp").area == "kitchen"
    done = await kept.do("place", id="0xlamp", area="bedroom")
    assert (done.id, done.changed) == ("0xlamp", True)
    assert kept.home.entity("light.lamp").area == "bedroom"
    assert kept.home.membership.inside("area", "bedroom") == {"light.lamp"}
    assert not (await kept.do("place", id="0xlamp", area="bedroom")).changed
    await kept.do("place", id="0xlamp", area=None)
    assert kept.home.entity("light.lamp").area == "kitchen"


async def test_suggested_areas_are_the_users_in_any_language(kept):
    await write(kept, AREAS)
    await kept.lamp(area="Кухня")
    await kept.lamp("Other", "Garage", "other")
    assert kept.home.entity("light.lamp").area == "kitchen"
    assert kept.home.entity("light.other").area is None
    found = await kept.do("propose")
    assert [(area.id, area.name, area.devices) for area in found.areas] == [("garage", "Garage", ["Other"])]
    assert found.without_area == ["light.other"]
    with pytest.raises(ActionDataError) as caught:
        await kept.do("place", id="light.lamp", area="garage")
    assert (
        str(caught.value)
        == "the area 'garage' is only suggested by devices: 'arvisd home propose --accept' takes it over"
    )
    assert (await kept.do("propose", accept=True)).written == str(kept.file)
    assert kept.home.entity("light.other").area == "garage"
    assert (await kept.do("propose")).areas == []


async def test_the_first_area_of_ones_own_does_not_take_the_suggested_ones_away(kept):
    await kept.lamp()
    assert not kept.file.exists()
    await kept.do("add_area", name="Гостиная")
    assert [area.id for area in kept.home.areas()] == ["kitchen", "gostinaia"]
    assert kept.home.area("gostinaia").names == {"ru": "Гостиная"}
    assert kept.home.entity("light.lamp").area == "kitchen"
    assert kept.file.read_text().startswith("# Rooms and names of things")


async def test_suggested_names_are_all_written(kept):
    names = {"en": "Cook room", "ru": "Кухня"}
    kept.home.propose_area(Area(id="kitchen", names=names, aliases=["galley"]), kept.owner)
    kept.home.propose_area(Area(id="empty"), kept.owner)
    await kept.lamp()
    await kept.do("propose", accept=True)
    (area,) = kept.home.settings.areas
    assert (area.id, area.name, area.names, area.aliases) == ("kitchen", "", names, ["galley"])


async def test_a_suggested_area_is_named_anew(kept):
    await kept.lamp()
    await kept.do("name", id="kitchen", name="Cook room", names={"ru": "Кухня"})
    assert kept.home.area("kitchen").spoken_names("ru") == ["Кухня", "Cook room"]
    assert kept.home.entity("light.lamp").area == "kitchen"


EXPOSED = [
    ([("off", "")], False, {"kitchen": False, "hall": False}),
    ([("off", "guests")], {"except": ["guests"]}, {"kitchen": True, "guests": False}),
    ([("off", "guests"), ("off", "hall")], {"except": ["guests", "hall"]}, {"hall": False, "kitchen": True}),
    ([("off", "guests"), ("on", "guests")], True, {"guests": True}),
    ([("off", ""), ("on", "guests")], {"sites": ["guests"]}, {"guests": True, "kitchen": False}),
    ([("off", ""), ("on", "guests"), ("off", "guests")], False, {"guests": False}),
    ([("on", "guests")], True, {"kitchen": True}),
]


@pytest.mark.parametrize(("orders", "written", "spoken"), EXPOSED)
async def test_where_it_can_be_spoken_of(kept, orders, written, spoken):
    await kept.lamp()
    for expose, site in orders:
        await kept.do("expose", id="light.lamp", expose=expose == "on", site=site)
    lamp = kept.home.entity("light.lamp")
    assert {site: lamp.spoken_at(site) for site in spoken} == spoken
    (entry,) = kept.home.settings.entities
    assert (
        entry.expose == written
        if isinstance(written, bool)
        else entry.expose.at("guests") == spoken.get("guests", False)
    )


async def test_an_unknown_site_is_said(kept):
    await kept.lamp()
    done = await kept.do("expose", id="light.lamp", expose=False, site="kichen")
    assert done.note == "there is no site 'kichen' now (did you mean kitchen?)"


async def test_what_is_named_is_exposed_no_more_than_before(kept):
    await kept.announce("sensor/s", {"name": "Signal", "stat_t": "s", "ent_cat": "diagnostic"})
    await kept.do("name", id="sensor.signal", name="Strength")
    assert kept.home.entity("sensor.signal").expose is False
    await kept.do("expose", id="sensor.signal", expose=True)
    assert kept.home.entity("sensor.signal").expose is True


WRONG = [
    ("name", {"id": "light.lmp", "name": "x"}, "there is no entity or device or area or floor 'light.lmp' (did you mean light.lamp?)"),
    ("name", {"id": "light.lamp"}, "home.name needs a name"),
    ("alias", {"id": "light.lamp", "alias": " "}, "home.alias needs a name"),
    ("place", {"id": "light.lamp", "area": "kichen"}, "there is no area 'kichen' (did you mean kitchen?)"),
    ("place", {"id": "Lmp", "area": "kitchen"}, "there is no entity or device 'Lmp' (did you mean Lamp?)"),
    ("place", {"id": "Twin", "area": "kitchen"}, "'Twin' is the name of light.twin and light.twin_2: say which, by its id"),
    ("expose", {"id": "kitchen", "expose": True}, "there is no entity 'kitchen'"),
    ("add_area", {"name": "Kitchen"}, "the area 'kitchen' is there already"),
    ("add_area", {"name": "!"}, "'!' holds no letter"),
    ("add_area", {"name": "Attic", "floor": "grund"}, "there is no floor 'grund' (did you mean ground?)"),
    ("list", {"area": "attic"}, "there is no area 'attic'"),
    ("list", {"domain": "lihgt"}, "there is no entity of the domain 'lihgt' (did you mean light?)"),
    ("clear_ghosts", {}, "home.clear_ghosts needs ids, or all: true"),
    ("clear_ghosts", {"ids": ["Lamb"]}, "there is no ghost 'Lamb' (did you mean Lamp?)"),
]  # fmt: skip


@pytest.mark.parametrize(("action", "data", "text"), WRONG)
async def test_what_is_refused_and_changes_nothing(kept, action, data, text):
    await write(kept, AREAS)
    await kept.lamp()
    await kept.lamp("Twin", None, "t1")
    await kept.lamp("Twin", None, "t2")
    with pytest.raises(ActionDataError) as caught:
        await kept.do(action, **data)
    assert str(caught.value) == text
    assert kept.file.read_text() == AREAS


async def test_a_file_that_is_broken_is_left_alone(kept):
    await kept.lamp()
    kept.file.write_text("areas: [\n")
    with pytest.raises(ActionFailedError, match=r"^home.yaml is not valid YAML \(line 2\): mend it first$"):
        await kept.do("add_area", name="Attic")
    assert kept.file.read_text() == "areas: [\n"


async def test_the_list(kept):
    await write(kept, AREAS)
    await kept.lamp()
    await kept.announce("sensor/t", {"name": "Outside", "stat_t": "t", "dev_cla": "temperature", "unit_of_meas": "°C"})
    kept.hear("t", "21")
    house = await kept.do("list", language="ru")
    assert [(area.id, area.name, area.floor, area.proposed) for area in house.areas] == [
        ("kitchen", "Кухня", "ground", False),
        ("bedroom", "Bedroom", None, False),
    ]
    assert [(e.id, e.area, e.state, e.unit, e.exposed) for e in house.entities] == [
        ("light.lamp", "kitchen", "unknown", None, True),
        ("sensor.outside", None, "21", "°C", True),
    ]
    assert [device.name for device in house.devices] == ["Lamp"]
    assert [e.id for e in (await kept.do("list", area="Кухня")).entities] == ["light.lamp"]
    assert [e.id for e in (await kept.do("list", domain="sensor")).entities] == ["sensor.outside"]


async def test_what_nothing_answers_to(kept):
    await write(kept, "devices: [{id: 0xgone}, {id: 0xlamp}]\nentities: [{id: light.gone}, {id: light.lamp}]\n")
    await kept.lamp()
    assert await kept.do("tidy") == ["light.gone", "0xgone"]
