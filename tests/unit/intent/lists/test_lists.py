"""Lists: entities, Home Assistant's actions on them, and a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from arvisd.core.actions import Target
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.storage.database import Database
from tests.simulators.clock import FakeClock
from tests.simulators.house import TestHouse

SHOPPING = Target(entity_id="todo.shopping_list")


async def test_actions_with_home_assistants_names(empty_house: TestHouse) -> None:
    empty_house.keep()
    call = empty_house.hub.actions.call
    await call("todo.add_item", {"item": "milk", "due_date": "2026-01-06"}, SHOPPING)
    await call("todo.add_item", {"item": "bread"}, SHOPPING)
    await call("todo.update_item", {"item": "milk", "status": "completed", "rename": "oat milk"}, SHOPPING)
    state = empty_house.hub.states.get("todo.shopping_list")
    assert state is not None
    assert state.state == "1"
    assert [(i["summary"], i["status"]) for i in state.attributes["items"]] == [
        ("oat milk", "completed"),
        ("bread", "needs_action"),
    ]
    result = await call("todo.get_items", {"status": ["completed"]}, SHOPPING)
    assert [(i["summary"], i["due"]) for i in result["todo.shopping_list"]["items"]] == [("oat milk", "2026-01-06")]
    await call("todo.remove_completed_items", None, SHOPPING)
    await call("todo.remove_item", {"item": ["bread"]}, SHOPPING)
    assert empty_house.state("todo.shopping_list") == "0"


@pytest.mark.parametrize(
    ("action", "data", "target", "message"),
    [
        ("todo.add_item", {"item": "a"}, Target(), "todo.add_item needs a target: the entity_id of a list, todo.shopping_list"),
        ("todo.add_item", {"item": "a"}, Target(entity_id="todo.x"), "there is no list 'todo.x'; there are todo.shopping_list"),
        ("todo.remove_item", {"item": "a"}, SHOPPING, "todo.remove_item: there is no 'a' on todo.shopping_list"),
        ("todo.delete_list", None, SHOPPING, "todo.shopping_list is always there: remove its items instead"),
    ],
)  # fmt: skip
async def test_errors(empty_house: TestHouse, action: str, data: object, target: Target, message: str) -> None:
    empty_house.keep()
    with pytest.raises(ActionDataError) as error:
        await empty_house.hub.actions.call(action, data, target)
    assert str(error.value) == message


async def test_lists_outlive_a_restart(tmp_path: Path, clock: FakeClock) -> None:
    database = Database(tmp_path / "a.db").open()
    async with Owner("first") as owner:
        house = TestHouse(Hub(clock), owner)
        house.keep(database)
        await house.say("создай список дача")
        await house.say("добавь лопату и грабли в список дача")
        await house.say("add milk to the shopping list")
    async with Owner("second") as owner:
        house = TestHouse(Hub(clock), owner)
        house.keep(database)
        assert house.state("todo.shopping_list") == "1"
        assert (await house.say("что в списке дача")).reply == "Дача: лопата и грабли"
    database.close()
