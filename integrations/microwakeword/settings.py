"""What can be set of microWakeWord."""

from __future__ import annotations

from typing import Annotated

import msgspec

Score = Annotated[float, msgspec.Meta(gt=0.0, le=1.0)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The key `microwakeword:` of the configuration."""

    models: str = ""
    """Folder of your own microWakeWord models (`.json` beside `.tflite`); the name of the `.json` is the word.
    Relative to the configuration."""
    thresholds: dict[str, Score] = msgspec.field(default_factory=dict)
    """Score from which a word counts, in place of its model's own: `{hey_jarvis: 0.9}`."""
