"""The devices that announce themselves: hears the announcements, keeps their entities, lets go of those that are gone."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from arvisd.core.bus import Message
from arvisd.core.errors import ArvisError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.slug import slug
from arvisd.home.device import Device
from arvisd.home.discovery.announcement import Component, read_announcement
from arvisd.home.discovery.component import MqttComponent, Surroundings
from arvisd.home.discovery.config import ComponentConfig, configure
from arvisd.home.discovery.devices import Devices
from arvisd.home.discovery.entity import MqttEntity, Presence
from arvisd.home.discovery.errors import DiscoveryError
from arvisd.home.discovery.identity import EntityIds
from arvisd.home.discovery.last_states import WRITE_SECONDS, LastStates
from arvisd.home.discovery.life_signs import SYNC_SECONDS, LifeSigns
from arvisd.home.discovery.platforms import ENTITIES, OTHERS
from arvisd.home.discovery.templates import Templates
from arvisd.home.discovery.written import SOURCE as WRITTEN
from arvisd.home.registry import HomeRegistry
from arvisd.storage.database import Database

_LOGGER = logging.getLogger("arvisd.home.discovery")

SLICE_SECONDS = 0.01
"""How long announcements are worked on before the event loop may turn: a flood of 40,000 must not hold up a voice."""

FLOOD_SECONDS = 5.0
"""How long a flood is read before who watches the house is told: what they do then grows with the house."""

MAX_WAITING = 100_000
"""Topics whose announcements wait to be read; more is no house but an attack."""

OURSELVES = "arvisd"
"""Origin of what arvisd itself announces to hubs."""


class Discovered:
    """One component that is there: as it was announced, and at work."""

    __slots__ = ("component", "migrating", "owner", "source", "unique_id", "working")

    def __init__(self, source: str, component: Component, unique_id: str, working: MqttComponent, owner: Owner) -> None:
        self.source = source
        """The topic, or the integration, that announced it."""
        self.component = component
        self.unique_id = unique_id
        self.working = working
        self.owner = owner
        """What its entity stands under in the house; lives on when a newer announcement comes."""
        self.migrating = False


class DiscoveredHouse:
    """Everything that was announced, by topic or by integration.

    Args:
        hub: bus, states, clock.
        home: where entities and devices are offered.
        database: where entity ids are kept.
        templates: the engine of value templates.
        owner: entered with `async with`; its stop takes everything away.
        report: told of problems: who has it, and what it is.
    """

    def __init__(
        self,
        hub: Hub,
        home: HomeRegistry,
        database: Database,
        templates: Templates,
        owner: Owner,
        report: Callable[[str, str], object],
    ) -> None:
        self._hub = hub
        self._home = home
        self._owner = owner
        self._report = report
        self._surroundings = Surroundings(hub, templates, report)
        self._ids = EntityIds(database, lambda entity_id: home.owner_of(entity_id) is not None, self._renamed)
        home.remember(self._ids.remembers, self._ids.successor)
        self.life = LifeSigns(database, hub.clock)
        self._last = LastStates(database)
        self.devices = Devices(home, owner)
        self._by_source: dict[str, dict[str, Discovered]] = {}
        self._by_unique_id: dict[str, Discovered] = {}
        self._seen: dict[str, int] = {}
        """By topic, the hash of what was last heard: announcements are sent again and again."""
        self._waiting: dict[str, bytes] = {}
        """By topic, the newest announcement that was not read yet."""
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._prefix = ""
        self.heard = 0
        """Announcements that came, those too that said nothing new."""
        owner.on_stop(self._stop)

    def listen(self, prefix: str) -> None:
        """Hear the announcements below a prefix: `homeassistant`."""
        self._prefix = prefix
        for filter_ in (f"{prefix}/+/+/config", f"{prefix}/+/+/+/config"):
            self._hub.bus.subscribe(filter_, self._heard, self._owner, remote=True)
        self._owner.spawn(self._work(), "announcements")
        self._owner.spawn(self._note_life(), "life signs")
        self._owner.spawn(self._note_states(), "last states")

    def announce(self, source: str, components: Iterable[Component]) -> None:
        """Take what a source announces now; what it announced before and is not among it is gone."""
        with self._home.batch():
            self._apply(source, list(components), migrating=False)

    def withdraw(self, source: str) -> None:
        """Take away what a source announced."""
        self.announce(source, ())

    def discovered(self) -> list[Discovered]:
        """Return every component that is there."""
        return [item for items in self._by_source.values() for item in items.values()]

    def clear(self, topic: str) -> None:
        """Let the broker forget an announcement; its entities go, and their ids are free for others."""
        for item in list(self._by_source.get(topic, {}).values()):
            self._ids.forget(item.unique_id)
            self.life.forget(item.unique_id)
        self._hub.bus.publish(topic, b"", retain=True)
        self._seen.pop(topic, None)
        with self._home.batch():
            self._apply(topic, [], migrating=False)

    async def _note_life(self) -> None:
        """Write now and then which devices have been heard."""
        while True:
            await self._hub.clock.sleep(SYNC_SECONDS)
            self.life.write(self.discovered())

    async def _note_states(self) -> None:
        """Write now and then what devices have said."""
        while True:
            await self._hub.clock.sleep(WRITE_SECONDS)
            self._write_states()

    def _write_states(self) -> None:
        ids = [item.working.entity_id for item in self.discovered() if isinstance(item.working, MqttEntity)]
        self._last.write(self._hub.states, ids)

    def announces(self, identifier: str, *, but: str) -> bool:
        """Tell whether a source whose name does not begin with `but` announces a device of this identifier."""
        return any(not key.startswith(but) for key in self.devices.users(identifier))

    async def settled(self) -> None:
        """Return when nothing that was heard waits to be read."""
        await self._idle.wait()

    def _heard(self, message: Message) -> None:
        self.heard += 1
        data = message.data
        print_ = hash(data)
        if self._seen.get(message.topic) == print_:
            return
        if len(self._waiting) >= MAX_WAITING and message.topic not in self._waiting:
            self._report(
                "discovery", f"more than {MAX_WAITING:,} announcements wait to be read: the newest are left out"
            )
            return
        if data:
            self._seen[message.topic] = print_
        else:
            self._seen.pop(message.topic, None)
        self._waiting[message.topic] = data
        self._idle.clear()
        self._wake.set()

    async def _work(self) -> None:
        """Read what waits, a slice at a time; the house is told of a flood every few seconds, not of each slice."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                with self._home.batch():
                    until = time.perf_counter() + FLOOD_SECONDS
                    while self._waiting and time.perf_counter() < until:
                        self._read_slice()
                        await asyncio.sleep(0)
            self._idle.set()

    def _read_slice(self) -> None:
        until = time.perf_counter() + SLICE_SECONDS
        while self._waiting and time.perf_counter() < until:
            topic = next(iter(self._waiting))
            self._read(topic, self._waiting.pop(topic))

    def _read(self, topic: str, payload: bytes) -> None:
        try:
            announcement = read_announcement(self._prefix, topic, payload)
        except DiscoveryError as error:
            self._report(topic, str(error).removeprefix(f"{topic}: "))
            return
        try:
            self._apply(topic, announcement.components, migrating=announcement.migrating)
        except Exception as error:  # whatever one announcement does, the others are still learnt
            _LOGGER.exception("%s could not be learnt", topic)
            self._report(topic, f"it could not be learnt: {error!r}")

    def _apply(self, source: str, components: list[Component], *, migrating: bool) -> None:
        before = self._by_source.get(source, {})
        if migrating:
            for item in before.values():
                item.migrating = True
            return
        now: dict[str, Discovered] = {}
        announced = {component.key for component in components}
        for key, item in before.items():
            if key not in announced:
                self._remove(item)
        for component in components:
            old = before.get(component.key)
            if old is not None and old.component == component:
                now[component.key] = old
                continue
            if component.origin.get("name") == OURSELVES and self._prefix:
                continue
            try:
                now[component.key] = self._add(source, component, old)
            except ArvisError as error:
                self._report(component.key, f"{source}: {error}" if str(error).find(source) < 0 else str(error))
                if old is not None:
                    self._remove(old)
        if now:
            self._by_source[source] = now
        else:
            self._by_source.pop(source, None)

    def _add(self, source: str, component: Component, old: Discovered | None) -> Discovered:
        """Put a component to work, in the place of its older announcement where there is one."""
        other = OTHERS.get(component.platform)
        if other is not None:
            working: MqttComponent = other(component.key, configure(component.config, other.schema), self._surroundings)
            if old is not None:
                self._remove(old)
            item = Discovered(source, component, component.key, working, working.owner)
            device = self.devices.use(component.device, user(source, component)) if component.device else None
            working.device = device.id if device is not None else None
            working.begin()
            return item
        type_ = ENTITIES.get(component.platform)
        if type_ is None:
            raise DiscoveryError(f"{component.platform!r} is nothing that arvisd knows")
        return self._add_entity(source, component, type_, old)

    def _add_entity(
        self, source: str, component: Component, type_: type[MqttEntity], old: Discovered | None
    ) -> Discovered:
        schema = type_.schema_for(component.config)
        config = configure(component.config, schema)
        unique_id = f"{component.platform} {config.unique_id or component.key}"
        holder = self._by_unique_id.get(unique_id)
        if holder is not None and holder is not old:
            if not self._yields(holder, source):
                raise DiscoveryError(
                    f"the unique_id {config.unique_id!r} is taken by {holder.component.key}: each entity needs its own"
                )
            self._by_source.get(holder.source, {}).pop(holder.component.key, None)
            if old is not None:
                self._remove(holder)
        previous = old or holder
        device = self.devices.use(component.device, user(source, component)) if component.device else None
        try:
            item = self._put_to_work(source, component, type_, config, unique_id, device, previous)
        except ArvisError:
            if old is None:
                self.devices.leave(user(source, component))
            raise
        if previous is not None and user(previous.source, previous.component) != user(source, component):
            self.devices.leave(user(previous.source, previous.component))
        return item

    def _put_to_work(
        self,
        source: str,
        component: Component,
        type_: type[MqttEntity],
        config: ComponentConfig,
        unique_id: str,
        device: Device | None,
        previous: Discovered | None,
    ) -> Discovered:
        """Make the entity, as the one that it was before where its id is the same."""
        name = entity_name(config, type_.domain, device)
        entity_id = self._ids.give(unique_id, wanted_id(config, type_.domain, device, name))
        presence = Presence(entity_id, name, device.id if device is not None else None, None)
        working = type_.made(component.key, config, self._surroundings, presence)
        before = previous.working if previous is not None else None
        if previous is not None and isinstance(before, MqttEntity) and before.entity_id == entity_id:
            working.adopt(before)
            before.end()
            owner = previous.owner
            self._home.update_entity(working.entity(), owner)
        else:
            if previous is not None:
                self._end(previous)
            owner = Owner(f"discovered {unique_id}")
            self._home.add_entity(working.entity(), owner)
        item = Discovered(source, component, unique_id, working, owner)
        self._by_unique_id[unique_id] = item
        working.begin()
        return item

    def _yields(self, holder: Discovered, source: str) -> bool:
        """Tell whether who has a unique id gives it up to a source: what integrations bring does, to what announces itself."""
        by_topic = f"{self._prefix}/"
        return holder.migrating or (source.startswith(by_topic) and not holder.source.startswith((by_topic, WRITTEN)))

    def _renamed(self, old: str, new: str) -> None:
        """Tell that an entity has another id, as its device has another name."""
        _LOGGER.warning("%s is %s now, as its device is called so: what names the old id finds nothing", old, new)
        self._home.renames += 1
        self._hub.fire("entity_renamed", {"old_entity_id": old, "entity_id": new})

    def _remove(self, item: Discovered) -> None:
        """Let go of a component, and of its device where nobody else needs that."""
        self._end(item)
        self.devices.leave(user(item.source, item.component))

    def _end(self, item: Discovered) -> None:
        """Let go of a component; its device stays in use."""
        item.working.end()
        item.owner.release()
        if self._by_unique_id.get(item.unique_id) is item:
            del self._by_unique_id[item.unique_id]

    def _stop(self) -> None:
        self.life.write(self.discovered())
        self._write_states()
        with self._home.batch():
            for item in self.discovered():
                self._remove(item)
        self._by_source.clear()


def user(source: str, component: Component) -> str:
    """Return who needs a device: the source and the component."""
    return f"{source} {component.key}"


def entity_name(config: ComponentConfig, domain: str, device: Device | None) -> str:
    """Return what people call an entity: its device's name, and its own where it is not the device itself."""
    own: Any = config.name
    if own is msgspec.UNSET:
        own = (config.device_class or ("" if device is not None else domain)).replace("_", " ")
    own = own or ""
    device_name = "" if device is None else device.name
    if not device_name or own.lower().startswith(device_name.lower()):
        return own or device_name
    return f"{device_name} {own}".strip()


def wanted_id(config: ComponentConfig, domain: str, device: Device | None, name: str) -> str:
    """Return the entity id that the names make."""
    given = config.default_entity_id or config.object_id or ""
    object_id = slug(given.partition(".")[2] or given) or slug(name) or slug(config.unique_id or "") or domain
    return f"{domain}.{object_id}"
