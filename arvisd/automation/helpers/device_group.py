"""`platform: group` under `light:`, `switch:` and others: several devices as one of their kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from arvisd.automation.helpers.group import member_ids
from arvisd.automation.helpers.kind import HelperKind, HelperSettings, Place, Saved
from arvisd.automation.helpers.membership_states import group_state
from arvisd.config.validate import ONE_OR_MANY
from arvisd.core.actions import Target
from arvisd.core.bus import Message
from arvisd.core.context import Context
from arvisd.core.errors import ActionFailedError
from arvisd.core.states import UNAVAILABLE
from arvisd.home.actions.cover import POSITION, STOP, TILT
from arvisd.home.actions.fan import SPEED
from arvisd.home.actions.light import BRIGHTNESS, COLOR, COLOR_TEMP, EFFECT, WHITE
from arvisd.home.entity import Controller

NEEDED = {
    "brightness": BRIGHTNESS,
    "rgb_color": COLOR,
    "rgbw_color": COLOR,
    "rgbww_color": COLOR,
    "color_temp_kelvin": COLOR_TEMP,
    "white": WHITE,
    "effect": EFFECT,
    "percentage": SPEED,
}
"""Which feature a member needs for which data; to one that lacks it the order goes without."""
ONLY_WITH = {
    "cover.set_cover_position": POSITION,
    "cover.stop_cover": STOP,
    "cover.set_cover_tilt_position": TILT,
    "fan.set_percentage": SPEED,
}
"""Actions that go only to the members that have a feature."""
FEATURES: dict[str, frozenset[str]] = {
    "light": frozenset({BRIGHTNESS, COLOR, COLOR_TEMP, EFFECT}),
    "cover": frozenset({POSITION, STOP, TILT}),
    "fan": frozenset({SPEED}),
}
"""What a group takes; what its members cannot do, they leave."""
AVERAGED = {"light": "brightness", "cover": "current_position", "fan": "percentage"}
"""Attribute that the group shows as the mean of its members."""
COPIED = {"light": ("color_temp_kelvin", "hs_color", "rgb_color", "effect")}
"""Attributes of the first member that is on and has them."""


class DeviceGroupSettings(HelperSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One group of devices."""

    entities: Annotated[list[str], ONE_OR_MANY]
    """The members."""
    all: bool = False
    """On only where all members are."""
    device_class: str | None = None
    unique_id: str | None = None
    """For Home Assistant."""


class DeviceGroup:
    """Shows its members as one and hands orders on to them."""

    def __init__(self, settings: DeviceGroupSettings, place: Place) -> None:
        self.settings = settings
        self.place = place
        self.members = member_ids(settings.entities)
        self.domain = place.entity_id.partition(".")[0]
        strange = [member for member in self.members if member.partition(".")[0] not in (self.domain, "group")]
        if strange:
            raise ValueError(f"{strange[0]} is no {self.domain}: a group of mixed kinds goes under 'group:'")

    def start(self, saved: Saved | None) -> None:
        """Look at the members now, and whenever one of them changes."""
        hub = self.place.hub
        for member in self.members:
            hub.bus.subscribe(hub.topics.state(member), self._changed, self.place.owner)
        self._show(None)

    def describe(self) -> Mapping[str, Any]:
        """Return the entity's fields."""
        told_only = self.domain == "binary_sensor"
        return {
            "controller": None if told_only else DeviceGroupController(self),
            "features": FEATURES.get(self.domain, frozenset()),
            "device_class": self.settings.device_class,
        }

    async def hand_on(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Let the members that are there do it; raise ActionFailedError where nobody can."""
        given = {key: value for key, value in msgspec.structs.asdict(data).items() if value is not None}
        orders: dict[frozenset[str], list[str]] = {}
        for member in self.place.home.ungrouped(self.members):
            state, entity = self.place.hub.states.get(member), self.place.home.entity(member)
            if state is None or state.state == UNAVAILABLE or entity is None or entity.controller is None:
                continue
            if ONLY_WITH.get(action, "") not in ("", *entity.features):
                continue
            left = frozenset(key for key in given if NEEDED.get(key, "") not in ("", *entity.features))
            orders.setdefault(left, []).append(member)
        if not orders:
            raise ActionFailedError(f"{self.place.entity_id}: none of its members can do that now")
        for left, members in orders.items():
            fitting = {key: value for key, value in given.items() if key not in left}
            await self.place.hub.actions.call(action, fitting, Target(entity_id=members), context)

    def _changed(self, message: Message) -> None:
        _, _, new = self.place.hub.states.changes(message)
        self._show(new.context if new is not None else None)

    def _show(self, cause: Context | None) -> None:
        states = self.place.hub.states
        members = [(member, states.get(member)) for member in self.members]
        value = group_state(members, every=self.settings.all)
        attributes: dict[str, Any] = {"entity_id": list(self.members)}
        there = [state for _, state in members if state is not None and state.state not in (UNAVAILABLE, "off")]
        if (mean := AVERAGED.get(self.domain)) is not None:
            numbers = [n for state in there if isinstance(n := state.attributes.get(mean), int | float)]
            if numbers:
                attributes[mean] = round(sum(numbers) / len(numbers))
        for key in COPIED.get(self.domain, ()):
            found = next((v for state in there if (v := state.attributes.get(key)) is not None), None)
            if found is not None:
                attributes[key] = found
        settings = self.settings
        shown = {"friendly_name": settings.name, "icon": settings.icon, "device_class": settings.device_class}
        attributes |= {key: setting for key, setting in shown.items() if setting}
        states.set(self.place.entity_id, value, attributes, cause)


class DeviceGroupController(Controller):
    """The entity's side of a group."""

    def __init__(self, group: DeviceGroup) -> None:
        self._group = group

    async def perform(self, action: str, data: msgspec.Struct, context: Context) -> None:
        """Hand it on."""
        await self._group.hand_on(action, data, context)


KINDS: dict[str, HelperKind[DeviceGroupSettings]] = {
    domain: HelperKind(
        domain, DeviceGroupSettings, DeviceGroup, restored=False, section=False, describe=DeviceGroup.describe
    )
    for domain in ("binary_sensor", "cover", "fan", "light", "lock", "switch")
}
