"""One zigbee2mqtt: what it says of its devices, and which of them are announced to the house."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from arvisd.api import AnnouncedComponent, Host, Message, Subscription

from .described import Described, Place
from .devices import asked_for, describe, describe_group
from .messages import Device, Group, Info, read_info, read_list

ORIGIN = {"name": "Zigbee2MQTT", "support_url": "https://www.zigbee2mqtt.io"}

PATIENCE_SECONDS = 3.0
"""How long a device's kept or sent state is waited for before it is asked: zigbee2mqtt sends all that it knows when it starts."""

ASK_SECONDS = 0.25
"""Pause between two questions: a hundred at once would jam the radio."""

BRIDGE_STATE = "{% if value_json is mapping %}{{ value_json.state }}{% else %}{{ value }}{% endif %}"
"""Before version 2 it was a plain `online`."""


class Bridge:
    """The devices of one base topic."""

    def __init__(self, host: Host, base: str) -> None:
        self._host = host
        self.base = base
        self._info: Info | None = None
        self._says_state = False
        """Whether it ever said that it is there: one that never does is not waited for."""
        self._devices: dict[str, Device] = {}
        """By IEEE address."""
        self._groups: dict[int, Group] = {}
        self._announced: dict[str, tuple[Any, ...]] = {}
        """By device or group, what its announcement was made of."""
        self._silent: dict[str, Subscription] = {}
        """Devices of which nothing was heard yet."""
        self._asked: set[str] = set()
        self._applying = False

    def start(self) -> None:
        """Begin to listen."""
        listeners = {
            "state": self._state_heard,
            "info": self._info_heard,
            "devices": self._devices_heard,
            "groups": self._groups_heard,
        }
        for name, heard in listeners.items():
            self._host.subscribe(f"{self.base}/bridge/{name}", heard)

    def look_around(self) -> None:
        """See whether somebody else announces one of the devices now, or does not any more."""
        if not self._applying:
            self._apply()

    def _state_heard(self, message: Message) -> None:
        if message.data.strip() and not self._says_state:
            self._says_state = True
            self._apply()

    def _info_heard(self, message: Message) -> None:
        if not message.data.strip():
            return
        try:
            self._info = read_info(message.data)
        except ValueError as error:
            self._host.log.warning("%s cannot be read: %s", message.topic, error)
            return
        self._apply()

    def _devices_heard(self, message: Message) -> None:
        devices = self._read(message, Device)
        if devices is not None:
            self._devices = {device.ieee_address: device for device in devices}
            self._apply()

    def _groups_heard(self, message: Message) -> None:
        groups = self._read(message, Group)
        if groups is not None:
            self._groups = {group.id: group for group in groups}
            self._apply()

    def _read(self, message: Message, kind: type[Device] | type[Group]) -> list[Any] | None:
        try:
            items, problems = read_list(message.data, kind)
        except ValueError as error:
            self._host.log.warning("%s cannot be read, what was known stays: %s", message.topic, error)
            return None
        for problem in problems:
            self._host.log.warning("%s: %s", message.topic, problem)
        return items

    def _apply(self) -> None:
        """Announce what is there, take back what is gone or announces itself."""
        self._applying = True
        try:
            with self._host.home.batch():
                self._announce_all()
        finally:
            self._applying = False

    def _announce_all(self) -> None:
        wanted: dict[str, tuple[Any, ...]] = {}
        if self._info is None or not self._info.announces:
            for address, device in self._devices.items():
                if device.usable and not self._host.is_announced(f"zigbee2mqtt_{address}"):
                    wanted[address] = (
                        device,
                        self._availability(device.friendly_name or address, [address]),
                        self._bridge,
                    )
            for number, group in self._groups.items():
                members = [self._devices[m.ieee_address] for m in group.members if m.ieee_address in self._devices]
                name = group.friendly_name or str(number)
                if members and not any(self._host.is_announced(f"zigbee2mqtt_{m.ieee_address}") for m in members):
                    addresses = [member.ieee_address for member in members]
                    wanted[f"group {number}"] = (group, self._availability(name, addresses), self._bridge, members)
            if self._info is not None and not self._host.is_announced(self._info.identifier):
                wanted["bridge"] = (self._info.version, self._info.identifier)
        for key in self._announced.keys() - wanted.keys():
            self._host.announce(f"{self.base}/{key}", ())
            self._hear_no_more(key)
        for key, made_of in wanted.items():
            if self._announced.get(key) != made_of:
                self._host.announce(f"{self.base}/{key}", self._components(key, made_of))
        self._announced = wanted

    @property
    def _bridge(self) -> str | None:
        return self._info.identifier if self._info is not None else None

    def _components(self, key: str, made_of: tuple[Any, ...]) -> list[AnnouncedComponent]:
        thing = made_of[0]
        if isinstance(thing, Device):
            described = self._describe(thing, made_of[1])
            if key not in self._asked and key not in self._silent:
                self._wait_for(key, f"{self.base}/{thing.friendly_name or key}")
        elif isinstance(thing, Group):
            described = self._describe_group(thing, made_of[3], made_of[1])
        else:
            described = self._describe_bridge()
        if described.left_out:
            self._host.log.debug("%s %s: left out: %s", self.base, key, ", ".join(described.left_out))
        return described.components

    def _describe(self, device: Device, availability: list[dict[str, Any]]) -> Described:
        name = device.friendly_name or device.ieee_address
        assert device.definition is not None
        said = device.definition
        facts = {
            "identifiers": [f"zigbee2mqtt_{device.ieee_address}"],
            "name": spoken(name),
            "manufacturer": said.vendor,
            "model": said.description,
            "model_id": said.model,
            "sw_version": device.software_build_id,
            "suggested_area": suggested_area(name),
            "via_device": self._bridge,
        }
        return describe(device, self._place(name, device.ieee_address, facts, availability))

    def _describe_group(self, group: Group, members: list[Device], availability: list[dict[str, Any]]) -> Described:
        name = group.friendly_name or str(group.id)
        facts = {
            "identifiers": [f"zigbee2mqtt_{self.base}_{group.id}"],
            "name": spoken(name),
            "manufacturer": "Zigbee2MQTT",
            "model": "Group",
            "suggested_area": suggested_area(name),
            "via_device": self._bridge,
        }
        return describe_group(members, self._place(name, str(group.id), facts, availability))

    def _describe_bridge(self) -> Described:
        """Return the bridge as a device: whether it is there."""
        assert self._info is not None
        facts = {
            "identifiers": [self._info.identifier],
            "name": "Zigbee2MQTT Bridge" if self.base == "zigbee2mqtt" else f"Zigbee2MQTT Bridge {self.base}",
            "manufacturer": "Zigbee2MQTT",
            "model": "Bridge",
            "sw_version": self._info.version,
        }
        id_ = self._info.identifier.removeprefix("zigbee2mqtt_")
        described = Described(Place(base=self.base, topic=self.base, id=id_, device=_said(facts), origin=ORIGIN, availability=[]))  # fmt: skip
        described.add(
            "binary_sensor", "connection_state", "Connection state",
            state_topic=f"{self.base}/bridge/state", value_template=BRIDGE_STATE,
            payload_on="online", payload_off="offline", device_class="connectivity", entity_category="diagnostic",
        )  # fmt: skip
        return described

    def _place(self, name: str, id_: str, facts: dict[str, Any], availability: list[dict[str, Any]]) -> Place:
        topic = f"{self.base}/{name}"
        return Place(base=self.base, topic=topic, id=id_, device=_said(facts), origin=ORIGIN, availability=availability)

    def _availability(self, name: str, addresses: list[str]) -> list[dict[str, Any]]:
        """Return the topics that say whether a device is there, or a group of devices that are all watched."""
        entries = []
        if self._says_state:
            entries.append({"topic": f"{self.base}/bridge/state", "value_template": BRIDGE_STATE})
        if self._info is not None and all(self._info.availability(address) for address in addresses):
            entries.append({"topic": f"{self.base}/{name}/availability", "value_template": BRIDGE_STATE})
        return entries

    def _wait_for(self, key: str, topic: str) -> None:
        """Note whether a device says anything; ask the silent ones that can be asked, one after the other."""
        if not self._silent:
            self._host.spawn(self._ask(), f"questions to {self.base}")
        self._silent[key] = self._host.subscribe(topic, lambda _message: self._hear_no_more(key))

    def _hear_no_more(self, key: str) -> None:
        self._asked.add(key)
        subscription = self._silent.pop(key, None)
        if subscription is not None:
            subscription.cancel()

    async def _ask(self) -> None:
        await self._host.clock.sleep(PATIENCE_SECONDS)
        while self._silent:
            key = next(iter(self._silent))
            self._hear_no_more(key)
            device = self._devices.get(key)
            property_ = asked_for(device) if device is not None and device.mains else None
            if device is not None and property_ is not None:
                payload = msgspec.json.encode({property_: ""})
                self._host.hub.bus.publish(
                    f"{self.base}/{device.friendly_name or key}/get", payload, qos=1, retain=False
                )
                await self._host.clock.sleep(ASK_SECONDS)
            await asyncio.sleep(0)


def spoken(name: str) -> str:
    """Return a friendly name as people say it: `kitchen/ceiling_light` is the kitchen ceiling light."""
    return " ".join(name.replace("/", " ").replace("_", " ").split())


def suggested_area(name: str) -> str | None:
    """Return the place that a name begins with: `kitchen/ceiling_light` stands in the kitchen."""
    place, slash, _ = name.partition("/")
    return spoken(place) or None if slash else None


def _said(facts: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if value}
