"""Finds the files of Piper's voices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from arvisd.api import ProviderUnavailableError

DEFAULT_VOICES = {
    "en": ("piper-en-lessac", "piper-en-amy", "piper-en-alan"),
    "ru": ("piper-ru-irina", "piper-ru-dmitri", "piper-ru-denis", "piper-ru-ruslan"),
}
"""Models of the catalogue, the first that is here is taken, where the settings name none."""


class VoiceFile(msgspec.Struct, frozen=True):
    """A voice on this machine."""

    name: str
    """As in the settings, without the speaker."""
    model: Path
    """The `.onnx`; its description is beside it with `.json` added."""
    speaker: str = ""
    """Empty: the voice's own default."""

    @property
    def description(self) -> Path:
        """The `.onnx.json`."""
        return self.model.with_name(self.model.name + ".json")


def find_voices(
    named: dict[str, str], config_folder: Path, find_model: Callable[[str], Path | None]
) -> dict[str, VoiceFile]:
    """Return the voice of each language.

    Args:
        named: what the settings name, by language; with none, the catalogue's that are here are taken.
        config_folder: what relative paths are relative to.
        find_model: returns where a model of the catalogue is, None where it is not.

    Raises:
        ProviderUnavailableError: a voice that is named is not here, or no voice at all; the text has the command.
    """
    wanted = {language: (name,) for language, name in named.items()} or DEFAULT_VOICES
    found: dict[str, VoiceFile] = {}
    for language, names in wanted.items():
        files = (_find(name, config_folder, find_model) for name in names)
        if (file := next((file for file in files if file is not None), None)) is not None:
            found[language] = file
    if missing := {language: name for language, name in named.items() if language not in found}:
        language, name = next(iter(missing.items()))
        raise ProviderUnavailableError(f"piper: voices: {language}: {_remedy(name)}")
    if not found:
        commands = " or ".join(f"arvisd models pull {name}" for name, *_ in DEFAULT_VOICES.values())
        raise ProviderUnavailableError(
            f"piper has no voice: get one with {commands}, or name your own under piper: voices:"
        )
    return found


def _remedy(name: str) -> str:
    name = name.partition("#")[0]
    if name.endswith(".onnx"):
        return f"there is no voice {name}, or no {Path(name).name}.json beside it"
    return f"the voice {name} is not here: arvisd models pull {name}"


def _find(name: str, config_folder: Path, find_model: Callable[[str], Path | None]) -> VoiceFile | None:
    base, _, speaker = name.partition("#")
    place = config_folder / Path(base).expanduser() if base.endswith(".onnx") else find_model(base)
    if place is None:
        return None
    candidates = sorted(place.glob("*.onnx")) if place.is_dir() else [place]
    files = [VoiceFile(base, candidate, speaker) for candidate in candidates if candidate.is_file()]
    return next((file for file in files if file.description.is_file()), None)
