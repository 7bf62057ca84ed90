"""Finds openWakeWord models and makes sure that a file is one before the library is given it."""

from __future__ import annotations

import ctypes
from pathlib import Path

import msgspec

from arvisd.api import ProviderUnavailableError, tflite_input_shape

THRESHOLDS = {"hey_jarvis": 0.5, "alexa": 0.9, "okay_nabu": 0.5, "hey_mycroft": 0.5, "hey_rhasspy": 0.5}
"""Measured: docs/wake-words.md."""
OWN_THRESHOLD = 0.5
"""For models of the user: what openWakeWord's authors advise."""

_FEATURES = 96  # an embedding's numbers


class WordModel(msgspec.Struct, frozen=True):
    """One wake word and the file that knows it."""

    word: str
    path: Path
    threshold: float


def find_models(shipped: Path, own: Path | None, thresholds: dict[str, float]) -> dict[str, WordModel]:
    """Return the models by word; the user's take the place of shipped ones of the same name.

    Args:
        shipped: folder of the library's models.
        own: folder of the user's, None for none.
        thresholds: what the user set, by word.

    Raises:
        ProviderUnavailableError: the user's folder is missing, or a threshold is for a word that nobody knows.
    """
    found = {
        word: WordModel(word, shipped / f"{word}.tflite", threshold)
        for word, threshold in THRESHOLDS.items()
        if (shipped / f"{word}.tflite").is_file()
    }
    if own is not None:
        if not own.is_dir():
            raise ProviderUnavailableError(f"openwakeword: models: there is no folder {own}")
        found |= {path.stem: WordModel(path.stem, path, OWN_THRESHOLD) for path in sorted(own.glob("*.tflite"))}
    for word, threshold in thresholds.items():
        if word not in found:
            raise ProviderUnavailableError(
                f"openwakeword: thresholds: no wake word {word!r}; there are {', '.join(sorted(found))}"
            )
        found[word] = msgspec.structs.replace(found[word], threshold=threshold)
    return found


def check_model(library: ctypes.CDLL, path: Path) -> None:
    """Make sure that a file is a model of this kind: the library ends the process when given anything else.

    Args:
        library: TensorFlow Lite's C library with its argument types set.
        path: the file.

    Raises:
        ProviderUnavailableError: it is not; the text names the file and why.
    """
    shape = tflite_input_shape(library, path)
    if len(shape) != 3 or shape[0] != 1 or shape[2] != _FEATURES:
        raise ProviderUnavailableError(
            f"{path}: not an openWakeWord model: its input is {shape}, not [1, n, {_FEATURES}]"
        )
