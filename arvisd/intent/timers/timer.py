"""One timer, as it is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec


class VoiceTimer(msgspec.Struct, frozen=True):
    """A countdown or a command for later."""

    id: str
    entity_id: str
    length: float
    """Seconds, as it was set."""
    site: str
    """Where it was set: there it is announced."""
    language: str
    name: str = ""
    """Empty: it has none."""
    area: str | None = None
    """Id of the area in which it was set."""
    command: str = ""
    """What is said when it ends, as if somebody said it where it was set; empty: it rings."""
    confirmed: bool = False
    """Somebody has agreed to the command: nothing is asked when it is time."""
    user: str | None = None
    ends: datetime | None = None
    """When it ends, in UTC; None: it is paused."""
    remaining: float = 0.0
    """Seconds that are left while it is paused."""
    ringing: bool = False
    """It has ended and nobody has stopped it yet."""

    @property
    def paused(self) -> bool:
        """Whether it stands still."""
        return self.ends is None and not self.ringing

    def left(self, now: datetime) -> float:
        """Return how many seconds are left."""
        if self.ends is None:
            return self.remaining
        return max(0.0, (self.ends - now.astimezone(UTC)).total_seconds())

    def running(self, seconds: float, now: datetime) -> VoiceTimer:
        """Return it as it is when it runs for so many seconds from now."""
        return msgspec.structs.replace(self, ends=now.astimezone(UTC) + timedelta(seconds=seconds), remaining=0.0)

    def standing(self, now: datetime) -> VoiceTimer:
        """Return it as it is when it is paused now."""
        return msgspec.structs.replace(self, remaining=self.left(now), ends=None)
