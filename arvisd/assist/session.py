"""Sessions: one conversation at a site, with its language and its turns."""

from __future__ import annotations

from collections import deque

import msgspec

from arvisd.core.clock import Clock
from arvisd.core.ids import new_id

TURNS_KEPT = 20
"""How many of its last turns a session remembers."""


class Exchange(msgspec.Struct, frozen=True):
    """One turn as the conversation remembers it."""

    turn: str
    text: str
    """What was said or typed."""
    reply: str
    """What was answered and really heard."""


class Session:
    """One conversation."""

    def __init__(self, id_: str, site: str, language: str) -> None:
        self.id = id_
        self.site = site
        self.language = language
        """What was spoken last."""
        self.turns: deque[Exchange] = deque(maxlen=TURNS_KEPT)


class Sessions:
    """The conversations of one site: the current one, until nobody has said anything for too long."""

    def __init__(self, site: str, clock: Clock, language: str) -> None:
        self._site = site
        self._clock = clock
        self._language = language
        self._current: Session | None = None
        self._last = 0.0

    def current(self, timeout: float, wanted: str = "") -> Session:
        """Return the conversation that a new turn belongs to, and count it as going on now.

        Args:
            timeout: seconds of quiet after which it is over and another one begins.
            wanted: id of a conversation to go on with; another id than the current one's begins it.
        """
        now = self._clock.monotonic()
        over = self._current is None or now - self._last > timeout
        if over or (wanted and self._current is not None and wanted != self._current.id):
            self._current = Session(wanted or new_id(), self._site, self._language)
        self._last = now
        assert self._current is not None
        return self._current

    def touch(self) -> None:
        """Count the conversation as going on now: a turn has ended."""
        self._last = self._clock.monotonic()
