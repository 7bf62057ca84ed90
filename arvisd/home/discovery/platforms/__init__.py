"""The platforms of announcements, one file each: their keys, how their state is read, how they are commanded."""

from __future__ import annotations

from arvisd.home.discovery.component import MqttComponent
from arvisd.home.discovery.entity import MqttEntity
from arvisd.home.discovery.platforms.alarm_control_panel import AlarmControlPanel
from arvisd.home.discovery.platforms.binary_sensor import BinarySensor
from arvisd.home.discovery.platforms.climate import Climate
from arvisd.home.discovery.platforms.cover import Cover
from arvisd.home.discovery.platforms.device_tracker import DeviceTracker
from arvisd.home.discovery.platforms.event import Event
from arvisd.home.discovery.platforms.fan import Fan
from arvisd.home.discovery.platforms.humidifier import Humidifier
from arvisd.home.discovery.platforms.inputs import INPUTS
from arvisd.home.discovery.platforms.lawn_mower import LawnMower
from arvisd.home.discovery.platforms.light import AnyLight
from arvisd.home.discovery.platforms.lock import Lock
from arvisd.home.discovery.platforms.media_player import MediaPlayer
from arvisd.home.discovery.platforms.picture import Camera, Image
from arvisd.home.discovery.platforms.sensor import Sensor
from arvisd.home.discovery.platforms.signals import DeviceAutomation, Tag
from arvisd.home.discovery.platforms.siren import Siren
from arvisd.home.discovery.platforms.switch import Switch
from arvisd.home.discovery.platforms.update import Update
from arvisd.home.discovery.platforms.vacuum import Vacuum
from arvisd.home.discovery.platforms.valve import Valve
from arvisd.home.discovery.platforms.water_heater import WaterHeater

ENTITIES: dict[str, type[MqttEntity]] = {
    "alarm_control_panel": AlarmControlPanel,
    "binary_sensor": BinarySensor,
    "camera": Camera,
    "climate": Climate,
    "cover": Cover,
    "device_tracker": DeviceTracker,
    "event": Event,
    "fan": Fan,
    "humidifier": Humidifier,
    "image": Image,
    "lawn_mower": LawnMower,
    "light": AnyLight,
    "lock": Lock,
    "media_player": MediaPlayer,
    "sensor": Sensor,
    "siren": Siren,
    "switch": Switch,
    "update": Update,
    "vacuum": Vacuum,
    "valve": Valve,
    "water_heater": WaterHeater,
    **INPUTS,
}
"""By the word that announcements use."""

OTHERS: dict[str, type[MqttComponent]] = {"device_automation": DeviceAutomation, "tag": Tag}
"""Components that are no entities: they fire events."""
