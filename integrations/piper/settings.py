"""What can be set of Piper."""

from __future__ import annotations

from typing import Annotated

import msgspec


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The key `piper:` of the configuration."""

    voices: dict[str, str] = msgspec.field(default_factory=dict)
    """Voice by language: a model of the catalogue or the path of an `.onnx` with its `.onnx.json` beside it, relative
    to the configuration; `#name` chooses a speaker of a voice with several. Empty: what `arvisd models` has."""
    speed: Annotated[float, msgspec.Meta(ge=0.5, le=2.5)] = 1.0
    """1 is the voice's own pace."""
    volume: Annotated[float, msgspec.Meta(ge=0.0, le=1.0)] = 1.0
    """1 is full scale."""
