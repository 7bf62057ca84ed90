"""Helper `input_text`: a text of bounded length, perhaps of a pattern."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec

from arvisd.automation.helpers.entity import HelperEntity
from arvisd.automation.helpers.kind import HelperAction, HelperKind, HelperSettings, Place, Saved
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError
from arvisd.core.states import UNAVAILABLE, UNKNOWN

LONGEST = 255
"""Characters of a state, as in Home Assistant."""


class InputTextSettings(HelperSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of `input_text:`."""

    min: Annotated[int, msgspec.Meta(ge=0, le=LONGEST)] = 0
    """The least number of characters."""
    max: Annotated[int, msgspec.Meta(ge=1, le=LONGEST)] = 100
    """The greatest number of characters."""
    initial: str | None = None
    """What it is after each start; without it, what it was before, at first `unknown`."""
    pattern: str | None = None
    """A regular expression that the text must fit from its beginning."""
    mode: Literal["text", "password"] = "text"
    """For other programs: how it is shown."""
    unit_of_measurement: str | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for bounds, a pattern or an initial text that cannot be."""
        if self.min > self.max:
            raise ValueError(f"max ({self.max}) must not be less than min ({self.min})")
        if self.pattern is not None:
            try:
                re.compile(self.pattern)
            except re.error as error:
                raise ValueError(f"pattern: {error}") from None
        if self.initial is not None and not self.min <= len(self.initial) <= self.max:
            raise ValueError(f"initial must have {self.min} to {self.max} characters, it has {len(self.initial)}")


class SetText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `input_text.set_value`."""

    value: str | int | float | bool


class InputText(HelperEntity[InputTextSettings]):
    """A text that automations read and write."""

    def __init__(self, settings: InputTextSettings, place: Place) -> None:
        super().__init__(settings, place)
        self._pattern = re.compile(settings.pattern) if settings.pattern is not None else None

    def start(self, saved: Saved | None) -> None:
        """Begin with `initial`, else as it was, else with nothing."""
        settings = self.settings
        value = settings.initial
        if value is None and saved is not None and saved.state not in (UNKNOWN, UNAVAILABLE):
            value = saved.state if settings.min <= len(saved.state) <= settings.max else None
        self._write(UNKNOWN if value is None else value, None)

    def set(self, value: str, context: Context) -> None:
        """Set the text; raise ActionDataError where its length or its pattern does not fit."""
        settings = self.settings
        if not settings.min <= len(value) <= settings.max:
            raise ActionDataError(
                f"{self.entity_id} takes {settings.min} to {settings.max} characters, not {len(value)}"
            )
        if self._pattern is not None and self._pattern.match(value) is None:
            raise ActionDataError(f"{self.entity_id} takes a text that fits {settings.pattern!r}, not {value!r}")
        self._write(value, context)

    def _write(self, value: str, context: Context | None) -> None:
        settings = self.settings
        attributes: dict[str, Any] = {
            "initial": settings.initial,
            "min": settings.min,
            "max": settings.max,
            "pattern": settings.pattern,
            "mode": settings.mode,
        }
        if settings.unit_of_measurement is not None:
            attributes["unit_of_measurement"] = settings.unit_of_measurement
        self.write(value, attributes, context)


def _set(helper: InputText, data: SetText, context: Context) -> None:
    helper.set(str(data.value), context)


KIND: HelperKind[InputTextSettings] = HelperKind(
    "input_text",
    InputTextSettings,
    InputText,
    (HelperAction("set_value", SetText, "Sets texts.", _set, instant=True),),
)
