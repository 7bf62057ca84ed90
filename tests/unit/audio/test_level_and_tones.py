"""Levels, tones and frames."""

from __future__ import annotations

import array
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arvisd.audio.formats import FRAME_BYTES, FRAME_SAMPLES, Framer, samples_of, seconds_of
from arvisd.audio.level import dbfs, peak, rms
from arvisd.audio.tones import error_beep, tone, wake_chime


def square(value: int, count: int = 100) -> bytes:
    return array.array("h", [value, -value] * count).tobytes()


@pytest.mark.parametrize(
    ("pcm", "loudness", "highest", "decibels"),
    [
        (b"", 0.0, 0, -96.0),
        (bytes(640), 0.0, 0, -96.0),
        (square(32_767), 32_767.0, 32_767, 0.0),
        (square(16_384), 16_384.0, 16_384, -6.02),
        (square(1), 1.0, 1, -90.31),
        (array.array("h", [-32_768]).tobytes(), 32_768.0, 32_768, 0.0),
        (square(100) + b"\x7f", 100.0, 100, -50.31),
    ],
    ids=["nothing", "silence", "full", "half", "one step", "lowest sample", "odd byte"],
)
def test_levels(pcm: bytes, loudness: float, highest: int, decibels: float) -> None:
    assert rms(pcm) == pytest.approx(loudness)
    assert peak(pcm) == highest
    assert dbfs(pcm) == pytest.approx(decibels, abs=0.01)


@pytest.mark.parametrize("rate", [8000, 16_000, 22_050, 48_000])
@pytest.mark.parametrize(("made", "seconds"), [(wake_chime, 0.16), (error_beep, 0.30)])
def test_tones_are_heard_and_do_not_click(made, seconds: float, rate: int) -> None:
    pcm = made(rate)
    assert seconds_of(pcm, rate) == pytest.approx(seconds, abs=0.001)
    assert -25 < dbfs(pcm) < -10
    values = array.array("h", pcm)
    assert abs(values[0]) <= 1
    assert abs(values[-1]) <= 1
    assert max(abs(b - a) for a, b in itertools.pairwise(values)) < 8192 * 2 * 3.15 * 1320 / rate


def test_a_tone_of_nothing() -> None:
    assert tone(((440.0, 0.0),)) == b""
    assert tone(((0.0, 0.01),)) == bytes(320)


def test_the_format_agrees_with_itself() -> None:
    assert (FRAME_SAMPLES, FRAME_BYTES, samples_of(0.02), seconds_of(bytes(640))) == (320, 640, 320, 0.02)


@given(st.lists(st.binary(max_size=90), max_size=30), st.integers(1, 40))
def test_frames_are_the_stream_in_equal_pieces(pieces: list[bytes], size: int) -> None:
    framer = Framer(size)
    frames = [frame for piece in pieces for frame in framer.cut(piece)]
    stream = b"".join(pieces)
    assert all(len(frame) == size for frame in frames)
    assert b"".join(frames) == stream[: len(stream) // size * size]
    rest = framer.flush()
    assert rest == stream[len(stream) // size * size :].ljust(size, b"\0") * bool(len(stream) % size)
    assert framer.flush() == b""
