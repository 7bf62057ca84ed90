"""Collects the components of one Tasmota device, in the form of announcements."""

from __future__ import annotations

import json
from typing import Any

from arvisd.api import AnnouncedComponent

from .messages import Config

ORIGIN = {"name": "Tasmota", "support_url": "https://tasmota.github.io/docs/"}


class Described:
    """The components of one device."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.components: list[AnnouncedComponent] = []
        self.command, self.answer, self.tele = (config.under(prefix) for prefix in range(3))
        self.result = f"{self.answer}+" if config.options.responses_by_command else f"{self.answer}RESULT"
        self.device = {
            key: value
            for key, value in {
                "identifiers": [config.mac],
                "connections": [["mac", config.mac]],
                "name": config.name or (config.names[0] if config.names else None) or config.topic,
                "manufacturer": "Tasmota",
                "model": config.model,
                "sw_version": config.version,
                "configuration_url": f"http://{config.address}" if config.address else "",
            }.items()
            if value
        }

    def add(self, platform: str, object_id: str, name: str | None, **config: Any) -> None:
        """Add a component; `object_id` tells it from the device's others, keys that are None are not given."""
        own = self.config
        given = {key: value for key, value in config.items() if value is not None}
        if platform != "device_automation":
            given |= {"name": name, "unique_id": f"{own.mac}_{object_id}"}
            if not own.sleeps:
                given |= {
                    "availability_topic": f"{self.tele}LWT",
                    "payload_available": own.online,
                    "payload_not_available": own.offline,
                }
        key = f"{own.mac}/{platform}/{object_id}"
        self.components.append(AnnouncedComponent(key, platform, given, self.device, ORIGIN))

    def states(self) -> dict[str, Any]:
        """Return where states of relays and lights are said: as an answer, and now and then."""
        return {"also_on": {self.result: [f"{self.tele}STATE"]}}

    def sensors(self) -> dict[str, Any]:
        """Return where sensors and shutters are said: now and then, as an answer, and when something moves."""
        return {"also_on": {f"{self.tele}SENSOR": [f"{self.answer}STATUS10", self.result]}}

    def name_of(self, number: int, kind: str) -> str | None:
        """Return the name of a relay beside its device; None where it is the device."""
        names = self.config.names
        name = names[number] if number < len(names) else None
        if name is None or not name.strip():
            return f"{kind} {number + 1}"
        return None if number == 0 and name == self.device["name"] else name

    def power(self, number: int) -> str:
        """Return the template of a relay's state: `POWER`, or `POWER2` where there are several."""
        one = "value_json.POWER" if number == 0 else "''"
        return f"{{{{ value_json.POWER{number + 1} | default({one}) | default('') }}}}"


def at(path: list[str | int]) -> str:
    """Return the template of a value in the tree of sensors, wherever that is said."""
    steps = "".join(f"[{json.dumps(step)}]" for step in path)
    missing = " and ".join(_present(path, end) for end in range(1, len(path) + 1))
    return (
        "{% set sns = value_json.StatusSNS | default(value_json) %}"
        f"{{% if {missing} %}}{{{{ sns{steps} }}}}{{% endif %}}"
    )


def _present(path: list[str | int], end: int) -> str:
    steps = "".join(f"[{json.dumps(step)}]" for step in path[: end - 1])
    last = path[end - 1]
    if isinstance(last, int):
        return f"sns{steps} is sequence and sns{steps} is not string and sns{steps} | count > {last}"
    return f"sns{steps} is mapping and {json.dumps(last)} in sns{steps}"
