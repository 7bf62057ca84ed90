"""The actions by which the house is kept: `home.list`, `home.name`, `home.place`, `home.ghosts` and so on.

The daemon is the one writer of home.yaml beside the user: commands and automations ask it.
"""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Literal, cast

import msgspec

from arvisd.core.actions import Action, ActionCall, NoData
from arvisd.core.errors import ActionDataError
from arvisd.core.hub import Hub
from arvisd.core.owner import Owner
from arvisd.core.slug import slug
from arvisd.home.discovery.house import DiscoveredHouse
from arvisd.home.keeping import edits
from arvisd.home.keeping.file import Edit, HouseFile
from arvisd.home.keeping.ghosts import DAYS, Ghost, ghosts, named
from arvisd.home.keeping.listing import HouseList, house_list
from arvisd.home.registry import HomeRegistry
from arvisd.home.settings import Exposure, Named

Language = Literal["", "en", "ru"]


class ListData(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `home.list`."""

    area: str = ""
    """Id or name; empty: the whole house."""
    domain: str = ""
    language: str = ""


class NameData(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `home.name`."""

    id: str
    """Of an entity, a device, an area or a floor; a name will do where only one thing has it."""
    name: str = ""
    """For every language that has none of its own."""
    names: dict[str, str] = msgspec.field(default_factory=dict)
    """By language: `{ru: Лампа на кухне}`."""


class AliasData(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `home.alias`."""

    id: str
    alias: str
    remove: bool = False


class PlaceData(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `home.place`."""

    id: str
    """Of an entity or a device."""
    area: str | None = None
    """Id or name; null: where it says itself that it is."""


class ExposeData(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `home.expose`."""

    id: str
    """Of an entity."""
    expose: bool
    site: str = ""
    """At this site only; empty: everywhere."""


class AreaData(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `home.add_area`."""

    name: str
    language: Language = ""
    floor: str | None = None


class ProposeData(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `home.propose`."""

    accept: bool = False
    """Write them into home.yaml."""


class GhostData(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `home.ghosts`."""

    days: float = DAYS


class ClearData(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Data of `home.clear_ghosts`."""

    ids: list[str] = msgspec.field(default_factory=list)
    """Topics, names or entity ids of ghosts."""
    all: bool = False
    days: float = DAYS


class Done(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of an edit."""

    id: str
    file: str
    changed: bool
    note: str = ""


class Proposal(msgspec.Struct, frozen=True):
    """An area that devices suggest."""

    id: str
    name: str
    devices: list[str]


class Proposals(msgspec.Struct, frozen=True):
    """What could be written into home.yaml."""

    areas: list[Proposal]
    without_area: list[str]
    """Ids of entities that can be spoken of and are in no area."""
    written: str = ""
    """The file that they were written to; empty: they were not."""


class Keeping:
    """Offers the actions until its owner stops.

    Args:
        hub: bus, states, actions.
        home: the house.
        devices: what was announced.
        file: gives the file to edit, as the configuration is now.
        reload: puts it in force.
        sites: ids of the sites that there are.
    """

    def __init__(
        self,
        hub: Hub,
        home: HomeRegistry,
        devices: DiscoveredHouse,
        file: Callable[[], HouseFile],
        reload: Callable[[], Awaitable[object]],
        sites: Callable[[], Iterable[str]] = lambda: (),
    ) -> None:
        self._hub = hub
        self._home = home
        self._devices = devices
        self._file = file
        self._reload = reload
        self._sites = sites
        self._writing = asyncio.Lock()

    def offer(self, owner: Owner) -> None:
        """Offer the actions."""
        for action in (
            Action("home.list", ListData, "Lists floors, areas, devices and entities.", sync_handler=self._list),
            Action("home.name", NameData, "Names an entity, a device, an area or a floor.", self._name),
            Action("home.alias", AliasData, "Adds a further name to something, or takes it away.", self._alias),
            Action("home.place", PlaceData, "Puts an entity or a device into an area.", self._place),
            Action("home.expose", ExposeData, "Says whether an entity can be spoken of.", self._expose),
            Action("home.add_area", AreaData, "Adds an area.", self._add_area),
            Action("home.propose", ProposeData, "Lists the areas that devices suggest, or writes them.", self._propose),
            Action("home.ghosts", GhostData, "Lists devices that never answer.", sync_handler=self._ghosts),
            Action("home.clear_ghosts", ClearData, "Lets the broker forget them.", sync_handler=self._clear),
            Action(
                "home.tidy", NoData, "Tells which entries of home.yaml nothing answers to.", sync_handler=self._tidy
            ),
        ):
            self._hub.actions.register(action, owner)

    def _list(self, call: ActionCall) -> HouseList:
        data: ListData = call.data
        area = self._area(data.area) if data.area else None
        domains = sorted({entity.domain for entity in self._home.entities()})
        if data.domain and data.domain not in domains:
            raise ActionDataError(f"there is no entity of the domain {data.domain!r}{_near(data.domain, domains)}")
        return house_list(self._home, self._hub.states, data.language or self._hub.language, area, data.domain)

    async def _name(self, call: ActionCall) -> Done:
        data: NameData = call.data
        if not data.name.strip() and not any(text.strip() for text in data.names.values()):
            raise ActionDataError("home.name needs a name")
        part, id_ = self._thing(data.id, "entities", "devices", "areas", "floors", "labels")

        def edit(section: Any) -> None:
            if data.name:
                edits.name(section, part, id_, data.name.strip())
            for language, text in data.names.items():
                edits.name(section, part, id_, text.strip(), language)

        return await self._edit(id_, self._with_areas(edit) if part == "areas" else edit)

    async def _alias(self, call: ActionCall) -> Done:
        data: AliasData = call.data
        if not data.alias.strip():
            raise ActionDataError("home.alias needs a name")
        part, id_ = self._thing(data.id, "entities", "devices", "areas", "floors", "labels")

        def edit(section: Any) -> None:
            edits.alias(section, part, id_, data.alias.strip(), remove=data.remove)

        return await self._edit(id_, self._with_areas(edit) if part == "areas" else edit)

    async def _place(self, call: ActionCall) -> Done:
        data: PlaceData = call.data
        part, id_ = self._thing(data.id, "entities", "devices")
        area = self._area(data.area) if data.area is not None else None
        return await self._edit(id_, self._with_areas(lambda section: edits.place(section, part, id_, area), area))

    async def _expose(self, call: ActionCall) -> Done:
        data: ExposeData = call.data
        _, id_ = self._thing(data.id, "entities")
        entity = self._home.entity(id_)
        assert entity is not None
        now: bool | Exposure = entity.exposure or entity.expose if entity.expose else False
        given = at_site(now, data.site, expose=data.expose) if data.site else data.expose
        done = await self._edit(id_, lambda section: edits.expose(section, id_, given))
        sites = sorted(self._sites())
        if data.site and data.site not in sites:
            note = f"there is no site {data.site!r} now{_near(data.site, sites)}"
            return msgspec.structs.replace(done, note=note)
        return done

    async def _add_area(self, call: ActionCall) -> Done:
        data: AreaData = call.data
        id_ = slug(data.name)
        if not id_:
            raise ActionDataError(f"{data.name!r} holds no letter")
        if any(area.id == id_ for area in self._home.settings.areas):
            raise ActionDataError(f"the area {id_!r} is there already")
        floors = [floor.id for floor in self._home.floors()]
        if data.floor is not None and data.floor not in floors:
            raise ActionDataError(f"there is no floor {data.floor!r}{_near(data.floor, floors)}")
        return await self._edit(
            id_, self._with_areas(lambda section: edits.add_area(section, id_, data.name, data.language, data.floor))
        )

    async def _propose(self, call: ActionCall) -> Proposals:
        home = self._home
        own = {area.id for area in home.settings.areas}
        used = {e.area for e in home.entities()} | {slug(d.suggested_area or "") for d in home.devices()}
        areas = [area for area in home.proposed_areas() if area.id not in own and area.id in used]
        proposals = [
            Proposal(
                area.id,
                area.name_in(self._hub.language) or area.id.replace("_", " "),
                [_called(device) for device in home.devices() if slug(device.suggested_area or "") == area.id],
            )
            for area in areas
        ]
        lost = [e.id for e in home.entities() if e.area is None and e.expose and e.controller is not None]
        if not call.data.accept or not proposals:
            return Proposals(proposals, lost)

        def edit(section: Any) -> None:
            for area in areas:
                edits.take_area(section, area)

        return Proposals(proposals, lost, (await self._edit("", edit)).file)

    def _ghosts(self, call: ActionCall) -> list[Ghost]:
        return ghosts(self._devices, self._hub.clock.now().timestamp(), call.data.days)

    def _clear(self, call: ActionCall) -> list[Ghost]:
        data: ClearData = call.data
        if not data.ids and not data.all:
            raise ActionDataError("home.clear_ghosts needs ids, or all: true")
        there = ghosts(self._devices, self._hub.clock.now().timestamp(), data.days)
        chosen = there if data.all else []
        for said in data.ids:
            meant = [ghost for ghost in there if named(ghost, said)]
            if not meant:
                known = [name for ghost in there for name in (*ghost.entities, ghost.name, ghost.topic)]
                raise ActionDataError(f"there is no ghost {said!r}{_near(said, known)}")
            chosen = [*chosen, *(ghost for ghost in meant if ghost not in chosen)]
        for ghost in chosen:
            self._devices.clear(ghost.topic)
        return chosen

    def _tidy(self, _call: ActionCall) -> list[str]:
        """Return the ids in home.yaml of entities and devices that nobody offers now."""
        devices = {mark for device in self._home.devices() for mark in (device.id, *device.identifiers)}
        gone = [entry.id for entry in self._home.described() if self._hub.states.get(entry.id) is None]
        return [*gone, *(entry.id for entry in self._home.settings.devices if entry.id not in devices)]

    async def _edit(self, id_: str, edit: Edit) -> Done:
        """Write an edit and put it in force."""
        async with self._writing:
            file = self._file()
            changed = await asyncio.to_thread(file.edit, edit)
            if changed:
                await self._reload()
        return Done(id_, str(file.path), changed)

    def _with_areas(self, edit: Edit, area: str | None = "") -> Edit:
        """Return an edit that first writes the areas that hold only because devices suggest them: own ones end that."""
        proposed = [] if self._home.settings.areas or area is None else self._home.areas()

        def whole(section: Any) -> None:
            for each in proposed:
                edits.take_area(section, each)
            edit(section)

        return whole

    def _thing(self, said: str, *parts: str) -> tuple[str, str]:
        """Return the part of the section and the id of something that is named by id or by name.

        Raises:
            ActionDataError: there is none, or there are several of that name.
        """
        things: dict[str, list[tuple[str, Named, list[str]]]] = {
            "entities": [(e.id, e, []) for e in self._home.entities()],
            "devices": [((*d.identifiers, d.id)[0], d, [d.id, *d.identifiers]) for d in self._home.devices()],
            "areas": [(a.id, a, []) for a in self._home.areas()],
            "floors": [(f.id, f, []) for f in self._home.floors()],
            "labels": [(id_, self._home.label(id_) or Named(), []) for id_ in self._home.labels()],
        }
        for part in parts:
            for id_, _, more in things[part]:
                if said == id_ or said in more:
                    return part, id_
        wanted = said.casefold()
        for part in parts:
            called = [id_ for id_, thing, _ in things[part] if wanted in map(str.casefold, _names(thing))]
            if len(called) > 1:
                raise ActionDataError(f"{said!r} is the name of {' and '.join(sorted(called))}: say which, by its id")
            if called:
                return part, called[0]
        ids = [id_ for part in parts for id_, _, _ in things[part]]
        names = [name for part in parts for _, thing, _ in things[part] for name in _names(thing)]
        what = " or ".join(_SINGULAR[part] for part in parts[:4])
        raise ActionDataError(f"there is no {what} {said!r}{_near(said, [*ids, *names])}")

    def _area(self, said: str) -> str:
        """Return the id of an area that is named by id or by name; one that devices suggest only must be accepted first."""
        try:
            return self._thing(said, "areas")[1]
        except ActionDataError:
            suggested = [area.id for area in self._home.proposed_areas()]
            if said in suggested:
                raise ActionDataError(
                    f"the area {said!r} is only suggested by devices: 'arvisd home propose --accept' takes it over"
                ) from None
            raise


def at_site(now: bool | Exposure, site: str, *, expose: bool) -> bool | Exposure:
    """Return where something can be spoken of when one site is added or taken away."""
    if isinstance(now, bool):
        if now is expose:
            return now
        return Exposure(sites=[site]) if expose else Exposure(except_=[site])
    sites = [each for each in now.sites if each != site]
    without = [each for each in now.except_ if each != site]
    if now.sites:
        sites += [site] if expose else []
        return Exposure(sites=sites) if sites else False
    without += [] if expose else [site]
    return Exposure(except_=without) if without else True


_SINGULAR = {"entities": "entity", "devices": "device", "areas": "area", "floors": "floor", "labels": "label"}


def _names(thing: Named) -> list[str]:
    return [name for name in (thing.name, *thing.names.values(), *thing.aliases) if name]


def _called(device: Any) -> str:
    return cast("str", device.name or device.id)


def _near(said: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(said, list(known), 1)
    return f" (did you mean {near[0]}?)" if near else ""
