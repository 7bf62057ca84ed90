"""Sites: the places where somebody talks with Arvis, and what a pipeline needs of each."""

from __future__ import annotations

import abc
from collections.abc import AsyncIterator

import msgspec

from arvisd.core.owner import Owner


class AudioInput(abc.ABC):
    """Where a site hears."""

    @abc.abstractmethod
    def frames(self) -> AsyncIterator[bytes]:
        """Yield 16 kHz mono s16le, 20 ms (640 bytes) each, in real time until the site goes away.

        A source that is lost for a while (an unplugged microphone) simply yields nothing until it is
        back; the iterator ends only with the site. One reader at a time.
        """

    @property
    def dropped(self) -> int:
        """How many frames were lost because nobody took them in time."""
        return 0


class AudioOutput(abc.ABC):
    """Where a site speaks: one long-lived stream, silent between utterances."""

    @abc.abstractmethod
    async def write(self, pcm: bytes, rate: int) -> None:
        """Queue mono s16le to be heard; waits while the queue is full (back-pressure, nothing is cut)."""

    @abc.abstractmethod
    async def drain(self) -> None:
        """Wait until the device itself has played all that was written."""

    @abc.abstractmethod
    def abort(self) -> int:
        """Fall silent within 40 ms and drop what is queued; return how many ms of it were not heard."""

    @property
    @abc.abstractmethod
    def playing(self) -> bool:
        """Whether something written is still to be heard."""

    @property
    def latency(self) -> float:
        """Seconds from a write, while nothing else is queued, until its first sample is heard."""
        return 0.0


class Site(msgspec.Struct, frozen=True, eq=False):
    """A place where somebody talks with Arvis."""

    id: str
    """Level of the site's topics: letters, digits, `_` and `-`."""
    kind: str
    """`room`, `phone`, `chat`, …"""
    language: str = ""
    """Spoken where nothing else tells; empty: the daemon's."""
    area: str | None = None
    """Area of the house in which it stands."""
    audio_in: AudioInput | None = None
    """None: it only takes text."""
    audio_out: AudioOutput | None = None
    """None: it only takes text, or plays what is on MQTT (see `speech`)."""
    speech: bool = False
    """Speak on the site's speech topics although there is no `audio_out`: a browser plays them."""
    wake_words: tuple[str, ...] | None = None
    """Which words wake it; None: those of the settings; empty: it always listens."""


class SiteRegistry:
    """Every site of the daemon."""

    def __init__(self) -> None:
        self._sites: dict[str, Site] = {}
        self._watchers: list[SiteWatcher] = []

    def register(self, site: Site, owner: Owner) -> None:
        """Add a site until the owner stops; raise ValueError when its id is taken."""
        if site.id in self._sites:
            raise ValueError(f"there is already a site {site.id!r}")
        self._sites[site.id] = site
        for watcher in self._watchers:
            watcher.site_added(site)
        owner.on_stop(lambda: self._remove(site))

    def _remove(self, site: Site) -> None:
        if self._sites.pop(site.id, None) is not None:
            for watcher in self._watchers:
                watcher.site_removed(site)

    def get(self, site_id: str) -> Site | None:
        """Return a site, None where there is none of that id."""
        return self._sites.get(site_id)

    def all(self) -> list[Site]:
        """Return every site, in the order in which they came."""
        return list(self._sites.values())

    def watch(self, watcher: SiteWatcher, owner: Owner) -> None:
        """Tell `watcher` of every site there is now and of all that come and go."""
        self._watchers.append(watcher)
        owner.on_stop(lambda: self._watchers.remove(watcher))
        for site in self.all():
            watcher.site_added(site)


class SiteWatcher(abc.ABC):
    """Is told of sites that come and go; called on the event loop, must not block."""

    @abc.abstractmethod
    def site_added(self, site: Site) -> None:
        """A site is there."""

    @abc.abstractmethod
    def site_removed(self, site: Site) -> None:
        """A site is gone."""
