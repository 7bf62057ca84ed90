"""What every provider says of itself."""

from __future__ import annotations

import abc
import enum

import msgspec


class Capability(enum.StrEnum):
    """What a provider can do."""

    WAKE = "wake"
    VAD = "vad"
    STT = "stt"
    TTS = "tts"
    LLM = "llm"


class ProviderInfo(msgspec.Struct, frozen=True):
    """The facts that chains choose by."""

    name: str
    """Name of the integration, unique within its capability."""
    capability: Capability
    local: bool = True
    """False: it sends what it is given to another machine."""
    languages: tuple[str, ...] = ()
    """Language codes (`en`, `ru`); empty: any."""
    cost: str = "free"
    """`free`, `cheap` or `dear`."""


class Provider(abc.ABC):
    """One implementation of one capability.

    Its constructor does nothing that takes time; `load` does, and is called once before the first use.
    """

    info: ProviderInfo

    async def load(self) -> None:  # noqa: B027  (nothing to load is the usual case)
        """Get ready: load models, open connections. Blocking work belongs in a thread.

        Raises:
            ProviderUnavailableError: it cannot work here; the text names the remedy.
        """

    async def close(self) -> None:  # noqa: B027  (nothing to close is the usual case)
        """Let go of everything; called once."""

    def serves(self, language: str) -> bool:
        """Tell whether it serves a language, given as `en` or `en-GB`."""
        return not self.info.languages or language.partition("-")[0] in self.info.languages
