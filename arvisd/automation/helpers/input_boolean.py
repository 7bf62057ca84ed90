"""Helper `input_boolean`: on or off, as people or automations set it."""

from __future__ import annotations

from arvisd.automation.helpers.entity import HelperEntity
from arvisd.automation.helpers.kind import HelperAction, HelperKind, HelperSettings, Saved
from arvisd.core.actions import NoData
from arvisd.core.context import Context


class InputBooleanSettings(HelperSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of `input_boolean:`."""

    initial: bool | None = None
    """What it is after each start; without it, what it was before."""


class InputBoolean(HelperEntity[InputBooleanSettings]):
    """A switch that nothing hangs on but automations."""

    def start(self, saved: Saved | None) -> None:
        """Begin as it was, or as `initial` says."""
        initial = self.settings.initial
        on = initial if initial is not None else saved is not None and saved.state == "on"
        self.write("on" if on else "off")

    def turn(self, *, on: bool, context: Context) -> None:
        """Set it."""
        self.write("on" if on else "off", None, context)

    def toggle(self, context: Context) -> None:
        """Set it to the other value."""
        self.turn(on=self.state is None or self.state.state != "on", context=context)


def _turn_on(helper: InputBoolean, _: NoData, context: Context) -> None:
    helper.turn(on=True, context=context)


def _turn_off(helper: InputBoolean, _: NoData, context: Context) -> None:
    helper.turn(on=False, context=context)


def _toggle(helper: InputBoolean, _: NoData, context: Context) -> None:
    helper.toggle(context)


KIND: HelperKind[InputBooleanSettings] = HelperKind(
    "input_boolean",
    InputBooleanSettings,
    InputBoolean,
    (
        HelperAction("turn_on", NoData, "Turns toggles on.", _turn_on, instant=True),
        HelperAction("turn_off", NoData, "Turns toggles off.", _turn_off, instant=True),
        HelperAction(
            "toggle", NoData, "Turns on the toggles that are off, and off those that are on.", _toggle, instant=True
        ),
    ),
)
