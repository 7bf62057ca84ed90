"""The platforms of announcements, one file each: their keys, how their state is read, how they are commanded."""

from __future__ import annotations

from arvisd.home.discovery.component import MqttComponent
from arvisd.home.discovery.entity import MqttEntity
from arvisd.home.discovery.platforms.binary_sensor import BinarySensor
from arvisd.home.discovery.platforms.light import AnyLight
from arvisd.home.discovery.platforms.sensor import Sensor
from arvisd.home.discovery.platforms.switch import Switch

ENTITIES: dict[str, type[MqttEntity]] = {
    "binary_sensor": BinarySensor,
    "light": AnyLight,
    "sensor": Sensor,
    "switch": Switch,
}
"""By the word that announcements use."""

OTHERS: dict[str, type[MqttComponent]] = {}
"""Components that are no entities: they fire events."""
