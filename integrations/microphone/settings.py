"""The `microphone:` section: one room, or several, each with its devices by name."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

SiteId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]+$", max_length=64)]
Rate = Literal["auto"] | Annotated[int, msgspec.Meta(ge=8000, le=384_000)]


class Room(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A site with a microphone, a speaker, or both."""

    site: SiteId = "room"
    """Id of the site: letters, digits, `_` and `-`."""
    input: str | Literal[False] = ""
    """Part of the microphone's name, upper or lower case; empty: the system's default; `false`: it does not listen."""
    output: str | Literal[False] = ""
    """Part of the speaker's name; empty: the system's default; `false`: it does not speak."""
    input_rate: Rate = "auto"
    """Samples a second of the microphone; auto: 16000 where it takes that, else its own."""
    output_rate: Rate = "auto"
    """Samples a second of the speaker; auto: its own."""
    language: str = ""
    """Spoken there: `en`, `ru`; empty: the daemon's."""
    area: str | None = None
    """Area of the house in which it stands."""
    wake_words: list[str] | None = None
    """What wakes it; left out: those of `assist:`; an empty list: it always listens."""


class Settings(Room, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The section: one room as it stands, or `sites:` with a list of them."""

    sites: list[Room] = msgspec.field(default_factory=list)
    """Several rooms; what stands beside it is then not used."""

    def rooms(self) -> list[Room]:
        """Return every room that is set up; raise ValueError when two have the same id."""
        rooms: list[Room] = self.sites or [self]
        seen: set[str] = set()
        for room in rooms:
            if room.site in seen:
                raise ValueError(f"two microphones have the site {room.site!r}: give each a 'site:' of its own")
            seen.add(room.site)
        return rooms
