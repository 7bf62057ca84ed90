"""The sections of the configuration that belong to no other folder: `arvisd:`, `models:`, `assist:`."""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from arvisd.config.durations import Seconds
from arvisd.config.validate import ONE_OR_MANY, checked

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
"""A part of the whole, from 0 to 1."""
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
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The least that is logged."""


class ModelsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`models:` where the models of speech and language are."""

    path: Names = ()
    """Folders that are searched, before the data folder's own `models`; `~` is the home folder."""


class WakeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`assist: wake:` what begins a turn."""

    provider: str = ""
    """Name of the provider; empty: the best that can load here."""
    words: Names = ("hey_jarvis",)
    """Wake words, by the names of their models."""
    threshold: Share | None = None
    """Score from which a word counts as heard; none: the provider's own. Higher: fewer false alarms."""


class EndpointSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`assist: endpoint:` when somebody has finished speaking."""

    patience: Literal["aggressive", "default", "relaxed"] = "default"
    """Which of the three silences ends a command."""
    aggressive: Seconds = 0.25
    """Silence that ends a command."""
    default: Seconds = 0.7
    """Silence that ends a command."""
    relaxed: Seconds = 1.25
    """Silence that ends a command."""
    shortest: Seconds = 0.3
    """Speech that must have been heard for it to be a command."""
    longest: Seconds = 15.0
    """A command is ended after this, whatever is heard."""
    no_speech: Seconds = 5.0
    """How long is waited for speech to begin."""

    @property
    def silence(self) -> float:
        """Seconds of silence that end a command."""
        return {"aggressive": self.aggressive, "relaxed": self.relaxed}.get(self.patience, self.default)


class VadSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`assist: vad:` what tells speech from noise."""

    provider: str = ""
    """Name of the provider; empty: the best that can load here."""
    threshold: Share = 0.5
    """Probability from which a frame counts as speech."""


class VoiceSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`assist: voices: LANGUAGE:` how a language is spoken."""

    voice: str = ""
    """Name of the voice; empty: the provider's own choice."""
    speed: Annotated[float, msgspec.Meta(ge=0.25, le=4)] = 1.0
    """1 is the voice's own."""


class AssistSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`assist:` the conversation, from the wake word to the answer."""

    wake: WakeSettings = WakeSettings()
    vad: VadSettings = VadSettings()
    endpoint: EndpointSettings = EndpointSettings()
    stt: Names = ()
    """Providers of recognition in the order in which they are tried; empty: all, the local ones first."""
    tts: Names = ()
    """Providers of speech in the order in which they are tried; empty: all, the local ones first."""
    voices: dict[Literal["en", "ru"], VoiceSettings] = msgspec.field(default_factory=dict)
    """Voice by language."""
    follow_up: Seconds = 6.0
    """How long after a question of its own Arvis listens without a wake word; 0: not at all."""
    pre_roll: Seconds = 1.5
    """Sound from before the wake word's detection that goes to recognition: 'hey jarvis turn on…' in one breath."""
    barge_in: bool = True
    """Whether the wake word interrupts an answer."""
