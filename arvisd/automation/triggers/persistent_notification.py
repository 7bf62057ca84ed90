"""Trigger `persistent_notification`: one came, changed or was dismissed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from arvisd.automation.attachment import STARTED_TOPIC
from arvisd.automation.persistent_notifications import DOMAIN
from arvisd.automation.registry import TriggerOptions, TriggerType
from arvisd.automation.triggers.intent import listed
from arvisd.core.bus import Message
from arvisd.core.states import State

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part

Update = Literal["added", "removed", "updated", "current"]


class NotificationOptions(TriggerOptions, frozen=True, kw_only=True):
    """A notification came, changed or was dismissed."""

    notification_id: str | None = None
    """Only this one; none: any."""
    update_type: Update | list[Update] | None = None
    """What happened to it; none: added, removed or updated. `current`: it was there when the daemon started."""


class NotificationTrigger:
    """Listens to the entities of notifications."""

    __slots__ = ("_id", "_types")

    def __init__(self, notification_id: str | None, types: list[str]) -> None:
        self._id = notification_id
        self._types = frozenset(types)

    def attach(self, to: Attachment) -> None:
        """Subscribe; those that are there are told once all of the daemon has started."""
        to.hub.bus.subscribe(to.hub.topics.state(f"{DOMAIN}.+"), lambda message: self._changed(message, to), to.owner)
        if "current" in self._types:
            to.hub.bus.subscribe(STARTED_TOPIC, lambda _: self._tell_current(to), to.owner)

    def _tell_current(self, to: Attachment) -> None:
        for entity_id in to.hub.states.ids(DOMAIN):
            state = to.hub.states.get(entity_id)
            if state is not None:
                self._fire("current", state, to)

    def _changed(self, message: Message, to: Attachment) -> None:
        _, old, new = to.hub.states.changes(message)
        seen = new or old
        if seen is not None:
            self._fire("removed" if new is None else "added" if old is None else "updated", seen, to)

    def _fire(self, update: str, state: State, to: Attachment) -> None:
        told: dict[str, Any] = {
            key: state.attributes.get(key) for key in ("notification_id", "title", "message", "created_at")
        }
        if update not in self._types or self._id not in (None, told["notification_id"]):
            return
        data = {
            "update_type": update,
            "notification": told,
            "description": f"notification {told['notification_id']} {update}",
        }
        to.fire(data, state.context)


def build(options: NotificationOptions, part: Part) -> NotificationTrigger:
    """Without a type, all that happens to one counts."""
    types: list[str] = listed(options.update_type)  # type: ignore[arg-type]  # literals are text
    return NotificationTrigger(options.notification_id, types or ["added", "removed", "updated"])


TYPE = TriggerType("persistent_notification", NotificationOptions, build)
