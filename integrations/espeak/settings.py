"""What can be set of espeak."""

from __future__ import annotations

from typing import Annotated

import msgspec


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The key `espeak:` of the configuration."""

    voices: dict[str, str] = msgspec.field(default_factory=dict)
    """Voice by language: `{ru: ru+f2, en: en-gb}`; others take the library's best."""
    speed: Annotated[float, msgspec.Meta(ge=0.5, le=2.5)] = 1.0
    """1 is 175 words a minute."""
    pitch: Annotated[int, msgspec.Meta(ge=0, le=99)] = 50
    """50 is the voice's own."""
    volume: Annotated[float, msgspec.Meta(ge=0.0, le=2.0)] = 1.0
    """1 is the engine's own; above it loud sounds are clipped."""
