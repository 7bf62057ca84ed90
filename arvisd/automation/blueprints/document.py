"""The blueprint as it is written: its header, its inputs and its body, checked once for all who use it."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from arvisd.automation.blueprints.lenient import read_leniently
from arvisd.automation.blueprints.nodes import holes, without
from arvisd.automation.blueprints.selectors import Selector, read_selector
from arvisd.automation.blueprints.shelf import DOMAINS
from arvisd.automation.blueprints.visibility import Visibility, read_visibility
from arvisd.config.document import Broken
from arvisd.config.nodes import Mark, key_mark_of, kind_of, mark_of
from arvisd.config.problems import Problem, did_you_mean, error, warning

VERSION = re.compile(r"(\d{1,4})\.(\d{1,3})\.(\d{1,3})(?:\.?(?:b|rc|dev)\d*)?")
DIALECT = (2026, 11, 0)
"""The Home Assistant whose dialect is spoken here."""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """`blueprint:` of a blueprint file."""

    name: str
    """What people call it."""
    domain: str
    """`automation` or `script`: what it makes."""
    description: str | None = None
    author: str | None = None
    source_url: str | None = None
    """Where it was imported from."""
    homeassistant: Any = None
    """`{min_version: 2024.6.0}`: the oldest Home Assistant that it works with."""
    input: Any = None
    """What whoever uses it fills in."""


class Requirement(msgspec.Struct, frozen=True):
    """`homeassistant:` of the header."""

    min_version: Any = None


class InputDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One input."""

    name: str | None = None
    description: str | None = None
    default: Any = msgspec.UNSET
    """Taken where nothing is given; an input without one must be given."""
    selector: Any = None
    visible: Any = None


class SectionDocument(msgspec.Struct, frozen=True, kw_only=True):
    """Several inputs under a heading."""

    name: str | None = None
    icon: str | None = None
    description: str | None = None
    collapsed: bool = False
    visible: Any = None
    input: Any = None


class BlueprintInput:
    """One input, as it is asked for."""

    __slots__ = ("container", "document", "name", "selector", "visible")

    def __init__(
        self, name: str, container: Any, document: InputDocument, selector: Selector | None, visible: Visibility
    ) -> None:
        self.name = name
        self.container = container
        """The mapping that holds it."""
        self.document = document
        self.selector = selector
        self.visible = visible

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.document.default is msgspec.UNSET

    @property
    def title(self) -> str:
        """What it is, for people."""
        return self.document.name or self.name


class Blueprint:
    """One blueprint, valid or not."""

    __slots__ = ("body", "header", "inputs", "mark", "problems")

    def __init__(self, mark: Mark) -> None:
        self.mark = mark
        self.header: Header | None = None
        self.inputs: dict[str, BlueprintInput] = {}
        """All inputs, those of sections too, in the order in which they are written."""
        self.body: dict[str, Any] = {}
        """What it makes, with holes."""
        self.problems: list[Problem] = []

    @property
    def valid(self) -> bool:
        """Whether it can be used."""
        return self.header is not None and all(problem.severity != "error" for problem in self.problems)


def read_blueprint(node: Any, mark: Mark, domain: str | None = None) -> Blueprint:
    """Take a blueprint apart; what is wrong is in its `problems`.

    Args:
        node: the document of the file.
        mark: the file, for what has no place of its own.
        domain: the one that it must be of; None: any.
    """
    blueprint = Blueprint(mark)
    if isinstance(node, Broken):
        return blueprint
    if not isinstance(node, dict) or "blueprint" not in node:
        found = mark_of(node) if isinstance(node, dict | list) else mark
        said = "this is no blueprint: it lacks the key 'blueprint' with name, domain and input"
        blueprint.problems.append(error(found if found.line else mark, said))
        return blueprint
    _read_header(blueprint, node, domain)
    blueprint.body = without(node, "blueprint")
    if "use_blueprint" in node:
        said = "a blueprint cannot use a blueprint"
        blueprint.problems.append(error(key_mark_of(node, "use_blueprint"), said))
    _check_holes(blueprint, node["blueprint"])
    return blueprint


def _read_header(blueprint: Blueprint, node: dict[str, Any], domain: str | None) -> None:
    problems = blueprint.problems
    head = node["blueprint"]
    if isinstance(head, Broken):
        return
    header = blueprint.header = read_leniently(head, Header, "blueprint", node, "blueprint", problems)
    if not isinstance(head, dict):
        return
    _check_domain(head, domain, problems)
    _check_version(head, problems)
    _read_inputs(blueprint, head)
    url = header.source_url if header else None
    if url and not re.match(r"[a-z][a-z0-9+.-]*:", url):
        problems.append(
            error(mark_of(head, "source_url"), f"blueprint.source_url: {url!r} is not the address of a page")
        )


