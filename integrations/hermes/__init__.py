"""The Hermes protocol of Snips and Rhasspy, beside arvisd's own topics.

Home Assistant's `snips` and flows of Node-RED hear `hermes/intent/#`, answer with `hermes/dialogueManager/endSession`,
and let something be said by `hermes/tts/say`. Audio over Hermes is not spoken here: arvisd has topics of its own for it.
"""

from __future__ import annotations

import msgspec

from arvisd.api import Host

from .bridge import Bridge


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `hermes:` section."""

    enabled: bool = True
    site: str = ""
    """Site that Hermes calls `default`; empty: the first one there is."""


async def setup(host: Host, settings: Settings) -> None:
    """Begin to listen."""
    Bridge(host, settings.site).start()
