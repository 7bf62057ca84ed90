"""What an ESPHome node with `mqtt:` keeps: discovery, states and its status (https://esphome.io/components/mqtt.html)."""

from __future__ import annotations

from typing import Any


def component(node: str, platform: str, object_id: str, name: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """Return topic and payload of one announcement, with the abbreviations that ESPHome uses."""
    payload: dict[str, Any] = {
        "name": name,
        "uniq_id": f"ESP{platform}{object_id}",
        "avty_t": f"{node}/status",
        "stat_t": f"{node}/{platform}/{object_id}/state",
        "dev": {
            "ids": f"{abs(hash_of(node)):012x}",
            "name": node.replace("-", " ").capitalize(),
            "sw": "2026.10.0 (ESPHome)",
            "mdl": "esp32dev",
            "mf": "Espressif",
        },
        **more,
    }
    if platform in ("light", "switch", "cover", "fan", "number", "button"):
        payload["cmd_t"] = f"{node}/{platform}/{object_id}/command"
    if platform == "light":
        payload |= {"schema": "json"}
    return f"homeassistant/{platform}/{node}/{object_id}/config", payload


def hash_of(node: str) -> int:
    """Return a number like a MAC address, the same in each run."""
    return sum((index + 1) * 7919 * ord(letter) ** 3 for index, letter in enumerate(node)) % (1 << 48)
