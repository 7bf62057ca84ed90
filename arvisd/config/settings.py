"""The sections of the configuration that belong to no other folder: `arvisd:` and `models:`."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from arvisd.config.validate import ONE_OR_MANY, checked

Names = Annotated[tuple[str, ...], ONE_OR_MANY]
"""Names in the order in which they are tried; one alone may be written without a list."""


def known_timezone(name: str) -> str:
    """Return the name of a time zone; raise ValueError where there is no such zone."""
    try:
        if name:
            ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise ValueError(f"there is no time zone {name!r}: write it as in Europe/Berlin") from None
    return name


class ArvisdSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`arvisd:` the daemon itself."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)] = "Arvis"
    """How the assistant calls itself, and its device's name in hubs."""
    language: Literal["en", "ru"] = "en"
    """Spoken where neither the site nor the utterance tells."""
    timezone: Annotated[str, checked(known_timezone)] = ""
    """As in `Europe/Berlin`; empty: the machine's."""
    unit_system: Literal["metric", "imperial"] = "metric"
    """Units in which values are spoken."""
    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    """Of the house, in degrees north: for sunrise and sunset."""
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None
    """Of the house, in degrees east."""
    elevation: float = 0.0
    """Of the house, in metres."""
    operation: Literal["standalone", "hybrid", "cloud"] = "standalone"
    """The mode: which providers are used and what may leave the machine."""
    allow_shell_commands: bool = False
    """Whether automations may run the programs under `shell_command:`."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least that is logged."""


class ModelsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`models:` where the models of speech and language are."""

    path: Names = ()
    """Folders that are searched, before the data folder's own `models`; `~` is the home folder."""
