"""Where sound begins to be heard: voices start with some ms of silence."""

from __future__ import annotations

from arvisd.audio.level import samples

AUDIBLE = 330
"""Magnitude, of 32,768, from which a sample counts as audible: -40 dBFS."""


def first_audible(pcm: bytes) -> int | None:
    """Return the index of the first audible sample of mono s16le, None where all is silent."""
    return next((index for index, value in enumerate(samples(pcm)) if abs(value) >= AUDIBLE), None)