def _check_domain(head: dict[str, Any], expected: str | None, problems: list[Problem]) -> None:
    given = head.get("domain")
    if not isinstance(given, str):
        return
    place = mark_of(head, "domain")
    if given not in DOMAINS:
        near = did_you_mean(given, DOMAINS)
        problems.append(error(place, f"blueprints make an automation or a script, not {given!r}{near}"))
    elif expected is not None and given != expected:
        said = f"this blueprint makes a {given}: it belongs into blueprints/{given}/, not into blueprints/{expected}/"
        problems.append(error(place, said))


def _check_version(head: dict[str, Any], problems: list[Problem]) -> None:
    node = head.get("homeassistant")
    if node is None:
        return
    read_leniently(node, Requirement, "blueprint.homeassistant", head, "homeassistant", problems)
    if not isinstance(node, dict) or node.get("min_version") is None:
        return
    given = node["min_version"]
    place = mark_of(node, "min_version")
    match = VERSION.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        problems.append(error(place, f"min_version: {given!r} is not a version, as in 2024.6.0"))
    elif tuple(map(int, match.groups())) > DIALECT:
        known = ".".join(map(str, DIALECT))
        said = f"it was written for Home Assistant {given}: the dialect here is that of {known}"
        problems.append(warning(place, said))


def _read_inputs(blueprint: Blueprint, head: dict[str, Any]) -> None:
    node = head.get("input")
    if node is None or isinstance(node, Broken):
        return
    if not isinstance(node, dict):
        said = f"blueprint.input: expected a mapping of inputs by name, got {kind_of(node)}"
        blueprint.problems.append(error(mark_of(head, "input"), said))
        return
    for key, value in node.items():
        if isinstance(value, dict) and "input" in value:
            _read_section(blueprint, node, key)
        else:
            _read_input(blueprint, node, key, Visibility())


def _read_section(blueprint: Blueprint, container: dict[Any, Any], key: Any) -> None:
    problems = blueprint.problems
    node = container[key]
    read_leniently(node, SectionDocument, f"the section {str(key)!r}", container, key, problems)
    visible = read_visibility(node, problems)
    inner = node["input"]
    if isinstance(inner, dict):
        for name in inner:
            _read_input(blueprint, inner, name, visible)
    elif inner is not None and not isinstance(inner, Broken):
        said = f"the section {str(key)!r}: input: expected a mapping of inputs by name, got {kind_of(inner)}"
        problems.append(error(mark_of(node, "input"), said))


def _read_input(blueprint: Blueprint, container: dict[Any, Any], key: Any, section: Visibility) -> None:
    problems = blueprint.problems
    name = str(key)
    if (taken := blueprint.inputs.get(name)) is not None:
        at = key_mark_of(taken.container, key)
        problems.append(error(key_mark_of(container, key), f"the input {name!r} is already in {at}"))
        return
    node = container[key]
    what = f"the input {name!r}"
    document = InputDocument()
    selector = None
    visible = section
    if node is not None and not isinstance(node, Broken):
        document = read_leniently(node, InputDocument, what, container, key, problems) or document
        if isinstance(node, dict):
            selector = read_selector(node, what, problems)
            visible = section.and_(read_visibility(node, problems))
    blueprint.inputs[name] = BlueprintInput(name, container, document, selector, visible)


def _check_holes(blueprint: Blueprint, head: Any) -> None:
    problems = blueprint.problems
    for hole in holes(head):
        problems.append(error(hole.mark, f"!input {hole.name}: it cannot stand in the header of the blueprint"))
    used = {condition.field for asked in blueprint.inputs.values() for condition in asked.visible.conditions}
    for hole in holes(blueprint.body):
        used.add(hole.name)
        if hole.name not in blueprint.inputs:
            near = did_you_mean(hole.name, blueprint.inputs) or ": declare it under 'blueprint: input:'"
            problems.append(error(hole.mark, f"!input {hole.name}: the blueprint has no such input{near}"))
    for name, asked in blueprint.inputs.items():
        if name not in used:
            said = f"the input {name!r} is used nowhere: write '!input {name}' where its value belongs"
            problems.append(warning(key_mark_of(asked.container, name), said))
