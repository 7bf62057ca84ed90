"""Trigger `sun`: the sun rises or sets, or some time before or after that."""

from __future__ import annotations

import logging
from collections.abc import Callable
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


class SunTime:
    """Waits for one of the sun's times, or an offset from it.

    Args:
        name: of the event, for messages.
        sun: where the house is.
        following: the next such time after a time, None where there is none within a year.
        seen: what templates see as `trigger` at a due time.
        offset: after it; before it where negative.
    """

    __slots__ = ("_following", "_name", "_offset", "_seen", "_sun")

    def __init__(
        self,
        name: str,
        sun: Sun,
        following: Callable[[datetime], datetime | None],
        seen: Callable[[datetime], dict[str, Any]],
        offset: timedelta,
    ) -> None:
        self._name = name
        self._sun = sun
        self._following = following
        self._seen = seen
        self._offset = offset

    def attach(self, to: Attachment) -> None:
        """Wake at each; look again when the house stands somewhere else."""
        current = Owner(f"{to.label}: {self._name}")
        to.owner.on_stop(current.release)
        since = to.since

        def look() -> None:
            current.release()
            if self._sun.coordinates is None:
                return
            to.ring(self.following, self._seen, current, since)
            if self.following(to.hub.clock.now()) is None:
                _LOGGER.warning("%s: there is no %s within a year where the house is", to.label, self._name)

        self._sun.watch(look, to.owner)
        look()
        since = None

    def following(self, after: datetime) -> datetime | None:
        """Return the next due time after a time, None where there is none within a year."""
        found = self._following(after - self._offset)
        return None if found is None else found + self._offset


class SunTriggers:
    """Waits for both events."""

    __slots__ = ("_triggers",)

    def __init__(self, triggers: list[SunTime]) -> None:
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
    return SunTriggers([_event(sun, event, offset) for event in events])


def _event(sun: Sun, event: SunEvent, offset: timedelta) -> SunTime:
    def seen(due: datetime) -> dict[str, Any]:
        return {"event": event, "offset": offset or None, "now": due, "description": f"{event}{_signed(offset)}"}

    return SunTime(event, sun, lambda after: sun.next_event(event, after), seen, offset)


TYPE = TriggerType("sun", SunOptions, build)
