"""All lists of a house: entities `todo.<name>` whose state is how many items are open, kept over restarts."""

from __future__ import annotations

import logging
from typing import Any

import msgspec

from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.core.ids import new_id
from arvisd.core.owner import Owner
from arvisd.core.slug import slug
from arvisd.home.entity import Entity
from arvisd.home.registry import HomeRegistry
from arvisd.intent.normalization import normalize
from arvisd.intent.russian import case_forms
from arvisd.storage.database import Database
from arvisd.storage.errors import StorageError

_LOGGER = logging.getLogger(__name__)

TABLES = (
    """
    CREATE TABLE todo_lists (id TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE todo_items (uid TEXT PRIMARY KEY, list TEXT NOT NULL, item BLOB NOT NULL);
    """,
)

SHOPPING = "todo.shopping_list"
"""The list that is always there."""
MOST = 500
"""Items of one list; a retained message of MQTT holds them."""

OPEN, DONE = "needs_action", "completed"


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing on a list, as Home Assistant names its parts."""

    uid: str
    summary: str
    status: str = OPEN
    due: str | None = None
    description: str | None = None


class TodoLists:
    """Every list, and its items in the order in which they came."""

    def __init__(self, hub: Hub, home: HomeRegistry, database: Database) -> None:
        self._hub = hub
        self._home = home
        self._database = database
        self._names: dict[str, str] = {}
        self._items: dict[str, dict[str, Item]] = {}
        self._entities: dict[str, Owner] = {}

    def start(self, owner: Owner) -> None:
        """Show the lists of before, and the shopping list."""
        self._database.prepare("todo", TABLES)
        self._owner = owner
        self._add(SHOPPING, "")
        for id_, name in self._database.read("SELECT id, name FROM todo_lists"):
            self._add(id_, name)
        for list_, kept in self._database.read("SELECT list, item FROM todo_items ORDER BY rowid"):
            if list_ in self._items:
                item = msgspec.json.decode(kept, type=Item)
                self._items[list_][item.uid] = item
        for id_ in self._items:
            self._show(id_, None)

    def ids(self) -> list[str]:
        """Return the entity ids of all lists."""
        return list(self._items)

    def items(self, list_: str, status: str | None = None) -> list[Item]:
        """Return the items of a list, or those of a status; raise ActionDataError where there is no such list."""
        return [item for item in self._list(list_).values() if status is None or item.status == status]

    def create(self, name: str, context: Context) -> str:
        """Make a list; return its entity id; raise ActionDataError where there is one of that name."""
        object_id = slug(name)
        if not object_id:
            raise ActionDataError(f"a list cannot be called {name!r}: use letters")
        id_ = f"todo.{object_id}"
        if id_ in self._items:
            raise ActionDataError(f"there is already a list {name!r}: {id_}")
        self._write("INSERT INTO todo_lists VALUES (?, ?)", (id_, name))
        self._add(id_, name)
        self._show(id_, context)
        return id_

    def delete(self, list_: str) -> None:
        """Take a list away with all that is on it; the shopping list stays."""
        self._list(list_)
        if list_ == SHOPPING:
            raise ActionDataError(f"{SHOPPING} is always there: remove its items instead")
        self._write("DELETE FROM todo_items WHERE list = ?", (list_,))
        self._write("DELETE FROM todo_lists WHERE id = ?", (list_,))
        del self._items[list_]
        self._entities.pop(list_).release()
        self._hub.states.remove(list_)

    def add(self, list_: str, summary: str, context: Context | None, **more: str | None) -> Item:
        """Put something on a list; what is on it already and open is not put there twice."""
        items = self._list(list_)
        known = self.find(list_, summary, OPEN)
        if known is not None and not any(more.values()):
            return known
        if len(items) >= MOST:
            raise ActionDataError(f"{list_} holds {MOST} items already: remove some")
        item = Item(new_id(), summary, OPEN, more.get("due"), more.get("description"))
        self._keep(list_, item, context)
        return item

    def update(self, list_: str, item: Item, context: Context | None) -> None:
        """Put a changed item in the place of the one of its uid."""
        self._keep(list_, item, context)

    def remove(self, list_: str, uids: list[str], context: Context | None) -> None:
        """Take items off a list."""
        items = self._list(list_)
        for uid in uids:
            if items.pop(uid, None) is not None:
                self._write("DELETE FROM todo_items WHERE uid = ?", (uid,))
        self._show(list_, context)

    def find(self, list_: str, said: str, status: str | None = None) -> Item | None:
        """Return the item of a uid or a text, in any Russian case; an open one first."""
        items = self.items(list_, status)
        exact = next((item for item in items if said in (item.uid, item.summary)), None)
        if exact is not None:
            return exact
        wanted = _forms(said)
        found = [item for item in items if not wanted.isdisjoint(_forms(item.summary))]
        return next((item for item in found if item.status == OPEN), found[0] if found else None)

    def _list(self, list_: str) -> dict[str, Item]:
        if list_ not in self._items:
            raise ActionDataError(f"there is no list {list_!r}; there are {', '.join(self._items)}")
        return self._items[list_]

    def _add(self, id_: str, name: str) -> None:
        self._items[id_] = {}
        entity_owner = self._entities[id_] = Owner(id_)
        if id_ == SHOPPING:
            entity = Entity(
                id=id_,
                names={"en": "Shopping list", "ru": "Список покупок"},
                aliases=["shopping", "groceries", "покупки"],
            )
        else:
            entity = Entity(id=id_, name=name)
        self._home.add_entity(entity, entity_owner)
        self._owner.on_stop(entity_owner.release)

    def _keep(self, list_: str, item: Item, context: Context | None) -> None:
        self._list(list_)[item.uid] = item
        self._write(
            "INSERT INTO todo_items VALUES (?, ?, ?) ON CONFLICT(uid) DO UPDATE SET item = excluded.item",
            (item.uid, list_, msgspec.json.encode(item)),
        )
        self._show(list_, context)

    def _show(self, list_: str, context: Context | None) -> None:
        items = list(self._items[list_].values())
        entity = self._home.entity(list_)
        attributes: dict[str, Any] = {
            "friendly_name": entity.name_in(self._hub.language) if entity is not None else list_,
            "items": [msgspec.to_builtins(item) | {"status": item.status} for item in items],
        }
        self._hub.states.set(list_, str(sum(item.status == OPEN for item in items)), attributes, context)

    def _write(self, sql: str, values: tuple[Any, ...]) -> None:
        try:
            self._database.write(sql, values)
        except StorageError as error:
            _LOGGER.warning("a list will not be as it is now after a restart: %s", error)


def _forms(text: str) -> frozenset[str]:
    russian = any("а" <= letter <= "я" for letter in text.lower())
    plain = normalize(text, "ru" if russian else "en")
    for article in ("the ", "some ", "a "):
        plain = plain.removeprefix(article)
    return frozenset({plain, *case_forms(plain)} if russian else {plain, plain.removesuffix("s")})
