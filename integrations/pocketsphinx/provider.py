"""The recogniser that listens for the sentences of the house."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

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

from .acoustic import AcousticModel
from .listener import Heard, Lexicon, Listener

T = TypeVar("T")


class PocketsphinxProvider(SttProvider):
    """Streams partial sentences while the sound comes and has the final one some milliseconds after its end.

    All decoding is done in one worker thread; listeners are kept warm, and as many as `parallel` utterances of a
    language are heard at once. A changed vocabulary is taken between utterances.
    """

    def __init__(
        self,
        models: Callable[[], list[AcousticModel]],
        lexicons: dict[str, Lexicon],
        log: logging.Logger,
        thresholds: dict[str, float],
        parallel: int = 2,
        languages: tuple[str, ...] = ("en", "ru"),
    ) -> None:
        self.info = ProviderInfo("pocketsphinx", Capability.STT, languages=languages)
        self._find_models = models
        self._lexicons = lexicons
        self._log = log
        self._thresholds = thresholds
        self._parallel = parallel
        self._vocabulary: Vocabulary | None = None
        self._worker: ThreadPoolExecutor | None = None
        self._pools: dict[str, _Pool] = {}

    def use(self, vocabulary: Vocabulary) -> None:
        """Take the vocabulary; its next version is looked for before every utterance."""
        self._vocabulary = vocabulary

    async def load(self) -> None:
        """Load one listener of each language that has a model, and its grammar if the vocabulary is there.

        Raises:
            ProviderUnavailableError: no model at all could be loaded; one that is broken does not stop the others.
        """
        self._worker = self._worker or ThreadPoolExecutor(max_workers=1, thread_name_prefix="pocketsphinx")
        wrong: list[str] = []
        for model in await asyncio.to_thread(self._find_models):
            try:
                pool = _Pool(
                    model, self._lexicons[model.language], self._thresholds.get(model.language), self._parallel
                )
                async with self._lease(pool) as listener:
                    await self._refresh(pool, listener)
            except (RuntimeError, OSError, ValueError) as error:
                wrong.append(f"the model in {model.sounds} cannot be read: {error}")
                self._log.error("%s; arvisd models verify", wrong[-1])
            else:
                self._pools[model.language] = pool
        if not self._pools:
            raise ProviderUnavailableError(f"pocketsphinx: {'; '.join(wrong) or 'it came without a model'}")

    async def close(self) -> None:
        """Let the worker end."""
        if self._worker is not None:
            self._worker.shutdown(wait=False, cancel_futures=True)
            self._worker = None

    def serves(self, language: str) -> bool:
        """Tell whether a language can be heard: before loading by its name, then by the models that are there."""
        return language.partition("-")[0] in self._pools if self._pools else super().serves(language)

    async def transcribe(self, audio: AsyncIterator[bytes], language: str) -> AsyncIterator[Hypothesis]:
        """Yield the sentence as it grows, then the final one; see `SttProvider`."""
        language = language.partition("-")[0]
        pool = self._pools.get(language)
        if pool is None:
            raise ProviderError(f"pocketsphinx has no model for {language!r}: arvisd models list --language {language}")
        async with self._lease(pool) as listener:
            await self._refresh(pool, listener)
            await self._run(listener.start)
            ended = False
            try:
                last = ""
                async for pcm in audio:
                    text = await self._run(listener.feed, pcm)
                    if text != last:
                        last = text
                        yield Hypothesis(text, final=False, confidence=0.5, language=language)
                ended = True
                heard: Heard = await self._run(listener.finish)
            finally:
                if not ended:
                    await asyncio.shield(self._run(listener.abandon))
            self._log.debug("heard %r: gap %.2f, coverage %.2f", heard.text, heard.gap, heard.coverage)
            if heard.accepted:
                yield Hypothesis(
                    heard.text, final=True, confidence=heard.confidence, language=language, words=heard.words
                )
            else:
                sure = 1 - heard.confidence if heard.text else 1.0
                yield Hypothesis("", final=True, confidence=sure, language=language)

    @contextlib.asynccontextmanager
    async def _lease(self, pool: _Pool) -> AsyncIterator[Listener]:
        """Take a listener that is free; another is made up to the bound, beyond it this waits."""
        async with pool.free:
            listener = pool.idle.pop() if pool.idle else await self._run(Listener, pool.model, pool.threshold)
            try:
                yield listener
            finally:
                pool.idle.append(listener)

    async def _refresh(self, pool: _Pool, listener: Listener) -> None:
        """Give the listener the newest grammar, if it has another one."""
        if self._vocabulary is None:
            return
        version = self._vocabulary.version
        if pool.versions.get(listener) == version:
            return
        graph: WordGraph = await asyncio.to_thread(self._vocabulary.graph, pool.model.language)
        unsayable = await self._run(listener.learn, graph, pool.lexicon)
        pool.versions[listener] = version
        if set(unsayable) - pool.unsayable:
            self._log.warning("cannot be heard in %s, no pronunciation: %s", pool.model.language, ", ".join(unsayable))
        pool.unsayable = set(unsayable)

    async def _run(self, work: Callable[..., T], *arguments: object) -> T:
        if self._worker is None:
            raise ProviderError("pocketsphinx was closed")
        return await asyncio.get_running_loop().run_in_executor(self._worker, work, *arguments)


class _Pool:
    """The listeners of one language."""

    def __init__(self, model: AcousticModel, lexicon: Lexicon, threshold: float | None, parallel: int) -> None:
        self.model = model
        self.lexicon = lexicon
        self.threshold = threshold
        self.free = asyncio.Semaphore(parallel)
        self.idle: list[Listener] = []
        self.versions: dict[Listener, int] = {}
        """The version of the vocabulary that each listener knows."""
        self.unsayable: set[str] = set()
