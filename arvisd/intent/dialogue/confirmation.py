"""What is asked before it is done, and the open questions that only a yes or a no answers."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from arvisd.core.clock import Clock
from arvisd.home.entity import Entity
from arvisd.intent.normalization import normalize
from arvisd.intent.recognition import Recognition

OPEN_SECONDS = 30.0
"""How long a yes is waited for; then nothing is done."""

GARAGE = frozenset({"garage", "gate"})
"""Device classes of covers through which somebody may come in."""

YES: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        {"yes", "yeah", "yep", "yup", "sure", "ok", "okay", "of course", "please do", "yes please", "do it", "go ahead"}
        | {"confirm", "right", "correct", "that's right", "affirmative", "yes do it", "exactly"}
    ),
    "ru": frozenset(
        {"да", "ага", "угу", "конечно", "давай", "хорошо", "ладно", "подтверждаю", "верно", "точно", "именно"}
        | {"да конечно", "да давай", "делай", "да пожалуйста", "ок", "окей", "да да", "ну да", "да верно", "правильно"}
    ),
}
NO: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        {"no", "nope", "nah", "no thanks", "no thank you", "don't", "do not", "stop", "cancel", "never mind"}
        | {"nevermind", "forget it", "no don't", "negative", "neither"}
    ),
    "ru": frozenset(
        {"нет", "не", "не надо", "не нужно", "нет не надо", "отмена", "отмени", "стоп", "не стоит", "передумал"}
        | {"передумала", "неважно", "забудь", "нет спасибо", "ни в коем случае", "ни то ни другое"}
    ),
}


class ConfirmSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`confirm:` what is asked before a voice or a text does it."""

    house: bool = True
    """What concerns several things all over the house."""
    floor: bool = True
    """What concerns several things of a floor."""
    lock: bool = True
    """Locks, to be locked or unlocked."""
    alarm: bool = True
    """Alarm systems."""
    garage: bool = True
    """Garage doors and gates."""


class Pending(msgspec.Struct, frozen=True):
    """What is done once somebody says yes."""

    commands: tuple[Recognition, ...]
    until: float
    """Monotonic time up to which it waits."""


def kind_of(recognition: Recognition, orders: Mapping[str, list[Entity]]) -> str:
    """Return what kind of action it is that is asked first: a field of ConfirmSettings; empty: none."""
    entities = [entity for each in orders.values() for entity in each]
    domains = {entity.domain for entity in entities}
    if "lock" in domains:
        return "lock"
    if "alarm_control_panel" in domains:
        return "alarm"
    if any(entity.domain == "cover" and entity.device_class in GARAGE for entity in entities):
        return "garage"
    if recognition.name is not None or len(entities) < 2:
        return ""
    if recognition.value("floor") is not None:
        return "floor"
    return "house" if recognition.value("area") is None else ""


def is_yes(text: str, language: str) -> bool:
    """Tell whether a text says yes and nothing else."""
    return normalize(text, language) in YES.get(language, YES["en"])


def is_no(text: str, language: str) -> bool:
    """Tell whether a text says no and nothing else."""
    return normalize(text, language) in NO.get(language, NO["en"])


class Confirmations:
    """What waits for a yes, one a session."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, Pending] = {}

    def ask(self, session: str, recognition: Recognition) -> None:
        """Wait for a yes; what waits already in the same breath waits along."""
        now = self._clock.monotonic()
        self._open = {key: pending for key, pending in self._open.items() if pending.until > now}
        before = self._open.get(session)
        commands = (*before.commands, recognition) if before is not None else (recognition,)
        self._open[session] = Pending(commands, now + OPEN_SECONDS)

    def waits(self, session: str) -> bool:
        """Tell whether something waits for a yes or a no."""
        pending = self._open.get(session)
        return pending is not None and pending.until > self._clock.monotonic()

    def take(self, session: str) -> Pending | None:
        """Return what waits, and wait for it no more."""
        pending = self._open.pop(session, None)
        return pending if pending is not None and pending.until > self._clock.monotonic() else None
