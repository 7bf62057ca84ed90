"""Helper `input_button`: a button to press; its state is when it was last pressed."""

from __future__ import annotations

from datetime import UTC, datetime

from arvisd.automation.helpers.entity import HelperEntity
from arvisd.automation.helpers.kind import HelperAction, HelperKind, HelperSettings, Saved
from arvisd.core.actions import NoData
from arvisd.core.context import Context
from arvisd.core.states import UNKNOWN


class InputButtonSettings(HelperSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of `input_button:`."""


class InputButton(HelperEntity[InputButtonSettings]):
    """A button that automations listen to."""

    def start(self, saved: Saved | None) -> None:
        """Begin with the time of the last press."""
        self.write(saved.state if saved is not None and _is_time(saved.state) else UNKNOWN)

    def press(self, context: Context) -> None:
        """Write the time of now."""
        self.write(self.place.hub.clock.now().astimezone(UTC).isoformat(), None, context)


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _press(helper: InputButton, _: NoData, context: Context) -> None:
    helper.press(context)


KIND: HelperKind[InputButtonSettings] = HelperKind(
    "input_button",
    InputButtonSettings,
    InputButton,
    (HelperAction("press", NoData, "Presses buttons.", _press, instant=True),),
)
