"""The house's registry, and what the user says of it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.entity import Entity
from arvisd.home.registry import HomeRegistry
from arvisd.home.settings import Area, HomeSettings

WRONG = [
    ({"areas": [{"id": "a"}, {"id": "a"}]}, "the area 'a' is there twice"),
    ({"entities": [{"id": "light.a"}, {"id": "light.a"}]}, "the entity 'light.a' is there twice"),
    ({"areas": [{"id": "a", "floor": "up"}]}, "the area 'a' names a floor 'up' that is not among the floors"),
    (
        {"areas": [{"id": "a"}], "entities": [{"id": "light.a", "area": "b"}]},
        "the entity 'light.a' names an area 'b' that is not among the areas",
    ),
    (
        {"entities": [{"id": "light.a", "labels": ["x"]}]},
        "the entity 'light.a' names a label 'x' that is not among the labels",
    ),
    ({"areas": [{"id": "Living Room"}]}, "Expected `str` matching regex '^[a-z0-9_]+$' - at `$.areas[0].id`"),
    ({"areas": [{"name": "Kitchen"}]}, "Object missing required field `id` - at `$.areas[0]`"),
    ({"rooms": []}, "Object contains unknown field `rooms`"),
]


@pytest.mark.parametrize(("section", "message"), WRONG)
def test_what_is_wrong_in_the_section(section: dict[str, Any], message: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(section, HomeSettings)
    assert message in str(caught.value)


def test_an_absent_section_is_an_empty_house() -> None:
    assert msgspec.convert({}, HomeSettings) == HomeSettings()


def test_names_by_language() -> None:
    area = Area(id="kitchen", name="Küche", names={"en": "Kitchen", "ru": "Кухня"}, aliases=["cookhouse", "кухонька"])
    assert area.spoken_names("en") == ["Kitchen", "Küche", "cookhouse"]
    assert area.spoken_names("ru") == ["Кухня", "Küche", "cookhouse", "кухонька"]
    assert area.name_in("de") == "Küche"
    assert Area(id="a", names={"ru": "Зал"}).spoken_names("en") == ["Зал"]
    assert Entity(id="light.play_corner").spoken_names("en") == ["play corner"]
    assert Entity(id="light.play_corner").name_in("ru") == "play corner"


def test_entities_and_their_states_go_with_their_owner(hub: Hub) -> None:
    home = HomeRegistry(hub.states)
    first, second = Owner("first"), Owner("second")
    home.add_entity(Entity(id="light.a"), first)
    home.add_entity(Entity(id="light.b"), second)
    hub.states.set("light.a", "on")
    with pytest.raises(ValueError, match="the entity light.a is already offered by first"):
        home.add_entity(Entity(id="light.a"), second)
    first.release()
    assert [entity.id for entity in home.entities()] == ["light.b"]
    assert hub.states.get("light.a") is None


def test_only_the_owner_may_change_or_remove(hub: Hub) -> None:
    home = HomeRegistry(hub.states)
    mine, other = Owner("mine"), Owner("other")
    home.add_entity(Entity(id="light.a", name="A"), mine)
    home.remove_entity("light.a", other)
    with pytest.raises(ValueError, match="the entity light.a is not offered by other"):
        home.update_entity(Entity(id="light.a", name="B"), other)
    home.update_entity(Entity(id="light.a", name="C"), mine)
    found = home.entity("light.a")
    assert found is not None
    assert found.name == "C"


def test_what_the_user_says_wins_and_may_come_first(hub: Hub) -> None:
    said = msgspec.convert(
        {"entities": [{"id": "light.a", "name": "Moon", "aliases": ["star"], "area": "attic", "expose": False}]},
        HomeSettings,
    )
    home = HomeRegistry(hub.states, said)
    assert home.entities() == []
    home.add_entity(Entity(id="light.a", names={"en": "Lamp"}, aliases=["light"], area="cellar"), Owner("mine"))
    found = home.entity("light.a")
    assert found is not None
    assert (found.spoken_names("en"), found.area, found.expose) == (["Moon", "light", "star"], "attic", False)
    home.configure(HomeSettings())
    found = home.entity("light.a")
    assert found is not None
    assert (found.spoken_names("en"), found.area, found.expose) == (["Lamp", "light"], "cellar", True)


def test_proposed_areas_give_way_to_the_users(hub: Hub) -> None:
    home = HomeRegistry(hub.states)
    owner = Owner("house")
    home.propose_area(Area(id="kitchen"), owner)
    assert [area.id for area in home.areas()] == ["kitchen"]
    home.configure(HomeSettings(areas=[Area(id="hall")]))
    assert [area.id for area in home.areas()] == ["hall"]
    home.configure(HomeSettings())
    owner.release()
    assert home.areas() == []


def test_watchers_are_told_of_changes_and_only_of_changes(hub: Hub) -> None:
    home = HomeRegistry(hub.states)
    owner, watcher = Owner("owner"), Owner("watcher")
    versions: list[int] = []
    home.watch(lambda: versions.append(home.version), watcher)
    home.add_entity(Entity(id="light.a"), owner)
    home.configure(HomeSettings())  # as before
    home.configure(HomeSettings(areas=[Area(id="a")]))
    owner.release()
    assert versions == [1, 2, 3]
    watcher.release()
    home.configure(HomeSettings())
    assert versions == [1, 2, 3]
