"""Helper `input_select`: one of a list of options."""

from __future__ import annotations

from typing import Annotated

import msgspec

from arvisd.automation.helpers.entity import HelperEntity
from arvisd.automation.helpers.kind import HelperAction, HelperKind, HelperSettings, Place, Saved
from arvisd.config.problems import did_you_mean
from arvisd.core.actions import NoData
from arvisd.core.context import Context
from arvisd.core.errors import ActionDataError


class InputSelectSettings(HelperSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of `input_select:`."""

    options: Annotated[list[str], msgspec.Meta(min_length=1)]
    """What may be chosen."""
    initial: str | None = None
    """What is chosen after each start; without it, what was before, at first the first option."""

    def __post_init__(self) -> None:
        """Raise ValueError for an option given twice and for an initial one that is none."""
        check_options(self.options)
        if self.initial is not None and self.initial not in self.options:
            near = did_you_mean(self.initial, self.options)
            raise ValueError(f"initial {self.initial!r} is not among the options{near}")


class Choose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `input_select.select_option`."""

    option: str | int | float | bool


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `input_select.select_next` and `select_previous`."""

    cycle: bool = True
    """After the last one comes the first."""


class SetOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Data of `input_select.set_options`."""

    options: list[str]
    """Until the next start or the next change of its settings."""


class InputSelect(HelperEntity[InputSelectSettings]):
    """A choice that automations read and make."""

    def __init__(self, settings: InputSelectSettings, place: Place) -> None:
        super().__init__(settings, place)
        self.options = list(settings.options)

    def start(self, saved: Saved | None) -> None:
        """Begin with `initial`, else as it was, else with the first option."""
        before = saved.state if saved is not None and saved.state in self.options else self.options[0]
        self._write(self.settings.initial or before, None)

    def select(self, option: str, context: Context) -> None:
        """Choose; raise ActionDataError for what is no option."""
        if option not in self.options:
            raise ActionDataError(
                f"{self.entity_id} has no option {option!r}{did_you_mean(option, self.options)}: "
                f"it has {', '.join(self.options)}"
            )
        self._write(option, context)

    def move(self, by: int, context: Context, *, cycle: bool) -> None:
        """Choose the next or the previous one."""
        state = self.state
        at = self.options.index(state.state) if state is not None and state.state in self.options else 0
        last = len(self.options) - 1
        wanted = (at + by) % len(self.options) if cycle else min(max(at + by, 0), last)
        self._write(self.options[wanted], context)

    def set_options(self, options: list[str], context: Context) -> None:
        """Take other options; the first is chosen where the present one is not among them."""
        try:
            check_options(options)
        except ValueError as error:
            raise ActionDataError(f"{self.entity_id}: {error}") from None
        self.options = list(options)
        state = self.state
        self._write(state.state if state is not None and state.state in options else options[0], context)

    def _write(self, option: str, context: Context | None) -> None:
        self.write(option, {"options": list(self.options)}, context)


def check_options(options: list[str]) -> None:
    """Raise ValueError for a list that is empty or holds something twice."""
    if not options:
        raise ValueError("at least one option is needed")
    doubled = next((option for index, option in enumerate(options) if option in options[:index]), None)
    if doubled is not None:
        raise ValueError(f"the option {doubled!r} is there twice")


def _option(helper: InputSelect, data: Choose, context: Context) -> None:
    helper.select(str(data.option), context)


def _first(helper: InputSelect, _: NoData, context: Context) -> None:
    helper.select(helper.options[0], context)


def _last(helper: InputSelect, _: NoData, context: Context) -> None:
    helper.select(helper.options[-1], context)


def _next(helper: InputSelect, data: Step, context: Context) -> None:
    helper.move(1, context, cycle=data.cycle)


def _previous(helper: InputSelect, data: Step, context: Context) -> None:
    helper.move(-1, context, cycle=data.cycle)


def _set_options(helper: InputSelect, data: SetOptions, context: Context) -> None:
    helper.set_options(data.options, context)


KIND: HelperKind[InputSelectSettings] = HelperKind(
    "input_select",
    InputSelectSettings,
    InputSelect,
    (
        HelperAction("select_option", Choose, "Chooses an option.", _option, instant=True),
        HelperAction("select_first", NoData, "Chooses the first option.", _first, instant=True),
        HelperAction("select_last", NoData, "Chooses the last option.", _last, instant=True),
        HelperAction("select_next", Step, "Chooses the next option.", _next, instant=True),
        HelperAction("select_previous", Step, "Chooses the previous option.", _previous, instant=True),
        HelperAction("set_options", SetOptions, "Replaces the options.", _set_options, instant=True),
    ),
)
