"""Wake words by microWakeWord models, run by pymicro-wakeword: small enough for hundreds of streams a core."""

from __future__ import annotations

from arvisd.api import Host

from .provider import MicroWakeWordProvider
from .settings import Settings

__all__ = ["Settings", "setup"]


async def setup(host: Host, settings: Settings) -> None:
    """Offer the provider; its models are loaded when it is first wanted."""
    host.provide(MicroWakeWordProvider(settings, host.config_folder))
