"""`arvisd home` as it is seen: trees, tables, notes and refusals; the daemon's answers are given."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from arvisd.cli import build_parser
from arvisd.commands import home as command
from arvisd.core.errors import ArvisError

ENTITY = {
    "name": "Lamp", "names": {}, "aliases": [], "area": "kitchen", "device": None, "labels": [], "state": "on", "unit": None,
    "device_class": None, "exposed": True, "sites": [], "not_at": [], "offered_by": "devices", "controllable": True,
}  # fmt: skip
PLACE = {"names": {}, "aliases": [], "floor": None, "labels": [], "proposed": False}
DEVICE = {
    "id": "d1", "name": "Sensor", "area": "hall", "suggested_area": None, "manufacturer": "Acme", "model": "T1",
    "sw_version": None, "via_device": None, "identifiers": ["0x1"], "labels": [],
}  # fmt: skip
HOUSE = {
    "floors": [{**PLACE, "id": "ground", "name": "Ground floor"}],
    "areas": [
        {**PLACE, "id": "kitchen", "name": "Kitchen", "floor": "ground", "aliases": ["galley"]},
        {**PLACE, "id": "hall", "name": "Hall"},
        {**PLACE, "id": "attic", "name": "Attic", "proposed": True},
    ],
    "devices": [DEVICE],
    "entities": [
        {**ENTITY, "id": "light.lamp"},
        {**ENTITY, "id": "switch.pump", "name": "Pump", "state": "unavailable", "exposed": False},
        {**ENTITY, "id": "sensor.t", "name": "Warmth", "area": "hall", "device": "d1", "state": "21", "unit": "°C"},
        {**ENTITY, "id": "sensor.h", "name": "Damp", "area": "hall", "device": "d1", "state": None, "sites": ["a"]},
        {**ENTITY, "id": "lock.door", "name": "Door", "area": None, "not_at": ["guests"]},
    ],
}
TREE = """\
Ground floor (ground)
  Kitchen (kitchen)
    light.lamp   Lamp  on
    switch.pump  Pump  ! unavailable  not spoken of
Hall (hall)
  Sensor
    sensor.t  Warmth  21 °C
    sensor.h  Damp    -      only at a
In no area
  lock.door  Door  on  not at guests
