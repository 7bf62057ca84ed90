"""The sound of one utterance, kept whole so that every recogniser hears it from its start."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

MAX_BYTES = 60 * 16_000 * 2
"""No utterance is longer than a minute (end-pointing cuts at 15 s); what is appended beyond is left out."""

PIECE_BYTES = 640
"""Readers get at most 20 ms at a time, however much is appended: PocketSphinx holds Python's lock for as long as it
decodes a piece, and 3 s given at once stood the whole daemon still for 3 s (measured)."""


class UtteranceAudio:
    """Grows while somebody speaks; any number of readers follow it, each from the first sample."""

    def __init__(self) -> None:
        self.finished = asyncio.Event()
        """Set when no more sound will come."""
        self._pieces: list[bytes] = []
        self._size = 0
        self._more = asyncio.Event()

    def append(self, pcm: bytes) -> None:
        """Add 16 kHz mono s16le; ignored once finished."""
        if self.finished.is_set() or not pcm or self._size + len(pcm) > MAX_BYTES:
            return
        self._pieces.extend(pcm[at : at + PIECE_BYTES] for at in range(0, len(pcm), PIECE_BYTES))
        self._size += len(pcm)
        self._tell()

    def finish(self) -> None:
        """Say that this was all."""
        self.finished.set()
        self._tell()

    @property
    def pcm(self) -> bytes:
        """All that there is so far."""
        return b"".join(self._pieces)

    @property
    def samples(self) -> int:
        """How many samples there are so far."""
        return self._size // 2

    async def stream(self) -> AsyncIterator[bytes]:
        """Yield all the sound from its start as it comes; ends when the utterance is finished."""
        at = 0
        while True:
            if at < len(self._pieces):
                piece = self._pieces[at]
                at += 1
                yield piece
            elif self.finished.is_set():
                return
            else:
                await self._more.wait()

    def _tell(self) -> None:
        self._more.set()
        self._more = asyncio.Event()
