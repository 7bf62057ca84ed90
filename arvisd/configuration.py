"""The configuration that the daemon runs on: every section typed, the last good one kept where a new one is broken."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from arvisd.assist.settings import AssistSettings
from arvisd.automation.commands.collection import SECTIONS as COMMAND_SECTIONS
from arvisd.automation.commands.kind import House
from arvisd.automation.helpers.kinds import SECTIONS as HELPER_SECTIONS
from arvisd.automation.helpers.zone import with_home
from arvisd.config import Broken, ConfigError, Loaded, NodeDict, Pieces, Problem, error, load, mark_of
from arvisd.config.house_place import placed_house
from arvisd.config.loader import MAIN
from arvisd.config.mqtt_entities import own_mqtt
from arvisd.config.sections import check_sections
from arvisd.config.settings import ArvisdSettings, ModelsSettings
from arvisd.config.validate import Validated, validate
from arvisd.home.settings import HomeSettings
from arvisd.home.sun import Coordinates
from arvisd.mqtt.hubs.settings import HubsSettings
from arvisd.mqtt.settings import MqttSettings
from arvisd.web.settings import WebSettings

SECTIONS: dict[str, type[msgspec.Struct]] = {
    "arvisd": ArvisdSettings,
    "mqtt": MqttSettings,
    "models": ModelsSettings,
    "home": HomeSettings,
    "assist": AssistSettings,
    "web": WebSettings,
    "hubs": HubsSettings,
}
"""The typed sections; `automation` is read by the automation engine, the others by their integrations."""

S = TypeVar("S", bound=msgspec.Struct)


class Configuration:
    """A folder as it was last read; a section that is broken keeps what was good before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        """All that is wrong in the folder now."""
        self._pieces = Pieces()
        self._typed: dict[str, msgspec.Struct] = {}
        self._raw: dict[str, Any] = {}
        self.loaded: Loaded | None = None
        self.automation: Any = None
        """The section `automation` as it is written; the engine itself keeps the last good version of each."""
        self.script: Any = None
        """The section `script` likewise."""

    def read(self, integrations: Iterable[str]) -> None:
        """Read the folder anew; never raises for what stands in it, `problems` says all of that."""
        loaded = load(self.folder, pieces=self._pieces)
        problems = list(loaded.problems)
        if MAIN in loaded.unreadable and self.loaded is not None:
            # nothing of the file could be read: all of it stays as it was
            self.problems = problems
            return
        problems += check_sections(loaded.tree, (*HELPER_SECTIONS, *COMMAND_SECTIONS, *integrations))
        for name, type_ in SECTIONS.items():
            node = self._node(loaded, name, problems)
            if name in loaded.broken and name in self._typed:
                continue
            checked: Validated[msgspec.Struct] = validate({} if node is None else node, type_, name, loaded.tree, name)
            problems += checked.problems
            if checked.value is not None:
                self._typed[name] = checked.value
            else:
                # the first start with a broken section runs on its defaults; later the good one stays
                self._typed.setdefault(name, type_())
        automation = loaded.tree.get("automation")
        if isinstance(automation, (str, int, float)):
            place = mark_of(loaded.tree, "automation")
            problems.append(error(place, f"automation: expected a list of automations, got {automation!r:.60}"))
        else:
            self.automation = automation
        self.script = loaded.tree.get("script")
        kept = {name: node for name, node in self._raw.items() if name in loaded.broken}
        self._raw = {**{str(key): node for key, node in loaded.tree.items()}, **kept}
        self.loaded = loaded
        self.problems = problems

    def _node(self, loaded: Loaded, name: str, problems: list[Problem]) -> Any:
        """Return a section as it is to be validated: what Home Assistant writes in it put right."""
        if name == "arvisd":
            return placed_house(loaded.tree)
        return own_mqtt(loaded.tree, problems) if name == "mqtt" else loaded.tree.get(name)

    def section(self, name: str, type_: type[S]) -> S:
        """Return a typed section."""
        value = self._typed[name]
        assert isinstance(value, type_)
        return value

    @property
    def coordinates(self) -> Coordinates | None:
        """Where the house is, None where nobody said."""
        house = self.section("arvisd", ArvisdSettings)
        if house.latitude is None or house.longitude is None:
            return None
        return Coordinates(house.latitude, house.longitude, house.elevation)

    def has(self, name: str) -> bool:
        """Tell whether a section is there, be it empty."""
        return name in self._raw

    def nodes(self, name: str) -> Any:
        """Return a section as it was written, None where it is absent or was never readable."""
        node = self._raw.get(name)
        return None if isinstance(node, Broken) else node

    def command_sections(self) -> NodeDict:
        """Return the sections of commands as they were last readable, with their places."""
        return self._sections(COMMAND_SECTIONS)

    @property
    def commands(self) -> House:
        """What commands may do."""
        settings = self.section("arvisd", ArvisdSettings)
        return House(self.folder, programs=settings.allow_shell_commands, outside=settings.operation != "standalone")

    def _sections(self, names: Iterable[str]) -> NodeDict:
        found = NodeDict()
        if self.loaded is not None:
            found.place = self.loaded.tree.place
            for name in names:
                if name in self._raw:
                    found[name] = self.nodes(name)
                    if name in self.loaded.tree.places:
                        found.places[name] = self.loaded.tree.places[name]
        return found

    def helper_sections(self) -> NodeDict:
        """Return the sections of helpers as they were last readable, with their places."""
        found = self._sections(HELPER_SECTIONS)
        if self.loaded is not None:
            house = self.section("arvisd", ArvisdSettings)
            zones = with_home(found.get("zone"), house.latitude, house.longitude)
            if zones is not None:
                found["zone"] = zones
        return found

    def integration_sections(self) -> dict[str, Any]:
        """Return the sections that are not the core's, by name."""
        own = (*SECTIONS, *HELPER_SECTIONS, *COMMAND_SECTIONS, "automation", "script")
        return {name: self.nodes(name) for name in self._raw if name not in own}

    def integration_settings(self, name: str, node: Any, type_: type[msgspec.Struct]) -> msgspec.Struct:
        """Return an integration's settings; raise ConfigError with every problem of its section."""
        tree = self.loaded.tree if self.loaded is not None else {}
        checked: Validated[msgspec.Struct] = validate(node, type_, name, tree, name)
        if checked.value is None:
            raise ConfigError(checked.problems)
        return checked.value
