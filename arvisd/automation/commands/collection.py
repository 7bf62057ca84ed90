"""All commands of a house: made from their sections, kept in step with them, offered as actions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from arvisd.automation.builder import Builder, Library
from arvisd.automation.commands import notify, rest, shell
from arvisd.automation.commands.kind import CommandItem, CommandKind, CommandPlace, House
from arvisd.automation.errors import InvalidError
from arvisd.automation.reload import same_content
from arvisd.config.document import Broken
from arvisd.config.problems import Problem, error
from arvisd.core.actions import Action
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner

KINDS: tuple[CommandKind, ...] = (shell.KIND, rest.KIND, notify.KIND)
SECTIONS: tuple[str, ...] = tuple(kind.section for kind in KINDS)
"""The top-level keys that commands are written under."""


class _Offered:
    """One command at work."""

    __slots__ = ("house", "node", "owner", "problems", "section")

    def __init__(self, section: str, node: Any, house: House, owner: Owner, problems: list[Problem]) -> None:
        self.section = section
        self.node = node
        self.house = house
        self.owner = owner
        self.problems = problems


class Commands:
    """The commands of one daemon; calls that go on are not touched by a reload."""

    def __init__(self, hub: Hub, library: Library, owner: Owner) -> None:
        self._hub = hub
        self._library = library
        self._offered: dict[str, _Offered] = {}
        """By the action's name, in the order of the sections."""
        owner.on_stop(self._stop)

    def names(self, section: str) -> list[str]:
        """Return the names of the actions of one section, in their order."""
        return [name for name, offered in self._offered.items() if offered.section == section]

    def load(self, sections: Mapping[str, Any], house: House, broken: Collection[str] = ()) -> list[Problem]:
        """Take the sections as they are now; return all that is wrong with them.

        Args:
            sections: the top-level keys of the configuration.
            house: what commands may do here.
            broken: sections of which something could not be read: nothing of them counts as gone.
        """
        problems: list[Problem] = []
        before, self._offered = self._offered, {}
        for kind, item in read_items(sections, problems, house):
            name = f"{kind.section}.{item.name}"
            known = before.get(name)
            if known is not None and known.house == house and same_content(known.node, item.node):
                self._offered[name] = before.pop(name)
                continue
            place = CommandPlace(kind.section, item, Builder(self._library), self._hub, house)
            action = made(kind, place, problems)
            if action is None:
                if known is not None:  # the last good version goes on
                    self._offered[name] = before.pop(name)
                continue
            if known is not None:
                before.pop(name).owner.release()
            owner = Owner(name)
            try:
                self._hub.actions.register(action, owner)
            except ValueError as taken:
                problems.append(error(item.mark, str(taken)))
                continue
            self._offered[name] = _Offered(kind.section, item.node, house, owner, place.warnings)
        for name, gone in before.items():
            if gone.section in broken:
                self._offered[name] = gone
            else:
                gone.owner.release()
        return [*problems, *(problem for offered in self._offered.values() for problem in offered.problems)]

    def _stop(self) -> None:
        for offered in self._offered.values():
            offered.owner.release()
        self._offered = {}


def read_items(
    sections: Mapping[str, Any], problems: list[Problem], house: House
) -> Iterable[tuple[CommandKind, CommandItem]]:
    """Give every command; what is wrong, and a name that is there twice, goes to `problems`."""
    for kind in KINDS:
        node = sections.get(kind.section)
        if node is None or isinstance(node, Broken):
            continue
        seen: dict[str, CommandItem] = {}
        for item in kind.read(node, sections, problems):
            if item.name in seen:
                problems.append(error(item.mark, f"{kind.section}.{item.name} is already in {seen[item.name].mark}"))
                continue
            seen[item.name] = item
            yield kind, item
        if (notice := kind.notice(list(seen.values()), house)) is not None:
            problems.append(notice)


def made(kind: CommandKind, place: CommandPlace, problems: list[Problem]) -> Action | None:
    """Return the action of a command, None where it is invalid."""
    try:
        return kind.make(place)
    except InvalidError as failure:
        problems += failure.problems
        return None
