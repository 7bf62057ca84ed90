"""G.711 µ-law and A-law, both ways, by tables: telephone lines and old recordings (audioop is gone since Python 3.13)."""

from __future__ import annotations

import array
import functools
import sys
from collections.abc import Callable

_MU_BIAS = 0x84
"""Added before the logarithm (ITU-T G.711, µ-law, in 16 bit units)."""
_MU_CLIP = 8_159 - 1
"""Largest 14 bit magnitude that the bias does not carry out of the last segment."""
_A_TOGGLE = 0x55
"""A-law inverts the even bits, so that silence on a line is not all zeros."""


def ulaw_to_pcm(ulaw: bytes) -> bytes:
    """Return s16le, two bytes for each one."""
    return _expand(ulaw, _ulaw_decoder())


def alaw_to_pcm(alaw: bytes) -> bytes:
    """Return s16le, two bytes for each one."""
    return _expand(alaw, _alaw_decoder())


def pcm_to_ulaw(pcm: bytes) -> bytes:
    """Return µ-law, one byte for each s16le sample."""
    return _compress(pcm, _ulaw_encoder())


def pcm_to_alaw(pcm: bytes) -> bytes:
    """Return A-law, one byte for each s16le sample."""
    return _compress(pcm, _alaw_encoder())


def _expand(codes: bytes, table: tuple[bytes, bytes]) -> bytes:
    pcm = bytearray(2 * len(codes))
    pcm[0::2] = codes.translate(table[0])
    pcm[1::2] = codes.translate(table[1])
    return bytes(pcm)


def _compress(pcm: bytes, table: bytes) -> bytes:
    samples = array.array("H", pcm)
    if sys.byteorder == "big":
        samples.byteswap()
    return bytes(map(table.__getitem__, samples))


def _ulaw_value(code: int) -> int:
    code = ~code & 0xFF
    value = ((((code & 0x0F) << 3) + _MU_BIAS) << ((code & 0x70) >> 4)) - _MU_BIAS
    return -value if code & 0x80 else value


def _alaw_value(code: int) -> int:
    code ^= _A_TOGGLE
    value = ((code & 0x0F) << 4) + 8
    segment = (code & 0x70) >> 4
    if segment:
        value = (value + 0x100) << (segment - 1)
    return value if code & 0x80 else -value


def _ulaw_code(sample: int) -> int:
    # The standard works on 14 bit; the arithmetic shift rounds towards minus infinity, as every codec does.
    value = sample >> 2
    biased = min(abs(value), _MU_CLIP) + (_MU_BIAS >> 2)
    segment = max(0, biased.bit_length() - 6)
    sign = 0x80 if value < 0 else 0
    return ~(sign | (segment << 4) | ((biased >> (segment + 1)) & 0x0F)) & 0xFF


def _alaw_code(sample: int) -> int:
    # Negative values are counted from -1, so that no code means zero twice.
    sign, magnitude = (0x80, sample >> 3) if sample >= 0 else (0, ~(sample >> 3))
    segment = max(0, magnitude.bit_length() - 5)
    mantissa = magnitude >> 1 if segment < 2 else magnitude >> segment
    return (sign | (segment << 4) | (mantissa & 0x0F)) ^ _A_TOGGLE


def _split(values: list[int]) -> tuple[bytes, bytes]:
    return bytes(v & 0xFF for v in values), bytes((v >> 8) & 0xFF for v in values)


def _encoder(code: Callable[[int], int]) -> bytes:
    return bytes(code(word - 0x10000 if word & 0x8000 else word) for word in range(0x10000))


@functools.cache
def _ulaw_decoder() -> tuple[bytes, bytes]:
    return _split([_ulaw_value(code) for code in range(256)])


@functools.cache
def _alaw_decoder() -> tuple[bytes, bytes]:
    return _split([_alaw_value(code) for code in range(256)])


@functools.cache
def _ulaw_encoder() -> bytes:
    return _encoder(_ulaw_code)


@functools.cache
def _alaw_encoder() -> bytes:
    return _encoder(_alaw_code)
