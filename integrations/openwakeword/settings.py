"""What can be set of openWakeWord."""

from __future__ import annotations

from typing import Annotated

import msgspec

Score = Annotated[float, msgspec.Meta(gt=0.0, le=1.0)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The key `openwakeword:` of the configuration."""

    models: str = ""
    """Folder of your own openWakeWord models (`.tflite`); a file's name is its word. Relative to the configuration."""
    thresholds: dict[str, Score] = msgspec.field(default_factory=dict)
    """Score from which a word counts, in place of the measured one: `{hey_jarvis: 0.6}`."""
