"""Triggers `homeassistant` and `arvisd`: the daemon has started, or begins to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from arvisd.automation.attachment import STARTED_TOPIC, STOPPING_TOPIC
from arvisd.automation.registry import TriggerOptions, TriggerType

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part


class LifecycleOptions(TriggerOptions, frozen=True, kw_only=True):
    """The daemon has started, or begins to stop."""

    event: Literal["start", "shutdown"]


class LifecycleTrigger:
    """Waits for one of the two."""

    __slots__ = ("_event",)

    def __init__(self, event: str) -> None:
        self._event = event

    def attach(self, to: Attachment) -> None:
        """Subscribe; an automation that is added later does not fire for a start that is past."""
        topic = STARTED_TOPIC if self._event == "start" else STOPPING_TOPIC
        data = {"event": self._event, "description": f"arvisd {'started' if self._event == 'start' else 'stops'}"}
        to.hub.bus.subscribe(topic, lambda _: to.fire(data, None), to.owner)


def build(options: LifecycleOptions, part: Part) -> LifecycleTrigger:
    """Nothing can be wrong here."""
    return LifecycleTrigger(options.event)


TYPE = TriggerType(("arvisd", "homeassistant"), LifecycleOptions, build)