"""
AREAS = """\
AREA     NAME     OTHER NAMES  FLOOR   ENTITIES
kitchen  Kitchen  galley       ground  2
hall     Hall                          2
attic    Attic                         0         suggested by devices
"""
DEVICES = """\
DEVICE  AREA  MAKE     IDENTIFIER  ENTITIES
Sensor  hall  Acme T1  0x1         2
"""
GHOST = {
    "topic": "homeassistant/light/a/config", "name": "A", "entities": ["light.a"], "since": 0.0, "heard": None,
    "known_days": 3.5, "silent_days": None,
}  # fmt: skip
GHOSTS = """\
GHOST  KNOWN FOR  LAST HEARD  ENTITIES  TOPIC
A      3.5 days   never       light.a   homeassistant/light/a/config
"""
WRITTEN = {"id": "light.lamp", "file": "/c/home.yaml", "changed": True}

TOLD: list[tuple[list[str], str, dict[str, Any], Any, str, str]] = [
    ([], "home.list", {}, HOUSE, TREE, ""),
    (["list", "--area", "Hall", "--domain", "light"], "home.list", {"area": "Hall", "domain": "light"}, HOUSE, TREE, ""),
    (["areas"], "home.list", {}, HOUSE, AREAS, ""),
    (["devices"], "home.list", {}, HOUSE, DEVICES, ""),
    (["name", "light.lamp", "Lamp", "--language", "ru", "Лампа"], "home.name",
     {"id": "light.lamp", "name": "Lamp", "names": {"ru": "Лампа"}}, WRITTEN, "", "light.lamp: written to /c/home.yaml\n"),
    (["rename-area", "hall", "--language", "en", "Entrance"], "home.name",
     {"id": "hall", "name": "", "names": {"en": "Entrance"}}, {**WRITTEN, "changed": False}, "", "light.lamp: it was so already\n"),
    (["alias", "light.lamp", "sun", "--remove"], "home.alias", {"id": "light.lamp", "alias": "sun", "remove": True}, WRITTEN, "", "light.lamp: written to /c/home.yaml\n"),
    (["place", "light.lamp"], "home.place", {"id": "light.lamp", "area": None}, WRITTEN, "", "light.lamp: written to /c/home.yaml\n"),
    (["add-area", "Attic", "--floor", "up"], "home.add_area", {"name": "Attic", "language": "", "floor": "up"}, WRITTEN, "", "light.lamp: written to /c/home.yaml\n"),
    (["expose", "light.lamp", "off", "--site", "x"], "home.expose", {"id": "light.lamp", "expose": False, "site": "x"},
     {**WRITTEN, "note": "there is no site 'x' now"}, "", "light.lamp: written to /c/home.yaml\nthere is no site 'x' now\n"),
    (["propose"], "home.propose", {"accept": False},
     {"areas": [{"id": "attic", "name": "Attic", "devices": ["A", "B"]}], "without_area": ["light.x"], "written": ""},
     "AREA   NAME   DEVICES\nattic  Attic  A, B\nin no area: light.x\n", "'arvisd home propose --accept' writes these areas\n"),
    (["propose"], "home.propose", {"accept": False}, {"areas": [], "without_area": []}, "",
     "nothing to propose: all that devices suggest is there, and everything is somewhere\n"),
    (["ghosts"], "home.ghosts", {"days": 7.0}, [], "", "there is no ghost: every device that announced itself has answered\n"),
    (["ghosts", "--days", "2"], "home.ghosts", {"days": 2.0}, [GHOST], GHOSTS,
     "'arvisd home ghosts --clear NAME' lets the broker forget one, '--clear --all' all of them\n"),
    (["ghosts", "--clear", "A", "--yes"], "home.clear_ghosts", {"ids": ["A"], "all": False, "days": 7.0}, [GHOST], "",
     "cleared homeassistant/light/a/config\n"),
    (["tidy"], "home.tidy", {}, [], "", "everything in home.yaml is there\n"),
    (["areas", "--json"], "home.list", {}, {**HOUSE, "areas": [], "floors": []}, '{"floors":[],"areas":[]}\n', ""),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "action", "data", "answer", "out", "err"), TOLD)
def test_what_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    arguments: list[str], action: str, data: dict[str, Any], answer: Any, out: str, err: str,
) -> None:  # fmt: skip
    asked: list[tuple[str, dict[str, Any]]] = []

    def ask(name: str, given: dict[str, Any] | None = None) -> Any:
        asked.append((name, given or {}))
        return msgspec.to_builtins(answer)

    monkeypatch.setattr(command, "_ask", ask)
    assert command.run(build_parser().parse_args(["home", *arguments])) == 0
    assert asked[-1] == (action, data)
    told = capsys.readouterr()
    assert (told.out, told.err) == (out, err)


WRONG = [
    (["name", "light.lamp"], 'a name is missing: arvisd home name light.lamp "Lamp", or --language ru "Лампа"'),
    (["ghosts", "--all"], "--all and --yes go with --clear"),
    (["ghosts", "--clear"], "--clear takes the names of ghosts, or --all"),
    (["ghosts", "--clear", "A", "--all"], "--clear takes the names of ghosts, or --all"),
    (["ghosts", "--clear", "A"], "nobody is here to be asked: add --yes"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG)
def test_what_is_refused(monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str) -> None:
    monkeypatch.setattr(command, "_ask", lambda *_: [GHOST])
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(ArvisError) as caught:
        command.run(build_parser().parse_args(["home", *arguments]))
    assert str(caught.value) == message
