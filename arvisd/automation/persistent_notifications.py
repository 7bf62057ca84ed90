"""Notifications that stay until somebody dismisses them: entities `persistent_notification.<id>`, kept over restarts."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Annotated, Any

import msgspec

from arvisd.automation.templates.texts import slugify
from arvisd.core.actions import Action, ActionCall, NoData
from arvisd.core.context import Context
from arvisd.core.hub import Hub
from arvisd.core.ids import new_id
from arvisd.core.owner import Owner
from arvisd.storage.database import Database
from arvisd.storage.errors import StorageError

_LOGGER = logging.getLogger(__name__)

DOMAIN = "persistent_notification"
STATE = "notifying"
"""State of each: that it is there is what it says."""
MOST = 200
"""The oldest goes when there are more: an automation that names none in a loop must not fill the house."""
LONGEST = 10_000
"""Characters of a message; a retained message of MQTT holds it."""
MIGRATIONS = (
    """
    CREATE TABLE persistent_notifications (
        id TEXT PRIMARY KEY, title TEXT, message TEXT NOT NULL, created_at TEXT NOT NULL, entity_id TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
)

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class CreateData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `persistent_notification.create`."""

    message: Annotated[str, msgspec.Meta(max_length=LONGEST)]
    title: Annotated[str, msgspec.Meta(max_length=LONGEST)] | None = None
    notification_id: Id | None = None
    """Another one of this id is replaced; none: it is a new one."""


class DismissData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `persistent_notification.dismiss`."""

    notification_id: Id


class Notification(msgspec.Struct, frozen=True):
    """One of them."""

    id: str
    title: str | None
    message: str
    created_at: datetime
    entity_id: str

    def attributes(self) -> dict[str, Any]:
        """Return what its entity says of it."""
        return {
            "notification_id": self.id,
            "title": self.title,
            "message": self.message,
            "created_at": self.created_at.isoformat(),
            "friendly_name": self.title or self.id,
        }


class PersistentNotifications:
    """All notifications of one daemon, oldest first."""

    def __init__(self, hub: Hub, database: Database) -> None:
        self._hub = hub
        self._database = database
        self._all: dict[str, Notification] = {}

    def start(self, owner: Owner) -> None:
        """Show those of before, and offer the actions until the owner stops."""
        self._database.prepare(DOMAIN, MIGRATIONS)
        rows = self._database.read(
            "SELECT id, title, message, created_at, entity_id FROM persistent_notifications ORDER BY created_at"
        )
        for id_, title, message, created_at, entity_id in rows:
            self._show(Notification(id_, title, message, datetime.fromisoformat(created_at), entity_id), None)

        def create(call: ActionCall) -> dict[str, str]:
            data = call.data
            return {"notification_id": self.create(data.message, data.title, data.notification_id, call.context)}

        def dismiss(call: ActionCall) -> None:
            self.dismiss(call.data.notification_id)

        def dismiss_all(_: ActionCall) -> None:
            for id_ in list(self._all):
                self.dismiss(id_)

        for action in (
            Action(f"{DOMAIN}.create", CreateData, "Shows a notification until it is dismissed.", sync_handler=create),
            Action(f"{DOMAIN}.dismiss", DismissData, "Takes a notification away.", sync_handler=dismiss),
            Action(f"{DOMAIN}.dismiss_all", NoData, "Takes all notifications away.", sync_handler=dismiss_all),
        ):
            self._hub.actions.register(action, owner)

    def create(self, message: str, title: str | None, id_: str | None, context: Context | None = None) -> str:
        """Show one, in the place of another of its id; return its id."""
        id_ = id_ or new_id()
        before = self._all.pop(id_, None)
        entity_id = before.entity_id if before is not None else self._entity_id(id_)
        made = Notification(id_, title, message, self._hub.clock.now(), entity_id)
        self._write(
            "INSERT OR REPLACE INTO persistent_notifications (id, title, message, created_at, entity_id) "
            "VALUES (?, ?, ?, ?, ?)",
            (id_, title, message, made.created_at.isoformat(), entity_id),
        )
        self._show(made, context)
        while len(self._all) > MOST:
            self.dismiss(next(iter(self._all)))
        return id_

    def dismiss(self, id_: str) -> None:
        """Take one away; one that is not there is none."""
        gone = self._all.pop(id_, None)
        if gone is not None:
            self._write("DELETE FROM persistent_notifications WHERE id = ?", (id_,))
            self._hub.states.remove(gone.entity_id)

    def _show(self, notification: Notification, context: Context | None) -> None:
        self._all[notification.id] = notification
        self._hub.states.set(notification.entity_id, STATE, notification.attributes(), context)

    def _entity_id(self, id_: str) -> str:
        taken = {notification.entity_id for notification in self._all.values()}
        wanted = made = f"{DOMAIN}.{slugify(id_) or 'notification'}"
        number = 1
        while made in taken:
            number += 1
            made = f"{wanted}_{number}"
        return made

    def _write(self, sql: str, values: tuple[Any, ...]) -> None:
        try:
            self._database.write(sql, values)
        except StorageError as error:
            _LOGGER.warning("a notification will not be as it is now after a restart: %s", error)
