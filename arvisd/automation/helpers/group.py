"""Helper `group`: several entities as one, on where any of them is, or all."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from arvisd.automation.entities import entity_ids
from arvisd.automation.helpers.entity import HelperEntity
from arvisd.automation.helpers.kind import HelperAction, HelperKind, HelperSettings, Place, Saved
from arvisd.automation.helpers.membership_states import group_state
from arvisd.config.validate import ONE_OR_MANY
from arvisd.core.bus import Message
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError
from arvisd.core.owner import Owner


class GroupSettings(HelperSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of `group:`; a list of entities alone is short for `entities`."""

    entities: Annotated[list[str], ONE_OR_MANY] = msgspec.field(default_factory=list)
    """The members, a list or a text with commas."""
    all: bool = False
    """On only where all members are."""


class SetGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `group.set`; until the next start or the next change of its settings."""

    entities: str | list[str] | None = None
    """These instead."""
    add_entities: str | list[str] | None = None
    """These too."""
    remove_entities: str | list[str] | None = None
    """Without these."""
    all: bool | None = None


class Group(HelperEntity[GroupSettings]):
    """Listens to its members."""

    def __init__(self, settings: GroupSettings, place: Place) -> None:
        super().__init__(settings, place)
        self.members = member_ids(settings.entities)
        self._all = settings.all
        self._listening = Owner(f"members of {place.entity_id}")
        place.owner.on_stop(self._listening.release)
        if place.entity_id in self.members:
            raise ValueError("it cannot be a member of itself")

    def start(self, saved: Saved | None) -> None:
        """Look at the members now, and whenever one of them changes."""
        self._listen()
        self._show(None)

    def set(self, data: SetGroup, context: Context) -> None:
        """Take other members; raise ActionDataError for what is no id."""
        try:
            members = self.members if data.entities is None else member_ids(data.entities)
            added = [] if data.add_entities is None else member_ids(data.add_entities)
            removed = [] if data.remove_entities is None else member_ids(data.remove_entities)
        except ValueError as error:
            raise ActionDataError(f"{self.entity_id}: {error}") from None
        wanted = [member for member in dict.fromkeys([*members, *added]) if member not in removed]
        if self.entity_id in wanted:
            raise ActionDataError(f"{self.entity_id}: it cannot be a member of itself")
        self.members = wanted
        self._all = self._all if data.all is None else data.all
        self._listen()
        self._show(context)

    def _listen(self) -> None:
        self._listening.release()
        hub = self.place.hub
        for member in self.members:
            hub.bus.subscribe(hub.topics.state(member), self._changed, self._listening)

    def _changed(self, message: Message) -> None:
        _, old, new = self.place.hub.states.changes(message)
        if old is not None and new is not None and old.state == new.state:
            return
        self._show(new.context if new is not None else None)

    def _show(self, context: Context | None) -> None:
        states = self.place.hub.states
        value = group_state([(member, states.get(member)) for member in self.members], every=self._all)
        attributes: dict[str, Any] = {"entity_id": list(self.members)}
        if self._all:
            attributes["all"] = True
        self.write(value, attributes, context)


def member_ids(value: str | list[str]) -> list[str]:
    """Return the ids of one text or several, commas opened; raise ValueError for what is none."""
    texts = [value] if isinstance(value, str) else value
    parts = [part for text in texts for part in text.split(",") if part.strip()]
    return entity_ids(parts) if parts else []


def _set(helper: Group, data: SetGroup, context: Context) -> None:
    helper.set(data, context)


KIND: HelperKind[GroupSettings] = HelperKind(
    "group",
    GroupSettings,
    Group,
    (HelperAction("set", SetGroup, "Changes the members of groups.", _set, instant=True),),
    restored=False,
    shorthand="entities",
    loose=True,
    obsolete=("control", "view"),
)
