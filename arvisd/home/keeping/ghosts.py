"""Devices whose announcement the broker keeps and that never answer: found, and cleared."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from arvisd.home.discovery.entity import MqttEntity
from arvisd.home.discovery.house import Discovered, DiscoveredHouse

DAYS = 7.0
"""A device that was heard before is a ghost when it has been silent for so long: some sensors report once a day."""

DAY = 86400.0


class Ghost(msgspec.Struct, frozen=True):
    """One announcement of a device that does not answer."""

    topic: str
    """Where the announcement is kept."""
    name: str
    """What its device or its first entity is called."""
    entities: list[str]
    since: float
    """Since when arvisd knows it, in seconds since 1970."""
    heard: float | None
    """When it was last heard; None: never."""
    known_days: float
    silent_days: float | None
    """None: it was never heard."""


def ghosts(house: DiscoveredHouse, now: float, days: float = DAYS) -> list[Ghost]:
    """Return the announcements of devices that do not answer, the oldest first.

    A device answers when any of its components spoke by itself within `days`, or its availability says that it is there. One
    that was never heard at all is always among them; one that has nothing to say (only commands) never.

    Args:
        house: everything that was announced.
        now: seconds since 1970.
        days: how long a device that was heard before may be silent.
    """
    by_device: defaultdict[str, list[Discovered]] = defaultdict(list)
    for item in house.discovered():
        by_device[_device_of(item) or item.source].append(item)
    found: list[Ghost] = []
    for items in by_device.values():
        if not any(_can_speak(item) for item in items) or any(_is_online(item) for item in items):
            continue
        signs = [house.life.get(item) for item in items]
        heard = max((sign.heard for sign in signs if sign.heard is not None), default=None)
        if heard is not None and now - heard < days * DAY:
            continue
        since = min(sign.since for sign in signs)
        for topic in sorted({item.source for item in items if item.source.endswith("/config")}):
            of_topic = [item for item in items if item.source == topic]
            silent = None if heard is None else round((now - heard) / DAY, 2)
            known = round((now - since) / DAY, 2)
            found.append(Ghost(topic, _name(of_topic), _entities(of_topic), since, heard, known, silent))
    return sorted(found, key=lambda ghost: (ghost.since, ghost.topic))


def named(ghost: Ghost, said: str) -> bool:
    """Tell whether somebody means a ghost: by its topic, the middle of its topic, its name or one of its entities."""
    short = ghost.topic.split("/", 1)[1].removesuffix("/config")
    return said in (ghost.topic, short, *ghost.entities) or said.casefold() == ghost.name.casefold()


def _device_of(item: Discovered) -> str | None:
    working = item.working
    return working.presence.device if isinstance(working, MqttEntity) else working.device


def _can_speak(item: Discovered) -> bool:
    """Tell whether there is a topic on which it would be heard."""
    config = item.working.common
    return bool(config.availability_entries()) or any(
        name.endswith("topic") and not name.endswith("command_topic") and getattr(config, name)
        for name in config.__struct_fields__
    )


def _is_online(item: Discovered) -> bool:
    return isinstance(item.working, MqttEntity) and item.working.online


def _name(items: list[Discovered]) -> str:
    said = items[0].component.device.get("name")
    if isinstance(said, str) and said:
        return said
    first = items[0].working
    return first.presence.name if isinstance(first, MqttEntity) else items[0].component.key


def _entities(items: list[Discovered]) -> list[str]:
    return sorted(item.working.entity_id for item in items if isinstance(item.working, MqttEntity))
