"""Measures wake word engines on recordings: what they miss, what they hear where nothing was said, at what cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
import soxr

from arvisd.api import WakeDebounce
from arvisd.audio.errors import WavError
from arvisd.audio.wav import read_wav
from arvisd.providers.wake_debounce import HOLD_SECONDS
from tests.simulators.synthetic_speech import silence

RATE = 16000
BLOCK_BYTES = 640  # 20 ms, as a microphone gives them
THRESHOLDS = (0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98)
_GAP = 1.0  # seconds of quiet between recordings of one stream


class ScoringStream(Protocol):
    """What the detectors of both engines have beside the interface of the daemon."""

    def scores(self, pcm: bytes) -> list[dict[str, float]]: ...

    def reset(self) -> None: ...


class Positive(msgspec.Struct, frozen=True):
    """A recording in which a word is said."""

    word: str
    name: str
    pcm: bytes
    """16 kHz mono s16le, as recorded."""
    end: float
    """Second of the recording at which the last word has been said, as its energy tells."""
    times: int = 1
    """How often it is said."""


class Scored(msgspec.Struct):
    """The scores of a word over one recording."""

    times: np.ndarray
    """Seconds into the recording at which each score was there."""
    scores: np.ndarray

    def peak(self) -> float:
        return float(self.scores.max(initial=0.0))

    def detections(self, threshold: float) -> list[float]:
        """Return the times of what the daemon would take as detections."""
        debounce = WakeDebounce({"word": threshold})
        last = 0.0
        found = []
        for at, score in zip(self.times, self.scores, strict=True):
            if debounce.take({"word": float(score)}, float(at - last)) is not None:
                found.append(float(at))
            last = at
        return found


def said_until(pcm: bytes) -> float:
    """Return when the sound last is within 25 dB of its loudest 50 ms, in seconds."""
    samples = np.frombuffer(pcm, np.int16).astype(np.float32)
    window = RATE // 20
    energy = np.sqrt(np.mean(samples[: len(samples) // window * window].reshape(-1, window) ** 2, axis=1))
    loud = np.flatnonzero(energy > energy.max() * 10 ** (-25 / 20))
    return float((loud[-1] + 1) * window / RATE)


def positives(data: Path) -> list[Positive]:
    """Return the recordings of words that an engine may know."""
    wakeword = data / "wakeword"
    files = [(path.parent.name, path) for path in sorted((wakeword / "pymicro-wakeword/tests").glob("*/[0-9].wav"))]
    wav = wakeword / "openwakeword/wav"
    files += [("alexa", wav / "alexa_test.wav"), ("hey_mycroft", wav / "hey_mycroft_test.wav")]
    found = []
    for word, path in files:
        pcm = read_wav(path)
        times = 2 if (word, path.name) == ("okay_nabu", "3.wav") else 1
        found.append(Positive(word, f"{word}/{path.name}", pcm, said_until(pcm), times))
    return found


def negatives(data: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield every other recording that can be read: speech in two languages, telephone prompts, tones, noise."""
    known = {data / "wakeword/openwakeword/wav" / name for name in ("alexa_test.wav", "hey_mycroft_test.wav")}
    for path in sorted(data.rglob("*")):
        if path.suffix not in (".wav", ".raw") or path in known or "pymicro-wakeword" in path.parts:
            continue
        if path.suffix == ".raw":  # PocketSphinx's: 16 kHz mono s16le without a header
            yield path, path.read_bytes()
            continue
        try:
            yield path, read_wav(path)
        except WavError:
            continue  # PocketSphinx keeps broken files to test its reader


def score(stream: ScoringStream, pcm: bytes, words: Iterable[str], *, reset: bool = True) -> dict[str, Scored]:
    """Run one recording through a stream as a microphone would give it."""
    if reset:
        stream.reset()
    times: dict[str, list[float]] = {word: [] for word in words}
    values: dict[str, list[float]] = {word: [] for word in words}
    for begin in range(0, len(pcm), BLOCK_BYTES):
        at = min(begin + BLOCK_BYTES, len(pcm)) / 2 / RATE
        for scores in stream.scores(pcm[begin : begin + BLOCK_BYTES]):
            for word, value in scores.items():
                times[word].append(at)
                values[word].append(value)
    return {word: Scored(np.array(times[word]), np.array(values[word])) for word in times}


