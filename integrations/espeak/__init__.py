"""Speech by espeak-ng: small, instant, in Russian, English and a hundred other languages, phonemes timed."""

from __future__ import annotations

from arvisd.api import Host

from .provider import EspeakTts
from .settings import Settings

__all__ = ["Settings", "setup"]


async def setup(host: Host, settings: Settings) -> None:
    """Offer the provider; the library is opened when it is first wanted."""
    host.provide(EspeakTts(settings))
