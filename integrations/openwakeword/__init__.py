"""Wake words by openWakeWord models, run by pyopen-wakeword: the runtime that lives with numpy 2."""

from __future__ import annotations

from arvisd.api import Host

from .provider import OpenWakeWordProvider
from .settings import Settings

__all__ = ["Settings", "setup"]


async def setup(host: Host, settings: Settings) -> None:
    """Offer the provider; its models are loaded when it is first wanted."""
    host.provide(OpenWakeWordProvider(settings, host.config_folder))
