"""Trigger `site`: a site does something else now: it listens, thinks, speaks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from arvisd.assist.triggers.wake import sites_of
from arvisd.automation.durations import DurationNode
from arvisd.automation.errors import TemplateError
from arvisd.automation.registry import TriggerOptions, TriggerType
from arvisd.automation.triggers.dwell import Dwell
from arvisd.automation.triggers.intent import listed
from arvisd.core.bus import Message
from arvisd.core.sites import Phase

if TYPE_CHECKING:
    from arvisd.automation.attachment import Attachment
    from arvisd.automation.part import Duration, Part

PhaseName = Literal["idle", "listening", "thinking", "speaking", "offline"]
GONE = "offline"
"""What a site that is not there counts as."""


class SiteOptions(TriggerOptions, frozen=True, kw_only=True):
    """A site does something else now."""

    site: str | list[str] | None = None
    """Only this site, or one of these."""
    from_: PhaseName | list[PhaseName] | None = msgspec.field(default=None, name="from")
    """What it did before."""
    to: PhaseName | list[PhaseName] | None = None
    """What it does now."""
    for_: DurationNode | None = msgspec.field(default=None, name="for")
    """How long it must go on with it."""


class SiteTrigger:
    """Listens to the phases of sites."""

    __slots__ = ("_for", "_from", "_sites", "_to")

    def __init__(self, sites: list[str], before: list[str], after: list[str], dwell: Duration | None) -> None:
        self._sites = sites
        self._from = before
        self._to = after
        self._for = dwell

    def attach(self, to: Attachment) -> None:
        """Subscribe to each site's topic; a `for` does not outlive a restart, since no phase does."""
        dwell = Dwell(to.hub.clock, to.owner)
        for site in self._sites or ["+"]:
            topic = to.hub.topics.site(site, "phase")
            to.hub.bus.subscribe(topic, lambda message: self._changed(message, to, dwell), to.owner)

    def _changed(self, message: Message, to: Attachment, dwell: Dwell) -> None:
        before, after = _name(message.previous), _name(message.payload)
        if before == after:
            return  # only another feeling, or another utterance
        site = message.topic.split("/")[-2]
        dwell.cancel(site)
        data: dict[str, Any] = {
            "site": site,
            "from_phase": before,
            "to_phase": after,
            "for": None,
            "description": f"site {site} {after}",
        }
        if self._from and before not in self._from:
            to.skip(data, f"it was {before}")
        elif self._to and after not in self._to:
            to.skip(data, f"it became {after}")
        elif self._for is None:
            to.fire(data, None)
        else:
            self._wait(site, data, to, dwell)

    def _wait(self, site: str, data: dict[str, Any], to: Attachment, dwell: Dwell) -> None:
        assert self._for is not None
        try:
            seconds = self._for.of(to.variables)
        except TemplateError as error:
            to.skip(data, str(error))
            return
        data["for"] = timedelta(seconds=seconds)
        dwell.start(site, seconds, lambda: to.fire(data, None))


def _name(payload: object) -> str:
    return payload.phase if isinstance(payload, Phase) else GONE


def build(options: SiteOptions, part: Part) -> SiteTrigger:
    """Check the sites."""
    before: list[str] = listed(options.from_)  # type: ignore[arg-type]  # literals are text
    after: list[str] = listed(options.to)  # type: ignore[arg-type]
    return SiteTrigger(sites_of(options.site, part), before, after, part.duration("for"))


TYPE = TriggerType("site", SiteOptions, build)
