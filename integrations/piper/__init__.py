"""Speech by Piper's neural voices: natural, local, some hundred milliseconds a sentence."""

from __future__ import annotations

from arvisd.api import Host

from .provider import PiperTts
from .settings import Settings

__all__ = ["Settings", "setup"]


async def setup(host: Host, settings: Settings) -> None:
    """Offer the provider; its voices are loaded when it is first wanted."""
    host.provide(PiperTts(settings, host.config_folder, host.find_model))
