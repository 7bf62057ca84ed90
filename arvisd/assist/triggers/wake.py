"""Trigger `wake`: a wake word was heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arvisd.automation.registry import TriggerOptions, TriggerType
from arvisd.automation.triggers.intent import listed
from arvisd.core.bus import Message
from arvisd.core.sites import Wake

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Part


class WakeOptions(TriggerOptions, frozen=True, kw_only=True):
    """A wake word was heard."""

    site: str | list[str] | None = None
    """Fires only at that site, or one of these."""
    word: str | list[str] | None = None
    """Fires only for that word, or one of these."""


class WakeTrigger:
    """Listens to sites."""

    __slots__ = ("_sites", "_words")

    def __init__(self, sites: list[str], words: list[str]) -> None:
        self._sites = sites
        self._words = frozenset(word.casefold() for word in words)

    def attach(self, to: Attachment) -> None:
        """Subscribe to each site's topic."""
        for site in self._sites or ["+"]:
            to.hub.bus.subscribe(to.hub.topics.site(site, "wake"), lambda message: self._heard(message, to), to.owner)

    def _heard(self, message: Message, to: Attachment) -> None:
        wake = message.decode(Wake)
        site = message.topic.split("/")[-2]
        data = {"site": site, "word": wake.word, "score": wake.score, "description": f"wake word at {site}"}
        if self._words and wake.word.casefold() not in self._words:
            to.skip(data, f"the word was {wake.word}")
            return
        to.fire(data, wake.context)


def sites_of(value: str | list[str] | None, part: Part) -> list[str]:
    """Return the ids of sites; raise InvalidError for what cannot be one."""
    sites = listed(value)
    for site in sites:
        if not site or any(mark in site for mark in "/+#"):
            raise part.invalid("site", f"{site!r} cannot be the id of a site, such as kitchen")
    return sites


def build(options: WakeOptions, part: Part) -> WakeTrigger:
    """Check the sites."""
    return WakeTrigger(sites_of(options.site, part), listed(options.word))


TYPE = TriggerType("wake", WakeOptions, build)
