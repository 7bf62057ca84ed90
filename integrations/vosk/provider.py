"""The recogniser of free speech."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from arvisd.api import (
    Capability,
    Hypothesis,
    ProviderError,
    ProviderInfo,
    ProviderUnavailableError,
    SttProvider,
    Vocabulary,
    WordGraph,
)

from .results import Utterance
from .settings import Settings

T = TypeVar("T")
_RATE = 16000
_UNKNOWN = "[unk]"
"""What a recogniser with a grammar calls all other words."""


class VoskProvider(SttProvider):
    """Streams partial results; the final one comes with the times and confidence of its words."""

    def __init__(
        self,
        settings: Settings,
        config_folder: Path,
        find_model: Callable[[str], Path | None],
        log: logging.Logger,
    ) -> None:
        self.info = ProviderInfo("vosk", Capability.STT, languages=tuple(settings.models))
        self._settings = settings
        self._config_folder = config_folder
        self._find_model = find_model
        self._log = log
        self._vocabulary: Vocabulary | None = None
        self._models: dict[str, Any] = {}
        self._workers: ThreadPoolExecutor | None = None

    def use(self, vocabulary: Vocabulary) -> None:
        """Take the vocabulary: its wake words are no part of what is said, and its words are the grammar's."""
        self._vocabulary = vocabulary

    def serves(self, language: str) -> bool:
        """Tell whether a model of the language is on this machine, loaded or not."""
        language = language.partition("-")[0]
        return language in self._models or self._place(language) is not None

    async def load(self) -> None:
        """Load the models that are there (0.3 s and 100 MB for a small one).

        Raises:
            ProviderUnavailableError: there is none, or vosk cannot read it.
        """
        self._workers = self._workers or ThreadPoolExecutor(self._settings.parallel, thread_name_prefix="vosk")
        places = {language: place for language in self._settings.models if (place := self._place(language)) is not None}
        if not places:
            commands = " or ".join(f"arvisd models pull {name}" for name in self._settings.models.values())
            raise ProviderUnavailableError(f"vosk has no model: get one with {commands}")
        self._models = {language: await self._run(_open, place) for language, place in places.items()}

    async def close(self) -> None:
        """Let the models go."""
        if self._workers is not None:
            self._workers.shutdown(wait=False, cancel_futures=True)
        self._workers = None
        self._models = {}

    async def transcribe(self, audio: AsyncIterator[bytes], language: str) -> AsyncIterator[Hypothesis]:
        """Yield what was understood so far, then all of it; see `SttProvider`."""
        language = language.partition("-")[0]
        model = self._models.get(language)
        if model is None:
            raise ProviderError(f"vosk has no model for {language!r}: arvisd models list")
        graph = WordGraph()
        if self._vocabulary is not None:
            graph = await asyncio.to_thread(self._vocabulary.graph, language)
        recogniser = await self._run(_recogniser, model, self._grammar(graph))
        utterance = Utterance(graph, language)
        last = ""
        async for pcm in audio:
            partial = utterance.heard(*await self._run(_accept, recogniser, pcm))
            if partial.text != last:
                last = partial.text
                yield partial
        yield utterance.final(await self._run(recogniser.FinalResult))

    def _grammar(self, graph: WordGraph) -> str:
        """Return the words to hear as vosk wants them; empty: any."""
        if not self._settings.grammar or not graph.arcs:
            return ""
        return json.dumps([*sorted({arc[2] for arc in graph.arcs}), *graph.lead_ins, _UNKNOWN], ensure_ascii=False)

    def _place(self, language: str) -> Path | None:
        name = self._settings.models.get(language)
        if name is None:
            return None
        found = self._find_model(name)
        if found is not None:
            return found
        own = self._config_folder / Path(name).expanduser()
        return own if (own / "conf").is_dir() else None

    async def _run(self, work: Callable[..., T], *arguments: object) -> T:
        if self._workers is None:
            raise ProviderError("vosk was closed")
        return await asyncio.get_running_loop().run_in_executor(self._workers, work, *arguments)


def _open(place: Path) -> Any:
    """Load a model by its path: by language or name, vosk would look for it on the network."""
    import vosk

    vosk.SetLogLevel(-1)
    try:
        return vosk.Model(str(place))
    except Exception as error:
        raise ProviderUnavailableError(f"vosk cannot read the model in {place}: arvisd models verify") from error


def _recogniser(model: Any, grammar: str) -> Any:
    import vosk

    recogniser = vosk.KaldiRecognizer(model, _RATE, grammar) if grammar else vosk.KaldiRecognizer(model, _RATE)
    recogniser.SetWords(True)
    return recogniser


def _accept(recogniser: Any, pcm: bytes) -> tuple[bool, str]:
    """Give it the next samples; return whether a part of the utterance is settled, and the result."""
    if recogniser.AcceptWaveform(pcm):
        return True, recogniser.Result()
    return False, recogniser.PartialResult()
