"""The first sound of an utterance is found in any room, and the silence before it is left out."""

from __future__ import annotations

import random
from array import array

import pytest
from arvisd.integrations.pocketsphinx.onset import Onset


def sound(seconds: float, level: float, seed: int = 1) -> bytes:
    chance = random.Random(seed)
    return array("h", (round(chance.gauss(0, level)) for _ in range(int(seconds * 16000)))).tobytes()


def fed(*parts: bytes) -> tuple[bool, Onset]:
    onset = Onset()
    ready = False
    pcm = b"".join(parts)
    for start in range(0, len(pcm), 640):
        ready = onset.add(pcm[start : start + 640]) or ready
    return ready, onset


@pytest.mark.parametrize(("room", "voice"), [(0, 300), (10, 500), (100, 1000), (1000, 8000)])
def test_silence_before_the_first_sound_is_left_out(room: float, voice: float) -> None:
    ready, onset = fed(sound(1.0, room), sound(1.0, voice, seed=2))
    assert ready
    pcm, left_out = onset.take()
    assert left_out == pytest.approx(70, abs=2)
    assert len(pcm) == (200 - left_out) * 320


def test_speech_from_the_start_is_kept_whole() -> None:
    syllables = [part for n in range(6) for part in (sound(0.15, 3000, n), sound(0.05, 50, n))]
    ready, onset = fed(*syllables)
    assert ready
    assert onset.take()[1] == 0


def test_a_click_is_no_sound() -> None:
    ready, onset = fed(sound(0.5, 10), sound(0.01, 7000), sound(1.5, 10))
    assert not ready
    assert onset.take()[1] == 0


def test_without_a_sound_it_begins_at_last() -> None:
    assert not fed(sound(7.9, 10))[0]
    assert fed(sound(8.1, 10))[0]


def test_what_is_too_short_is_given_whole() -> None:
    ready, onset = fed(b"\1\0" * 100)
    assert not ready
    assert onset.take() == (b"\1\0" * 100, 0)


def test_the_noise_of_a_source_that_wakes_up_is_not_taken_for_speech() -> None:
    """A muted or sleeping source gives exact zeros, then the noise of its room, then somebody speaks."""
    ready, onset = fed(sound(1.0, 0), sound(0.5, 250), sound(1.0, 3000, seed=2))
    assert ready
    assert onset.take()[1] == pytest.approx(120, abs=2)
