"""What is rehearsed: the automations and scripts of a configuration, or of one file, and the house that they are in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from arvisd.automation.commands.kind import House as CommandHouse
from arvisd.automation.registry import TriggerType
from arvisd.automation.rehearsal.document import UsedBlueprint, read_yaml
from arvisd.automation.schema import Document, read_section
from arvisd.automation.scripts.document import read_scripts
from arvisd.automation.templates.texts import slugify
from arvisd.config.nodes import NodeDict, NodeList
from arvisd.config.problems import Problem, did_you_mean
from arvisd.core.errors import ArvisError
from arvisd.home.settings import HomeSettings
from arvisd.home.sun import Coordinates

SCRIPT = re.compile(r"\bscript\.([a-z0-9_]+)")
VERBS = frozenset({"turn_on", "turn_off", "toggle", "reload"})


class CaseError(ArvisError):
    """A test cannot be done as it is written; the text says what to change."""


class House(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A configuration, as far as automations see it."""

    folder: Path | None = None
    """The configuration folder; None: there is none."""
    automation: Any = None
    """The section `automation`, or a file that holds automations."""
    script: Any = None
    """The section `script`."""
    helpers: Mapping[str, Any] = {}
    """Sections of helpers."""
    commands: Mapping[str, Any] = {}
    """Sections of commands: none of them is carried out."""
    home: HomeSettings = HomeSettings()
    coordinates: Coordinates | None = None
    timezone: str = ""
    language: str = "en"
    further: Sequence[TriggerType] = ()
    """Triggers that other parts and integrations bring."""

    @property
    def command_house(self) -> CommandHouse:
        """What commands may do: all, as nothing is done."""
        return CommandHouse(self.folder or Path(), programs=True, outside=True)


class Repertoire:
    """The documents of a house, found by name."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.automations = [each for each in read_section(house.automation).documents if each.node]
        self.scripts: dict[str, Document] = {str(each.id): each for each in read_scripts(house.script).documents}
        self._rehearsed: set[int] = set()

    def note(self, documents: Iterable[Document]) -> None:
        """Take down that these were part of a test."""
        self._rehearsed |= {id(document.node) for document in documents}

    @property
    def without_test(self) -> list[Document]:
        """Automations that no test was about."""
        return [document for document in self.automations if id(document.node) not in self._rehearsed]

    def find(self, names: Sequence[str] | None) -> list[Document]:
        """Return automations by id, alias or entity id, all for None; raise CaseError."""
        if names is None or names == ["all"]:
            return self.automations
        found = []
        for name in names:
            fitting = [document for document in self.automations if name in _names(document)]
            if not fitting:
                known = [each for document in self.automations for each in _names(document)]
                raise CaseError(f"there is no automation {name!r}{did_you_mean(name, known)}")
            found.append(fitting[0])
        return found

    def scripts_for(self, nodes: Any, names: Sequence[str]) -> NodeDict:
        """Return the scripts that are named, and those that the nodes call, as far as they go."""
        wanted = [name.removeprefix("script.") for name in names]
        for name in wanted:
            if name not in self.scripts:
                raise CaseError(f"there is no script {name!r}{did_you_mean(name, self.scripts)}")
        waiting = [nodes, *(self.scripts[name].node for name in wanted)]
        chosen = dict.fromkeys(wanted)
        while waiting:
            for name in _called(waiting.pop()):
                if name in self.scripts and name not in chosen:
                    chosen[name] = None
                    waiting.append(self.scripts[name].node)
        section = NodeDict()
        for name in chosen:
            document = self.scripts[name]
            section[name] = document.node
            places = getattr(document.container, "places", {})
            if document.key in places:
                section.places[name] = places[document.key]
        return section


def file_house(house: House, folder: Path, path: Path) -> tuple[House, list[Problem]]:
    """Return the house with the automations of one file in place of its own.

    Args:
        house: the house.
        folder: the folder from which files are named in messages.
        path: the file: a list of automations, one automation, or a mapping with `automation:`, `script:` and helpers.
    """
    node, problems = read_yaml(folder, path)
    if not isinstance(node, dict) or not {"automation", "script"} & set(node):
        return msgspec.structs.replace(house, automation=node, script=None), problems
    helpers = {**house.helpers, **{key: value for key, value in node.items() if key not in ("automation", "script")}}
    replaced = msgspec.structs.replace(
        house, automation=node.get("automation"), script=node.get("script"), helpers=helpers
    )
    return replaced, problems


def of_blueprint(used: UsedBlueprint, node: Any) -> NodeDict:
    """Return the document that uses a blueprint; its places are those of the test."""
    inner = NodeDict({"path": used.path, "input": node.get("input", {})})
    document = NodeDict({"alias": "blueprint", "use_blueprint": inner})
    if isinstance(node, NodeDict):
        document.place = inner.place = node.place
        inner.places = dict(node.places)
    if used.domain == "automation":
        document["id"] = "blueprint"
        return document
    section = NodeDict({"blueprint": document})
    section.place = document.place
    return section


def section_of(documents: Sequence[Document]) -> NodeList:
    """Return a section that holds these."""
    return NodeList([document.node for document in documents])


def _names(document: Document) -> list[str]:
    label = slugify(document.label) or slugify(document.id or "")
    return [each for each in (document.id, document.label, f"automation.{label}") if each]


def _called(node: Any) -> set[str]:
    """Return the names of scripts that appear in a document's texts."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict):
            waiting += inner.values()
        elif isinstance(inner, list):
            waiting += inner
        elif isinstance(inner, str) and "script." in inner:
            found |= set(SCRIPT.findall(inner)) - VERBS
    return found
