"""Fixed phrases, rendered ahead of time: what must be said when nothing else works is there already."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable

from arvisd.assist.playback import Synthesize
from arvisd.assist.settings import AssistSettings
from arvisd.core.errors import ProviderError
from arvisd.providers.tts import SpeechRequest
from arvisd.providers.tts_chain import Voiced

_LOGGER = logging.getLogger(__name__)

APOLOGIES = {"en": "Sorry, something went wrong.", "ru": "Извините, что-то пошло не так."}
"""Said when a turn fails, by language; another language gets the English one, spoken by its own voice."""


def apology(language: str) -> str:
    """Return what is said when a turn fails."""
    return APOLOGIES.get(language.partition("-")[0], APOLOGIES["en"])


class Phrases:
    """Stands before the voices: a phrase that was rendered ahead is played from memory."""

    def __init__(self, synthesize: Synthesize) -> None:
        self._synthesize = synthesize
        self._rendered: dict[SpeechRequest, list[Voiced]] = {}

    async def prepare(self, settings: AssistSettings, languages: Iterable[str]) -> None:
        """Render the apology in each language; where there is no voice it will be text only."""
        rendered: dict[SpeechRequest, list[Voiced]] = {}
        for language in languages:
            voice = settings.voice(language)
            request = SpeechRequest(apology(language), language, voice.voice, voice.speed)
            try:
                rendered[request] = [voiced async for voiced in self._synthesize(request)]
            except ProviderError as error:
                _LOGGER.info("no apology can be rendered in %r: %s", language, error)
        self._rendered = rendered

    def has(self, text: str, language: str) -> bool:
        """Tell whether a phrase was rendered ahead, in whatever voice."""
        return any(request.text == text and request.language == language for request in self._rendered)

    async def synthesize(self, request: SpeechRequest) -> AsyncIterator[Voiced]:
        """Yield the sound of a sentence, from memory where it is there."""
        rendered = self._rendered.get(request)
        if rendered is not None:
            for voiced in rendered:
                yield voiced
            return
        async for voiced in self._synthesize(request):
            yield voiced
