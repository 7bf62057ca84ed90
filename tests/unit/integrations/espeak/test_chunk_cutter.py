"""Chunks of sound with their phonemes and words."""

from arvisd.integrations.espeak.chunks import CHUNK_MS, ChunkCutter
from arvisd.integrations.espeak.library import PhonemeEvent, WordEvent

from arvisd.api import Phoneme, WordTime

RATE = 1000  # a sample is a millisecond


def sound(samples: int, value: int = 1) -> bytes:
    return value.to_bytes(2, "little") * samples


def test_a_chunk_ends_where_a_phoneme_begins() -> None:
    cutter = ChunkCutter(RATE)
    assert cutter.add(sound(60), [WordEvent(0, 0, 2), PhonemeEvent(0, "h")]) is None
    chunk = cutter.add(sound(60), [PhonemeEvent(80, "aɪ")])
    assert chunk is not None
    assert (len(chunk.pcm), chunk.rate) == (160, RATE)
    assert chunk.phonemes == (Phoneme("h", 0, 80),)
    assert chunk.words == (WordTime(0, 0, 2),)
    rest = cutter.end()
    assert rest is not None
    assert len(rest.pcm) == 80
    assert rest.phonemes == (Phoneme("aɪ", 80, 40),)
    assert cutter.end() is None


def test_after_the_first_chunk_they_are_longer() -> None:
    cutter = ChunkCutter(RATE)
    chunks = [cutter.add(sound(60), [PhonemeEvent(start, "a")]) for start in range(0, 1200, 60)]
    lengths = [len(chunk.pcm) // 2 for chunk in chunks if chunk is not None]
    assert lengths[0] == 60
    assert lengths[1:] == [CHUNK_MS] * 4


def test_a_phoneme_announced_before_its_sound_does_not_cut_into_nothing() -> None:
    cutter = ChunkCutter(RATE)
    chunk = cutter.add(sound(30), [PhonemeEvent(0, "a"), PhonemeEvent(45, "b")])
    assert chunk is not None
    assert len(chunk.pcm) == 60


def test_the_next_text_counts_from_its_own_beginning() -> None:
    cutter = ChunkCutter(RATE)
    cutter.add(sound(100), [WordEvent(0, 0, 4), PhonemeEvent(0, "a")])
    cutter.next_text(5)
    cutter.add(sound(100), [WordEvent(0, 0, 3), PhonemeEvent(0, "b")])
    last = cutter.end()
    assert last is not None
    assert last.phonemes == (Phoneme("b", 100, 100),)
    assert last.words == (WordTime(100, 5, 3),)
