"""The sessions of Hermes: opened by a request or by what somebody says, ended once, remembered for who answers late."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from arvisd.api import Clock

from .messages import ENDED, STARTED, SessionEnded, SessionNews, Termination

REMEMBERED = 200
"""Sessions that are over and may still be continued by their id."""

ANSWER_SECONDS = 5.0
"""So long after a turn whoever heard its intent may say something; then the session is over."""


class Session:
    """One session."""

    def __init__(
        self, id_: str, site: str, custom_data: str | None = None, *, tells_unrecognized: bool = False
    ) -> None:
        self.id = id_
        self.site = site
        """Of arvisd."""
        self.custom_data = custom_data
        self.tells_unrecognized = tells_unrecognized
        self.open = False
        self.generation = 0
        """Grows whenever something happens in it: an end that was due before does not count any more."""


class Sessions:
    """All sessions, at most one open at a site."""

    def __init__(self, clock: Clock, publish: Callable[[str, object], None], named: Callable[[str], str]) -> None:
        """Know none; `named` gives a site as Hermes calls it."""
        self._clock = clock
        self._publish = publish
        self._named = named
        self._all: OrderedDict[str, Session] = OrderedDict()
        self._at: dict[str, Session] = {}

    def get(self, id_: str) -> Session | None:
        """Return a session, one that is over too."""
        return self._all.get(id_)

    def at(self, site: str) -> Session | None:
        """Return the session that is open at a site."""
        return self._at.get(site)

    def open(self, session: Session) -> None:
        """Open a session, for the first time or again; another one at its site is over."""
        before = self._at.get(session.site)
        if before is session:
            session.generation += 1
            return
        if before is not None:
            self.end(before, "abortedByUser")
        self._all[session.id] = session
        self._all.move_to_end(session.id)
        while len(self._all) > REMEMBERED:
            self._all.popitem(last=False)
        self._at[session.site] = session
        session.open = True
        session.generation += 1
        self._publish(STARTED, SessionNews(session.id, self._named(session.site), session.custom_data))

    def end(self, session: Session, reason: str) -> None:
        """End a session, once."""
        if not session.open:
            return
        session.open = False
        session.generation += 1
        self._at.pop(session.site, None)
        self._publish(
            ENDED, SessionEnded(session.id, self._named(session.site), session.custom_data, Termination(reason))
        )

    def end_later(self, session: Session, reason: str) -> None:
        """End a session unless something happens in it within some seconds."""
        session.generation += 1
        due = session.generation

        def end() -> None:
            if session.generation == due:
                self.end(session, reason)

        self._clock.call_later(ANSWER_SECONDS, end)
