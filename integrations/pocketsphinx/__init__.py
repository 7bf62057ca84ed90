"""Recognition by PocketSphinx, with a grammar made of the sentences that the house understands."""

from __future__ import annotations

import msgspec

from arvisd.api import Host

from .acoustic import AcousticModel, english_model, russian_model
from .english import EnglishLexicon
from .provider import PocketsphinxProvider
from .russian import RussianLexicon


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of `pocketsphinx:`."""

    thresholds: dict[str, float] = msgspec.field(default_factory=dict)
    """Least gap to the free phone loop by language; higher refuses more. Default: what was measured (docs/recognition.md)."""
    parallel: int = 2
    """How many utterances of a language are heard at once; each takes some 30 MB."""


async def setup(host: Host, settings: Settings) -> None:
    """Offer the recogniser."""

    def models() -> list[AcousticModel]:
        from pocketsphinx import get_model_path

        found = [english_model(get_model_path("en-us"))]
        other = russian_model(host.find_model)
        if other is None:
            host.log.info("no Russian: the model ru-sphinx is not there (arvisd models list)")
        else:
            found.append(other)
        return found

    host.provide(
        PocketsphinxProvider(
            models,
            {
                "en": lambda lookup: EnglishLexicon(lookup).pronounce,
                "ru": lambda lookup: RussianLexicon(lookup).pronounce,
            },
            host.log,
            settings.thresholds,
            settings.parallel,
        )
    )
