"""Which timer is meant: by its name, by how long it was set for, by the room, by the site."""

from __future__ import annotations

from collections.abc import Sequence

from arvisd.intent.normalization import normalize
from arvisd.intent.recognition import Recognition
from arvisd.intent.russian import case_forms
from arvisd.intent.timers.timer import VoiceTimer


def seconds_of(recognition: Recognition, prefix: str = "") -> float:
    """Return the length that a sentence says, 0 where it says none; `start_` as prefix: that of the timer meant."""
    units = {"hours": 3600, "minutes": 60, "seconds": 1}
    return float(sum(float(recognition.value(f"{prefix}{unit}") or 0) * size for unit, size in units.items()))


def fitting(timers: Sequence[VoiceTimer], recognition: Recognition, language: str) -> list[VoiceTimer]:
    """Return the timers that a sentence may mean, by what it says of them."""
    found = list(timers)
    name = recognition.value("name")
    if name:
        found = [timer for timer in found if _called(timer, str(name), language)]
    start = seconds_of(recognition, "start_")
    if start:
        found = [timer for timer in found if timer.length == start]
    area = recognition.value("area")
    if area and not recognition.here:
        found = [timer for timer in found if timer.area == area]
    return found


def narrowed(found: list[VoiceTimer], site: str) -> list[VoiceTimer]:
    """Return of several timers those that ring, else those of the site where it is said."""
    ringing = [timer for timer in found if timer.ringing]
    if ringing:
        found = ringing
    here = [timer for timer in found if timer.site == site]
    return here or found


def _called(timer: VoiceTimer, name: str, language: str) -> bool:
    return bool(_forms(timer.name, language) & _forms(name, language))


def _forms(name: str, language: str) -> frozenset[str]:
    plain = normalize(name, language)
    for article in ("the ", "my ", "для ", "на "):
        plain = plain.removeprefix(article)
    if not plain:
        return frozenset()
    return frozenset({plain, *case_forms(plain)} if language == "ru" else {plain})
