"""Turns Piper's alignments, one entry a character of IPA, into phonemes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from arvisd.api import Phoneme

PAUSE_MS = 50
"""A shorter silence belongs to the sound before it."""

_STRESS = frozenset("ˈˌ")
"""Come before the sound that they belong to."""
_JOINING = frozenset("ːˑʲʷʰˠˤ˞")
"""Come after the sound that they belong to."""
_SILENT = frozenset("^$_ ") | frozenset(".,;:!?¡¿—…\"'«»“”()[]{}|-")
"""Begin and end of the sentence, padding, spaces and punctuation."""


def phonemes_of(alignments: Iterable[tuple[str, int]], rate: int, start_sample: int = 0) -> list[Phoneme]:
    """Return the phonemes and pauses.

    Args:
        alignments: character and number of samples, in order.
        rate: samples a second.
        start_sample: where the first begins, from the first sample of the sentence.
    """
    sounds: list[tuple[str, int, int]] = []  # symbol, first sample, sample after the last
    stress, stress_start = "", 0
    place = start_sample
    for character, samples in alignments:
        start, place = place, place + samples
        joins = character in _JOINING or bool(character and unicodedata.combining(character[0]))
        if character in _STRESS:
            stress, stress_start = character, start
        elif joins and sounds and sounds[-1][0]:
            sounds[-1] = (sounds[-1][0] + character, sounds[-1][1], place)
        elif character in _SILENT:
            if sounds and not sounds[-1][0]:
                sounds[-1] = ("", sounds[-1][1], place)
            else:
                sounds.append(("", start, place))
        else:
            sounds.append((stress + character, stress_start if stress else start, place))
            stress = ""
    return _timed(sounds, rate)


def _timed(sounds: list[tuple[str, int, int]], rate: int) -> list[Phoneme]:
    phonemes: list[Phoneme] = []
    for symbol, start, end in sounds:
        start_ms, end_ms = round(start * 1000 / rate), round(end * 1000 / rate)
        if symbol or end_ms - start_ms >= PAUSE_MS:
            phonemes.append(Phoneme(symbol, start_ms, end_ms - start_ms))
        elif phonemes:
            last = phonemes[-1]
            phonemes[-1] = Phoneme(last.symbol, last.start_ms, end_ms - last.start_ms)
    return phonemes
