"""The sound of an utterance, read by several at once."""

from __future__ import annotations

import asyncio

from arvisd.providers.utterance import MAX_BYTES, PIECE_BYTES, UtteranceAudio


async def read(audio: UtteranceAudio) -> list[bytes]:
    return [piece async for piece in audio.stream()]


async def test_every_reader_gets_all_of_it():
    audio = UtteranceAudio()
    audio.append(b"ab" * 10)
    early = asyncio.create_task(read(audio))
    await asyncio.sleep(0)
    audio.append(b"cd" * 10)
    late = asyncio.create_task(read(audio))
    await asyncio.sleep(0)
    audio.append(b"ef" * 10)
    audio.finish()
    audio.append(b"too late")
    expected = b"ab" * 10 + b"cd" * 10 + b"ef" * 10
    assert [b"".join(await reader) for reader in (early, late)] == [expected, expected]
    assert (audio.pcm, audio.samples) == (expected, 30)


async def test_what_comes_at_once_is_given_in_small_pieces():
    audio = UtteranceAudio()
    sound = bytes(range(250)) * 30
    audio.append(sound)
    audio.finish()
    pieces = await read(audio)
    assert b"".join(pieces) == sound
    assert max(len(piece) for piece in pieces) == PIECE_BYTES


async def test_an_utterance_is_bounded():
    audio = UtteranceAudio()
    audio.append(bytes(MAX_BYTES))
    audio.append(b"ab")
    audio.finish()
    assert audio.samples == MAX_BYTES // 2
