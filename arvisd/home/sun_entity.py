"""The entity `sun.sun`: where the sun stands, and its next times; written a few times an hour, and at each of its events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from arvisd.core.clock import TimerHandle
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.home.sun import Sun

ENTITY_ID = "sun.sun"
ABOVE = "above_horizon"
BELOW = "below_horizon"

LOW = 10.0
"""Elevation in degrees under which the light changes fast, day or twilight."""
LOW_MINUTES = 4.0
HIGH_MINUTES = 10.0
NIGHT_MINUTES = 20.0
NIGHT = -18.0


class SunEntity:
    """Keeps `sun.sun` up to date; there is none where nobody said where the house is."""

    def __init__(self, hub: Hub, sun: Sun) -> None:
        self._hub = hub
        self._sun = sun
        self._timer: TimerHandle | None = None

    def start(self, owner: Owner) -> None:
        """Write it now and keep it right until the owner stops."""
        self._sun.watch(self._write, owner)
        owner.on_stop(self._rest)
        self._write()

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _write(self) -> None:
        self._rest()
        if self._sun.coordinates is None:
            self._hub.states.remove(ENTITY_ID)
            return
        now = self._hub.clock.now()
        elevation = self._sun.elevation(now)
        times = self._times(now)
        self._hub.states.set(
            ENTITY_ID,
            ABOVE if self._sun.is_up(now) else BELOW,
            {
                **{name: None if moment is None else _utc(moment) for name, moment in times.items()},
                "elevation": round(elevation, 2),
                "azimuth": round(self._sun.azimuth(now), 2),
                "rising": self._sun.is_climbing(now),
                "friendly_name": "Sun",
            },
        )
        seconds = _pause(elevation).total_seconds()
        events = [(moment - now).total_seconds() for moment in times.values() if moment is not None]
        # a second after the event: then it has surely happened
        self._timer = self._hub.clock.call_later(min([seconds, *(event + 1 for event in events)]), self._write)

    def _times(self, now: datetime) -> dict[str, datetime | None]:
        sun = self._sun
        moment = now.astimezone(UTC)
        return {
            "next_dawn": sun.next_dawn(moment),
            "next_dusk": sun.next_dusk(moment),
            "next_midnight": sun.next_midnight(moment),
            "next_noon": sun.next_noon(moment),
            "next_rising": sun.next_sunrise(moment),
            "next_setting": sun.next_sunset(moment),
        }


def _pause(elevation: float) -> timedelta:
    """Return how long what was written is near enough."""
    if elevation < NIGHT:
        return timedelta(minutes=NIGHT_MINUTES)
    return timedelta(minutes=LOW_MINUTES if elevation < LOW else HIGH_MINUTES)


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
