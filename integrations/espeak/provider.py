"""Offers espeak-ng as a provider of speech."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec

from arvisd.api import (
    Capability,
    ProviderError,
    ProviderInfo,
    ProviderUnavailableError,
    Speakable,
    SpeechChunk,
    SpeechRequest,
    TtsProvider,
    WordTime,
    speakable,
)

from .chunks import ChunkCutter
from .library import Library, PhonemeEvent, Prosody, WordEvent, open_library
from .scripts import script_runs
from .settings import Settings
from .voices import VoiceBook

_WORDS_A_MINUTE = 175  # espeak's own pace
_SLOWEST, _FASTEST = 80, 450  # what the library takes


class EspeakTts(TtsProvider):
    """Speaks with espeak-ng in one worker thread of its own.

    The engine is a thousand times faster than the sound it makes, so a sentence is made whole within some
    milliseconds even when it is taken slowly; nothing waits for the listener with the library's lock held.
    """

    def __init__(self, settings: Settings) -> None:
        self.info = ProviderInfo("espeak", Capability.TTS)
        self._settings = settings
        self._library: Library | None = None
        self._book = VoiceBook(())
        self._worker: ThreadPoolExecutor | None = None

    async def load(self) -> None:
        """Open the library, check the voices that the settings name and say a word unheard, which warms it.

        Raises:
            ProviderUnavailableError: the library is missing or has no such voice.
        """
        self._worker = self._worker or ThreadPoolExecutor(1, thread_name_prefix="espeak")
        await asyncio.get_running_loop().run_in_executor(self._worker, self._open)

    def _open(self) -> None:
        library = open_library()
        self._book = VoiceBook(library.voices, library.variants)
        self.info = msgspec.structs.replace(self.info, languages=self._book.languages)
        for language, name in self._settings.voices.items():
            try:
                self._book.identifier(name)
            except ProviderError as error:
                raise ProviderUnavailableError(f"espeak: voices: {language}: {error}") from error
        for language in ("ru", "en"):
            library.speak("а" if language == "ru" else "a", self._voice("", language), Prosody(), lambda *_: True)
        self._library = library

    async def close(self) -> None:
        """Stop the worker; the library itself stays open for the process."""
        if self._worker is not None:
            self._worker.shutdown(wait=False, cancel_futures=True)
        self._worker = self._library = None

    def voices(self, language: str) -> list[str]:
        """Return the names of the voices; each also takes a variant of espeak's, as in `ru+f2`."""
        return self._book.names(language)

    async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        """Yield the sound of a sentence with its phonemes (IPA) and words; a text without words yields nothing."""
        library, worker = self._library, self._worker
        if library is None or worker is None:
            raise ProviderUnavailableError("espeak: not loaded")
        spoken = speakable(request.text, request.language)
        if not spoken.text:
            return
        runs = [
            (
                run.offset,
                run.text,
                self._voice("", run.language) if run.language else self._voice(request.voice, request.language),
            )
            for run in script_runs(spoken.text, request.language)
        ]
        loop = asyncio.get_running_loop()
        chunks: asyncio.Queue[SpeechChunk | None] = asyncio.Queue()
        stop = threading.Event()

        def deliver(chunk: SpeechChunk | None) -> None:
            loop.call_soon_threadsafe(chunks.put_nowait, chunk)

        def work() -> None:
            try:
                speak_runs(library, runs, self._prosody(request), deliver, stop)
            finally:
                if not stop.is_set():
                    deliver(None)

        speaking = loop.run_in_executor(worker, work)
        try:
            while (chunk := await chunks.get()) is not None:
                yield _in_written_text(chunk, spoken)
            await speaking
        finally:
            stop.set()
            if not speaking.cancel() and not speaking.cancelled():
                speaking.exception()  # seen: nobody is left to raise it to

    def _voice(self, name: str, language: str) -> str:
        voices = self._settings.voices
        name = name or voices.get(language) or voices.get(language.partition("-")[0]) or ""
        return self._book.identifier(name) if name else self._book.for_language(language)

    def _prosody(self, request: SpeechRequest) -> Prosody:
        rate = round(_WORDS_A_MINUTE * self._settings.speed * request.speed)
        return Prosody(min(max(rate, _SLOWEST), _FASTEST), self._settings.pitch, round(self._settings.volume * 100))


def speak_runs(
    library: Library,
    runs: Sequence[tuple[int, str, str]],
    prosody: Prosody,
    deliver: Callable[[SpeechChunk], None],
    stop: threading.Event,
) -> None:
    """Speak a sentence in the calling thread.

    Args:
        library: the open library.
        runs: first character, text and voice identifier of each piece of the sentence.
        prosody: rate, pitch and volume.
        deliver: takes the chunks as they are made.
        stop: setting it ends the synthesis at its next 60 ms of sound, a fraction of a millisecond later.

    Raises:
        ProviderError: the library refused.
    """
    cutter = ChunkCutter(library.rate)

    def listen(pcm: bytes, events: list[PhonemeEvent | WordEvent]) -> bool:
        if stop.is_set():
            return False
        if (chunk := cutter.add(pcm, events)) is not None:
            deliver(chunk)
        return True

    for number, (offset, text, voice) in enumerate(runs, 1):
        if stop.is_set():
            return
        cutter.next_text(offset)
        library.speak(text, voice, prosody, listen, end_pause=number == len(runs))
    if not stop.is_set() and (chunk := cutter.end()) is not None:
        deliver(chunk)


def _in_written_text(chunk: SpeechChunk, spoken: Speakable) -> SpeechChunk:
    """Return the chunk with its words' places in the text as it was written."""
    words = tuple(WordTime(word.start_ms, *spoken.origin(word.offset, word.length)) for word in chunk.words)
    return msgspec.structs.replace(chunk, words=words)
