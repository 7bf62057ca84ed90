"""The contract of a section whose items become actions: `shell_command`, `rest_command`, `notify`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from arvisd.automation.builder import Builder
from arvisd.automation.part import Part
from arvisd.config.nodes import Mark, key_mark_of
from arvisd.config.problems import Problem
from arvisd.core.actions import Action, ActionCall
from arvisd.core.hub import Hub


class AnyData(msgspec.Struct, frozen=True):
    """Data of an action that takes whatever its templates use."""


class CommandItem(NamedTuple):
    """One item of a section."""

    name: str
    """Second part of the action's name."""
    node: Any
    container: Any
    key: Any

    @property
    def mark(self) -> Mark:
        """Where it is written."""
        return key_mark_of(self.container, self.key)


class House(msgspec.Struct, frozen=True):
    """What commands may do here."""

    folder: Path
    """The configuration folder: programs begin in it."""
    programs: bool = False
    """Whether programs may be run."""
    outside: bool = False
    """Whether what is sent may leave the house."""


class CommandPlace:
    """What a command is made with."""

    __slots__ = ("_builder", "house", "hub", "item", "section", "warnings")

    def __init__(self, section: str, item: CommandItem, builder: Builder, hub: Hub, house: House) -> None:
        self.section = section
        self.item = item
        self.hub = hub
        self.house = house
        self.warnings: list[Problem] = []
        """What does not keep it from being offered."""
        self._builder = builder

    @property
    def action(self) -> str:
        """Name of the action."""
        return f"{self.section}.{self.item.name}"

    @property
    def builder(self) -> Builder:
        """Makes templates, each with its place."""
        return self._builder

    def part(self) -> Part:
        """Return the item, a mapping, as a part that gives its values."""
        return Part(self._builder, self.item.node, self.action, self.action)


class CommandKind(NamedTuple):
    """One section."""

    section: str
    """Its name, and the domain of its actions."""
    read: Callable[[Any, Any, list[Problem]], Iterable[CommandItem]]
    """Gives its items from the section's node and what holds it; adds what is wrong to the problems."""
    make: Callable[[CommandPlace], Action]
    """Makes the action of an item; raises InvalidError."""
    notice: Callable[[list[CommandItem], House], Problem | None] = lambda items, house: None
    """Says what holds for all items."""


def variables_of(call: ActionCall) -> dict[str, Any]:
    """Return what templates of a command see: the call's data, and its target as Home Assistant hands it on."""
    data = call.data if isinstance(call.data, Mapping) else {}
    target = {key: value for key, value in msgspec.structs.asdict(call.target).items() if value}
    return {**data, **target}
