"""What a Tasmota device keeps on `tasmota/discovery/…`: shapes of its documentation."""

from __future__ import annotations

from typing import Any

OPTIONS = ("4", "11", "13", "17", "20", "30", "68", "73", "82", "114", "117")


def config(mac: str, topic: str, name: str, relays: list[int], **more: Any) -> dict[str, Any]:
    """One `config`; options by number as `so30=1`."""
    options = {number: int(more.pop(f"so{number}", 0)) for number in OPTIONS}
    return {
        "ip": "192.168.1.40",
        "dn": name,
        "fn": [name, *([None] * 7)],
        "hn": f"{topic}-1234",
        "mac": mac,
        "md": "Sonoff Basic",
        "ty": 0,
        "if": 0,
        "cam": 0,
        "ofln": "Offline",
        "onln": "Online",
        "state": ["OFF", "ON", "TOGGLE", "HOLD"],
        "sw": "14.2.0",
        "t": topic,
        "ft": "%prefix%/%topic%/",
        "tp": ["cmnd", "stat", "tele"],
        "rl": relays + [0] * (8 - len(relays)),
        "swc": [-1] * 8,
        "swn": [None] * 8,
        "btn": [0] * 8,
        "so": options,
        "lk": 1,
        "lt_st": 0,
        "bat": 0,
        "dslp": 0,
        "sho": [],
        "sht": [],
        "ver": 1,
        **more,
    }


def sensors(**tree: Any) -> dict[str, Any]:
    """One `sensors`."""
    return {"sn": {"Time": "2026-11-21T12:00:00", **tree}, "ver": 1}


ENERGY = {
    "TotalStartTime": "2026-01-01T00:00:00", "Total": 12.345, "Yesterday": 0.5, "Today": 0.25, "Power": 40,
    "ApparentPower": 45, "ReactivePower": 20, "Factor": 0.89, "Voltage": 231, "Current": 0.19,
}  # fmt: skip
