"""What the virtual house consists of where the user says nothing else."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from arvisd.api import Area


class Device(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One device as it stands in the settings."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$")]
    """`light.…`, `switch.…`, `fan.…`, `cover.…`, `climate.…`, `lock.…` or `sensor.…`."""
    name: str = ""
    names: dict[str, str] = msgspec.field(default_factory=dict)
    """Name by language."""
    aliases: list[str] = msgspec.field(default_factory=list)
    area: str | None = None
    device_class: str | None = None
    unit: str | None = None
    """Of a sensor."""
    state: Any = None
    """State at the start; a thermostat's target temperature."""

    @property
    def domain(self) -> str:
        """First part of the id."""
        return self.id.partition(".")[0]


AREAS = (
    Area(id="kitchen", names={"en": "Kitchen", "ru": "Кухня"}),
    Area(id="living_room", names={"en": "Living room", "ru": "Гостиная"}, aliases=["lounge", "зал"]),
    Area(id="bedroom", names={"en": "Bedroom", "ru": "Спальня"}),
)

DEVICES = [
    Device(id="light.kitchen", names={"en": "Kitchen light", "ru": "Свет на кухне"}, area="kitchen"),
    Device(id="light.living_room", names={"en": "Living room light", "ru": "Свет в гостиной"}, area="living_room"),
    Device(
        id="light.lamp",
        names={"en": "Lamp", "ru": "Лампа"},
        aliases=["floor lamp", "торшер"],
        area="living_room",
    ),
    Device(id="light.bedroom", names={"en": "Bedroom light", "ru": "Свет в спальне"}, area="bedroom"),
    Device(id="switch.kettle", names={"en": "Kettle", "ru": "Чайник"}, area="kitchen"),
    Device(id="fan.bedroom", names={"en": "Fan", "ru": "Вентилятор"}, area="bedroom"),
    Device(
        id="cover.blind",
        names={"en": "Blind", "ru": "Жалюзи"},
        aliases=["blinds"],
        area="living_room",
        device_class="blind",
    ),
    Device(id="climate.thermostat", names={"en": "Thermostat", "ru": "Термостат"}, area="living_room", state=21.0),
    Device(
        id="sensor.kitchen_temperature",
        names={"en": "Kitchen temperature", "ru": "Температура на кухне"},
        area="kitchen",
        device_class="temperature",
        unit="°C",
        state=22.4,
    ),
    Device(
        id="sensor.kitchen_humidity",
        names={"en": "Kitchen humidity", "ru": "Влажность на кухне"},
        area="kitchen",
        device_class="humidity",
        unit="%",
        state=46,
    ),
    Device(
        id="sensor.outside_temperature",
        names={"en": "Outside temperature", "ru": "Температура на улице"},
        device_class="temperature",
        unit="°C",
        state=8.5,
    ),
]
