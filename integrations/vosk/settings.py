"""The settings of `vosk:`."""

from __future__ import annotations

import msgspec

DEFAULT_MODELS = {"en": "vosk-small-en", "ru": "vosk-small-ru"}
"""Models of the catalogue, by language."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of `vosk:`."""

    models: dict[str, str] = msgspec.field(default_factory=lambda: dict(DEFAULT_MODELS))
    """Model by language: a name of the catalogue, or the path of a folder, relative to the configuration."""
    grammar: bool = False
    """Hear only the words of the house's sentences; surer of them, deaf to all others. Small models alone can do it."""
    parallel: int = 2
    """How many utterances are heard at once."""
