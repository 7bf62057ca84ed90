"""Template entity `binary_sensor`: on or off, perhaps only after a while."""

from __future__ import annotations

from typing import Any

from arvisd.automation.builder import Builder
from arvisd.automation.errors import TemplateError
from arvisd.automation.helpers.kind import HelperKind, Place, Saved
from arvisd.automation.helpers.template.entity import TemplateEntity, TemplateSettings
from arvisd.automation.helpers.template.rendered import Rendered
from arvisd.automation.part import Part
from arvisd.automation.scope import Scope
from arvisd.core.clock import TimerHandle
from arvisd.core.context import Context


class BinarySensorSettings(TemplateSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One binary sensor."""

    device_class: str | None = None
    delay_on: Any = None
    """How long the template must be true before the state is on."""
    delay_off: Any = None
    """How long it must be false before the state is off."""
    auto_off: Any = None
    """How long after a trigger it goes off by itself."""


class BinarySensor(TemplateEntity):
    """Shows whether a template is true."""

    def __init__(self, settings: BinarySensorSettings, place: Place) -> None:
        if settings.state is None:
            raise ValueError("it needs 'state': a template of its value")
        super().__init__(settings, place)
        part = Part(Builder(place.library), place.node, place.entity_id, place.entity_id)
        self._delays = {True: part.duration("delay_on"), False: part.duration("delay_off")}
        self._auto_off = part.duration("auto_off")
        self._on: bool | None = None
        self._waiting: TimerHandle | None = None
        self._aim: bool | None = None
        self._ending: TimerHandle | None = None
        self._scope = Scope({})
        self._first = True

    def restore(self, saved: Saved) -> None:
        """Be what it was."""
        self._on = {"on": True, "off": False}.get(saved.state)
        self._first = False

    def stop(self) -> None:
        """Let the timers go, too."""
        super().stop()
        for timer in (self._waiting, self._ending):
            if timer is not None:
                timer.cancel()

    def show(self, rendered: Rendered, cause: Context | None) -> None:
        """Write it now, or after the delay."""
        wanted = rendered.truth("state")
        if wanted is None or (self._on is None and self._first):
            # the first value after a start is shown as it is: nobody saw it change
            self._turn(wanted, cause)
        elif wanted == self._on:
            self._turn(wanted, cause)
        else:
            self._delay(wanted, cause)
        self._first = self._first and wanted is None

    def value(self, rendered: Rendered) -> tuple[str | None, dict[str, Any]]:
        """Return what it is now, whatever the template says already."""
        return None if self._on is None else "on" if self._on else "off", {}

    def _turn(self, on: bool | None, cause: Context | None) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        self._on = on
        super().show(self._latest, cause)
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        if on and self._auto_off is not None and (seconds := self._seconds(self._auto_off)) is not None:
            self._ending = self.place.hub.clock.call_later(seconds, lambda: self._turn(False, None))

    def _delay(self, on: bool, cause: Context | None) -> None:
        delay = self._delays[on]
        seconds = self._seconds(delay) if delay is not None else None
        if not seconds:
            self._turn(on, cause)
            return
        super().show(self._latest, cause)
        if self._waiting is not None and self._aim == on:
            return
        if self._waiting is not None:
            self._waiting.cancel()
        self._aim = on
        self._waiting = self.place.hub.clock.call_later(seconds, lambda: self._turn(on, cause))

    def _seconds(self, duration: Any) -> float | None:
        try:
            return float(duration.of({"this": self._this()}))
        except TemplateError as error:
            self._latest.errors.append(str(error))
            return None


KIND: HelperKind[BinarySensorSettings] = HelperKind(
    "binary_sensor", BinarySensorSettings, BinarySensor, section=False, describe=BinarySensor.describe
)
