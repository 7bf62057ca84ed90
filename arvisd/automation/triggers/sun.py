"""Trigger `sun`: the sun rises or sets, or some time before or after that."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from arvisd.automation.durations import DurationNode, seconds_of
from arvisd.automation.registry import TriggerOptions, TriggerType
from arvisd.core.owner import Owner
from arvisd.home.sun import Sun, SunEvent

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part

_LOGGER = logging.getLogger("arvisd.automation")

NO_PLACE = "it is not known where the house is: write 'latitude' and 'longitude' under 'arvisd:'"


class SunOptions(TriggerOptions, frozen=True, kw_only=True):
    """The sun rises or sets."""

    event: SunEvent | list[SunEvent]
    offset: DurationNode = 0
    """How long after it; before it with a minus: `"-00:45:00"`."""


class SunTrigger:
    """Waits for one event of the sun."""

    __slots__ = ("_event", "_offset", "_sun")

    def __init__(self, sun: Sun, event: SunEvent, offset: timedelta) -> None:
        self._sun = sun
        self._event: SunEvent = event
        self._offset = offset

    def attach(self, to: Attachment) -> None:
        """Wake at each; look again when the house stands somewhere else."""
        current = Owner(f"{to.label}: sun")
        to.owner.on_stop(current.release)
        since = to.since

        def look() -> None:
            current.release()
            if self._sun.coordinates is None:
                return
            to.ring(self._following, self._seen, current, since)
            if self._following(to.hub.clock.now()) is None:
                _LOGGER.warning("%s: there is no %s within a year where the house is", to.label, self._event)

        self._sun.watch(look, to.owner)
        look()
        since = None

    def _following(self, after: datetime) -> datetime | None:
        found = self._sun.next_event(self._event, after - self._offset)
        return None if found is None else found + self._offset

    def _seen(self, due: datetime) -> dict[str, Any]:
        return {
            "event": self._event,
            "offset": self._offset or None,
            "now": due,
            "description": f"{self._event}{_signed(self._offset)}",
        }


class SunTriggers:
    """Waits for both events."""

    __slots__ = ("_triggers",)

    def __init__(self, triggers: list[SunTrigger]) -> None:
        self._triggers = triggers

    def attach(self, to: Attachment) -> None:
        """Attach each."""
        for trigger in self._triggers:
            trigger.attach(to)


def _signed(offset: timedelta) -> str:
    """Return an offset as people write it: ` - 0:45:00`."""
    return f" {'-' if offset < timedelta() else '+'} {abs(offset)}" if offset else ""


def offset_of(key: str, part: Part) -> timedelta:
    """Return the offset under a key."""
    try:
        return timedelta(seconds=seconds_of(part.limited(key) or 0))
    except (ValueError, OverflowError) as error:
        raise part.invalid(key, f"{key}: {error}") from None


def build(options: SunOptions, part: Part) -> SunTriggers:
    """Check that it is known where the house is."""
    sun = part.builder.library.sun
    if sun.coordinates is None:
        raise part.invalid(None, NO_PLACE)
    events = [options.event] if isinstance(options.event, str) else list(dict.fromkeys(options.event))
    offset = offset_of("offset", part)
    return SunTriggers([SunTrigger(sun, event, offset) for event in events])


TYPE = TriggerType("sun", SunOptions, build)
