"""Speech made by espeak-ng, as a microphone in a room would hear it: for tests that have no recordings."""

from __future__ import annotations

import functools
import threading

import pytest

RATE = 16000
ENGLISH_VOICES = ("en-us", "en-us+f2", "en-us+m3", "en-gb-x-rp+f4", "en")
RUSSIAN_VOICES = ("ru", "ru+f2", "ru+m3")

_REVERB_SECONDS = 0.1
_REVERB_LEVEL = 0.25  # energy of the room beside that of the direct sound
_NOISE_LEVEL = 0.1  # rms of the noise, of the speech's: espeak alone has no floor, which no microphone ever delivers


@functools.lru_cache(maxsize=256)
def synthesise(
    text: str, language: str = "en", voice: str | None = None, noise: bool = True, speed: float = 1.0
) -> bytes:
    """Return a sentence as 16 kHz mono s16le.

    espeak keeps some state between texts, so the sound differs by a few samples with what was said before it; within
    a process the same call gives the same bytes. A test that stands near a threshold would be up to chance.

    Args:
        text: what is said.
        language: `en` or `ru`, for the voice.
        voice: a voice of espeak such as `en-us+f2`; None takes the language's own.
        noise: add a little reverberation, noise and 0.3 s of that noise before and after.
        speed: 1 is 175 words a minute.
    """
    pytest.importorskip("espeakng_loader", reason="synthetic speech needs espeak-ng: pip install 'arvisd[espeak]'")
    import numpy as np
    import soxr
    from arvisd.integrations.espeak.library import Prosody, open_library
    from arvisd.integrations.espeak.provider import speak_runs
    from arvisd.integrations.espeak.voices import VoiceBook

    library = open_library()
    book = VoiceBook(library.voices, library.variants)
    identifier = book.identifier(voice) if voice else book.for_language(language)
    pieces: list[bytes] = []
    prosody = Prosody(rate=round(175 * speed))
    speak_runs(library, [(0, text, identifier)], prosody, lambda chunk: pieces.append(chunk.pcm), threading.Event())
    spoken = np.frombuffer(b"".join(pieces), np.int16).astype(np.float32)
    sound = soxr.resample(spoken, library.rate, RATE)
    if noise:
        generator = np.random.default_rng(len(text))
        level = float(np.sqrt(np.mean(sound**2))) or 1.0
        tail = generator.standard_normal(int(_REVERB_SECONDS * RATE)) * np.exp(
            -6.9 * np.linspace(0, 1, int(_REVERB_SECONDS * RATE))
        )
        room = np.convolve(sound, tail * np.sqrt(_REVERB_LEVEL / np.sum(tail**2)))
        edge = np.zeros(int(0.3 * RATE))
        sound = np.concatenate((edge, sound, np.zeros(len(tail) - 1), edge))
        sound[len(edge) : len(edge) + len(room)] += room
        sound = sound + generator.standard_normal(len(sound)) * level * _NOISE_LEVEL
        sound *= min(1.0, 30000 / float(np.max(np.abs(sound))))
    return np.clip(np.round(sound), -32768, 32767).astype(np.int16).tobytes()


def silence(seconds: float, level: float = 30.0) -> bytes:
    """Return room noise of that rms; a level of 0 is digital silence, which no microphone delivers."""
    import numpy as np

    noise = np.random.default_rng(1).standard_normal(round(seconds * RATE)) * level
    return np.round(noise).astype(np.int16).tobytes()
