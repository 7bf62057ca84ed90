"""Offers Piper's voices as a provider of speech."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from arvisd.api import (
    Capability,
    ProviderError,
    ProviderInfo,
    ProviderUnavailableError,
    SpeechChunk,
    SpeechRequest,
    TtsProvider,
    speakable,
)

from .settings import Settings
from .voice import Halt, Voice, open_voice
from .voices import DEFAULT_VOICES, VoiceFile, find_voices


class PiperTts(TtsProvider):
    """Speaks with Piper in one worker thread of its own: the model uses every core for one sentence at a time."""

    def __init__(self, settings: Settings, config_folder: Path, find_model: Callable[[str], Path | None]) -> None:
        languages = tuple(sorted(language.partition("-")[0] for language in settings.voices or DEFAULT_VOICES))
        self.info = ProviderInfo("piper", Capability.TTS, languages=languages)
        self._settings = settings
        self._config_folder = config_folder
        self._find_model = find_model
        self._files: dict[str, VoiceFile] = {}
        self._voices: dict[str, Voice] = {}
        self._worker: ThreadPoolExecutor | None = None

    async def load(self) -> None:
        """Find and read the voices.

        Raises:
            ProviderUnavailableError: a voice or the library is missing; the text names the command that gets it.
        """
        self._worker = self._worker or ThreadPoolExecutor(1, thread_name_prefix="piper")
        await asyncio.get_running_loop().run_in_executor(self._worker, self._open)

    def _open(self) -> None:
        files = find_voices(self._settings.voices, self._config_folder, self._find_model)
        self._voices = {language: open_voice(file) for language, file in files.items()}
        self._files = files

    async def close(self) -> None:
        """Let the voices go."""
        if self._worker is not None:
            self._worker.shutdown(wait=False, cancel_futures=True)
        self._worker = None
        self._files, self._voices = {}, {}

    def voices(self, language: str) -> list[str]:
        """Return the name of the voice for a language, if there is one."""
        base = language.partition("-")[0]
        return [file.name for code, file in self._files.items() if code.partition("-")[0] == base]

    async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        """Yield one chunk for each sentence of the text; closing stops the model in the middle of one."""
        worker = self._worker
        if worker is None or not self._voices:
            raise ProviderUnavailableError("piper: not loaded")
        voice = self._choose(request)
        spoken = speakable(request.text, request.language)
        if not spoken.text:
            return
        loop = asyncio.get_running_loop()
        chunks: asyncio.Queue[SpeechChunk | None] = asyncio.Queue()
        halt = Halt()

        def deliver(chunk: SpeechChunk | None) -> None:
            if not halt.is_set:
                loop.call_soon_threadsafe(chunks.put_nowait, chunk)

        def work() -> None:
            try:
                speed = self._settings.speed * request.speed
                for chunk in voice.speak(spoken.text, speed, self._settings.volume, halt):
                    deliver(chunk)
            finally:
                deliver(None)

        speaking = loop.run_in_executor(worker, work)
        try:
            while (chunk := await chunks.get()) is not None:
                yield chunk
            await speaking
        finally:
            halt.set()
            if not speaking.cancel() and not speaking.cancelled():
                speaking.exception()  # seen: nobody is left to raise it to

    def _choose(self, request: SpeechRequest) -> Voice:
        by_name = {file.name: language for language, file in self._files.items()}
        base = request.language.partition("-")[0]
        codes = (by_name.get(request.voice, ""), request.language, base)
        for code in codes if request.voice in by_name else codes[1:]:
            if code in self._voices:
                return self._voices[code]
        if request.voice:
            raise ProviderError(f"piper has no voice {request.voice!r}; it has {', '.join(by_name)}")
        raise ProviderError(f"piper has no voice for {request.language!r}; it has {', '.join(self._voices)}")
