"""A piece of a reply on its way from the voice to the listener: made by one task while another one plays it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import msgspec

from arvisd.assist.sentences import Piece
from arvisd.providers.tts import WordTime
from arvisd.providers.tts_chain import Voiced

CHARACTERS_PER_SECOND = 14.0
"""How fast speech is while its length is not known yet; English and Russian voices do 12 to 16."""


class Rendering:
    """The sound of one piece, growing while the voice makes it."""

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        self.taken = False
        """Whether any of it has been handed out to be played."""
        self.complete = False
        """Whether the voice has made all of it."""
        self.start_ms: float | None = None
        """Where it begins in the speech; None until it is played."""
        self.words: list[WordTime] = []
        """Times from the piece's first sample."""
        self._sound: list[Voiced] = []
        self._more = asyncio.Event()
        self._finished = False
        self._ms = 0.0

    def add(self, voiced: Voiced) -> None:
        """Append some sound."""
        self._sound.append(voiced)
        self.words += voiced.chunk.words
        self._ms += len(voiced.chunk.pcm) / 2 / voiced.chunk.rate * 1000
        self._tell()

    def clear(self) -> None:
        """Begin again: the voice broke off and nothing of it has been taken."""
        self._sound.clear()
        self.words.clear()
        self._ms = 0.0

    def finish(self, *, complete: bool) -> None:
        """Say that no more will come."""
        self.complete = complete
        self._finished = True
        self._tell()

    @property
    def ms(self) -> float:
        """How long it sounds; an estimate while it is not complete."""
        return self._ms if self._finished else max(self._ms, len(self.piece.text) / CHARACTERS_PER_SECOND * 1000)

    async def sound(self) -> AsyncIterator[Voiced]:
        """Yield the sound as it is made; one reader."""
        at = 0
        while True:
            if at < len(self._sound):
                self.taken = True
                at += 1
                yield self._sound[at - 1]
            elif self._finished:
                return
            else:
                self._more.clear()
                await self._more.wait()

    def _tell(self) -> None:
        self._more.set()


def heard_text(text: str, renderings: Sequence[Rendering], heard_ms: float) -> str:
    """Return the beginning of a text that somebody has heard, in whole words.

    Args:
        text: the whole reply.
        renderings: its pieces that were begun, in order.
        heard_ms: how much of the speech came out of the speaker.
    """
    end = 0
    for rendering in renderings:
        if rendering.start_ms is None or heard_ms <= rendering.start_ms:
            break
        within = heard_ms - rendering.start_ms
        if rendering.complete and within >= rendering.ms - 1:
            end = rendering.piece.end
            continue
        end = rendering.piece.offset + _heard_characters(rendering, within)
        break
    return text[:end].strip()


def _heard_characters(rendering: Rendering, within_ms: float) -> int:
    words = sorted(rendering.words, key=lambda word: word.start_ms)
    if words:
        # a word was heard when the next one begins
        ends = [*(word.start_ms for word in words[1:]), rendering.ms]
        heard = [word for word, end in zip(words, ends, strict=True) if end <= within_ms]
        return heard[-1].offset + heard[-1].length if heard else 0
    text = rendering.piece.text
    share = min(1.0, within_ms / max(1.0, rendering.ms))
    cut = int(len(text) * share)
    if cut >= len(text) or text[cut].isspace():
        return cut
    return max(0, text.rfind(" ", 0, cut + 1))


class Mouth(msgspec.Struct, frozen=True):
    """What an avatar needs of some sound, told before the sound is sent."""

    site: str
    utterance: str
    start_ms: float
    """Where the piece begins, from the utterance's first sample; the times of the phonemes count from here."""
    voiced: Voiced
    """Its `chunk` has the phonemes."""
