"""What detects: motion, presence, vibration, water, gas, a low battery, a bell."""

from __future__ import annotations

from arvisd.automation.domains.comparison import Chosen, Happens
from arvisd.automation.domains.description import Rows, TriggerData, detected
from arvisd.automation.domains.source import Source


def _detector(domain: str, device_class: str = "") -> Rows:
    return detected(
        device_class or domain,
        (f"{domain}.detected", f"{domain}.cleared"),
        (f"{domain}.is_detected", f"{domain}.is_not_detected"),
    )


def _air(gas: str, device_class: str) -> Rows:
    return detected(
        device_class,
        (f"air_quality.{gas}_detected", f"air_quality.{gas}_cleared"),
        (f"air_quality.is_{gas}_detected", f"air_quality.is_{gas}_cleared"),
    )


ROWS: Rows = (
    *_detector("motion"),
    *_detector("occupancy"),
    *_detector("vibration"),
    *_detector("moisture"),
    *_detector("illuminance", "light"),
    *_air("gas", "gas"),
    *_air("co", "carbon_monoxide"),
    *_air("smoke", "smoke"),
    *detected("battery", ("battery.became_low", "battery.no_longer_low"), ("battery.is_low", "battery.is_not_low")),
    *detected(
        "battery_charging",
        ("battery.started_charging", "battery.stopped_charging"),
        ("battery.is_charging", "battery.is_not_charging"),
    ),
    TriggerData(
        "event.received",
        (Source(domain="event", attribute="event_type"),),
        Chosen(),
        Happens(),
        lasting=False,
        choice="event_type",
    ),
)
