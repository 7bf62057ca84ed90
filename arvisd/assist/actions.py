"""The actions of the pipeline: `tts.speak`, `assist.listen`, `assist.stop`."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

import msgspec

from arvisd.core.actions import Action, ActionCall, Pending
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner


class Announcer(Protocol):
    """What the actions need of the pipeline."""

    def announce(
        self, site: str, text: str, language: str = "", voice: str = "", context: Context | None = None
    ) -> asyncio.Future[Any]:
        """Say something at a site when its turn comes; raise KeyError when there is no such site."""

    def listen(self, site: str, context: Context | None = None) -> None:
        """Listen at a site without a wake word; raise KeyError when there is no such site."""

    def stop(self, site: str) -> None:
        """Stop listening and speaking at a site; raise KeyError when there is no such site."""

    def sites_in(self, areas: list[str]) -> list[str]:
        """Return the sites that stand in these areas."""

    def speaking_sites(self) -> list[str]:
        """Return the sites that can speak."""


class SpeakData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `tts.speak`."""

    message: str
    """What to say."""
    site: str | list[str] = ""
    """Where; empty: at the target's sites, else at every site that can speak."""
    language: str = ""
    """`en`, `ru`, …; empty: told from the letters."""
    voice: str = ""
    """Name of a voice; empty: the one of the settings."""
    wait: bool = False
    """Return only when it has been heard, cut off or left out."""
    media_player_entity_id: Any = None
    """Of Home Assistant; not read, as the keys after it: a site speaks by its own loudspeaker."""
    cache: Any = None
    options: Any = None


class SiteData(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `assist.listen` and `assist.stop`."""

    site: str | list[str]
    """Where."""


def offer_actions(hub: Hub, announcer: Announcer, owner: Owner) -> None:
    """Register the actions until the owner stops."""

    def sites(named: str | list[str], call: ActionCall) -> list[str]:
        wanted = [named] if isinstance(named, str) else list(named)
        areas = [call.target.area_id] if isinstance(call.target.area_id, str) else list(call.target.area_id)
        return [site for site in wanted if site] + announcer.sites_in([area for area in areas if area])

    def each(call: ActionCall, chosen: list[str], do: Any) -> dict[str, Any]:
        for site in chosen:
            try:
                do(site)
            except KeyError:
                raise ActionDataError(
                    f"{call.name}: there is no site {site!r}; 'arvis/info' lists those there are"
                ) from None
        return {"sites": chosen}

    def speak(call: ActionCall) -> Any:
        data: SpeakData = call.data
        if not data.message.strip():
            raise ActionDataError("tts.speak: 'message' is empty; give the text to say")
        chosen = sites(data.site, call) or announcer.speaking_sites()
        said: list[asyncio.Future[Any]] = []

        def announce(site: str) -> None:
            said.append(announcer.announce(site, data.message, data.language, data.voice, call.context))

        result = each(call, chosen, announce)
        return Pending(_ended(said, result)) if data.wait and said else result

    def listen(call: ActionCall) -> dict[str, Any]:
        return each(call, sites(call.data.site, call), lambda site: announcer.listen(site, call.context))

    def stop(call: ActionCall) -> dict[str, Any]:
        return each(call, sites(call.data.site, call), announcer.stop)

    for name, schema, handler, text in (
        (
            "tts.speak",
            SpeakData,
            speak,
            "Says a message aloud; returns when it is queued, or with `wait` when it has been said.",
        ),
        ("assist.listen", SiteData, listen, "Listens at a site without a wake word."),
        ("assist.stop", SiteData, stop, "Stops listening and speaking at a site."),
    ):
        hub.actions.register(Action(name, schema, text, sync_handler=handler), owner)


async def _ended(said: list[asyncio.Future[Any]], result: dict[str, Any]) -> dict[str, Any]:
    """Return the result once all of it was said; what was left out is over, too."""
    await asyncio.wait(said)
    return result
