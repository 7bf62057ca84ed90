"""The platforms of announcements, one file each: their keys, how their state is read, how they are commanded.

A platform is imported when the first device of its kind announces itself: a house of lamps needs no vacuum cleaners.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from arvisd.home.discovery.component import MqttComponent
    from arvisd.home.discovery.entity import MqttEntity

C = TypeVar("C", bound="MqttComponent")


class Platforms(Mapping[str, type[C]]):
    """Classes by the word that announcements use, imported when they are asked for."""

    def __init__(self, places: dict[str, str]) -> None:
        self._places = places
        """`module:Class` within this folder."""

    def __getitem__(self, name: str) -> type[C]:
        module, _, class_ = self._places[name].partition(":")
        found: type[C] = getattr(importlib.import_module(f"{__name__}.{module}"), class_)
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


ENTITIES: Platforms[MqttEntity] = Platforms(
    {
        "alarm_control_panel": "alarm_control_panel:AlarmControlPanel",
        "binary_sensor": "binary_sensor:BinarySensor",
        "button": "inputs:Button",
        "camera": "picture:Camera",
        "climate": "climate:Climate",
        "cover": "cover:Cover",
        "date": "inputs:Date",
        "datetime": "inputs:Datetime",
        "device_tracker": "device_tracker:DeviceTracker",
        "event": "event:Event",
        "fan": "fan:Fan",
        "humidifier": "humidifier:Humidifier",
        "image": "picture:Image",
        "lawn_mower": "lawn_mower:LawnMower",
        "light": "light:AnyLight",
        "lock": "lock:Lock",
        "media_player": "media_player:MediaPlayer",
        "notify": "inputs:Notify",
        "number": "inputs:Number",
        "scene": "inputs:Scene",
        "select": "inputs:Select",
        "sensor": "sensor:Sensor",
        "siren": "siren:Siren",
        "switch": "switch:Switch",
        "text": "inputs:Text",
        "time": "inputs:Time",
        "update": "update:Update",
        "vacuum": "vacuum:Vacuum",
        "valve": "valve:Valve",
        "water_heater": "water_heater:WaterHeater",
    }
)

OTHERS: Platforms[MqttComponent] = Platforms({"device_automation": "signals:DeviceAutomation", "tag": "signals:Tag"})
"""Components that are no entities: they fire events."""
