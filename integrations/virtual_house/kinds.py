"""The virtual devices, one class a domain; each method is named after the action that it carries out."""

from __future__ import annotations

import math
from typing import Any

from arvisd.api import (
    Context,
    FanTurnOn,
    Hub,
    LightTurnOn,
    SetHvacMode,
    SetTemperature,
)

from .blind import Blind
from .device import VirtualDevice
from .plan import Device

OUTSIDE = 18.0
"""Temperature to which a room without heating goes, °C."""
DRIFT = 0.1
"""By how much a room's temperature goes towards its aim in a minute, °C."""


class Switch(VirtualDevice):
    """On or off."""

    def __init__(self, device: Device, hub: Hub) -> None:
        super().__init__(device, hub)
        self.on = device.state in ("on", True)

    def value(self) -> str:
        """Return on or off."""
        return "on" if self.on else "off"

    def turn_on(self, _data: Any, context: Context) -> None:
        """Switch on."""
        self.on = True
        self.write(context)

    def turn_off(self, _data: Any, context: Context) -> None:
        """Switch off."""
        self.on = False
        self.write(context)


class Light(Switch):
    """Dimmed and coloured."""

    features = frozenset({"brightness", "color", "color_temp"})

    def __init__(self, device: Device, hub: Hub) -> None:
        super().__init__(device, hub)
        self.brightness = 255
        self.rgb: tuple[int, int, int] | None = None
        self.kelvin: int | None = 2700

    def attributes(self) -> dict[str, Any]:
        """Return brightness and colour while it is on."""
        if not self.on:
            return {}
        light: dict[str, Any] = {"brightness": self.brightness}
        if self.rgb is not None:
            return light | {"rgb_color": list(self.rgb), "color_mode": "rgb"}
        return light | {"color_temp_kelvin": self.kelvin, "color_mode": "color_temp"}

    def turn_on(self, data: LightTurnOn, context: Context) -> None:
        """Switch on as asked."""
        if data.brightness is not None:
            self.brightness = data.brightness
        if data.rgb_color is not None:
            self.rgb, self.kelvin = data.rgb_color, None
        if data.color_temp_kelvin is not None:
            self.rgb, self.kelvin = None, data.color_temp_kelvin
        super().turn_on(data, context)


class Fan(Switch):
    """Turns at a speed."""

    features = frozenset({"speed"})

    def __init__(self, device: Device, hub: Hub) -> None:
        super().__init__(device, hub)
        self.percentage = 50

    def attributes(self) -> dict[str, Any]:
        """Return the speed, 0 when it is off."""
        return {"percentage": self.percentage if self.on else 0}

    def turn_on(self, data: FanTurnOn, context: Context) -> None:
        """Turn at that speed, else at the last one."""
        if data.percentage:
            self.percentage = data.percentage
        super().turn_on(data, context)


class Lock(VirtualDevice):
    """Locked or not."""

    def __init__(self, device: Device, hub: Hub) -> None:
        super().__init__(device, hub)
        self.locked = device.state != "unlocked"

    def value(self) -> str:
        """Return locked or unlocked."""
        return "locked" if self.locked else "unlocked"

    def lock(self, _data: Any, context: Context) -> None:
        """Lock."""
        self.locked = True
        self.write(context)

    def unlock(self, _data: Any, context: Context) -> None:
        """Unlock."""
        self.locked = False
        self.write(context)


class Thermostat(VirtualDevice):
    """Heats a room whose temperature follows slowly."""

    features = frozenset({"target_temperature"})

    def __init__(self, device: Device, hub: Hub) -> None:
        super().__init__(device, hub)
        self.mode = "heat"
        self.target = float(device.state or 21.0)
        self.current = self.target - 0.5

    def value(self) -> str:
        """Return the mode."""
        return self.mode

    def attributes(self) -> dict[str, Any]:
        """Return temperatures and limits."""
        return {
            "temperature": self.target,
            "current_temperature": round(self.current, 1),
            "hvac_modes": ["off", "heat"],
            "hvac_action": self._doing(),
            "min_temp": 7,
            "max_temp": 30,
            "target_temp_step": 0.5,
        }

    def _doing(self) -> str:
        if self.mode == "off":
            return "off"
        return "heating" if self.current < self.target else "idle"

    def set_temperature(self, data: SetTemperature, context: Context) -> None:
        """Take another target."""
        if data.temperature is not None:
            self.target = data.temperature
        if data.hvac_mode is not None:
            self.mode = data.hvac_mode
        self.write(context)

    def set_hvac_mode(self, data: SetHvacMode, context: Context) -> None:
        """Take another mode."""
        self.mode = data.hvac_mode
        self.write(context)

    def minute(self) -> None:
        """Let the room warm up or cool down a little."""
        aim = self.target if self.mode == "heat" else OUTSIDE
        distance = aim - self.current
        if abs(distance) > DRIFT / 2:
            self.current += math.copysign(min(DRIFT, abs(distance)), distance)
            self.write()


class Sensor(VirtualDevice):
    """Shows a value that goes up and down a little with the time of day."""

    controllable = False

    def value(self) -> str:
        """Return the value; a number swings by 2 % over the day."""
        state = self.device.state
        if not isinstance(state, int | float) or isinstance(state, bool):
            return "unknown" if state is None else str(state)
        now = self.hub.clock.now()
        swing = 1 + 0.02 * math.sin((now.hour * 60 + now.minute) / 1440 * 2 * math.pi)
        return str(round(state * swing) if isinstance(state, int) else round(state * swing, 1))

    def minute(self) -> None:
        """Write what it shows now."""
        self.write()


KINDS: dict[str, type[VirtualDevice]] = {
    "light": Light,
    "switch": Switch,
    "fan": Fan,
    "cover": Blind,
    "climate": Thermostat,
    "lock": Lock,
    "sensor": Sensor,
}


def make(device: Device, hub: Hub) -> VirtualDevice:
    """Return the device that a line of the settings means."""
    return KINDS[device.domain](device, hub)
