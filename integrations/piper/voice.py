"""One Piper voice in memory: the only module that touches piper-tts and onnxruntime."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from arvisd.api import Phoneme, ProviderError, ProviderUnavailableError, SpeechChunk

from .durations import with_durations
from .phonemes import phonemes_of
from .voices import VoiceFile

if TYPE_CHECKING:
    from onnxruntime import InferenceSession, RunOptions

    from piper import PiperVoice


class Halt:
    """Ends the synthesis that it is given to, in the middle of a sentence too; set from any thread."""

    def __init__(self) -> None:
        from onnxruntime import RunOptions

        self.options: RunOptions = RunOptions()
        self.is_set = False

    def set(self) -> None:
        """Stop."""
        self.is_set = True
        self.options.terminate = True


class _HaltingSession:
    """Stands in for the session that piper runs, and runs it under the halt of the sentence in hand."""

    def __init__(self, session: InferenceSession) -> None:
        self._session = session
        self.halt: Halt | None = None

    def run(self, names: Any, feed: Any) -> Any:
        return self._session.run(names, feed, self.halt.options if self.halt else None)


class Voice:
    """Speaks in one voice; not for several threads at once."""

    def __init__(self, voice: PiperVoice, session: _HaltingSession, speaker: int | None) -> None:
        self._voice = voice
        self._session = session
        self._speaker = speaker

    def speak(self, text: str, speed: float, volume: float, halt: Halt) -> Iterator[SpeechChunk]:
        """Yield one chunk for each sentence of the text, with phonemes where the voice tells their durations.

        Raises:
            ProviderError: the model failed.
        """
        from piper import SynthesisConfig

        settings = SynthesisConfig(
            speaker_id=self._speaker, length_scale=self._voice.config.length_scale / speed, volume=volume
        )
        self._session.halt = halt
        samples = 0
        try:
            for sentence in self._voice.synthesize(text, settings, include_alignments=True):
                phonemes: list[Phoneme] = []
                if sentence.phoneme_alignments:
                    pairs = [(part.phoneme, int(part.num_samples)) for part in sentence.phoneme_alignments]
                    phonemes = phonemes_of(pairs, sentence.sample_rate, samples)
                pcm = sentence.audio_int16_bytes
                samples += len(pcm) // 2
                yield SpeechChunk(pcm, sentence.sample_rate, tuple(phonemes))
                if halt.is_set:
                    return
        except _model_errors() as error:
            if not halt.is_set:  # a halted model raises too
                raise ProviderError(f"piper: the voice failed: {error}") from error
        finally:
            self._session.halt = None


def open_voice(file: VoiceFile) -> Voice:
    """Read a voice, about a second of work for one of medium size, and say a sound unheard.

    Raises:
        ProviderUnavailableError: piper is missing, or the files are no voice; the text names file and remedy.
    """
    try:
        from onnxruntime import InferenceSession

        from piper import PiperConfig, PiperVoice
    except (ImportError, OSError) as error:
        raise ProviderUnavailableError(
            f"piper: its library cannot be loaded ({error}): install it with pip install 'arvisd[piper]'"
        ) from error
    try:
        config = PiperConfig.from_dict(json.loads(file.description.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProviderUnavailableError(f"piper: {file.description}: not a voice's description: {error!r}") from error
    speaker = None
    if file.speaker:
        if file.speaker not in config.speaker_id_map:
            listed = ", ".join(sorted(config.speaker_id_map)) or "only one"
            raise ProviderUnavailableError(f"piper: {file.name} has no speaker {file.speaker!r}; it has {listed}")
        speaker = config.speaker_id_map[file.speaker]
    unusable: tuple[type[Exception], ...] = (*_model_errors(), OSError, ProviderError)
    try:
        model = file.model.read_bytes()
        session = _HaltingSession(InferenceSession(with_durations(model) or model, providers=["CPUExecutionProvider"]))
        voice = Voice(PiperVoice(session=session, config=config), session, speaker)
        for _ in voice.speak("a", 1.0, 1.0, Halt()):
            pass
    except unusable as error:
        raise ProviderUnavailableError(f"piper: {file.model}: not a usable voice: {error}") from error
    return voice


def _model_errors() -> tuple[type[Exception], ...]:
    """Return the errors of onnxruntime, which share no base, and what piper makes of a model that is not its own."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    own = (error for error in vars(state).values() if isinstance(error, type) and issubclass(error, Exception))
    return (*own, RuntimeError, ValueError, KeyError)
