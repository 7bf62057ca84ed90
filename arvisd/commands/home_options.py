"""The options of `arvisd home`, apart from its body: the command line is built before it is known what is asked for."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

EPILOG = """\
  arvisd home                                        the whole house
  arvisd home name light.lamp "Kitchen lamp" --language ru "Лампа на кухне"
  arvisd home place "Kitchen lamp" kitchen           an entity or a device, by id or by name
  arvisd home expose lock.door off --site guests     not at that site; elsewhere as before
  arvisd home ghosts --clear --all                   let the broker forget devices that never answer
"""


def add_home(home: argparse.ArgumentParser) -> None:
    """Add the parts of the command."""
    home.epilog = EPILOG
    home.formatter_class = argparse.RawDescriptionHelpFormatter
    home.add_argument("--json", action="store_true", help="print machine-readable output")
    parts = home.add_subparsers(dest="what", metavar="WHAT")

    def part(name: str, summary: str) -> argparse.ArgumentParser:
        sub: Any = parts.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        sub.add_argument("--config", metavar="DIR", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        sub.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print machine-readable output")
        return sub  # type: ignore[no-any-return]

    listed = part("list", "floors, areas, devices and entities with their states")
    listed.add_argument("--area", default="", metavar="AREA", help="only of this area")
    listed.add_argument("--domain", default="", metavar="DOMAIN", help="only of this domain: light, sensor, …")
    listed.add_argument("--language", default="", help="names in en or ru (default: the daemon's language)")
    part("areas", "the areas, and those that devices suggest")
    part("devices", "the devices, what they are and where")
    propose = part("propose", "areas that devices suggest, and entities that are in none")
    propose.add_argument("--accept", action="store_true", help="write the areas into home.yaml")

    name = part("name", "name an entity, a device, an area or a floor")
    name.add_argument("id", metavar="ID", help="its id, or a name that only it has")
    name.add_argument("name", metavar="NAME", nargs="?", default="", help="for every language that has none of its own")
    _languages(name)
    rename = part("rename-area", "name an area anew; its id stays")
    rename.add_argument("id", metavar="AREA")
    rename.add_argument("name", metavar="NAME", nargs="?", default="")
    _languages(rename)
    alias = part("alias", "add a further name to something")
    alias.add_argument("id", metavar="ID")
    alias.add_argument("alias", metavar="NAME")
    alias.add_argument("--remove", action="store_true", help="take it away instead")
    place = part("place", "put an entity or a device into an area")
    place.add_argument("id", metavar="ID", help="id or name of an entity or a device")
    place.add_argument("area", metavar="AREA", nargs="?", help="id or name; none: where the device says that it is")
    area = part("add-area", "add an area")
    area.add_argument("name", metavar="NAME")
    area.add_argument(
        "--language", default="", choices=["en", "ru"], help="of the name (default: told from its letters)"
    )
    area.add_argument("--floor", metavar="FLOOR", help="id of its floor")
    expose = part("expose", "say whether an entity can be spoken of, everywhere or at one site")
    expose.add_argument("id", metavar="ENTITY")
    expose.add_argument("exposed", choices=["on", "off"])
    expose.add_argument("--site", default="", metavar="SITE", help="only at this site")

    ghosts = part("ghosts", "devices that announced themselves and never answer, and how to clear them")
    ghosts.add_argument(
        "--days", type=float, default=7.0, metavar="DAYS", help="of those heard before: silent for so long (default: 7)"
    )
    ghosts.add_argument(
        "--clear", nargs="*", metavar="ID", help="let the broker forget these: topic, name or entity id of each"
    )
    ghosts.add_argument("--all", action="store_true", help="with --clear: all that are listed")
    ghosts.add_argument("--yes", action="store_true", help="with --clear: do not ask")
    part("tidy", "entries of home.yaml to which nothing answers")


def _languages(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--language",
        nargs=2,
        action="append",
        default=[],
        metavar=("LANGUAGE", "NAME"),
        help="ru Лампа; may be repeated",
    )
