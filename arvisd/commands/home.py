"""`arvisd home`: the house of the running daemon, its names and places, and devices that never answer."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Any

import msgspec

from arvisd.commands.connection import remote, say, show
from arvisd.commands.home_tree import house_tree, table
from arvisd.core.errors import ArvisError
from arvisd.home.keeping.actions import Done, Proposals
from arvisd.home.keeping.ghosts import Ghost
from arvisd.home.keeping.listing import HouseList

TIMEOUT = 20.0
"""Seconds for the daemon to answer; an edit of a large file takes a second or two."""


def run(options: argparse.Namespace) -> int:
    """Do what was asked for; each of them has its own function."""
    match options.what:
        case None | "list":
            return _list(options)
        case "areas":
            return _areas(options)
        case "devices":
            return _devices(options)
        case "propose":
            return _propose(options)
        case "ghosts":
            return _ghosts(options)
        case "tidy":
            return _tidy(options)
        case _:
            return _edit(options)


def _list(options: argparse.Namespace) -> int:
    asked = {key: value for key in ("area", "domain", "language") if (value := getattr(options, key, ""))}
    house = msgspec.convert(_ask("home.list", asked), HouseList)
    if options.json:
        show(house, json=True)
        return 0
    if not house.entities:
        say("there is nothing here: devices that announce themselves over MQTT are learnt by themselves")
        return 0
    print("\n".join(house_tree(house)))
    return 0


def _areas(options: argparse.Namespace) -> int:
    house = msgspec.convert(_ask("home.list"), HouseList)
    if options.json:
        show({"floors": house.floors, "areas": house.areas}, json=True)
        return 0
    inside = [entity.area for entity in house.entities]
    rows = [("AREA", "NAME", "OTHER NAMES", "FLOOR", "ENTITIES", "")]
    for area in house.areas:
        more = [name for name in (*area.names.values(), *area.aliases) if name != area.name]
        note = "suggested by devices" if area.proposed else ""
        rows.append((area.id, area.name, ", ".join(more), area.floor or "", str(inside.count(area.id)), note))
    print("\n".join(table(rows)))
    return 0


def _devices(options: argparse.Namespace) -> int:
    house = msgspec.convert(_ask("home.list"), HouseList)
    if options.json:
        show({"devices": house.devices}, json=True)
        return 0
    rows = [("DEVICE", "AREA", "MAKE", "IDENTIFIER", "ENTITIES")]
    for device in house.devices:
        make = " ".join(text for text in (device.manufacturer, device.model) if text)
        count = sum(entity.device == device.id for entity in house.entities)
        rows.append((device.name, device.area or "-", make, (device.identifiers or [device.id])[0], str(count)))
    print("\n".join(table(rows)))
    return 0


def _propose(options: argparse.Namespace) -> int:
    found = msgspec.convert(_ask("home.propose", {"accept": options.accept}), Proposals)
    if options.json:
        show(found, json=True)
        return 0
    if found.areas:
        print(
            "\n".join(
                table([("AREA", "NAME", "DEVICES"), *((a.id, a.name, ", ".join(a.devices)) for a in found.areas)])
            )
        )
    for entity_id in found.without_area:
        print(f"in no area: {entity_id}")
    if found.written:
        say(f"written to {found.written}")
    elif found.areas:
        say("'arvisd home propose --accept' writes these areas")
    elif not found.without_area:
        say("nothing to propose: all that devices suggest is there, and everything is somewhere")
    return 0


def _edit(options: argparse.Namespace) -> int:
    action, data = _order(options)
    done = msgspec.convert(_ask(action, data), Done)
    if options.json:
        show(done, json=True)
        return 0
    say(f"{done.id}: written to {done.file}" if done.changed else f"{done.id}: it was so already")
    if done.note:
        say(done.note)
    return 0


def _order(options: argparse.Namespace) -> tuple[str, dict[str, Any]]:
    """Return the action and its data for a change of home.yaml."""
    match options.what:
        case "name" | "rename-area":
            if not options.name and not options.language:
                raise ArvisError('a name is missing: arvisd home name light.lamp "Lamp", or --language ru "Лампа"')
            return "home.name", {"id": options.id, "name": options.name, "names": dict(options.language)}
        case "alias":
            return "home.alias", {"id": options.id, "alias": options.alias, "remove": options.remove}
        case "place":
            return "home.place", {"id": options.id, "area": options.area}
        case "add-area":
            given = {"name": options.name, "language": options.language}
            return "home.add_area", given | ({"floor": options.floor} if options.floor else {})
        case _:
            return "home.expose", {"id": options.id, "expose": options.exposed == "on", "site": options.site}


def _ghosts(options: argparse.Namespace) -> int:
    there = msgspec.convert(_ask("home.ghosts", {"days": options.days}), list[Ghost])
    if options.clear is not None:
        return _clear(options, there)
    if options.all or options.yes:
        raise ArvisError("--all and --yes go with --clear")
    if options.json:
        show({"ghosts": there}, json=True)
    elif not there:
        say("there is no ghost: every device that announced itself has answered")
    else:
        _show_ghosts(there)
        say("'arvisd home ghosts --clear NAME' lets the broker forget one, '--clear --all' all of them")
    return 0


def _clear(options: argparse.Namespace, there: list[Ghost]) -> int:
    if bool(options.clear) == options.all:
        raise ArvisError("--clear takes the names of ghosts, or --all")
    if options.all and not there:
        say("there is no ghost")
        return 0
    if not options.yes:
        _show_ghosts(
            there if options.all else [g for g in there if set(options.clear) & {g.topic, g.name, *g.entities}]
        )
        if not _agreed():
            say("nothing was cleared")
            return 1
    data = {"ids": options.clear, "all": options.all, "days": options.days}
    cleared = msgspec.convert(_ask("home.clear_ghosts", data), list[Ghost])
    if options.json:
        show({"cleared": cleared}, json=True)
    for ghost in cleared:
        say(f"cleared {ghost.topic}")
    return 0


def _agreed() -> bool:
    """Ask; without somebody to answer, the answer is no."""
    if not sys.stdin.isatty():
        raise ArvisError("nobody is here to be asked: add --yes")
    print("Clear these announcements at the broker? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "д", "да")


def _show_ghosts(there: list[Ghost]) -> None:
    rows = [("GHOST", "KNOWN FOR", "LAST HEARD", "ENTITIES", "TOPIC")]
    for ghost in there:
        heard = "never" if ghost.silent_days is None else f"{ghost.silent_days:g} days ago"
        rows.append((ghost.name, f"{ghost.known_days:g} days", heard, ", ".join(ghost.entities[:3]), ghost.topic))
    print("\n".join(table(rows)))


def _tidy(options: argparse.Namespace) -> int:
    gone = msgspec.convert(_ask("home.tidy"), list[str])
    if options.json:
        show({"unanswered": gone}, json=True)
    elif not gone:
        say("everything in home.yaml is there")
    else:
        print("\n".join(gone))
        say("these stand in home.yaml, and nothing offers them now: their devices may be away, or gone for good")
    return 0


def _ask(action: str, data: dict[str, Any] | None = None) -> Any:
    return asyncio.run(_asked(action, data or {}))


async def _asked(action: str, data: dict[str, Any]) -> Any:
    async with remote() as daemon:
        return await daemon.action(action, data, None, TIMEOUT)
