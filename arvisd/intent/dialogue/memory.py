"""What the last command of a session was about: "it", "them" and "there" stand for that."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from arvisd.core.clock import Clock

REMEMBERED_SECONDS = 300.0
"""So long "it" stands for something: after five minutes nobody is sure any more what he spoke of."""
SESSIONS = 64
"""The oldest goes when there are more."""


class Subject(msgspec.Struct, frozen=True):
    """What was spoken of."""

    entities: tuple[str, ...]
    """Ids, in the order in which they were named."""
    area: str | None
    """Id of the area that was said, or in which all of them are."""
    until: float
    """Monotonic time up to which it counts."""


class Memory:
    """The last subject of each session."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._subjects: dict[str, Subject] = {}

    def note(self, session: str, entities: Iterable[str], area: str | None) -> None:
        """Remember what a command was about; one that was about nothing of the house changes nothing."""
        ids = tuple(dict.fromkeys(entities))
        if not ids and area is None:
            return
        self._subjects.pop(session, None)
        while len(self._subjects) >= SESSIONS:
            del self._subjects[next(iter(self._subjects))]
        self._subjects[session] = Subject(ids, area, self._clock.monotonic() + REMEMBERED_SECONDS)

    def subject(self, session: str) -> Subject | None:
        """Return what was spoken of last, None where nothing was or too long ago."""
        found = self._subjects.get(session)
        return found if found is not None and found.until > self._clock.monotonic() else None
