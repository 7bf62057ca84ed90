"""One speech being spoken: made piece by piece, played, published, and cut off where somebody interrupts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

import msgspec

from arvisd.assist.onset import first_audible
from arvisd.assist.packets import Packetizer
from arvisd.assist.rendering import CHARACTERS_PER_SECOND, Mouth, Rendering, heard_text
from arvisd.assist.sentences import Piece, split
from arvisd.assist.site import AudioOutput
from arvisd.core.context import Context
from arvisd.core.errors import ProviderError
from arvisd.core.hub import Hub
from arvisd.core.ids import new_id
from arvisd.core.sites import Cues, SpeechBegin, SpeechCancel, SpeechEnd
from arvisd.providers.errors import BrokenOffError
from arvisd.providers.tts import SpeechRequest
from arvisd.providers.tts_chain import Voiced

_LOGGER = logging.getLogger(__name__)

WRITE_MS = 40
"""Sound is written in pieces of this length: an interruption takes effect within one."""
TRIES = 3
"""How often one piece is begun anew when voices break off before any of it was heard."""

Synthesize = Callable[[SpeechRequest], AsyncIterator[Voiced]]


class Speech(msgspec.Struct, frozen=True):
    """What is to be spoken, and how."""

    text: str
    language: str
    context: Context
    turn: str = ""
    voice: str = ""
    speed: float = 1.0
    emotion: str = ""


class Spoken(msgspec.Struct, frozen=True):
    """What became of it. Times are monotonic seconds."""

    heard: str
    """What was really heard of the text."""
    interrupted: str = ""
    """Why it was cut off; empty: it was not."""
    error: str = ""
    """Why the rest could not be spoken; empty: all of it could."""
    provider: str = ""
    """Whose voice it began with."""
    first_chunk: float | None = None
    """When the voice gave the first sound."""
    first_sound: float | None = None
    """When its first audible sample came out of the speaker."""
    ended: float = 0.0


class Playback:
    """Speaks one speech; made for it and thrown away."""

    def __init__(
        self,
        hub: Hub,
        site: str,
        speech: Speech,
        output: AudioOutput,
        synthesize: Synthesize,
        on_begin: Callable[[str], object],
        on_mouth: Callable[[Mouth], object] | None,
    ) -> None:
        self.speech = speech
        self.interrupted = ""
        self._hub = hub
        self._site = site
        self._output = output
        self._synthesize = synthesize
        self._on_begin = on_begin
        self._on_mouth = on_mouth
        self._renderings: list[Rendering] = []
        self._utterance: _Utterance | None = None
        self._played_ms = 0.0
        """Handed to the output so far."""
        self._heard_ms: float | None = None
        self._first_write: float | None = None
        self._first_chunk: float | None = None
        self._first_sound: float | None = None
        self._provider = ""
        self._error = ""

    async def run(self) -> None:
        """Speak; returns when the device has played all of it."""
        pieces = split(self.speech.text)
        ahead: asyncio.Queue[Rendering | None] = asyncio.Queue(1)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._make(pieces, ahead), name=f"voice of {self._site}")
            while (rendering := await ahead.get()) is not None:
                await self._play(rendering)
        if self._utterance is not None:
            self._publish("end", SpeechEnd(self._utterance.packets.samples, self.speech.context))
            await self._output.drain()

    def cut_off(self, reason: str) -> None:
        """Fall silent now; `run` must then be cancelled. Only the first reason counts."""
        if self.interrupted:
            return
        self.interrupted = reason
        unheard = self._output.abort()
        self._heard_ms = max(0.0, self._played_ms - unheard)
        if self._utterance is not None:
            at = max(0, round(self._heard_ms - self._utterance.start_ms))
            self._publish("cancel", SpeechCancel(reason, at, self.speech.context))

    def spoken(self) -> Spoken:
        """Return what became of it."""
        heard_ms = self._played_ms if self._heard_ms is None else self._heard_ms
        return Spoken(
            heard_text(self.speech.text, self._renderings, heard_ms),
            self.interrupted,
            self._error,
            self._provider,
            self._first_chunk,
            self._first_sound,
            self._hub.clock.monotonic(),
        )

    async def _make(self, pieces: list[Piece], ahead: asyncio.Queue[Rendering | None]) -> None:
        for piece in pieces:
            rendering = Rendering(piece)
            await ahead.put(rendering)
            try:
                await self._render(rendering)
            except ProviderError as error:
                self._error = str(error)
                rendering.finish(complete=False)
                break
        await ahead.put(None)

    async def _render(self, rendering: Rendering) -> None:
        """Have one piece made; what was not heard yet is begun anew by the next voice, nothing is said twice."""
        speech = self.speech
        request = SpeechRequest(rendering.piece.text, speech.language, speech.voice, speech.speed)
        for left in reversed(range(TRIES)):
            try:
                async for voiced in self._synthesize(request):
                    rendering.add(voiced)
            except BrokenOffError as error:
                _LOGGER.info("%s: %s", self._site, error)
                if rendering.taken:
                    break
                if not left:
                    raise
                rendering.clear()
            else:
                rendering.finish(complete=True)
                return
        rendering.finish(complete=False)

    async def _play(self, rendering: Rendering) -> None:
        rendering.start_ms = self._played_ms
        self._renderings.append(rendering)
        async for voiced in rendering.sound():
            chunk = voiced.chunk
            if self._first_chunk is None:
                self._first_chunk = self._hub.clock.monotonic()
                self._provider = voiced.provider
            if not chunk.pcm:
                continue
            self._begin(chunk.rate, rendering)
            self._tell(rendering, voiced)
            step = chunk.rate * WRITE_MS // 1000 * 2
            for at in range(0, len(chunk.pcm), step):
                await self._write(chunk.pcm[at : at + step], chunk.rate)

    async def _write(self, pcm: bytes, rate: int) -> None:
        now = self._hub.clock.monotonic()
        if self._first_write is None:
            self._first_write = now
        if self._first_sound is None and (index := first_audible(pcm)) is not None:
            before = self._played_ms / 1000 + index / rate
            self._first_sound = max(now, self._first_write + before) + self._output.latency
        assert self._utterance is not None
        topic = self._hub.topics.speech(self._site, self._utterance.id, "audio")
        for packet in self._utterance.packets.pack(pcm):
            self._hub.bus.publish(topic, packet, qos=0)
        await self._output.write(pcm, rate)
        self._played_ms += len(pcm) / 2 / rate * 1000

    def _begin(self, rate: int, rendering: Rendering) -> None:
        """Begin an utterance where none is under way; a voice of another rate begins another one."""
        before = self._utterance
        if before is not None and before.rate == rate:
            return
        if before is not None:
            self._publish("end", SpeechEnd(before.packets.samples, self.speech.context))
        self._utterance = _Utterance(
            rate, rendering.piece.offset, self._played_ms, (before.packets.stream if before else 0) + 1
        )
        text = self.speech.text[rendering.piece.offset :]
        speech = self.speech
        estimated = round(len(text) / CHARACTERS_PER_SECOND * 1000 / speech.speed)
        self._on_begin(self._utterance.id)
        begin = SpeechBegin(
            speech.turn, text, speech.language, "pcm_s16le", rate, estimated, speech.emotion, speech.context
        )
        self._publish("begin", begin)

    def _tell(self, rendering: Rendering, voiced: Voiced) -> None:
        """Publish what avatars and captions need of some sound, before the sound."""
        utterance = self._utterance
        assert utterance is not None
        assert rendering.start_ms is not None
        start = max(0.0, rendering.start_ms - utterance.start_ms)
        offset = rendering.piece.offset - utterance.offset
        if voiced.chunk.words:
            cues: list[tuple[int, str, int | str, float]] = [
                (round(start + word.start_ms), "word", offset + word.offset, word.length) for word in voiced.chunk.words
            ]
            self._publish("cues", Cues(cues, self.speech.context))
        if self._on_mouth is not None:
            self._on_mouth(Mouth(self._site, utterance.id, start, voiced))

    def _publish(self, what: str, payload: msgspec.Struct) -> None:
        assert self._utterance is not None
        self._hub.bus.publish(self._hub.topics.speech(self._site, self._utterance.id, what), payload)


class _Utterance:
    """What is published under one id: sound of one rate."""

    def __init__(self, rate: int, offset: int, start_ms: float, stream: int) -> None:
        self.id = new_id()
        self.rate = rate
        self.offset = offset
        """Where its text begins in the whole speech."""
        self.start_ms = start_ms
        """Where it begins in the whole speech."""
        self.packets = Packetizer(stream)
