"""The acoustic models: where their files are, and what was measured with each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

RUSSIAN_MODEL = "ru-sphinx"
"""Its name in the catalogue of models."""


class AcousticModel(msgspec.Struct, frozen=True):
    """A model of the sounds of a language, with its dictionary."""

    language: str
    sounds: Path
    """Folder of the acoustic model."""
    dictionary: Path
    threshold: float
    """Least gap to the free phone loop, see `listener.py`; measured, see docs/recognition.md."""
    coverage: float
    """Least share of what the phone loop takes for speech that the grammar's path has words for. The English loop hears
    phones in noise."""
    all_states: bool
    """Whether every state of the model is scored in every frame.

    Scores are relative to the best state that was scored; only with all of them are they the same whatever the grammar
    is, and the gap is much the surer for it. It costs little with the English model, and thrice with the Russian."""

    def options(self) -> dict[str, Any]:
        """Return the decoder's configuration.

        `bestpath` off and the wide beams: with the defaults an utterance in a grammar is cut short or lost (83 %
        instead of 96 % of synthetic commands). `dither`: a muted microphone delivers exact zeros, whose logarithm
        upsets the features. `allphone_ci`: the phone loop that rejects needs no context.
        """
        options: dict[str, Any] = {
            "hmm": str(self.sounds),
            "dict": str(self.dictionary),
            "lm": None,
            "bestpath": False,
            "beam": 1e-100,
            "pbeam": 1e-100,
            "wbeam": 1e-80,
            "allphone_ci": True,
            "dither": True,
            "compallsen": self.all_states,
            "loglevel": "FATAL",
        }
        parameters = self.sounds / "feat.params"
        if parameters.is_file():
            options["featparams"] = str(parameters)
        return options


def english_model(model_path: str) -> AcousticModel:
    """Return the model that comes inside the package, given the package's model folder for `en-us`."""
    folder = Path(model_path)
    return AcousticModel(
        "en", folder / "en-us", folder / "cmudict-en-us.dict", threshold=-2.35, coverage=0.45, all_states=True
    )


def russian_model(find_model: Callable[[str], Path | None]) -> AcousticModel | None:
    """Return the Russian model, None where it is not on this machine."""
    folder = find_model(RUSSIAN_MODEL)
    if folder is None or not (folder / "ru.dict").is_file():
        return None
    return AcousticModel("ru", folder / "model", folder / "ru.dict", threshold=-4.7, coverage=0.6, all_states=False)
