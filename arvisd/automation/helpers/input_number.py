"""Helper `input_number`: a number within bounds, set by a slider or an automation."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import msgspec

from arvisd.automation.helpers.entity import HelperEntity
from arvisd.automation.helpers.kind import HelperAction, HelperKind, HelperSettings, Saved
from arvisd.core.actions import NoData
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError


class InputNumberSettings(HelperSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of `input_number:`."""

    min: float
    """The least value."""
    max: float
    """The greatest value."""
    initial: float | None = None
    """What it is after each start; without it, what it was before, at first the least."""
    step: Annotated[float, msgspec.Meta(gt=0)] = 1.0
    """How much `increment` and `decrement` change."""
    unit_of_measurement: str | None = None
    mode: Literal["slider", "box"] = "slider"
    """For other programs: how it is shown."""

    def __post_init__(self) -> None:
        """Raise ValueError for bounds that hold nothing, and for an initial value outside of them."""
        if self.min >= self.max:
            raise ValueError(f"max ({self.max:g}) must be greater than min ({self.min:g})")
        if self.initial is not None and not self.min <= self.initial <= self.max:
            raise ValueError(f"initial ({self.initial:g}) must lie between min ({self.min:g}) and max ({self.max:g})")


class SetNumber(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `input_number.set_value`."""

    value: float


class InputNumber(HelperEntity[InputNumberSettings]):
    """A number that automations read and write; its state is a float as Home Assistant writes it: `20.0`."""

    def start(self, saved: Saved | None) -> None:
        """Begin with `initial`, else as it was, else at the least."""
        settings = self.settings
        value = settings.initial
        if value is None and saved is not None:
            value = number_in(saved.state)
        self._write(value if value is not None and self._fits(value) else settings.min, None)

    def set(self, value: float, context: Context) -> None:
        """Set the value; raise ActionDataError where it is out of bounds."""
        if not self._fits(value):
            raise ActionDataError(
                f"{self.entity_id} takes {self.settings.min:g} to {self.settings.max:g}, not {value:g}"
            )
        self._write(value, context)

    def change(self, steps: int, context: Context) -> None:
        """Go some steps up or down, as far as the bounds."""
        settings = self.settings
        state = self.state
        before = number_in(state.state) if state is not None else None
        value = (settings.min if before is None else before) + steps * settings.step
        # a sum of tenths must not show as 0.30000000000000004
        self._write(min(max(round(value, 10), settings.min), settings.max), context)

    def _fits(self, value: float) -> bool:
        return self.settings.min <= value <= self.settings.max

    def _write(self, value: float, context: Context | None) -> None:
        settings = self.settings
        attributes: dict[str, Any] = {
            "initial": settings.initial,
            "min": settings.min,
            "max": settings.max,
            "step": settings.step,
            "mode": settings.mode,
        }
        if settings.unit_of_measurement is not None:
            attributes["unit_of_measurement"] = settings.unit_of_measurement
        self.write(str(float(value)), attributes, context)


def number_in(text: str) -> float | None:
    """Return the finite number that a text writes, None where it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _set(helper: InputNumber, data: SetNumber, context: Context) -> None:
    helper.set(data.value, context)


def _up(helper: InputNumber, _: NoData, context: Context) -> None:
    helper.change(1, context)


def _down(helper: InputNumber, _: NoData, context: Context) -> None:
    helper.change(-1, context)


KIND: HelperKind[InputNumberSettings] = HelperKind(
    "input_number",
    InputNumberSettings,
    InputNumber,
    (
        HelperAction("set_value", SetNumber, "Sets numbers to a value.", _set, instant=True),
        HelperAction("increment", NoData, "Raises numbers by their step.", _up, instant=True),
        HelperAction("decrement", NoData, "Lowers numbers by their step.", _down, instant=True),
    ),
    describe=lambda helper: {"unit": helper.settings.unit_of_measurement},
)
