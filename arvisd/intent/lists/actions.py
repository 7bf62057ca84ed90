"""The actions of lists, with the names and fields of Home Assistant's: `todo.add_item` and its like."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from arvisd.core.actions import Action, ActionCall, NoData
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.targets import as_list
from arvisd.intent.lists.lists import DONE, OPEN, SHOPPING, Item, TodoLists

Status = Literal["needs_action", "completed"]


class AddItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `todo.add_item`."""

    item: str
    """What to put on the list."""
    due_date: str | None = None
    due_datetime: str | None = None
    description: str | None = None


class UpdateItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `todo.update_item`."""

    item: str
    """Its text or its uid."""
    rename: str | None = None
    status: Status | None = None
    due_date: str | None = None
    due_datetime: str | None = None
    description: str | None = None


class RemoveItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `todo.remove_item`."""

    item: str | list[str]
    """Texts or uids."""


class GetItems(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `todo.get_items`."""

    status: Status | list[Status] = "needs_action"
    """Which items; by default the open ones."""


class ListName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `todo.create_list`."""

    name: str


class ShoppingItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `shopping_list.add_item` and its like."""

    name: str


def offer_actions(hub: Hub, lists: TodoLists, owner: Owner) -> None:
    """Register the actions until the owner stops."""

    def targets(call: ActionCall) -> list[str]:
        found = as_list(call.target.entity_id)
        if not found:
            raise ActionDataError(f"{call.name} needs a target: the entity_id of a list, {SHOPPING}")
        return lists.ids() if found == ["all"] else found

    def item_of(call: ActionCall, list_: str, said: str) -> Item:
        item = lists.find(list_, said)
        if item is None:
            raise ActionDataError(f"{call.name}: there is no {said!r} on {list_}")
        return item

    def add(call: ActionCall) -> None:
        data: AddItem = call.data
        due = data.due_datetime or data.due_date
        for list_ in targets(call):
            lists.add(list_, data.item.strip(), call.context, due=due, description=data.description)

    def update(call: ActionCall) -> None:
        data: UpdateItem = call.data
        for list_ in targets(call):
            item = item_of(call, list_, data.item)
            changes: dict[str, Any] = {
                "summary": data.rename,
                "status": data.status,
                "due": data.due_datetime or data.due_date,
                "description": data.description,
            }
            changed = {key: value for key, value in changes.items() if value is not None}
            lists.update(list_, msgspec.structs.replace(item, **changed), call.context)

    def remove(call: ActionCall) -> None:
        said = [call.data.item] if isinstance(call.data.item, str) else call.data.item
        for list_ in targets(call):
            lists.remove(list_, [item_of(call, list_, one).uid for one in said], call.context)

    def remove_completed(call: ActionCall) -> None:
        for list_ in targets(call):
            lists.remove(list_, [item.uid for item in lists.items(list_, DONE)], call.context)

    def get(call: ActionCall) -> dict[str, Any]:
        wanted = [call.data.status] if isinstance(call.data.status, str) else call.data.status
        return {
            list_: {
                "items": [
                    msgspec.to_builtins(item) | {"status": item.status}
                    for item in lists.items(list_)
                    if item.status in wanted
                ]
            }
            for list_ in targets(call)
        }

    def create(call: ActionCall) -> dict[str, str]:
        return {"entity_id": lists.create(call.data.name.strip(), call.context)}

    def delete(call: ActionCall) -> None:
        for list_ in targets(call):
            lists.delete(list_)

    def shop(call: ActionCall) -> None:
        lists.add(SHOPPING, call.data.name.strip(), call.context)

    def shopped(call: ActionCall) -> None:
        item = item_of(call, SHOPPING, call.data.name)
        if call.name.endswith("remove_item"):
            lists.remove(SHOPPING, [item.uid], call.context)
        else:
            status = DONE if call.name.endswith(".complete_item") else OPEN
            lists.update(SHOPPING, msgspec.structs.replace(item, status=status), call.context)

    for name, schema, handler, text in (
        ("todo.add_item", AddItem, add, "Puts something on a list."),
        (
            "todo.update_item",
            UpdateItem,
            update,
            "Changes an item of a list: its text, whether it is done, when it is due.",
        ),
        ("todo.remove_item", RemoveItem, remove, "Takes items off a list."),
        ("todo.remove_completed_items", NoData, remove_completed, "Takes all that is done off a list."),
        ("todo.get_items", GetItems, get, "Returns the items of lists."),
        ("todo.create_list", ListName, create, "Makes a new list."),
        ("todo.delete_list", NoData, delete, "Takes a list away with all that is on it."),
        ("shopping_list.add_item", ShoppingItem, shop, "Puts something on the shopping list."),
        ("shopping_list.remove_item", ShoppingItem, shopped, "Takes something off the shopping list."),
        ("shopping_list.complete_item", ShoppingItem, shopped, "Checks something off the shopping list."),
        ("shopping_list.incomplete_item", ShoppingItem, shopped, "Takes back that something was checked off."),
    ):
        hub.actions.register(Action(name, schema, text, sync_handler=handler), owner)
