"""Looks for the reason when connections do not last: another client of our id, or a message the broker hangs up on."""

from __future__ import annotations

from arvisd.mqtt.backoff import STABLE
from arvisd.mqtt.outbox import Outgoing

SHORT = 2
"""After so many short connections in a row something is wrong."""
HUNG_UP_ON = 3
"""So often in a row a broker hangs up on a message sent alone, until it is given up."""


class Suspicion:
    """Remembers how the latest connections ended."""

    def __init__(self) -> None:
        self.careful = False
        """Send one message at a time, so that it shows on which one the broker hangs up."""
        self._short = 0
        self._suspect: Outgoing | None = None
        self._times = 0

    def lost(self, lasted: float, in_flight: dict[int, Outgoing]) -> bool:
        """Hear of a lost connection; tell whether this is the moment to name the usual reason, two of one client id.

        Args:
            lasted: seconds.
            in_flight: what was not acknowledged.
        """
        if lasted >= STABLE:
            self._short = 0
            return False
        self._short += 1
        if self._short >= SHORT and in_flight:
            if self.careful:
                self._blame(next(iter(in_flight.values())))
            self.careful = True
        return self._short == SHORT

    def convicted(self, in_flight: dict[int, Outgoing]) -> Outgoing | None:
        """Take the message on which the broker hangs up every time out of those in flight, if there is one."""
        if self._times < HUNG_UP_ON:
            return None
        self._times = 0
        suspect, self._suspect = self._suspect, None
        for mid, message in in_flight.items():
            if message is suspect:
                return in_flight.pop(mid)
        return None

    def _blame(self, message: Outgoing) -> None:
        self._times = self._times + 1 if message is self._suspect else 1
        self._suspect = message
