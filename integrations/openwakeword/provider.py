"""Offers openWakeWord models as a provider of wake words."""

from __future__ import annotations

import asyncio
import ctypes
from pathlib import Path

from arvisd.api import Capability, ProviderInfo, ProviderUnavailableError, WakeProvider, chosen_thresholds

from .listening import OpenWakeWordStream, QuietState, quiet_state
from .models import WordModel, check_model, find_models
from .settings import Settings


class OpenWakeWordProvider(WakeProvider):
    """Knows the words of the library's models and of those in the user's folder."""

    def __init__(self, settings: Settings, config_folder: Path) -> None:
        self.info = ProviderInfo("openwakeword", Capability.WAKE)
        self._settings = settings
        self._own = config_folder / Path(settings.models).expanduser() if settings.models else None
        self._models: dict[str, WordModel] = {}
        self._quiet: QuietState | None = None

    async def load(self) -> None:
        """Find and check the models and warm the extractor, in a thread.

        Raises:
            ProviderUnavailableError: the library is missing, or one of the user's models cannot be used.
        """
        await asyncio.to_thread(self._load)

    def _load(self) -> None:
        try:
            import pyopen_wakeword
            from pyopen_wakeword.wakeword import TfLiteWakeWord

            features = pyopen_wakeword.OpenWakeWordFeatures.from_builtin()
        except (ImportError, OSError, ValueError) as error:
            raise ProviderUnavailableError(
                f"openwakeword: its library cannot be loaded ({error}): install it with pip install 'arvisd[openwakeword]'"
            ) from error
        shipped = features.mel_path.parent
        models = find_models(shipped, self._own, self._settings.thresholds)
        runtime: ctypes.CDLL = TfLiteWakeWord(features.libtensorflowlite_c_path).lib
        for model in models.values():
            if model.path.parent != shipped:
                check_model(runtime, model.path)
        any_word = pyopen_wakeword.OpenWakeWord.from_builtin(pyopen_wakeword.Model.OKAY_NABU)  # the smallest
        self._quiet = quiet_state(features, any_word)
        self._models = models

    async def close(self) -> None:
        """Let the extractor and the models go."""
        self._models, self._quiet = {}, None

    def words(self) -> list[str]:
        """Return the words, in order of the alphabet; empty before `load`."""
        return sorted(self._models)

    def detector(self, words: list[str], threshold: float | None = None) -> OpenWakeWordStream:
        """Return a detector; it holds about 8 MB and takes some milliseconds to make."""
        if self._quiet is None:
            raise ProviderUnavailableError("openwakeword: not loaded")
        thresholds = chosen_thresholds(
            words, {name: model.threshold for name, model in self._models.items()}, threshold
        )
        import pyopen_wakeword

        features = pyopen_wakeword.OpenWakeWordFeatures.from_builtin()
        loaded = {word: pyopen_wakeword.OpenWakeWord.from_model(self._models[word].path) for word in thresholds}
        return OpenWakeWordStream(features, loaded, thresholds, self._quiet)
