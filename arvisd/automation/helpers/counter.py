"""Helper `counter`: a whole number that is counted up and down."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from arvisd.automation.helpers.entity import HelperEntity
from arvisd.automation.helpers.kind import HelperAction, HelperKind, HelperSettings, Saved
from arvisd.core.actions import NoData
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError


class CounterSettings(HelperSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of `counter:`."""

    initial: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Where it begins, and where `reset` brings it back to."""
    step: Annotated[int, msgspec.Meta(ge=1)] = 1
    minimum: int | None = None
    maximum: int | None = None
    restore: bool = True
    """Whether it goes on over a restart."""

    def __post_init__(self) -> None:
        """Raise ValueError for bounds that hold nothing."""
        if self.minimum is not None and self.maximum is not None and self.minimum >= self.maximum:
            raise ValueError(f"maximum ({self.maximum}) must be greater than minimum ({self.minimum})")


class SetCounter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `counter.set_value`."""

    value: int


class Counter(HelperEntity[CounterSettings]):
    """A number that automations count with."""

    def start(self, saved: Saved | None) -> None:
        """Begin as it was, or at `initial`."""
        value = _whole(saved.state) if saved is not None and self.settings.restore else None
        self._write(self._within(self.settings.initial if value is None else value), None)

    def change(self, steps: int, context: Context) -> None:
        """Count up or down, as far as the bounds."""
        state = self.state
        value = _whole(state.state) if state is not None else None
        now = self.settings.initial if value is None else value
        self._write(self._within(now + steps * self.settings.step), context)

    def reset(self, context: Context) -> None:
        """Begin anew."""
        self._write(self._within(self.settings.initial), context)

    def set(self, value: int, context: Context) -> None:
        """Set it; raise ActionDataError beyond the bounds."""
        settings = self.settings
        if settings.minimum is not None and value < settings.minimum:
            raise ActionDataError(f"{self.entity_id} goes down to {settings.minimum}, not to {value}")
        if settings.maximum is not None and value > settings.maximum:
            raise ActionDataError(f"{self.entity_id} goes up to {settings.maximum}, not to {value}")
        self._write(value, context)

    def _within(self, value: int) -> int:
        settings = self.settings
        if settings.minimum is not None:
            value = max(value, settings.minimum)
        return value if settings.maximum is None else min(value, settings.maximum)

    def _write(self, value: int, context: Context | None) -> None:
        settings = self.settings
        attributes: dict[str, Any] = {"initial": settings.initial, "step": settings.step}
        if settings.minimum is not None:
            attributes["minimum"] = settings.minimum
        if settings.maximum is not None:
            attributes["maximum"] = settings.maximum
        self.write(str(value), attributes, context)


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _up(helper: Counter, _: NoData, context: Context) -> None:
    helper.change(1, context)


def _down(helper: Counter, _: NoData, context: Context) -> None:
    helper.change(-1, context)


def _reset(helper: Counter, _: NoData, context: Context) -> None:
    helper.reset(context)


def _set(helper: Counter, data: SetCounter, context: Context) -> None:
    helper.set(data.value, context)


KIND: HelperKind[CounterSettings] = HelperKind(
    "counter",
    CounterSettings,
    Counter,
    (
        HelperAction("increment", NoData, "Counts up by the step.", _up, instant=True),
        HelperAction("decrement", NoData, "Counts down by the step.", _down, instant=True),
        HelperAction("reset", NoData, "Brings counters back to where they began.", _reset, instant=True),
        HelperAction("set_value", SetCounter, "Sets counters to a value.", _set, instant=True),
    ),
)
