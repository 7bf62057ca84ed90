"""What zigbee2mqtt says of its devices, groups and itself (https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html).

Unknown keys are let through: they come from newer versions. One device that cannot be read costs only itself.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

STATE = 1
"""Bit of `access`: the property stands in the device's state."""
SET = 2
"""Bit of `access`: it can be set."""
GET = 4
"""Bit of `access`: the device can be asked for it."""

_PROPERTY = re.compile(r"[\w .:+-]{1,100}")


class Expose(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a device can say or be told; kinds such as `light` have `features`."""

    type: str
    name: str = ""
    label: str = ""
    key: str = msgspec.field(default="", name="property")
    """Its key in the device's messages: `state_left`."""
    access: int = 0
    endpoint: str | None = None
    """Which of several alike: `left`, `l1`."""
    features: list[Expose] = msgspec.field(default_factory=list)
    value_on: Any = "ON"
    value_off: Any = "OFF"
    values: list[str | int | float | bool] = msgspec.field(default_factory=list)
    value_min: float | None = None
    value_max: float | None = None
    value_step: float | None = None
    unit: str | None = None
    category: str | None = None
    """`config` or `diagnostic`."""

    @property
    def told(self) -> bool:
        """Tell whether it stands in the device's state."""
        return bool(self.access & STATE)

    @property
    def settable(self) -> bool:
        """Tell whether it can be set."""
        return bool(self.access & SET)

    def feature(self, *names: str) -> Expose | None:
        """Return the first of its features of one of these names."""
        return next((f for name in names for f in self.features if f.name == name and f.key), None)


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """What kind of device it is."""

    model: str = ""
    vendor: str = ""
    description: str = ""
    exposes: list[Any] = msgspec.field(default_factory=list)


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """One device of `bridge/devices`."""

    ieee_address: str
    type: str = ""
    """`Coordinator`, `Router` or `EndDevice`."""
    friendly_name: str = ""
    disabled: bool = False
    definition: Definition | None = None
    """None while it is being interviewed, or not supported."""
    power_source: str | None = None
    software_build_id: str | None = None

    @property
    def usable(self) -> bool:
        """Tell whether there is anything to learn of it yet."""
        return self.type != "Coordinator" and not self.disabled and self.definition is not None

    @property
    def mains(self) -> bool:
        """Tell whether it can be asked at any time: it does not sleep."""
        return self.type == "Router" or (self.power_source or "").lower().startswith("mains")


class Member(msgspec.Struct, frozen=True):
    """One device in a group."""

    ieee_address: str
    endpoint: int | str = 1


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One group of `bridge/groups`."""

    id: int
    friendly_name: str = ""
    members: list[Member] = msgspec.field(default_factory=list)


class Info(msgspec.Struct, frozen=True, kw_only=True):
    """What matters of `bridge/info`."""

    version: str = ""
    coordinator: dict[str, Any] = msgspec.field(default_factory=dict)
    config: dict[str, Any] = msgspec.field(default_factory=dict)

    @property
    def announces(self) -> bool:
        """Tell whether its discovery for Home Assistant is on; before version 2 this was a plain true or false."""
        return _enabled(self.config.get("homeassistant"))

    @property
    def identifier(self) -> str:
        """Identifier of the bridge as a device, as zigbee2mqtt gives it in its own discovery."""
        return f"zigbee2mqtt_bridge_{self.coordinator.get('ieee_address', '')}"

    def availability(self, ieee_address: str) -> bool:
        """Tell whether zigbee2mqtt says of a device whether it is there."""
        devices = self.config.get("devices")
        own = devices.get(ieee_address) if isinstance(devices, dict) else None
        if isinstance(own, dict) and own.get("availability") is not None:
            return bool(own["availability"])
        return _enabled(self.config.get("availability"))


def read_list(data: bytes, kind: type[Device] | type[Group]) -> tuple[list[Any], list[str]]:
    """Return the items of a list that can be read, and what is wrong with the others; raise ValueError for what is no list."""
    if not data.strip():
        return [], []
    try:
        raws = msgspec.json.decode(data, type=list[Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(str(error) or "nested too deeply") from None
    items, problems = [], []
    for raw in raws:
        try:
            items.append(msgspec.convert(raw, kind, strict=False))
        except msgspec.ValidationError as error:
            name = raw.get("friendly_name", "") if isinstance(raw, dict) else ""
            problems.append(f"{str(name)[:80] or 'an entry'}: {error}")
    return items, problems


def read_info(data: bytes) -> Info:
    """Return what a bridge says of itself; raise ValueError."""
    try:
        return msgspec.json.decode(data, type=Info, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(str(error) or "nested too deeply") from None


def read_exposes(raws: list[Any]) -> tuple[list[Expose], list[str]]:
    """Return what a device exposes, and the names of what cannot be read."""
    exposes, strange = [], []
    for raw in raws:
        try:
            expose = msgspec.convert(raw, Expose, strict=False)
        except (msgspec.ValidationError, RecursionError):
            name = raw.get("property") or raw.get("name") or raw.get("type") if isinstance(raw, dict) else raw
            strange.append(str(name)[:80])
            continue
        if all(not e.key or _PROPERTY.fullmatch(e.key) for e in (expose, *expose.features)):
            exposes.append(expose)
        else:
            strange.append(expose.key[:80] or expose.type)
    return exposes, strange


def _enabled(setting: Any) -> bool:
    if isinstance(setting, dict):
        return setting.get("enabled", True) is True
    return setting is True
