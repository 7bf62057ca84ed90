"""Scripted providers: they hear and speak the sounds of `tests.simulators.sounds`, and fail when told to."""

from __future__ import annotations

import array
import asyncio
from collections.abc import AsyncIterator

from arvisd.core.errors import ProviderError
from arvisd.intent.answer import Answer, Utterance
from arvisd.providers.base import Capability, ProviderInfo
from arvisd.providers.stt import Hypothesis, SttProvider
from arvisd.providers.tts import Phoneme, SpeechChunk, SpeechRequest, TtsProvider, WordTime
from arvisd.providers.vad import VadDetector, VadProvider
from arvisd.providers.wake import WakeDetection, WakeDetector, WakeProvider
from tests.simulators.clock import FakeClock
from tests.simulators.sounds import STEP, WAKE, is_voiced, run, words_in


class InlineWorker:
    """Runs everything at once, so that virtual time stays exact."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.closed = False

    async def run(self, function):
        return function()

    def close(self) -> None:
        self.closed = True


class FakeVadDetector(VadDetector):
    frame_samples = 512

    def process(self, pcm: bytes) -> float:
        assert len(pcm) == 1024
        return 0.95 if is_voiced(pcm) else 0.02

    def reset(self) -> None:
        pass


class FakeVad(VadProvider):
    def __init__(self, name: str = "fake_vad") -> None:
        self.info = ProviderInfo(name, Capability.VAD)

    def detector(self) -> VadDetector:
        return FakeVadDetector()


class FakeWakeDetector(WakeDetector):
    """Answers `lag` seconds after the wake word has sounded for `needed` seconds."""

    def __init__(self, word: str, needed: float, lag: float) -> None:
        self._word = word
        self._needed = needed
        self._lag = lag
        self.reset()

    def process(self, pcm: bytes) -> WakeDetection | None:
        for value in array.array("h", pcm)[::STEP]:
            self._position += STEP
            if value == WAKE:
                self._heard += STEP
                if self._heard == round(self._needed * 16000):
                    self._due = self._position + round(self._lag * 16000)
            else:
                self._heard = 0
        if self._due is not None and self._position >= self._due:
            self._due = None
            return WakeDetection(self._word, 0.9)
        return None

    def reset(self) -> None:
        self._position = self._heard = 0
        self._due: int | None = None


class FakeWake(WakeProvider):
    def __init__(self, needed: float = 0.5, lag: float = 0.2, name: str = "fake_wake") -> None:
        self.info = ProviderInfo(name, Capability.WAKE)
        self.needed = needed
        self.lag = lag
        self.made = 0

    def words(self) -> list[str]:
        return ["hey_jarvis"]

    def detector(self, words: list[str], threshold: float | None = None) -> WakeDetector:
        self.made += 1
        return FakeWakeDetector(words[0], self.needed, self.lag)


class FakeStt(SttProvider):
    """Recognises the words of the sound it was given."""

    def __init__(
        self,
        name: str = "fake_stt",
        clock: FakeClock | None = None,
        *,
        delay: float = 0.0,
        fail_after: float | None = None,
        hang: bool = False,
        languages: tuple[str, ...] = (),
        unavailable: ProviderError | None = None,
    ) -> None:
        self.info = ProviderInfo(name, Capability.STT, languages=languages)
        self.clock = clock
        self.delay = delay
        self.fail_after = fail_after
        self.hang = hang
        self.unavailable = unavailable
        self.heard: list[bytes] = []
        """The sound of each utterance."""
        self.loads = 0

    async def load(self) -> None:
        self.loads += 1
        if self.unavailable is not None:
            raise self.unavailable

    async def transcribe(self, audio: AsyncIterator[bytes], language: str) -> AsyncIterator[Hypothesis]:
        at = len(self.heard)
        self.heard.append(b"")
        said: list[str] = []
        async for pcm in audio:
            self.heard[at] += pcm
            if self.fail_after is not None and len(self.heard[at]) / 32000 >= self.fail_after:
                raise ProviderError("the line is dead")
            words = words_in(self.heard[at])
            if words != said:
                said = words
                yield Hypothesis(" ".join(words), False, 0.5, language)
        if self.hang:
            await asyncio.get_running_loop().create_future()
        if self.delay and self.clock:
            await self.clock.sleep(self.delay)
        yield Hypothesis(" ".join(words_in(self.heard[at])), True, 0.9, language)


CHARACTER_SECONDS = 0.05
"""How long the fake voice takes to say a character."""


class FakeTts(TtsProvider):
    """Speaks 50 ms a character, in chunks of 0.5 s; the first 20 ms are silent."""

    def __init__(
        self,
        name: str = "fake_tts",
        clock: FakeClock | None = None,
        *,
        delay: float = 0.1,
        rate: int = 16_000,
        fail_on: str = "",
        fail_after: int = 0,
        level: int = 5000,
        languages: tuple[str, ...] = (),
        words: bool = True,
    ) -> None:
        self.info = ProviderInfo(name, Capability.TTS, languages=languages)
        self.clock = clock
        self.delay = delay
        self.rate = rate
        self.fail_on = fail_on
        self.fail_after = fail_after
        """Chunks that are given of a sentence with `fail_on` in it."""
        self.level = level
        self.words = words
        self.requests: list[SpeechRequest] = []

    async def synthesize(self, request: SpeechRequest) -> AsyncIterator[SpeechChunk]:
        self.requests.append(request)
        if self.clock:
            await self.clock.sleep(self.delay)
        length = len(request.text) * CHARACTER_SECONDS
        pcm = run(0, 0.02, self.rate) + run(self.level, length - 0.02, self.rate)
        words = []
        at = 0
        for word in request.text.split():
            at = request.text.index(word, at)
            words.append(WordTime(round(at * CHARACTER_SECONDS * 1000), at, len(word)))
            at += len(word)
        step = self.rate // 2 * 2
        for index, begin in enumerate(range(0, len(pcm), step)):
            if self.fail_on and self.fail_on in request.text and index >= self.fail_after:
                raise ProviderError("the voice broke")
            yield SpeechChunk(
                pcm[begin : begin + step],
                self.rate,
                (Phoneme("a", 0, 100),) if index == 0 else (),
                tuple(words) if index == 0 and self.words else (),
            )


class FakeAnswers:
    """Answers from a table; unknown texts get "I did not understand"."""

    def __init__(
        self, clock: FakeClock, replies: dict[str, str | Exception] | None = None, delay: float = 0.05
    ) -> None:
        self.clock = clock
        self.replies = replies or {}
        self.delay = delay
        self.asked: list[Utterance] = []
        self.expects_answer = False
        self.whole_sentences = False
        """Whether it tells that a text it has a reply to is a whole sentence."""
        self.on_answer = lambda utterance: None
        """Called with each utterance as its intent would be published."""

    async def answer(self, utterance: Utterance) -> Answer:
        self.asked.append(utterance)
        self.on_answer(utterance)
        await self.clock.sleep(self.delay)
        reply = self.replies.get(utterance.text, "I did not understand.")
        if isinstance(reply, Exception):
            raise reply
        known = utterance.text in self.replies
        return Answer(
            reply,
            "fake",
            utterance.language,
            intent="HassTurnOn" if known else None,
            actions=["light.turn_on"] if known else [],
            expects_answer=self.expects_answer,
        )

    async def complete(self, utterance: Utterance) -> bool:
        return self.whole_sentences and utterance.text in self.replies
