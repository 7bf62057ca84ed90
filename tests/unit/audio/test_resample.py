"""Resampling: pure tones stay, what would fold back goes, pieces are as good as the whole, and little is held back."""

from __future__ import annotations

import array
import math
import random

import pytest

from arvisd.audio import resample as module
from arvisd.audio.resample import resample, resampler
from arvisd.audio.sinc import NumpySinc, PlainSinc, SincFilter

RATES = [(48_000, 16_000), (44_100, 16_000), (8000, 16_000), (22_050, 44_100), (16_000, 48_000), (96_000, 8000)]


@pytest.fixture(params=["numpy", "plain"])
def make(request: pytest.FixtureRequest):
    if request.param == "numpy":
        pytest.importorskip("numpy", reason="pip install 'arvisd[microphone]'")
        return lambda source, target: NumpySinc(SincFilter(source, target))
    return lambda source, target: PlainSinc(SincFilter(source, target))


def tone(rate: int, frequency: float, seconds: float = 0.2) -> bytes:
    values = (16_000 * math.sin(2 * math.pi * frequency * i / rate) for i in range(round(rate * seconds)))
    return array.array("h", map(round, values)).tobytes()


def amplitude(pcm: bytes, rate: int, frequency: float) -> tuple[float, float]:
    """Amplitude of one frequency in the middle of a recording, and the rms of all that is not it."""
    values = array.array("h", pcm)
    whole_periods = round(rate / math.gcd(rate, round(frequency)))
    count = (len(values) * 3 // 4) // whole_periods * whole_periods
    start = (len(values) - count) // 2
    angles = [2 * math.pi * frequency * i / rate for i in range(start, start + count)]
    part = values[start : start + count]
    a = 2 / count * sum(v * math.sin(w) for v, w in zip(part, angles, strict=True))
    b = 2 / count * sum(v * math.cos(w) for v, w in zip(part, angles, strict=True))
    rest = sum((v - a * math.sin(w) - b * math.cos(w)) ** 2 for v, w in zip(part, angles, strict=True))
    return math.hypot(a, b), math.sqrt(rest / count)


@pytest.mark.parametrize(("source", "target"), RATES)
def test_a_tone_stays_itself(make, source: int, target: int) -> None:
    stream = make(source, target)
    pcm = stream.process(tone(source, 1000)) + stream.flush()
    loud, noise = amplitude(pcm, target, 1000)
    assert loud == pytest.approx(16_000, rel=0.01)
    assert noise < 16  # 57 dB below the tone


def test_what_would_fold_back_is_gone(make) -> None:
    stream = make(48_000, 16_000)
    loud, noise = amplitude(stream.process(tone(48_000, 10_000)), 16_000, 6000)
    assert loud < 16
    assert noise < 16


@pytest.mark.parametrize(("source", "target"), RATES)
def test_the_length_is_right_to_the_sample(make, source: int, target: int) -> None:
    stream = make(source, target)
    pcm = stream.process(tone(source, 300)) + stream.flush()
    assert len(pcm) // 2 == round(0.2 * target)


@pytest.mark.parametrize(("source", "target"), RATES)
def test_pieces_are_as_good_as_the_whole(make, source: int, target: int) -> None:
    sound, pieces, dice = tone(source, 700), b"", random.Random(5)
    whole = make(source, target)
    expected = whole.process(sound) + whole.flush()
    stream, at = make(source, target), 0
    while at < len(sound):
        size = 2 * dice.randint(0, 700)
        pieces += stream.process(sound[at : at + size])
        at += size
    assert pieces + stream.flush() == expected


def test_both_give_the_same_numbers() -> None:
    pytest.importorskip("numpy", reason="pip install 'arvisd[microphone]'")
    filter_ = SincFilter(44_100, 16_000)
    sound = tone(44_100, 1234)
    plain = array.array("h", PlainSinc(filter_).process(sound))
    quick = array.array("h", NumpySinc(filter_).process(sound))
    assert max(abs(a - b) for a, b in zip(plain, quick, strict=True)) <= 1


@pytest.mark.parametrize(
    ("source", "target", "samples"), [(48_000, 16_000, 12), (8000, 16_000, 23), (44_100, 16_000, 12)]
)
def test_little_is_held_back(make, source: int, target: int, samples: int) -> None:
    """Under 1 ms at 48 kHz, 1.4 ms at 8 kHz, where soxr holds 11 and 33 ms at its quickest."""
    stream, given, got = make(source, target), 0, 0
    for _ in range(20):
        given += source // 50
        got += len(stream.process(bytes(2 * (source // 50)))) // 2
        assert given * target / source - got <= samples


def test_a_flushed_stream_begins_anew(make) -> None:
    stream = make(48_000, 16_000)
    sound = tone(48_000, 500)
    assert stream.process(sound) + stream.flush() == stream.process(sound) + stream.flush()


def test_loud_sound_is_clipped_not_wrapped(make) -> None:
    stream = make(48_000, 16_000)
    square = array.array("h", ([32767] * 48 + [-32768] * 48) * 20).tobytes()
    values = array.array("h", stream.process(square))
    assert max(values) == 32767
    assert min(values) == -32768
    assert all(v > 20_000 for v in values[4:12])


def test_equal_rates_change_nothing() -> None:
    stream = resampler(16_000, 16_000)
    assert stream.process(b"abcd") == b"abcd"
    assert stream.flush() == b""
    assert resample(b"abcd", 8000, 8000) == b"abcd"


@pytest.mark.parametrize("rate", [0, -1, 999, 1_000_000])
def test_impossible_rates(rate: int) -> None:
    with pytest.raises(ValueError) as caught:
        resampler(rate, 16_000)
    assert str(caught.value) == f"a sample rate of {rate} is not possible: give one of 1000 to 768000 samples a second"


@pytest.mark.parametrize("installed", [True, False])
@pytest.mark.parametrize(("source", "target"), RATES)
def test_whole_recordings(monkeypatch: pytest.MonkeyPatch, installed: bool, source: int, target: int) -> None:
    if installed:
        pytest.importorskip("soxr", reason="pip install 'arvisd[microphone]'")
    else:
        monkeypatch.setattr(module, "_installed", lambda name: False)
    pcm = resample(tone(source, 1000), source, target)
    assert len(pcm) // 2 == round(0.2 * target)
    loud, noise = amplitude(pcm, target, 1000)
    assert loud == pytest.approx(16_000, rel=0.01)
    assert noise < 16


def test_rates_with_hardly_a_common_divisor_take_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = resampler(44_101, 16_000)
    assert isinstance(stream, PlainSinc)
    assert len(stream.process(bytes(2 * 4410))) // 2 in range(1580, 1601)
