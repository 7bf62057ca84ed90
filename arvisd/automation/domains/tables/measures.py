"""What is measured: temperature, humidity, light, power, the air, the charge of batteries, the height of the sun."""

from __future__ import annotations

from arvisd.automation.domains.comparison import NumberChanges, Within
from arvisd.automation.domains.description import Rows, TriggerData, measured
from arvisd.automation.domains.source import Source


def _sensor(device_class: str, scale: str) -> Source:
    return Source(domain="sensor", device_class=device_class, scale=scale)


def _in(domain: str, attribute: str, scale: str, unit: str | None = None) -> Source:
    return Source(domain=domain, attribute=attribute, needs=(attribute,), scale=scale, unit=unit)


def _measure(domain: str, *sources: Source) -> Rows:
    return measured(sources, f"{domain}.changed", f"{domain}.crossed_threshold", f"{domain}.is_value")


def _air(quantity: str, device_class: str, scale: str) -> Rows:
    return measured(
        (_sensor(device_class, scale),),
        f"air_quality.{quantity}_changed",
        f"air_quality.{quantity}_crossed_threshold",
        f"air_quality.is_{quantity}_value",
    )


_SUN = (Source(domain="sun", attribute="elevation", scale="°", unit=None),)

ROWS: Rows = (
    *_measure(
        "temperature",
        _sensor("temperature", "°C"),
        _in("climate", "current_temperature", "°C", "temperature_unit"),
        _in("water_heater", "current_temperature", "°C", "temperature_unit"),
        _in("weather", "temperature", "°C", "temperature_unit"),
    ),
    *_measure(
        "humidity",
        _sensor("humidity", "%"),
        _in("climate", "current_humidity", "%"),
        _in("humidifier", "current_humidity", "%"),
        _in("weather", "humidity", "%"),
    ),
    *_measure("illuminance", _sensor("illuminance", "lx")),
    *_measure("moisture", _sensor("moisture", "%")),
    *_measure("power", _sensor("power", "W")),
    *measured(
        (_sensor("battery", "%"),), "battery.level_changed", "battery.level_crossed_threshold", "battery.is_level"
    ),
    TriggerData("sun.elevation_changed", _SUN, Within(), NumberChanges(), lasting=False, target="sun.sun"),
    TriggerData("sun.elevation_crossed_threshold", _SUN, Within(), target="sun.sun"),
    *_air("co", "carbon_monoxide", "μg/m³ of CO"),
    *_air("co2", "carbon_dioxide", "ppm"),
    *_air("pm1", "pm1", "μg/m³"),
    *_air("pm25", "pm25", "μg/m³"),
    *_air("pm4", "pm4", "μg/m³"),
    *_air("pm10", "pm10", "μg/m³"),
    *_air("ozone", "ozone", "μg/m³ of O₃"),
    *_air("voc", "volatile_organic_compounds", "μg/m³"),
    *_air("voc_ratio", "volatile_organic_compounds_parts", "ppb"),
    *_air("no", "nitrogen_monoxide", "μg/m³ of NO"),
    *_air("no2", "nitrogen_dioxide", "μg/m³ of NO₂"),
    *_air("n2o", "nitrous_oxide", "μg/m³"),
    *_air("so2", "sulphur_dioxide", "μg/m³ of SO₂"),
    *_air("radon", "radon", "Bq/m³"),
)
