"""Offers microWakeWord models as a provider of wake words."""

from __future__ import annotations

import asyncio
import ctypes
from pathlib import Path
from typing import TYPE_CHECKING

from arvisd.api import Capability, ProviderInfo, ProviderUnavailableError, WakeProvider, chosen_thresholds

from .listening import MicroWakeWordStream
from .models import WordModel, check_model, find_models
from .settings import Settings

if TYPE_CHECKING:
    from pymicro_wakeword import MicroWakeWord


class MicroWakeWordProvider(WakeProvider):
    """Knows the words of the library's models and of those in the user's folder."""

    def __init__(self, settings: Settings, config_folder: Path) -> None:
        self.info = ProviderInfo("microwakeword", Capability.WAKE)
        self._settings = settings
        self._own = config_folder / Path(settings.models).expanduser() if settings.models else None
        self._models: dict[str, WordModel] = {}
        self._runtime: Path | None = None
        """TensorFlow Lite's C library."""

    async def load(self) -> None:
        """Find and check the models, in a thread.

        Raises:
            ProviderUnavailableError: the library is missing, or one of the user's models cannot be used.
        """
        await asyncio.to_thread(self._load)

    def _load(self) -> None:
        try:
            import pymicro_wakeword
            from pymicro_wakeword.wakeword import TfLiteWakeWord

            any_word = pymicro_wakeword.MicroWakeWord.from_builtin(pymicro_wakeword.Model.HEY_JARVIS)
        except (ImportError, OSError, ValueError) as error:
            raise ProviderUnavailableError(
                f"microwakeword: its library cannot be loaded ({error}): install it with pip install 'arvisd[microwakeword]'"
            ) from error
        shipped = Path(any_word.tflite_model).parent
        models = find_models(shipped, self._own, self._settings.thresholds)
        runtime: ctypes.CDLL = TfLiteWakeWord(any_word.libtensorflowlite_c_path).lib
        for model in models.values():
            if model.path.parent != shipped:
                check_model(runtime, model.path)
        self._runtime = any_word.libtensorflowlite_c_path
        self._models = models

    async def close(self) -> None:
        """Let the models go."""
        self._models, self._runtime = {}, None

    def words(self) -> list[str]:
        """Return the words, in order of the alphabet; empty before `load`."""
        return sorted(self._models)

    def detector(self, words: list[str], threshold: float | None = None) -> MicroWakeWordStream:
        """Return a detector; it takes some milliseconds to make."""
        if self._runtime is None:
            raise ProviderUnavailableError("microwakeword: not loaded")
        thresholds = chosen_thresholds(
            words, {name: model.threshold for name, model in self._models.items()}, threshold
        )
        import pymicro_wakeword

        loaded = {word: _open(self._models[word], self._runtime) for word in thresholds}
        return MicroWakeWordStream(pymicro_wakeword.MicroWakeWordFeatures(), loaded, thresholds)


def _open(model: WordModel, runtime: Path) -> MicroWakeWord:
    import pymicro_wakeword

    return pymicro_wakeword.MicroWakeWord(
        model.word,
        wake_word=model.description.wake_word,
        tflite_model=model.path,
        probability_cutoff=model.threshold,
        sliding_window_size=model.description.micro.sliding_window_size,
        trained_languages=model.description.trained_languages,
        libtensorflowlite_c_path=runtime,
    )
