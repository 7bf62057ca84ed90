"""Recognition of free speech by Vosk, with a model that is on this machine; it never fetches one by itself."""

from __future__ import annotations

from arvisd.api import Host

from .provider import VoskProvider
from .settings import Settings

__all__ = ["Settings", "setup"]


async def setup(host: Host, settings: Settings) -> None:
    """Offer the recogniser; without a model it serves no language, and the next one in the chain is asked."""
    host.provide(VoskProvider(settings, host.config_folder, host.find_model, host.log))
