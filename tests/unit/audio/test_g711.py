"""G.711 against the values of the standard's tables, and against the codec that Python had until 3.12."""

from __future__ import annotations

import array
import struct
import sys
import warnings

import pytest

from arvisd.audio.g711 import alaw_to_pcm, pcm_to_alaw, pcm_to_ulaw, ulaw_to_pcm

EVERY_SAMPLE = struct.pack("<65536h", *range(-32768, 32768))
EVERY_CODE = bytes(range(256))


@pytest.mark.parametrize(
    ("code", "sample"), [(0xFF, 0), (0x7F, 0), (0x80, 32124), (0x00, -32124), (0xFE, 8), (0xEF, 132), (0x9F, 8316)]
)
def test_ulaw_values(code: int, sample: int) -> None:
    assert array.array("h", ulaw_to_pcm(bytes([code])))[0] == sample


@pytest.mark.parametrize(
    ("code", "sample"), [(0xD5, 8), (0x55, -8), (0xAA, 32256), (0x2A, -32256), (0xC5, 264), (0x80, 5504)]
)
def test_alaw_values(code: int, sample: int) -> None:
    assert array.array("h", alaw_to_pcm(bytes([code])))[0] == sample


def test_codes_survive_both_ways() -> None:
    assert pcm_to_alaw(alaw_to_pcm(EVERY_CODE)) == EVERY_CODE
    # µ-law has two zeros, of which the encoder gives the positive one
    assert pcm_to_ulaw(ulaw_to_pcm(EVERY_CODE)) == EVERY_CODE.replace(b"\x7f", b"\xff")


@pytest.mark.parametrize(
    ("encode", "decode"), [(pcm_to_ulaw, ulaw_to_pcm), (pcm_to_alaw, alaw_to_pcm)], ids=["ulaw", "alaw"]
)
def test_error_is_a_part_of_the_sample(encode, decode) -> None:
    """Logarithmic coding: never more than 1/32 of the value off, beyond the smallest steps and the clipping."""
    back = array.array("h", decode(encode(EVERY_SAMPLE)))
    for sample, heard in zip(range(-32768, 32768), back, strict=True):
        if abs(sample) <= 32_000:
            assert abs(sample - heard) <= max(16, abs(sample) / 25 + 4), sample


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="audioop is gone")
def test_same_as_audioop() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import audioop
    assert ulaw_to_pcm(EVERY_CODE) == audioop.ulaw2lin(EVERY_CODE, 2)
    assert alaw_to_pcm(EVERY_CODE) == audioop.alaw2lin(EVERY_CODE, 2)
    assert pcm_to_ulaw(EVERY_SAMPLE) == audioop.lin2ulaw(EVERY_SAMPLE, 2)
    assert pcm_to_alaw(EVERY_SAMPLE) == audioop.lin2alaw(EVERY_SAMPLE, 2)
