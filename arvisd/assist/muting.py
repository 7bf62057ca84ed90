"""Muted microphones: what a site hears is thrown away before anything looks at it, also after a restart."""

from __future__ import annotations

import logging
from collections.abc import Callable

import msgspec

from arvisd.assist.site import Site, SiteRegistry, SiteWatcher
from arvisd.assist.wishes import Wishes
from arvisd.core.actions import Action, ActionCall
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.slug import slug

_LOGGER = logging.getLogger(__name__)

ALL = "all"


class MuteData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `assist.mute`."""

    site: str | list[str] = ALL
    """Where; `all`: at every site that has a microphone."""
    muted: bool = True
    """False: hear again."""


class UnmuteData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `assist.unmute`."""

    site: str | list[str] = ALL
    """Where; `all`: at every site that has a microphone."""


def muted_entity(site: str) -> str:
    """Return the id of the state that says whether a site is muted."""
    return f"binary_sensor.{slug(site)}_muted"


class Muting(SiteWatcher):
    """Knows which sites are muted, shows it as `binary_sensor.<site>_muted`, and offers the actions."""

    def __init__(self, hub: Hub, wishes: Wishes, sites: SiteRegistry) -> None:
        self.on_muted: Callable[[str], object] = lambda site: None
        """Told of a site that was muted."""
        self._hub = hub
        self._wishes = wishes
        self._sites = sites

    def start(self, owner: Owner) -> None:
        """Show what is muted and offer the actions, until the owner stops."""
        self._sites.watch(self, owner)

        def mute(call: ActionCall) -> dict[str, list[str]]:
            return self._apply(call, muted=call.data.muted)

        def unmute(call: ActionCall) -> dict[str, list[str]]:
            return self._apply(call, muted=False)

        for action in (
            Action("assist.mute", MuteData, "Mutes the microphone of a site, over restarts too.", sync_handler=mute),
            Action("assist.unmute", UnmuteData, "Lets a site hear again.", sync_handler=unmute),
        ):
            self._hub.actions.register(action, owner)

    def is_muted(self, site: str) -> bool:
        """Tell whether a site must not hear."""
        return bool(self._wishes.get(_wish(site)))

    def site_added(self, site: Site) -> None:
        """Show whether a site with a microphone is muted."""
        if site.audio_in is not None:
            self._show(site.id, None)

    def site_removed(self, site: Site) -> None:
        """A site is gone; what was chosen for it is kept."""
        self._hub.states.remove(muted_entity(site.id))

    def _apply(self, call: ActionCall, *, muted: bool) -> dict[str, list[str]]:
        named = [call.data.site] if isinstance(call.data.site, str) else list(call.data.site)
        hearing = [site.id for site in self._sites.all() if site.audio_in is not None]
        chosen = hearing if named == [ALL] else named
        for site in chosen:
            if site not in hearing:
                there = ", ".join(hearing) or "none"
                raise ActionDataError(f"{call.name}: {site!r} is no site with a microphone; there are: {there}")
        for site in chosen:
            self._set(site, muted, call.context)
        return {"sites": chosen}

    def _set(self, site: str, muted: bool, context: Context) -> None:
        if muted != self.is_muted(site):
            _LOGGER.info("%s %s", site, "is muted" if muted else "hears again")
            self._wishes.put(_wish(site), "on" if muted else "")
        self._show(site, context)
        if muted:
            self.on_muted(site)

    def _show(self, site: str, context: Context | None) -> None:
        name = f"{site} muted".replace("_", " ")
        state = "on" if self.is_muted(site) else "off"
        self._hub.states.set(muted_entity(site), state, {"friendly_name": name, "site": site}, context)


def _wish(site: str) -> str:
    return f"muted {site}"
