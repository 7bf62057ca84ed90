"""Settings of the `assist` section: how Arvis listens, understands and speaks."""

from __future__ import annotations

from typing import Annotated

import msgspec

from arvisd.audio.endpoint import EndpointSettings
from arvisd.intent.dialogue import ConfirmSettings
from arvisd.providers.chain import ChainSettings

Probability = Annotated[float, msgspec.Meta(ge=0, le=1)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=3600)]


class WakeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What wakes Arvis."""

    words: tuple[str, ...] = ("hey_jarvis",)
    """Names of wake words, as the providers give them."""
    engines: tuple[str, ...] = ()
    """Providers that listen, all at once: a word counts when one of them hears it. Empty: all there are."""
    threshold: Probability | None = None
    """How sure the detector must be; not given: what was measured for each word."""
    names: tuple[str, ...] = ("jarvis", "джарвис")
    """What Arvis is called; left out where a command begins with it."""
    refractory: Seconds = 2.0
    """So long after a wake word the next one at the same site is the same one still."""
    cooldown: Seconds = 2.0
    """So long after a wake word at one site, the same one at another is the same person still: the first site wins."""


class VoiceSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How Arvis sounds in one language."""

    voice: str = ""
    """Name of a voice; not given: the provider's own for the language."""
    speed: Annotated[float, msgspec.Meta(ge=0.3, le=3)] = 1.0
    """1 is the voice's own pace, 2 twice as fast."""


class OrderSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is asked first; those not named follow, local ones before cloud ones."""

    wake: tuple[str, ...] = ()
    vad: tuple[str, ...] = ()
    stt: tuple[str, ...] = ()
    tts: tuple[str, ...] = ()


class AssistSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `assist` section."""

    wake: WakeSettings = msgspec.field(default_factory=WakeSettings)
    endpoint: EndpointSettings = msgspec.field(default_factory=EndpointSettings)
    """When a command has begun and when it is over."""
    early_end_seconds: Seconds = 0.3
    """So much silence is enough after a whole sentence that is understood; 0: always waits for `stop_silence`."""
    order: OrderSettings = msgspec.field(default_factory=OrderSettings)
    languages: tuple[str, ...] = ("en", "ru")
    """Languages whose recognisers and voices are loaded at the start, beside the daemon's own."""
    voices: dict[str, VoiceSettings] = msgspec.field(default_factory=dict)
    """By language."""
    follow_up_seconds: Seconds = 0.0
    """So long the microphone stays open after every answer; 0: only where the answer asks something back."""
    answer_seconds: Seconds = 8.0
    """So long the microphone stays open where the answer asks something back."""
    confirm: ConfirmSettings = msgspec.field(default_factory=ConfirmSettings)
    """What is asked first, and done only after a yes."""
    session_seconds: Seconds = 300.0
    """A conversation is over when nobody has said anything for that long."""
    wake_chime: bool = False
    """Whether a chime says that Arvis listens; off, as an open microphone hears it under the command."""
    chime: bool = True
    """Whether a short tone says that nothing was heard after the wake word."""
    first_result: Seconds = 2.0
    """Seconds a provider has for its first result while there is another one to try."""
    budget: Seconds = 4.0
    """Seconds all providers of a capability have together until the first result."""

    def chains(self) -> ChainSettings:
        """Return what the provider chains need of it."""
        order = self.order
        names = {"wake": order.wake, "vad": order.vad, "stt": order.stt, "tts": order.tts}
        return ChainSettings(names, self.first_result, self.budget)

    def voice(self, language: str) -> VoiceSettings:
        """Return how Arvis sounds in a language."""
        return self.voices.get(language) or self.voices.get(language.partition("-")[0]) or VoiceSettings()