def in_noise(pcm: bytes, snr_db: float, seed: int = 0) -> bytes:
    """Return the recording in pink noise, which begins 1.5 s before and ends 1 s after it; its loud half is the signal."""
    samples = np.frombuffer(silence(1.5) + pcm + silence(1), np.int16).astype(np.float32)
    signal = np.frombuffer(pcm, np.int16).astype(np.float32) ** 2
    power = np.sort(signal)[len(signal) // 2 :].mean()
    white = np.fft.rfft(np.random.default_rng(seed).standard_normal(len(samples)))
    pink = np.fft.irfft(white / np.sqrt(np.arange(1, len(white) + 1)), len(samples))
    pink *= np.sqrt(power / 10 ** (snr_db / 10) / np.mean(pink**2))
    return np.clip(samples + pink, -32768, 32767).astype(np.int16).tobytes()


def louder(pcm: bytes, decibels: float) -> bytes:
    """Return the recording louder, or quieter."""
    samples = np.frombuffer(pcm, np.int16).astype(np.float32) * 10 ** (decibels / 20)
    return np.clip(samples, -32768, 32767).astype(np.int16).tobytes()


def at_pace(pcm: bytes, pace: float) -> bytes:
    """Return the recording played faster or slower, and so higher or lower: another speaker of a kind."""
    samples = np.frombuffer(pcm, np.int16)
    return pcm if pace == 1 else soxr.resample(samples, RATE, round(RATE / pace)).astype(np.int16).tobytes()


def conditions(data: Path) -> dict[str, Callable[[Positive], bytes]]:
    """Return the ways in which each recording is heard; each begins in a quiet room, at any phase of the models' step."""
    lamp = read_wav(data / "speech/en/rhasspy3/turn_on_the_lamp.wav")
    lamp = lamp[int(_first_sound(lamp) * RATE) * 2 :]
    made: dict[str, Callable[[Positive], bytes]] = {}
    for shift in (0, 20, 40, 60):
        lead = silence(1.5 + shift / 1000)
        made[f"as recorded, {shift} ms later"] = lambda one, lead=lead: lead + one.pcm + silence(1)
    made["digital silence before it"] = lambda one: bytes(RATE * 2) + one.pcm + silence(1)
    made["12 dB quieter"] = lambda one: silence(1.5) + louder(one.pcm, -12) + silence(1)
    made["24 dB quieter"] = lambda one: silence(1.5, 5) + louder(one.pcm, -24) + silence(1, 5)
    for snr in (20, 15, 10, 5):
        made[f"noise at {snr} dB"] = lambda one, snr=snr: in_noise(one.pcm, snr)
    made["a command with no pause"] = lambda one: silence(1.5) + one.pcm[: int(one.end * RATE) * 2] + lamp + silence(1)
    return made


def _first_sound(pcm: bytes) -> float:
    """Return when the sound first comes within 25 dB of its loudest 50 ms."""
    backwards = np.frombuffer(pcm, np.int16)[::-1].tobytes()
    return len(pcm) / 2 / RATE - said_until(backwards)


def merged(*detections: list[float]) -> list[float]:
    """Return what several engines listening at once detect: one detection within two seconds."""
    found: list[float] = []
    for at in sorted(at for times in detections for at in times):
        if not found or at - found[-1] >= HOLD_SECONDS:
            found.append(at)
    return found


def cpu_share(stream: ScoringStream, seconds: float = 20.0) -> float:
    """Return the share of one core that listening costs."""
    pcm = silence(seconds)
    stream.reset()
    begin = time.thread_time()
    for start in range(0, len(pcm), BLOCK_BYTES):
        stream.scores(pcm[start : start + BLOCK_BYTES])
    return (time.thread_time() - begin) / seconds
