"""Reads microWakeWord models: a JSON description beside a TensorFlow Lite file."""

from __future__ import annotations

import ctypes
from pathlib import Path

import msgspec

from arvisd.api import ProviderUnavailableError, tflite_input_shape

THRESHOLDS = {"hey_jarvis": 0.98, "alexa": 0.95, "okay_nabu": 0.75, "hey_mycroft": 0.95}
"""For the shipped models: above the highest score of a recording without the word and below the lowest of one with it
(docs/wake-words.md). The user's own models have the cutoff of their description."""

_FEATURES = 40  # numbers of a 10 ms window


class Micro(msgspec.Struct, frozen=True):
    """The part of the description that says when the word counts."""

    probability_cutoff: float
    """Mean probability from which it counts."""
    sliding_window_size: int
    """Number of probabilities that are averaged."""


class Description(msgspec.Struct, frozen=True):
    """The `.json` of a model, as ESPHome defines it; what is not needed here is ignored."""

    wake_word: str
    model: str
    """File name of the `.tflite` beside it."""
    micro: Micro
    trained_languages: list[str] = msgspec.field(default_factory=list)


class WordModel(msgspec.Struct, frozen=True):
    """One wake word, its model and its threshold."""

    word: str
    description: Description
    path: Path
    """The `.tflite`."""
    threshold: float


def find_models(shipped: Path, own: Path | None, thresholds: dict[str, float]) -> dict[str, WordModel]:
    """Return the models by word; the user's take the place of shipped ones of the same name.

    Args:
        shipped: folder of the library's models.
        own: folder of the user's, None for none.
        thresholds: what the user set, by word.

    Raises:
        ProviderUnavailableError: the user's folder is missing, a description is wrong, or a threshold is for a word
            that nobody knows.
    """
    if own is not None and not own.is_dir():
        raise ProviderUnavailableError(f"microwakeword: models: there is no folder {own}")
    folders = [shipped] if own is None else [shipped, own]
    found = {path.stem: _read(path) for folder in folders for path in sorted(folder.glob("*.json"))}
    measured = {
        word: score for word, score in THRESHOLDS.items() if word in found and found[word].path.parent == shipped
    }
    thresholds = measured | thresholds
    for word, threshold in thresholds.items():
        if word not in found:
            raise ProviderUnavailableError(
                f"microwakeword: thresholds: no wake word {word!r}; there are {', '.join(sorted(found))}"
            )
        found[word] = msgspec.structs.replace(found[word], threshold=threshold)
    return found


def _read(path: Path) -> WordModel:
    try:
        description = msgspec.json.decode(path.read_bytes(), type=Description)
    except OSError as error:
        raise ProviderUnavailableError(f"microwakeword: {path}: cannot be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise ProviderUnavailableError(f"microwakeword: {path}: not a microWakeWord description: {error}") from error
    return WordModel(path.stem, description, path.parent / description.model, description.micro.probability_cutoff)


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
            f"{path}: not a microWakeWord model: its input is {shape}, not [1, n, {_FEATURES}]"
        )
