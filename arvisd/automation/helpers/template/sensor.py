"""Template entity `sensor`: a value."""

from __future__ import annotations

from typing import Any

from arvisd.automation.helpers.kind import HelperKind, Place
from arvisd.automation.helpers.template.entity import TemplateEntity, TemplateSettings
from arvisd.automation.helpers.template.rendered import Rendered
from arvisd.core.states import UNAVAILABLE, UNKNOWN


class SensorSettings(TemplateSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One sensor."""

    unit_of_measurement: str | None = None
    """With a unit only numbers are values."""
    device_class: str | None = None
    state_class: str | None = None
    last_reset: Any = None
    """Template of the time at which a total began."""


class Sensor(TemplateEntity):
    """Shows what a template gives."""

    natives = TemplateEntity.natives | {"last_reset"}

    def __init__(self, settings: SensorSettings, place: Place) -> None:
        if settings.state is None:
            raise ValueError("it needs 'state': a template of its value")
        super().__init__(settings, place)

    def value(self, rendered: Rendered) -> tuple[str | None, dict[str, Any]]:
        """Return the text, where there is a unit only a number."""
        text = rendered.text("state")
        measured = self.settings.unit_of_measurement or self.settings.state_class
        if measured and text not in (UNKNOWN, UNAVAILABLE) and rendered.number("state") is None:
            text = None
        reset = rendered.text("last_reset")
        return text, {} if reset is None else {"last_reset": reset}


KIND: HelperKind[SensorSettings] = HelperKind("sensor", SensorSettings, Sensor, section=False, describe=Sensor.describe)
