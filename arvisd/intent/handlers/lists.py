"""The intents of lists: put on, check off, take off, read, empty, make a new one."""

from __future__ import annotations

import re

import msgspec

from arvisd.core.errors import ActionDataError
from arvisd.intent.handlers.base import Command, Done, Handler, Refusal
from arvisd.intent.handlers.house import House
from arvisd.intent.lists.lists import DONE, OPEN, SHOPPING, TodoLists

_ENDINGS = {"ую": "ая", "юю": "яя", "у": "а", "ю": "я"}
_FEMININE = re.compile("(?<=[а-яё]{2})(?:ую|юю|у|ю)$")
"""The accusative of feminine words in -а and -я, and of the adjectives before them."""
_LIKE_ITSELF = {word: word for word in ("рагу", "меню", "тофу", "кешью", "желе", "киноа", "фондю", "какаду")}
"""Words that end so and have no cases."""

_JOINTS = {
    "en": re.compile(r"\s*(?:,\s*and\b|,|\band\b)\s*", re.IGNORECASE),
    "ru": re.compile(r"\s*(?:,\s*(?:а также|и)(?!\w)|,|(?<!\w)(?:а также|и)(?!\w))\s*", re.IGNORECASE),
}


def handlers(house: House, lists: TodoLists) -> dict[str, Handler]:
    """Return the handlers of the family."""

    def which(command: Command) -> str:
        """Return the list that is meant: that of the name, else the shopping list."""
        if command.recognition.name is None:
            return SHOPPING
        found = house.named(command).id
        if found not in lists.ids():
            raise Refusal("cannot", {"names": [house.named(command).name_in(command.language)]})
        return found

    def answer(command: Command, list_: str, items: list[str]) -> dict[str, object]:
        entity = house.home.entity(list_)
        return {
            "items": items,
            "name": entity.name_in(command.language) if entity is not None else list_,
            "entities": [entity] if entity is not None and command.recognition.name is not None else [],
        }

    async def add(command: Command) -> Done:
        list_ = which(command)
        items = _items(command)
        try:
            for item in items:
                lists.add(list_, item, command.utterance.context)
        except ActionDataError:
            raise Refusal("too_long_list", answer(command, list_, items)) from None
        return Done("default", answer(command, list_, items), ["todo.add_item"])

    def known(command: Command, list_: str) -> list[str]:
        """Return the uids of the open items that are said; raise Refusal where one is not on the list."""
        said = _items(command)
        found = [(one, lists.find(list_, one, OPEN)) for one in said]
        missing = [one for one, item in found if item is None]
        if missing:
            raise Refusal("no_such_item", answer(command, list_, missing))
        return [item.uid for _, item in found if item is not None]

    async def complete(command: Command) -> Done:
        list_ = which(command)
        done = []
        for uid in known(command, list_):
            item = next(item for item in lists.items(list_) if item.uid == uid)
            lists.update(list_, msgspec.structs.replace(item, status=DONE), command.utterance.context)
            done.append(item.summary)
        return Done("default", answer(command, list_, done), ["todo.update_item"])

    async def remove(command: Command) -> Done:
        list_ = which(command)
        uids = known(command, list_)
        names = [item.summary for item in lists.items(list_) if item.uid in uids]
        lists.remove(list_, uids, command.utterance.context)
        return Done("default", answer(command, list_, names), ["todo.remove_item"])

    async def show(command: Command) -> Done:
        list_ = which(command)
        return Done("default", answer(command, list_, [item.summary for item in lists.items(list_, OPEN)]))

    async def clear(command: Command) -> Done:
        list_ = which(command)
        lists.remove(list_, [item.uid for item in lists.items(list_)], command.utterance.context)
        return Done("default", answer(command, list_, []), ["todo.remove_item"])

    async def create(command: Command) -> Done:
        name = str(command.recognition.value("list_name")).strip()
        try:
            made = lists.create(name[:1].upper() + name[1:], command.utterance.context)
        except ActionDataError:
            raise Refusal("list_there", {"name": name}) from None
        return Done("default", answer(command, made, []), ["todo.create_list"])

    return {
        "HassShoppingListAddItem": add,
        "HassListAddItem": add,
        "HassShoppingListCompleteItem": complete,
        "HassListCompleteItem": complete,
        "HassListRemoveItem": remove,
        "ShowList": show,
        "ClearList": clear,
        "CreateList": create,
    }


def _items(command: Command) -> list[str]:
    """Return the things that are said, each for itself: "milk, bread and butter"."""
    said = _as_written(str(command.recognition.value("item") or "").strip(), command.utterance.text)
    joints = _JOINTS.get(command.language)
    parts = joints.split(said) if joints is not None else [said]
    things = [part.strip() for part in parts if part and part.strip()] or [said]
    return list(dict.fromkeys(_nominative(thing) if command.language == "ru" else thing for thing in things))


def _as_written(said: str, text: str) -> str:
    """Return what was said as it was written, with its capitals and commas."""
    words = said.split()
    found = re.search(r"[\s,;]+".join(map(re.escape, words)), text, re.IGNORECASE) if words else None
    return found.group() if found is not None else said


def _nominative(thing: str) -> str:
    """Return "красную рыбу" as it stands on a list: "красная рыба"; other accusatives are as they were."""
    words = thing.split()
    return " ".join(
        _LIKE_ITSELF.get(word.lower()) or _FEMININE.sub(lambda m: _ENDINGS[m.group()], word) for word in words
    )
