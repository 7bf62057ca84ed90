"""All Tasmota devices: what they say of themselves, and which of them are announced to the house."""

from __future__ import annotations

import re
from typing import Any

from arvisd.api import Host, Message, Subscription

from .described import Described
from .messages import Config, Sensors, read
from .relays import add_relays
from .sensors import add_buttons, add_sensors, add_switches

_MAC = re.compile(r"[0-9A-F]{12}")


class Devices:
    """The devices below a discovery topic."""

    def __init__(self, host: Host, topic: str) -> None:
        self._host = host
        self._topic = topic
        self._configs: dict[str, Config] = {}
        """By MAC."""
        self._sensors: dict[str, dict[str, Any]] = {}
        """By MAC, the tree of its sensors."""
        self._announced: dict[str, tuple[Config, str]] = {}
        """By MAC, what its announcement was made of."""
        self._wills: dict[str, tuple[str, Subscription]] = {}
        """By MAC, the listener to whether it is there."""
        self._applying = False

    def start(self) -> None:
        """Begin to listen."""
        self._host.subscribe(f"{self._topic}/+/config", lambda message: self._heard(message, Config))
        self._host.subscribe(f"{self._topic}/+/sensors", lambda message: self._heard(message, Sensors))

    def look_around(self) -> None:
        """See whether somebody else announces one of the devices now, or does not any more."""
        if self._applying:
            return
        for mac in self._configs:
            if (mac in self._announced) == self._announces_itself(mac):
                self._apply(mac)

    def _heard(self, message: Message, kind: type[Config] | type[Sensors]) -> None:
        mac = message.topic.rsplit("/", 2)[1]
        if not _MAC.fullmatch(mac):
            self._host.log.warning("%s: %r is no MAC address", message.topic, mac[:40])
            return
        if not message.data.strip():
            (self._configs if kind is Config else self._sensors).pop(mac, None)
        else:
            try:
                said = read(message.data, kind)
                if isinstance(said, Config) and said.mac != mac:
                    raise ValueError(f"it says that it is {said.mac!r}")
            except ValueError as error:
                self._host.log.warning("%s cannot be read, what was known stays: %s", message.topic, error)
                return
            if isinstance(said, Config):
                self._configs[mac] = said
            else:
                self._sensors[mac] = said.tree
        self._apply(mac)

    def _announces_itself(self, mac: str) -> bool:
        """Tell whether the device, or a bridge for it, announces it for Home Assistant."""
        return any(self._host.is_announced(name) for name in (mac, mac[-6:]))

    def _apply(self, mac: str) -> None:
        self._applying = True
        try:
            with self._host.home.batch():
                self._announce(mac)
        finally:
            self._applying = False

    def _announce(self, mac: str) -> None:
        config = self._configs.get(mac)
        if config is None or self._announces_itself(mac):
            if self._announced.pop(mac, None) is not None:
                self._host.announce(mac, ())
                self._wills.pop(mac)[1].cancel()
            return
        tree = self._sensors.get(mac, {})
        made_of = (config, shape(tree))
        if self._announced.get(mac) == made_of:
            return
        self._announced[mac] = made_of
        described = Described(config)
        add_relays(described)
        add_switches(described)
        add_buttons(described)
        add_sensors(described, tree)
        self._host.announce(mac, described.components)
        self._follow(mac, described)

    def _follow(self, mac: str, described: Described) -> None:
        """Ask the device for its state whenever it comes: it keeps none of it at the broker."""
        topic = f"{described.tele}LWT"
        before = self._wills.get(mac)
        if before is not None:
            if before[0] == topic:
                self._ask(described)
                return
            before[1].cancel()

        def heard(message: Message) -> None:
            if message.data == described.config.online.encode():
                self._ask(described)

        self._wills[mac] = (topic, self._host.subscribe(topic, heard))

    def _ask(self, described: Described) -> None:
        publish = self._host.hub.bus.publish
        if described.config.relays:
            publish(f"{described.command}STATE", b"", qos=1)
        publish(f"{described.command}STATUS", b"10", qos=1)


def shape(tree: Any) -> str:
    """Return what a tree of sensors is, without its values, which change from one start to the next."""
    if isinstance(tree, dict):
        return "{" + ",".join(f"{key!r}:{shape(value) if key[-4:] != 'Unit' else value}" for key, value in tree.items()) + "}"  # fmt: skip
    if isinstance(tree, list):
        return f"[{len(tree)}]"
    return "number" if isinstance(tree, int | float) else type(tree).__name__
